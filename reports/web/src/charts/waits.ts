// How long runs wait: by how rare it is, by when they came, by hour of the week.
import * as Plot from '@observablehq/plot';
import {duration, instant, share} from '../format';
import {type Chart, type Context, incidentNames, linesOfGroup, margins, plotWidth, sideLabels, timePlace, timePlot, worstLevel} from '../frame';
import {largest, nines, runsOf, waitPlace, waitStep} from '../scales';
import {element, label, lineColour, lineDash, lineWidth} from '../svg';

const waitTicks = [1, 10, 60, 600, 3600, 10_800, 86_400, 604_800, 2_592_000];
const shareTicks = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];
const shareTexts = ['50 %', '90 %', '99 %', '99.9 %', '99.99 %', '99.999 %'];

export function waitsChart(ctx: Context): Chart | null {
  const levels = ctx.data.levels.filter((one) => one.group === ctx.group && one.wait.grid).sort((a, b) => a.style - b.style);
  if (levels.length === 0) return null;
  const longest = Math.max(1.1, ...levels.map((one) => Math.max(one.wait.max?.v ?? 0, largest(one.wait.grid!) ?? 0)));
  const most = waitPlace(longest) * 1.06;
  const m = margins(ctx, 12, 24);
  const height = ctx.narrow ? 230 : 270;
  const [from, to] = [nines(0.5), nines(0.99999)];
  const points = levels.map((level) => level.wait.grid!.map((value, i) => ({x: nines(ctx.data.wait_grid[i]!), y: waitPlace(value ?? 0)})));
  const targets = levels.filter((one) => one.slo !== undefined && (one.wait.slo?.v ?? 1) < 1);
  const crossed = targets.filter((one) => one.wait.slo!.v! > 0.5);
  const shares = shareTicks.filter((_, i) => !ctx.narrow || i % 2 === 0);
  const bars = levels.flatMap((level) => [[0.95, level.wait.p95] as const, [0.99, level.wait.p99] as const]
    .filter(([, figure]) => figure?.ci).map(([at, figure]) => ({at, ci: figure!.ci!, style: level.style})));
  const svg = Plot.plot({
    width: ctx.width, height, marginLeft: m.left, marginRight: m.right, marginTop: m.top, marginBottom: m.bottom,
    x: {domain: [from, to], axis: null}, y: {domain: [0, most], axis: null}, style: {background: 'none', color: 'var(--ink)'},
    marks: [Plot.gridY(waitTicks.filter((one) => waitPlace(one) < most).map(waitPlace), {stroke: 'var(--hair)', strokeOpacity: 1}),
            Plot.gridX(shareTicks.map(nines), {stroke: 'var(--hair)', strokeOpacity: 1}),
            Plot.axisY(waitTicks.filter((one) => waitPlace(one) < most).map(waitPlace),
                       {tickSize: 0, tickPadding: 6, label: null, fill: 'var(--ink2)',
                        tickFormat: (place: number) => duration(waitTicks.find((one) => waitPlace(one) === place))}),
            Plot.axisX(shares.map(nines), {tickSize: 4, label: null, fill: 'var(--ink2)', stroke: 'var(--hair2)',
                                           tickFormat: (place: number) => shareTexts[shareTicks.findIndex((one) => nines(one) === place)]!}),
            Plot.ruleY([0], {stroke: 'var(--hair2)'}),
            ...bars.map((bar) => Plot.ruleX([bar], {x: nines(bar.at), y1: waitPlace(bar.ci[0]), y2: waitPlace(bar.ci[1]),
                                                    stroke: lineColour(bar.style), strokeWidth: 3, strokeOpacity: 0.55})),
            ...levels.map((level, i) => Plot.line(points[i]!, {x: 'x', y: 'y', curve: 'monotone-x', stroke: lineColour(level.style),
                                                               strokeWidth: lineWidth(level.style), strokeDasharray: lineDash(level.style)})),
            ...crossed.map((one) => Plot.dot([one], {x: nines(one.wait.slo!.v!), y: waitPlace(one.slo!), symbol: 'plus', r: 5,
                                                     stroke: 'var(--ink)', strokeWidth: 1.8})),
            ...levels.flatMap((level, i) => ((level.wait.censored?.v ?? 0) > 0
              ? [Plot.dot([points[i]![points[i]!.length - 1]!], {x: 'x', y: 'y', symbol: 'triangle', r: 5, fill: 'var(--bg)',
                                                                   stroke: lineColour(level.style), strokeWidth: 1.8})] : []))],
  }) as SVGSVGElement;
  const yOf = (value: number) => height - m.bottom - (waitPlace(value) / most) * (height - m.top - m.bottom);
  const xOf = (place: number) => m.left + ((place - from) / (to - from)) * plotWidth(ctx);
  sideLabels(ctx, svg, levels.map((level) => ({
    y: yOf(level.wait.max?.v ?? 0),
    parts: [{text: level.label, style: level.style}, {text: ` ${level.wait.max?.lower_bound ? '≥' : ''}${duration(level.wait.max?.v)}`}]})),
             m.top - 8, height - m.bottom);
  let previous = -100;
  for (const one of ctx.narrow ? [] : [...targets].sort((a, b) => a.slo! - b.slo!)) {
    let y = yOf(one.slo!) + 12;
    if (Math.abs(previous - y) < 15) y = previous - 15;
    previous = y;
    const x = xOf(Math.max(from, nines(one.wait.slo!.v!)));
    const end = x > ctx.width * 0.6;
    svg.append(label(end ? x - 9 : x + 9, y,
                     [{text: one.label, style: one.style}, {text: ` ${share(one.wait.slo!.v)} within ${duration(one.slo)}`}],
                     {halo: true, anchor: end ? 'end' : 'start'}));
  }
  return {svg, time: false, label: levels.map((one) => `${one.label}: p95 ${duration(one.wait.p95?.v)}, longest ${duration(one.wait.max?.v)}`).join('; '),
          table: {columns: ['share_of_runs', ...levels.map((one) => `${one.label}_wait_s`)],
                  rows: ctx.data.wait_grid.map((part, i) => [part, ...levels.map((one) => one.wait.grid![i])])}};
}

