// A TypeScript client that is generated from what `sluice serve` says of itself.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

let mock;
let url;

before(async () => {
  mock = spawn(process.env.SLUICE, ['serve', process.env.SLUICE_SCENARIO, '--listen', '127.0.0.1:0',
    '--clock', 'manual', '-p', 'requests_per_second=4']);
  let said = '';
  url = await new Promise((resolve, reject) => {
    mock.on('exit', (code) => reject(new Error(`sluice serve ended with ${code}: ${said}`)));
    mock.stderr.on('data', (data) => {
      said += data;
      const found = said.match(/listening on (http:\/\/\S+)/);
      if (found) resolve(found[1]);
    });
  });
});
after(() => mock.kill('SIGTERM'));

const run = (program, ...args) => {
  try {
    execFileSync(process.execPath, [program, ...args], { stdio: 'pipe' });
  } catch (error) {
    assert.fail(`${program}: ${error.stdout}${error.stderr}`);
  }
};
const advance = (by) => fetch(`${url}/_sluice/clock/advance`, { method: 'POST', body: JSON.stringify({ by }) });

test('the document says where it is served', async () => {
  const document = await (await fetch(`${url}/openapi.json`)).json();
  assert.equal(document.servers[0].url, url);
  writeFileSync('openapi.json', JSON.stringify(document));
});

test('types are generated, and a client of them compiles', () => {
  run('node_modules/openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'api.d.ts');
  run('node_modules/typescript/bin/tsc', '--project', '.');
});

test('it starts a run, reads what came of it, and is told when to come again', async () => {
  const { clientOf, entries, newest, outcome, start } = await import('./made/client.js');
  const client = clientOf(url, 'sk_acme');
  const session = await start(client, 'claims', { USER: 'portal-1' });
  assert.match(session, /^[0-9a-f-]{36}$/);
  await advance('10m');
  const { status, codes } = await outcome(client, session);
  assert.equal(status, 'execution.success');
  assert.deepEqual(codes, []);
  assert.deepEqual(await newest(client, 1), [session]);
  assert.ok((await entries(client)).every((address) => address === undefined));
  await advance('2s');
  const answers = [];
  for (let i = 0; i < 5; ++i) answers.push(await start(client, 'approve'));
  assert.equal(typeof answers[3], 'string');
  assert.equal(answers[4], 1);
});
