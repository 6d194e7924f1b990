// What was measured against each limit, as small drawings in the table of expectations.
import type {Limit} from '../data';
import {duration} from '../format';
import {logRatio} from '../scales';
import {element} from '../svg';

const [width, height, most] = [190, 22, 1.5];

/** Null: no ratio says anything, as of a limit of 0. */
export function ratioDrawing(limit: Limit): SVGSVGElement | null {
  const measured = logRatio(limit.measured?.v ?? null, limit.limit, most);
  if (measured === null || limit.in_replications) return null;
  const place = (ratio: number) => width / 2 + (ratio / most) * (width / 2 - 6);
  const middle = height / 2;
  const svg = element('svg', {width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
                              'aria-label': `measured is ${(10 ** measured).toPrecision(2)} times the limit`});
  const failsBelow = limit.more;
  svg.append(element('rect', {x: failsBelow ? 0 : width / 2, y: 3, width: width / 2, height: height - 6, fill: 'var(--tint)'}),
             element('line', {x1: 0, x2: width, y1: middle, y2: middle, stroke: 'var(--hair2)'}));
  for (const tick of [-1, -0.5, 0.5, 1])
    svg.append(element('line', {x1: place(tick), x2: place(tick), y1: middle - 3, y2: middle + 3, stroke: 'var(--hair2)'}));
  svg.append(element('line', {x1: width / 2, x2: width / 2, y1: 2, y2: height - 2, stroke: 'var(--bad)', 'stroke-width': 1.8}));
  const ci = limit.measured?.ci;
  const low = ci ? logRatio(ci[0], limit.limit, most) : null;
  const high = ci ? logRatio(ci[1], limit.limit, most) : null;
  if (low !== null && high !== null)
    svg.append(element('line', {x1: place(low), x2: place(high), y1: middle, y2: middle, stroke: 'var(--ink)', 'stroke-width': 2}));
  svg.append(element('circle', {cx: place(measured), cy: middle, r: 4, fill: limit.met ? 'var(--ink)' : 'var(--bad)', stroke: 'var(--bg)'}));
  svg.append(element('title', {}, [`limit ${limit.metric.includes('wait') ? duration(limit.limit) : limit.limit}`]));
  return svg as SVGSVGElement;
}

/** Rows of the table stand in the order of the limits. */
export function drawRatios(root: ParentNode, limits: Limit[]): void {
  root.querySelectorAll<HTMLElement>('.ratio').forEach((place, i) => {
    const drawing = limits[i] ? ratioDrawing(limits[i]!) : null;
    if (drawing) place.replaceChildren(drawing);
  });
}
