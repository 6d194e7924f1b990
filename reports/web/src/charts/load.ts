// Load stacked against capacity, busy workers, and throughput.
import * as Plot from '@observablehq/plot';
import {count, instant, share} from '../format';
import {type Chart, type Context, incidentNames, levelLine, linesOfGroup, roundTicks, sideLabels, stepsOf, tintMarks,
        timePlace, timePlot, timeTable, valuePlace, worstLevel} from '../frame';
import {largest} from '../scales';
import {areaFill, element, label, lineColour, lineDash, lineWidth} from '../svg';

/** Levels on top of each other, the highest level below. */
export function stacked(values: (number | null)[][]): {low: number[]; high: number[]}[] {
  const length = Math.max(0, ...values.map((one) => one.length));
  let below = new Array<number>(length).fill(0);
  return values.map((one) => {
    const high = below.map((value, i) => value + (one[i] ?? 0));
    const layer = {low: below, high};
    below = high;
    return layer;
  });
}

function stackMarks(ctx: Context, layers: {style: number; low: number[]; high: number[]}[]): Plot.Markish[] {
  return layers.flatMap(({style, low, high}) => {
    const bottom = stepsOf(ctx, low);
    const rows = stepsOf(ctx, high).map((point, i) => ({x: point.x, y1: bottom[i]!.y, y2: point.y}));
    return [
      Plot.areaY(rows, {x: 'x', y1: 'y1', y2: 'y2', curve: 'step-after', clip: true, fill: areaFill(style)}),
      Plot.line(rows, {x: 'x', y: 'y2', curve: 'step-after', clip: true, stroke: 'var(--bg)', strokeWidth: 1.4}),
    ];
  });
}

function present(ctx: Context): (number | null)[] {
  return ctx.data.groups[ctx.group]?.present?.v ?? [];
}

/** More than there is, outlined. */
function excessMarks(ctx: Context, total: number[], capacity: (number | null)[]): Plot.Markish[] {
  const over = total.map((value, i) => (value > (capacity[i] ?? Infinity) ? value : null));
  if (over.every((value) => value === null)) return [];
  const floor = stepsOf(ctx, over.map((value, i) => (value === null ? null : capacity[i]!)));
  const rows = stepsOf(ctx, over).map((point, i) => ({x: point.x, y1: floor[i]!.y, y2: point.y}));
  return [Plot.areaY(rows, {x: 'x', y1: 'y1', y2: 'y2', curve: 'step-after', clip: true, fill: 'url(#p-over)', fillOpacity: 0.35}),
          Plot.line(rows, {x: 'x', y: 'y2', curve: 'step-after', clip: true, stroke: 'var(--ink)', strokeWidth: 1.6})];
}

/** The window with the highest σ, as the words have it; where none is known the highest bucket. */
function peakOf(ctx: Context, lowest: number, total: number[]): {from: number; to: number; workers: number} {
  const known = ctx.data.levels[lowest]!.peak;
  if (known && known.to > known.from) return {from: known.from, to: known.to, workers: Math.round(known.sigma * known.servers)};
  const bucket = total.indexOf(Math.max(...total));
  const from = ctx.data.first + bucket * ctx.data.bucket;
  return {from, to: Math.min(ctx.data.until, from + ctx.data.bucket), workers: total[bucket]!};
}

export function loadChart(ctx: Context): Chart | null {
  const lines = linesOfGroup(ctx, 'offered');
  if (lines.length === 0) return null;
  const stack = stacked(lines.map((one) => one.values.v));
  const total = stack[stack.length - 1]!.high;
  const capacity = present(ctx);
  const peak = peakOf(ctx, lines[lines.length - 1]!.number, total);
  const most = Math.max(largest(total) ?? 0, largest(capacity) ?? 0, peak.workers) * 1.12 || 1;
  const mean = total.reduce((sum, value) => sum + value, 0) / Math.max(1, total.length);
  const plot = {height: ctx.narrow ? 230 : 290, y: [0, most] as [number, number], top: 26, labelled: true};
  const svg = timePlot(ctx, {
    ...plot, yTicks: roundTicks(most, 4), yText: count,
    marks: [...stackMarks(ctx, lines.map((one, i) => ({style: one.style, ...stack[i]!}))), ...excessMarks(ctx, total, capacity),
            Plot.ruleY([mean], {stroke: 'var(--ink)', strokeDasharray: '1.5 3.5'}),
            Plot.line(stepsOf(ctx, capacity), {x: 'x', y: 'y', curve: 'step-after', clip: true, stroke: 'var(--ink)', strokeWidth: 2}),
            Plot.ruleY([peak], {x1: 'from', x2: 'to', y: 'workers', stroke: 'var(--bg)', strokeWidth: 5, clip: true}),
            Plot.ruleY([peak], {x1: 'from', x2: 'to', y: 'workers', stroke: 'var(--ink)', strokeWidth: 3, clip: true})],
  });
  const peakText = `peak: ${count(peak.workers)} workers asked for, ${instant(ctx.clock, peak.from)} to ${instant(ctx.clock, peak.to)}`;
  const middle = (peak.from + peak.to) / 2;
  if (middle >= ctx.span[0] && middle <= ctx.span[1]) {
    const x = timePlace(ctx, middle);
    const anchor = x < ctx.width * 0.3 ? 'start' : x > ctx.width * 0.6 ? 'end' : 'middle';
    const words = ctx.narrow ? `peak: ${count(peak.workers)} workers` : peakText;
    svg.append(label(x, Math.max(12, valuePlace(plot, Math.max(peak.workers, largest(total) ?? 0)) - 10), [{text: words, strong: true}], {anchor, halo: true}));
  }
  const last = capacity[capacity.length - 1];
  if (last !== null && last !== undefined)
    svg.append(label(timePlace(ctx, ctx.span[1]) - 4, valuePlace(plot, last) - 10, [{text: ctx.narrow ? `${count(last)} there` : `capacity ${count(last)} workers`, strong: true}],
                     {anchor: 'end', halo: true}));
  const ends = lines.map((one, i) => {
    const level = ctx.data.levels[one.number]!;
    return {y: valuePlace(plot, (stack[i]!.low[stack[i]!.low.length - 1]! + stack[i]!.high[stack[i]!.high.length - 1]!) / 2),
            parts: [{text: one.label, style: one.style}, {text: level.sigma === undefined || ctx.narrow ? '' : ` σ ${count(level.sigma)}`}]};
  });
  sideLabels(ctx, svg, [...ends, {y: valuePlace(plot, mean), parts: [{text: `mean ${count(mean)}`}]}], plot.top, plot.height - 24);
  incidentNames(ctx, svg, 10);
  return {svg, time: true, label: `Work that comes, in workers: ${peakText}.`,
          table: timeTable(ctx, [...lines.map((one) => ({name: `${one.label}_workers`, values: one.values.v})),
                                 {name: 'present_workers', values: capacity}])};
}

