// The page of the showcase, opened from a disk: does it answer what a reader asks, and the same as the report's JSON?
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {chromium} from 'playwright-core';

const reportOf = (name) => JSON.parse(readFileSync(`${name}.json`, 'utf8'));
const addressOf = (name) => new URL(`${name}.html`, import.meta.url).href;
const report = reportOf('page');
const address = addressOf('page');
const complaints = [];
let browser, page;

const level = (name) => report.levels.find((one) => one.level === name);
/** With spaces that may break, as the report has them. */
const text = async (selector) => (await page.locator(selector).first().innerText()).replaceAll('\u00a0', ' ');
/** 1h31m, as the report writes it. */
function duration(seconds) {
  if (seconds < 59.95) return `${Number(seconds.toPrecision(3))}s`;
  const [first, second, units] = seconds < 3599.5 ? [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60, 'ms']
    : [Math.floor(Math.round(seconds / 60) / 60), Math.round(seconds / 60) % 60, 'hm'];
  return second === 0 ? `${first}${units[0]}` : `${first}${units[0]}${String(second).padStart(2, '0')}${units[1]}`;
}

before(async () => {
  browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ['--no-sandbox']});
  page = await browser.newPage({viewport: {width: 1440, height: 1000}});
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => request.url().startsWith('file:') || request.url().startsWith('data:') || request.url().startsWith('blob:') ||
    complaints.push(`asks for ${request.url()}`));
  const begin = Date.now();
  await page.goto(address);
  console.log(`opened in ${Date.now() - begin} ms, ${readFileSync('page.html').length} bytes`);
});
after(async () => browser?.close());

test('it is small, and all charts are drawn when it has loaded', async () => {
  assert.ok(readFileSync('page.html').length <= 600_000);
  const figures = await page.locator('figure[data-chart]').count();
  assert.ok(figures >= 12, `${figures} charts`);
  assert.equal(await page.locator('figure[data-chart]:not([hidden]) .plot > svg').count(), await page.locator('figure[data-chart]:not([hidden])').count());
});

test('who starves, for how long, and how sure is it', async () => {
  const longest = level('LOW').starvation.longest;
  assert.match(await text('h1'), /^LOW starves/);
  assert.equal(await text('.answer'), report.answer);
  const [, value, minutes] = /^(\S+)\s+±(\d+)m/.exec(await text('.keys'));
  assert.equal(value, duration(longest.value));
  const half = (longest.interval[1] - longest.interval[0]) / 2;
  assert.ok(Math.abs(minutes * 60 - half) < 0.06 * half, `±${minutes}m`);  // it has two digits
});

test('when: first, and longest', async () => {
  const episodes = level('LOW').episodes;
  const longest = episodes.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  const first = Math.min(...episodes.map((one) => one.from));
  const bars = page.locator('#chart-episodes rect.episode');
  const drawn = await bars.evaluateAll((all) => all.map((one) => [one.getAttribute('aria-label') ?? one.textContent, Number(one.dataset.from), Number(one.dataset.to)]));
  const low = drawn.filter(([words]) => words.startsWith('LOW'));
  assert.equal(low.length, episodes.length);
  assert.ok(Math.abs(Math.min(...low.map((one) => one[1])) - first) < 1);
  assert.ok(low.some(([, from, to]) => Math.abs(from - longest.from) < 1 && Math.abs(to - longest.to) < 1));
});

test('because of whom', async () => {
  const meanwhile = report.dispatched_meanwhile.find((one) => one.starved === 'LOW').shares[0];
  const words = await text('.keys > div:nth-child(2)');
  assert.match(words, new RegExp(`${Math.round(meanwhile.share * 100)} %`));
  assert.match(words, new RegExp(`${meanwhile.level} runs of ${meanwhile.workspace}`));
});

test('who got how much of a fair share', async () => {
  const support = report.workspaces.find((one) => one.name === 'support').fairness;
  await page.locator('#fair summary').click();
  const row = page.locator('#fair tbody tr', {hasText: 'support'});
  const values = await row.locator('td').evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.v)));
  assert.ok(Math.abs(values[0] - support.received.value) < 1e-5, 'received');
  assert.ok(Math.abs(values[1] - support.entitled.value) < 1e-5, 'fair');
});

test('the wait at p95 of who comes in an hour', async () => {
  const line = report.hours.of_day.find((one) => one.level === 'LOW' && one.group === 'main');
  await page.locator('#waits summary').first().click();
  const row = page.locator('#waits details tbody tr', {hasText: '01:00'});
  const headings = await page.locator('#waits details thead th').allInnerTexts();
  const cell = row.locator('th, td').nth(headings.indexOf('LOW p95'));
  assert.equal(await cell.innerText(), duration(line.wait_p95_s[1]));
});

test('which credential held whom back', async () => {
  const portal = report.credentials.find((one) => one.name === 'portal').credential;
  const row = page.locator('#resources table', {hasText: 'runs held'}).locator('tbody tr').first();
  assert.match(await row.innerText(), /^portal/);
  const held = await row.locator('td').nth(3).getAttribute('data-v');
  assert.ok(Math.abs(Number(held) - portal.runs_held.value) < 1);
  assert.match(await text('#why tbody tr:nth-child(2)'), /MEDIUM[\s\S]*a credential at its limit 66 %/);
});

test('was load lost', async () => {
  assert.equal(report.total.lost_load?.count?.value ?? 0, 0);
  assert.match(await text('#throughput h2'), /^No load is lost/);
});