/** The longest of each stretch of `width` buckets. */
export function longestOf(values: (number | null)[], width: number): (number | null)[] {
  const stretches: (number | null)[] = [];
  for (let i = 0; i < values.length; i += width) stretches.push(largest(values.slice(i, i + width)));
  return stretches;
}

/** Shades a bucket, and below them the longest of a stretch as a number. */
export function byTimeChart(ctx: Context): Chart | null {
  const lines = linesOfGroup(ctx, 'wait_p95');
  if (lines.length === 0) return null;
  const row = 34;
  const height = 20 + row * lines.length + 24;
  const svg = timePlot(ctx, {height, y: [0, 1], top: 20, labelled: true, marks: []});
  const bucket = ctx.data.wide_bucket;
  const pixels = (bucket / (ctx.span[1] - ctx.span[0])) * plotWidth(ctx);
  const stretch = Math.max(1, Math.ceil(46 / pixels));
  const clipLeft = timePlace(ctx, ctx.span[0]);
  const clipRight = timePlace(ctx, ctx.span[1]);
  const place = (i: number) => Math.max(clipLeft, Math.min(clipRight, timePlace(ctx, Math.min(ctx.data.until, ctx.data.first + i * bucket))));
  lines.forEach((one, i) => {
    const y = 20 + i * row;
    for (const [step, from, to] of runsOf(one.values.v.map((value) => (value === null ? -1 : waitStep(value)))))
      if (step >= 0 && place(to) > place(from))
        svg.append(element('rect', {x: place(from), y, width: place(to) - place(from), height: 15, fill: `var(--c${step})`}));
    longestOf(one.values.v, stretch).forEach((value, k) => {
      const [from, to] = [place(k * stretch), place(Math.min(one.values.v.length, (k + 1) * stretch))];
      if (value !== null && to - from > 36) {
        const text = label((from + to) / 2, y + 23, [{text: value === 0 ? '0' : duration(value)}], {anchor: 'middle'});
        text.setAttribute('style', 'font-size:11px');
        svg.append(text);
      }
    });
    svg.append(ctx.narrow ? label(clipLeft - 4, y + 8, [{text: one.label.slice(0, 4), style: one.style}], {anchor: 'end'})
                          : label(clipLeft - 8, y + 8, [{text: one.label, style: one.style}], {anchor: 'end'}));
  });
  if (!ctx.narrow)
    ['<10s', '10s', '1m', '10m', '1h'].forEach((text, step) => {
      svg.append(element('rect', {x: clipRight + 10, y: 20 + step * 17, width: 12, height: 12, fill: `var(--c${step})`, stroke: 'var(--hair2)',
                                  'stroke-width': 0.5}), label(clipRight + 28, 27 + step * 17, [{text: step === 0 ? text : `from ${text}`}]));
    });
  incidentNames(ctx, svg, 10);
  const worst = lines.map((one) => {
    const most = largest(one.values.v);
    return most === null ? '' : `${one.label} ${duration(most)}, accepted at ${instant(ctx.clock, ctx.data.first + one.values.v.indexOf(most) * bucket)}`;
  }).filter((text) => text !== '');
  return {svg, time: true, label: `p95 of waits by time of acceptance; longest: ${worst.join('; ')}.`,
          table: {columns: ['accepted_from_s', ...lines.map((one) => `${one.label}_wait_p95_s`)],
                  rows: (lines[0]!.values.v).map((_, i) => [ctx.data.first + i * bucket, ...lines.map((one) => one.values.v[i])])}};
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Of the level that starves longest, or waits longest. */
export function byHourChart(ctx: Context): Chart | null {
  const lines = (ctx.data.hours?.week ?? []).filter((one) => ctx.data.levels[one.level]!.group === ctx.group);
  if (lines.length === 0) return null;
  const worst = worstLevel(ctx.data);
  const shown = lines.find((one) => one.level === worst) ?? lines.reduce((a, b) => ((largest(b.p95) ?? 0) > (largest(a.p95) ?? 0) ? b : a));
  const m = margins(ctx, 24, 4);
  const width = plotWidth(ctx) / 24;
  const row = 26;
  const svg = element('svg', {width: ctx.width, height: 24 + 7 * row, viewBox: `0 0 ${ctx.width} ${24 + 7 * row}`});
  const level = ctx.data.levels[shown.level]!;
  shown.p95.forEach((value, i) => {
    const [x, y] = [m.left + (i % 24) * width, 24 + Math.floor(i / 24) * row];
    const step = waitStep(value);
    svg.append(element('rect', {x, y, width: width - 1, height: row - 1, fill: value === null ? 'none' : `var(--c${step})`},
                       [element('title', {}, [`${days[Math.floor(i / 24)]} ${i % 24}:00: ${value === null ? 'no run' : duration(value)}`])]));
    if (value !== null && width > 24) {
      const text = label(x + width / 2, y + row / 2, [{text: value === 0 ? '0' : duration(value).replace(/\d\d[ms]$/, '')}], {anchor: 'middle'});
      text.setAttribute('style', 'font-size:11px');
      text.querySelector('tspan')!.setAttribute('fill', step >= 3 ? 'var(--con)' : 'var(--ink)');
      svg.append(text);
    }
  });
  days.forEach((day, i) => svg.append(label(m.left - 8, 24 + i * row + row / 2, [{text: day}], {anchor: 'end'})));
  for (let hour = 0; hour < 24; hour += ctx.narrow ? 6 : 3)
    svg.append(label(m.left + hour * width, 14, [{text: `${String(hour).padStart(2, '0')}:00`}]));
  svg.append(label(m.left, 3, [{text: level.label, style: level.style}]));
  return {svg: svg as SVGSVGElement, time: false, label: `p95 of ${level.label}’s waits by weekday and hour.`,
          table: {columns: ['weekday', 'hour', 'wait_p95_s'], rows: shown.p95.map((value, i) => [days[Math.floor(i / 24)], i % 24, value])}};
}