export function workersChart(ctx: Context): Chart | null {
  const lines = linesOfGroup(ctx, 'running');
  if (lines.length === 0) return null;
  const stack = stacked(lines.map((one) => one.values.v));
  const capacity = present(ctx);
  const total = stack[stack.length - 1]!.high;
  const most = Math.max(largest(capacity) ?? 0, largest(total) ?? 0) * 1.05 || 1;
  const plot = {height: ctx.narrow ? 150 : 180, y: [0, most] as [number, number], labelled: true};
  const svg = timePlot(ctx, {
    ...plot, yTicks: roundTicks(most, 3), yText: count,
    marks: [...stackMarks(ctx, lines.map((one, i) => ({style: one.style, ...stack[i]!}))),
            Plot.line(stepsOf(ctx, capacity), {x: 'x', y: 'y', curve: 'step-after', clip: true, stroke: 'var(--ink)', strokeWidth: 2})],
  });
  const mean = (values: (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(1, values.length);
  const there = mean(capacity);
  const busy = mean(total);
  const labels = lines.map((one, i) => ({
    y: valuePlace(plot, (stack[i]!.low[stack[i]!.low.length - 1]! + stack[i]!.high[stack[i]!.high.length - 1]!) / 2),
    parts: [{text: one.label, style: one.style}, {text: ` ${count(mean(one.values.v))} mean`}]}));
  if (there > 0)
    labels.push({y: valuePlace(plot, (total[total.length - 1]! + there) / 2), parts: [{text: `idle ${share(1 - busy / there)}`}]});
  sideLabels(ctx, svg, labels, 14, plot.height - 24);
  incidentNames(ctx, svg, 8);
  return {svg, time: true, label: `Busy workers by level of their run; on average ${count(busy)} of ${count(there)}.`,
          table: timeTable(ctx, [...lines.map((one) => ({name: `${one.label}_busy`, values: one.values.v})),
                                 {name: 'present_workers', values: capacity}])};
}

/** One below the other, each to its own maximum. */
export function throughputChart(ctx: Context): Chart | null {
  const lines = linesOfGroup(ctx, 'accepted');
  if (lines.length === 0) return null;
  const dispatched = linesOfGroup(ctx, 'dispatched');
  const height = 96;
  const worst = worstLevel(ctx.data);
  const whole = element('svg', {width: ctx.width, height: height * lines.length + 16, viewBox: `0 0 ${ctx.width} ${height * lines.length + 16}`});
  lines.forEach((one, i) => {
    const out = dispatched.find((other) => other.number === one.number)?.values.v ?? [];
    const most = Math.max(largest(one.values.v) ?? 0, largest(out) ?? 0) * 1.15 || 1;
    const last = i === lines.length - 1;
    const plot = {height: last ? height + 16 : height, y: [0, most] as [number, number], labelled: last};
    const svg = timePlot(ctx, {
      ...plot, yTicks: roundTicks(most, 2), yText: count,
      marks: [...(worst >= 0 ? tintMarks(ctx, worst, plot.y) : []),
              levelLine(ctx, one.values.v, {stroke: 'var(--hair2)', width: 1.3}),
              levelLine(ctx, out, {stroke: lineColour(one.style), width: lineWidth(one.style), dash: lineDash(one.style)})],
    });
    const level = ctx.data.levels[one.number]!;
    const labels = [{y: 26, parts: [{text: one.label, style: one.style}]},
                    {y: 41, parts: [{text: `${count(level.accepted?.v)} in, ${count(level.dispatched?.v)} out`}]}];
    if (level.good?.v !== null && level.good?.v !== undefined) labels.push({y: 56, parts: [{text: `good ${share(level.good.v)}`}]});
    sideLabels(ctx, svg, ctx.narrow ? labels.slice(0, 1) : labels, 14, plot.height);
    svg.setAttribute('y', String(i * height));
    whole.append(svg);
  });
  return {svg: whole as SVGSVGElement, time: true, label: 'Runs accepted and dispatched per minute, a row for each level.',
          table: timeTable(ctx, [...lines.map((one) => ({name: `${one.label}_accepted_per_min`, values: one.values.v})),
                                 ...dispatched.map((one) => ({name: `${one.label}_dispatched_per_min`, values: one.values.v}))])};
}
