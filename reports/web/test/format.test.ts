import {describe, expect, test} from 'vitest';
import {count, duration, instant, share, tickLabel} from '../src/format';

describe('durations are written as in the words of the page', () => {
  test.each([[0, '0s'], [0.00125, '1.25ms'], [12.34, '12.3s'], [59.9, '59.9s'], [59.96, '1m'], [245, '4m05s'], [5460, '1h31m'],
    [7200, '2h'], [28_800, '8h'], [183_600, '2d03h'], [1_836_000, '21d06h']])('%d seconds', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
  test('what is not known', () => {
    expect(duration(null)).toBe('–');
    expect(duration(Infinity)).toBe('endless');
    expect(duration(-90)).toBe('-1m30s');
  });
});

test('counts', () => {
  expect([0, 0.2, 13.06, 479.4, 6256, 12_345, 4_561_000, null].map(count)).toEqual(['0', '0.2', '13.1', '479', '6256', '12.3k', '4.56M', '–']);
});

test('shares are never rounded to 0 % or 100 %', () => {
  expect([0, 0.0004, 0.772, 0.9999, 1].map(share)).toEqual(['0 %', '<0.1 %', '77.2 %', '>99.9 %', '100 %']);
});

describe('moments', () => {
  const bare = {from: 0, until: 28_800};
  const dated = {from: 0, until: 28_800, start_ms: Date.UTC(2026, 0, 5, 7), zone: 'Europe/Berlin'};
  test('without a start they count from the beginning', () => {
    expect(instant(bare, 9072)).toBe('2h31m');
    expect(instant({from: 0, until: 400_000}, 90_061)).toBe('1d01h01m');
    expect([1, 60, 3600, 86_400].map((step) => tickLabel(bare, 0, step))).toEqual(['0s', '0m', '0h', '0d']);
  });
  test('with one they are on the calendar of its zone', () => {
    expect(instant(dated, 3600)).toMatch(/^Mon.* 09:00$/);
  });
  test('a zone that the browser does not know', () => {
    expect(instant({...dated, zone: 'Mars/Olympus'}, 0)).toMatch(/07:00 UTC$/);
  });
});