test('which expectation holds, by how much, and where its limit comes from', async () => {
  for (const expected of report.expectations) {
    const row = page.locator('#expectations tbody tr', {hasText: expected.sentence});
    const words = (await row.innerText()).replaceAll('\u00a0', ' ');
    assert.match(words, /✓ holds/);
    assert.ok(words.includes(expected.because), expected.because);
    assert.equal(await row.locator('.ratio svg').count(), 1);
  }
});

test('the moment under the crosshair is read in all charts, with the keyboard alone', async () => {
  await page.goto(`${address}#at=9072`);
  await page.reload();
  const bucket = Math.floor(9072 / report.time_lines.bucket_s);
  const at = (bucket) => report.time_lines.lines.find((one) => one.line === 'eligible' && one.level === 'LOW').values[bucket];
  const shown = async () => Number(await page.locator('#reading tr', {hasText: 'LOW'}).locator('td').first().innerText());
  assert.equal(await shown(), Number(at(bucket).toPrecision(3)));
  await page.locator('#chart-waiting .plot').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await shown(), Number(at(bucket + 1).toPrecision(3)));
  assert.match(page.url(), /at=9360/);
  const places = await page.locator('line.cross').evaluateAll((lines) => [...new Set(lines.map((line) => line.getAttribute('x1')))]);
  assert.equal(places.length, 1);
});

test('a zoom is in the address, and Escape goes back', async () => {
  await page.locator('#chart-episodes rect[role=button]').first().focus();
  await page.keyboard.press('Enter');
  const [, from, to] = /v=(\d+)-(\d+)/.exec(page.url());
  assert.ok(Number(to) - Number(from) < 28_800);
  await page.reload();
  assert.match(await text('.zoomed'), /Charts show/);
  await page.keyboard.press('Escape');
  assert.doesNotMatch(page.url(), /v=/);
  assert.equal(await page.locator('.zoomed').count(), 0);
});

test('tables sort', async () => {
  const table = page.locator('#why table', {hasText: 'waited mostly for'});
  await table.getByRole('button', {name: 'wait p95', exact: true}).click();
  const values = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.cells[4].dataset.v)));
  assert.deepEqual(values, [...values].sort((a, b) => b - a));
});

test('a chart gives its data and its picture', async () => {
  const get = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#chart-load').getByRole('button', {name}).click()]);
    return readFileSync(await download.path());
  };
  const lines = (await get(/^CSV/)).toString().trim().split('\n');
  assert.equal(lines.length, report.time_lines.lines[0].values.length + 1);
  const svg = (await get(/^SVG/)).toString();
  assert.match(svg, /^<svg[\s\S]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.doesNotMatch(svg, /var\(--/);
  assert.equal((await get(/^PNG/)).subarray(1, 4).toString(), 'PNG');
});

test('which limit failed, by how much, and where it stands', async () => {
  await page.goto(addressOf('failed'));
  assert.match(await text('.chip'), /FAIL/);
  const failed = reportOf('failed').expectations.filter((one) => one.status === 'failed');
  assert.ok(failed.length > 0);
  for (const one of failed) {
    const row = page.locator('#expectations tbody tr', {hasText: one.sentence});
    const words = (await row.innerText()).replaceAll('\u00a0', ' ');
    assert.match(words, /✗ fails/);
    assert.ok(words.includes(`${one.file}:${one.line}`));
    assert.match(words, new RegExp(`${duration(Math.abs(one.margin))} (short|over)`));
  }
});

test('what happened during the incident', async () => {
  const incident = reportOf('incident').incidents[0];
  await page.goto(`${addressOf('incident')}#at=${(incident.from_s + incident.to_s) / 2}`);
  assert.match(await text('#reading'), new RegExp(`Under way: ${incident.name}`));
  assert.match(await text('#reading'), /LOW starves in \d of 5 replications/);
  assert.equal(await page.locator('#chart-waiting svg text', {hasText: incident.name}).count(), 1);
});

test('whose load was lost', async () => {
  await page.goto(addressOf('lost'));
  const losers = reportOf('lost').workspaces.filter((one) => (one.lost_load?.count?.value ?? 0) > 0);
  assert.ok(losers.length > 0);
  const rows = await page.locator('#throughput table', {hasText: 'of what it submitted'}).locator('tbody th').allInnerTexts();
  assert.deepEqual(new Set(rows), new Set(losers.map((one) => one.name)));
});

test('on a phone nothing is wider than the screen, and charts are drawn narrow', async () => {
  await page.setViewportSize({width: 390, height: 844});
  await page.goto(address);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
  assert.equal(await page.locator('#chart-load svg').first().evaluate((svg) => svg.clientWidth <= 350), true);
});

test('axe finds nothing that keeps anybody out', async () => {
  const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
  // The whole once, which takes seconds; of the dark palette what has all its kinds of text.
  for (const [colorScheme, part] of [['light', 'html'], ['dark', '#starvation']]) {
    const context = await browser.newContext({viewport: {width: 1440, height: 1000}, colorScheme});
    const looked = await context.newPage();
    await looked.goto(address);
    await looked.evaluate(axe);
    const found = await looked.evaluate((part) => window.axe.run(part, {resultTypes: ['violations']}), part);
    assert.deepEqual(found.violations.map((one) => `${colorScheme} ${one.id}: ${one.nodes[0].html.slice(0, 200)}`), []);
    await context.close();
  }
});

test('without scripts there are words and tables', async () => {
  const context = await browser.newContext({javaScriptEnabled: false});
  const bare = await context.newPage();
  await bare.goto(address);
  assert.match(await bare.locator('#starvation table').first().innerText(), /LOW/);
  assert.equal(await bare.locator('figure.chart:visible').count(), 0);
  await context.close();
});

test('the browser has nothing to complain about', () => assert.deepEqual(complaints, []));
