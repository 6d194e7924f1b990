import {expect, test} from 'vitest';
import {dodge, largest, logRatio, nines, runsOf, shareStep, timeStep, timeTicks, waitPlace, waitStep} from '../src/scales';

test('each nine is one step to the right', () => {
  expect(nines(0.9)).toBeCloseTo(1);
  expect(nines(0.999)).toBeCloseTo(3);
  expect(nines(1)).toBeCloseTo(6);
});

test('waits below a second are at the bottom', () => {
  expect(waitPlace(0)).toBe(0);
  expect(waitPlace(1000)).toBeCloseTo(3);
});

test('ticks of time are at round times, and not too many', () => {
  expect(timeStep(0, 28_800, 9)).toBe(3600);
  expect(timeStep(0, 3.2e9, 9)).toBe(1_576_800_000);
  expect(timeTicks(1800, 9000, 3600)).toEqual([3600, 7200]);
  expect(timeTicks(0, 86_400, 43_200, -25_200)).toEqual([18_000, 61_200]);
});

test('a ratio to a limit, in decades', () => {
  expect(logRatio(10, 1)).toBeCloseTo(1);
  expect(logRatio(1e9, 1)).toBe(1.5);
  expect(logRatio(0, 1)).toBe(-1.5);
  expect(logRatio(1, 0)).toBeNull();
  expect(logRatio(null, 1)).toBeNull();
});

test('steps of grey', () => {
  expect([null, 0.05, 0.1, 0.35, 0.6, 0.9].map(shareStep)).toEqual([0, 0, 1, 2, 3, 4]);
  expect([null, 9, 10, 60, 600, 3600].map(waitStep)).toEqual([0, 0, 1, 2, 3, 4]);
});

test('labels give way to each other and stay inside', () => {
  expect(dodge([10, 12, 40], 15, 0, 100)).toEqual([10, 25, 40]);
  expect(dodge([95, 96], 15, 0, 100)).toEqual([85, 100]);
  const many = dodge([50, 50, 50], 15, 0, 100);
  expect(new Set(many).size).toBe(3);
});

test('neighbours of one value', () => {
  expect(runsOf([1, 1, 2, 1])).toEqual([[1, 0, 2], [2, 2, 3], [1, 3, 4]]);
  expect(runsOf([])).toEqual([]);
});

test('the largest of what is known', () => {
  expect(largest([null, 3, 7, null])).toBe(7);
  expect(largest([null])).toBeNull();
});
