// "Reading at": the values under the crosshair of all charts, and who was dispatched then.
import {bucketAt, levelsOf, lineOf, starvingAt, type PageData} from './data';
import {type Clock, count, duration, instant} from './format';

export interface Reading {
  time: number;
  rows: {label: string; style: number; eligible: number | null; blocked: number | null; oldest: number | null; p95: number | null}[];
  sentences: string[];
}

/** What is known of a moment; null: it is in no bucket. */
export function readingAt(data: PageData, group: number, time: number): Reading | null {
  const length = Math.max(0, ...data.lines.map((one) => (one.line.startsWith('wait_') ? 0 : one.v.length)));
  const at = bucketAt(data.first, data.bucket, length, time);
  if (at === null) return null;
  const levels = levelsOf(data, group);
  const value = (line: string, number: number, bucket = at) => lineOf(data, line, number)?.v[bucket] ?? null;
  const wide = Math.floor((time - data.first) / data.wide_bucket);
  const rows = levels.map(({level, number}) => ({
    label: level.label, style: level.style, eligible: value('eligible', number), blocked: value('blocked', number),
    oldest: value('oldest_age', number), p95: value('wait_p95', number, wide)}));
  const sentences: string[] = [];
  for (const {level, number} of levels) {
    const line = lineOf(data, 'since_dispatch', number);
    const most = line?.hi?.[at] ?? line?.v[at] ?? 0;
    const starving = starvingAt(data.episodes.list, number, time);
    if (starving === 0) continue;
    const where = data.replications === 1 ? '' : ` in ${starving} of ${data.replications} replications`;
    sentences.push(`${level.label} starves${where}${most && most >= level.theta ? `, for up to ${duration(most)} until then` : ''}.`);
  }
  const dispatched = levels.filter(({number}) => lineOf(data, 'dispatched', number))
    .map(({level, number}) => `${level.label} ${count(value('dispatched', number) ?? 0)}`);
  if (dispatched.length > 0) sentences.push(`Dispatched per minute: ${dispatched.join(', ')}.`);
  const incidents = data.incidents.filter((one) => one.from <= time && time < (one.to ?? one.from)).map((one) => one.name);
  if (incidents.length > 0) sentences.push(`Under way: ${incidents.join(', ')}.`);
  return {time, rows, sentences};
}

function cell(tag: string, text: string, className?: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** `aloud`: a screen reader says it, for it was asked for with the keyboard. */
export function showReading(place: HTMLElement, reading: Reading, clock: Clock, aloud: boolean): void {
  place.hidden = false;
  place.setAttribute('aria-live', aloud ? 'polite' : 'off');
  const table = document.createElement('table');
  const head = document.createElement('tr');
  for (const text of ['level', 'eligible', 'blocked', 'oldest', 'p95']) {
    const heading = cell('th', text);
    heading.setAttribute('scope', 'col');
    head.append(heading);
  }
  table.append(head);
  for (const row of reading.rows) {
    const line = document.createElement('tr');
    const heading = document.createElement('th');
    heading.setAttribute('scope', 'row');
    heading.append(cell('b', row.label, `l${row.style % 3}`));
    line.append(heading, cell('td', count(row.eligible)), cell('td', count(row.blocked)), cell('td', duration(row.oldest)), cell('td', duration(row.p95)));
    table.append(line);
  }
  place.replaceChildren(cell('h3', `Reading at ${instant(clock, reading.time)}`), table, ...reading.sentences.map((text) => cell('p', text)),
                        cell('p', 'p95: wait of who came then. Point at a chart, or use ← and → in one; drag, or + and −, to zoom; Esc for the whole.'));
}
