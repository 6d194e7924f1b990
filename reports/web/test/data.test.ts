import {describe, expect, test} from 'vitest';
import {longestOf} from '../src/charts/waits';
import {piecesOf, spread, waitedHours} from '../src/charts/why';
import {stacked} from '../src/charts/load';
import {csv} from '../src/csv';
import {bucketAt, type Episode, type Level, type PageData, readData, starvingAt} from '../src/data';
import {readingAt} from '../src/reading';
import {compareCells} from '../src/tables';

const figure = (v: number) => ({v});
const level = (label: string, style: number): Level => ({
  label, style, group: 0, theta: 900, starved: figure(2), longest: figure(5460), oldest: figure(7000), accepted: null, dispatched: null,
  good: null, parts: [],
  wait: {mean: figure(1800), p95: null, p99: null, max: null, count: figure(100), censored: null, slo: null},
});
const episode = (rep: number, from: number, to: number): Episode => ({level: 0, rep, from, to, runs: 5, meanwhile: 'acme HIGH 100 %'});

const data: PageData = {
  format: 'sluice.page', scenario: 's', from: 0, until: 400, replications: 3, confidence: 0.95, live: false,
  levels: [level('LOW', 2), level('HIGH', 0)], first: 0, bucket: 100, wide_bucket: 200,
  lines: [{line: 'eligible', level: 0, v: [0, 7, 9, 2]}, {line: 'dispatched', level: 1, v: [1, 22.5, 3, 4]},
          {line: 'since_dispatch', level: 0, v: [0, 100, 1200, 0], hi: [0, 100, 4000, 0]},
          {line: 'wait_p95', level: 0, v: [60, 3600]}],
  groups: [{name: 'main'}], credentials: [], incidents: [{name: 'deploy', from: 150, to: 260}],
  episodes: {list: [episode(0, 100, 300), episode(1, 150, 260), episode(1, 320, 390)], left_out: 0},
  shares: {list: [], left_out: 0, factor: 0.5}, limits: [], wait_grid: [],
};

describe('reading a moment', () => {
  test('gives its bucket, levels in order', () => {
    const reading = readingAt(data, 0, 250)!;
    expect(reading.rows.map((row) => row.label)).toEqual(['HIGH', 'LOW']);
    expect(reading.rows[1]).toMatchObject({eligible: 9, blocked: null, p95: 3600});
    expect(reading.sentences).toEqual(['LOW starves in 2 of 3 replications, for up to 1h07m until then.',
      'Dispatched per minute: HIGH 3.', 'Under way: deploy.']);
  });
  test('outside there is nothing to read', () => expect(readingAt(data, 0, 500)).toBeNull());
});

test('buckets', () => {
  expect([bucketAt(0, 100, 4, 0), bucketAt(0, 100, 4, 399), bucketAt(0, 100, 4, 400), bucketAt(50, 100, 4, 0)]).toEqual([0, 3, null, null]);
});

test('a replication that starves twice at once counts once', () => {
  expect(starvingAt([episode(0, 0, 10), episode(0, 5, 20), episode(1, 5, 6)], 0, 5)).toBe(2);
});

test('a block of another format is nothing', () => {
  expect(readData('{"format":"other"}')).toBeNull();
  expect(readData('')).toBeNull();
});

test('stacks stand on each other', () => {
  expect(stacked([[1, 2], [3, null]])).toEqual([{low: [0, 0], high: [1, 2]}, {low: [1, 2], high: [4, 2]}]);
});

test('run-hours', () => expect(waitedHours(level('LOW', 2))).toBe(50));

test('small pieces of a bar go together by level', () => {
  const of = (name: string, style: number, fair: number) => ({name, style, fair, received: 0, below: null});
  expect(piecesOf([of('big', 0, 0.5), of('a', 2, 0.01), of('b', 2, 0.02)], (one) => one.fair, 0.1)).toEqual([
    {name: 'big', style: 0, value: 0.5, several: 0}, {name: '2 workspaces', style: 2, value: 0.03, several: 2}]);
});

test('the longest of stretches', () => expect(longestOf([1, null, 5, null, null], 2)).toEqual([1, 5, null]));

test('CSV quotes, and no field is a formula', () => {
  expect(csv({columns: ['a', 'b'], rows: [['x,"y"', null], ['=1+1', -2]]})).toBe('a,b\n"x,""y""",\n\'=1+1,-2\n');
});

test('tables sort numbers before texts, and texts as people do', () => {
  const cells = [{value: null, text: 'tenant-10'}, {value: 3, text: '3'}, {value: null, text: 'tenant-2'}, {value: -1, text: '-1'}];
  expect(cells.sort(compareCells).map((one) => one.text)).toEqual(['-1', '3', 'tenant-2', 'tenant-10']);
});

test('names in a row do not touch', () => {
  expect(spread([{start: 0, length: 50}, {start: 20, length: 50}], 200)).toEqual([0, 62]);
  expect(spread([{start: 100, length: 50}, {start: 190, length: 80}], 200)).toEqual([58, 120]);
  expect(spread([{start: 0, length: 150}, {start: 150, length: 150}], 200)).toEqual([0, -1]);
});
