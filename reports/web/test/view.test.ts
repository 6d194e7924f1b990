import {describe, expect, test} from 'vitest';
import {parseView, printView, zoomed} from '../src/view';

describe('the address', () => {
  test('says all of a view, and is read back', () => {
    const view = {section: 'waits', span: [3600, 11_400] as [number, number], at: 9072, group: 1, level: 2,
                  sort: {table: 3, column: 4, down: true}};
    expect(parseView(printView(view))).toEqual(view);
  });
  test('is short', () => {
    expect(printView({span: [3600, 11_400], at: 9072})).toBe('#v=3600-11400&at=9072');
    expect(printView({})).toBe('');
  });
  test('may be a section alone', () => expect(parseView('#why')).toEqual({section: 'why'}));
  test.each(['#v=abc', '#v=9-3', '#at=', '#sort=1.2', '#s=<img>', '#%', '#&&=', '#at=NaN'])('%s means nothing', (hash) => {
    expect(parseView(hash)).toEqual({});
  });
});

describe('zooming', () => {
  test('keeps its middle', () => expect(zoomed([0, 100], 50, 0.5, [0, 100], 1)).toEqual([25, 75]));
  test('stays inside the whole', () => expect(zoomed([50, 100], 90, 2, [0, 100], 1)).toEqual([0, 100]));
  test('ends at the finest', () => expect(zoomed([0, 100], 0, 0.001, [0, 100], 10)).toEqual([0, 10]));
});
