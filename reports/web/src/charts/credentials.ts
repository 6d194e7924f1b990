// Credentials in use, of their limits: those that held runs first and taller.
import {count, share} from '../format';
import {type Chart, type Context, incidentNames, plotWidth, timePlace, timePlot} from '../frame';
import {runsOf, shareStep} from '../scales';
import {element, label} from '../svg';

const steps = ['< 10 %', '10 – 30 %', '30 – 60 %', '60 – 90 %', '≥ 90 % of limit'];

export function credentialsChart(ctx: Context): Chart | null {
  const named = ctx.data.credentials.filter((one) => !one.others && one.limit !== undefined && one.limit > 0);
  if (named.length === 0) return null;
  const tight = named.filter((one) => (one.at_limit?.v ?? 0) >= 0.01);
  const loose = named.filter((one) => !tight.includes(one));
  const rows = [...tight.map((one) => ({one, height: 22})), ...loose.map((one) => ({one, height: loose.length > 6 ? 10 : 16}))];
  const body = rows.reduce((sum, row) => sum + row.height, 0);
  const height = 20 + Math.max(body, ctx.narrow ? 0 : 104) + 24;
  const svg = timePlot(ctx, {height, y: [0, 1], top: 20, labelled: true, marks: []});
  const bucket = ctx.data.wide_bucket;
  const [left, right] = [timePlace(ctx, ctx.span[0]), timePlace(ctx, ctx.span[1])];
  const place = (i: number) => Math.max(left, Math.min(right, timePlace(ctx, Math.min(ctx.data.until, ctx.data.first + i * bucket))));
  let y = 20;
  let named_to = -Infinity;
  for (const {one, height: tall} of rows) {
    for (const [step, from, to] of runsOf(one.v.map((value) => shareStep(value === null ? null : value / one.limit!))))
      if (place(to) > place(from))
        svg.append(element('rect', {x: place(from), y, width: place(to) - place(from), height: tall - 1, fill: `var(--c${step})`},
                           [element('title', {}, [`${one.name}: ${steps[step]}`])]));
    const fits = y + tall / 2 - named_to >= 13;
    if (fits) {
      const room = ctx.narrow ? 5 : 8;
      const name = one.name!.length > room ? `…${one.name!.slice(1 - room)}` : one.name!; // their ends tell them apart
      svg.append(element('g', {}, [element('title', {}, [one.name!]), label(left - 6, y + tall / 2, [{text: name, strong: tall > 16}], {anchor: 'end'})]));
      named_to = y + tall / 2;
    }
    if (tall > 16 && !ctx.narrow)
      svg.append(label(right + 8, y + tall / 2, [{text: `${count(one.mean?.v)} of ${one.limit} · full ${share(one.at_limit?.v)}`}]));
    y += tall;
  }
  if (!ctx.narrow)
    steps.forEach((text, step) => {
      const top = Math.max(20 + tight.length * 22 + 6, 20) + step * 16;
      if (top + 12 > height - 20) return;
      svg.append(element('rect', {x: right + 10, y: top, width: 12, height: 12, fill: `var(--c${step})`, stroke: 'var(--hair2)', 'stroke-width': 0.5}),
                 label(right + 28, top + 7, [{text}]));
    });
  incidentNames(ctx, svg, 10);
  const words = tight.length === 0 ? 'none is at its limit for 1 % of the time'
    : tight.map((one) => `${one.name} at its limit ${share(one.at_limit?.v)} of the time`).slice(0, 3).join(', ');
  return {svg, time: plotWidth(ctx) > 0, label: `Credentials in use: ${words}.`,
          table: {columns: ['from_s', ...named.map((one) => one.name!)],
                  rows: named[0]!.v.map((_, i) => [ctx.data.first + i * bucket, ...named.map((one) => one.v[i])])}};
}
