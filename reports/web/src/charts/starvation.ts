// When levels starved, for how long nobody was served, how old the oldest run was, how many waited.
import * as Plot from '@observablehq/plot';
import type {Episode, Limit} from '../data';
import {count, duration, instant} from '../format';
import {bandMark, type Chart, type Context, durationTicks, incidentNames, levelLine, linesOfGroup, roundTicks, sideLabels,
        stepsOf, tintMarks, timePlace, timePlot, timeTable, valuePlace, worstLevel} from '../frame';
import {largest} from '../scales';
import {areaFill, blockedDash, element, label, lineColour, lineDash, lineWidth} from '../svg';

const mostRows = 12;
const mostStops = 24;

function episodesOf(ctx: Context): {level: number; style: number; label: string; list: Episode[]}[] {
  return ctx.data.levels
    .map((level, number) => ({level: number, style: level.style, label: level.label, group: level.group,
                              list: ctx.data.episodes.list.filter((one) => one.level === number)}))
    .filter((one) => one.group === ctx.group)
    .sort((a, b) => a.style - b.style);
}

export function episodeWords(ctx: Context, one: Episode): string {
  const level = ctx.data.levels[one.level]!.label;
  const which = ctx.data.replications > 1 ? `, replication ${one.rep}` : '';
  const length = `${one.censored ? '≥' : ''}${duration(one.to - one.from)}`;
  return `${level} starved for ${length}, ${instant(ctx.clock, one.from)} to ${instant(ctx.clock, one.to)}${which}: ` +
    `${count(one.runs)} runs waited; dispatched meanwhile: ${one.meanwhile}`;
}

/** A row a replication and bars; of many replications the share of them that starves, as height. */
export function episodesChart(ctx: Context): Chart | null {
  if (ctx.data.episodes.list.length === 0) return null;
  const levels = episodesOf(ctx);
  const several = ctx.data.replications > mostRows;
  const row = several ? 44 : Math.max(5, Math.min(14, 60 / ctx.data.replications));
  const rows = several ? 1 : ctx.data.replications;
  const block = row * rows + 16;
  const height = block * levels.length + 44;
  const svg = timePlot(ctx, {height, y: [0, 1], top: 20, labelled: true, marks: []});
  const stops = new Set([...ctx.data.episodes.list].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, mostStops));
  levels.forEach((level, i) => {
    const top = 20 + i * block;
    if (several) shareOfReplications(ctx, svg, level.level, level.style, top, row);
    else
      for (const one of level.list) {
        if (one.to <= ctx.span[0] || one.from >= ctx.span[1]) continue;
        const x = Math.max(timePlace(ctx, one.from), timePlace(ctx, ctx.span[0]));
        const end = Math.min(timePlace(ctx, one.to), timePlace(ctx, ctx.span[1]));
        svg.append(element('rect', {
          x, y: top + one.rep * row + 0.5, width: Math.max(1, end - x), height: row - 1, fill: lineColour(level.style),
          'data-from': one.from, 'data-to': one.to, class: 'episode', role: stops.has(one) ? 'button' : undefined,
          tabindex: stops.has(one) ? 0 : undefined, 'aria-label': stops.has(one) ? episodeWords(ctx, one) : undefined,
        }, [element('title', {}, [episodeWords(ctx, one)])]));
      }
    const middle = top + (row * rows) / 2;
    const of = ctx.data.levels[level.level]!;
    const left = timePlace(ctx, ctx.span[0]);
    svg.append(ctx.narrow ? label(left, top - 7, [{text: level.label, style: level.style}])
                          : label(left - 8, middle, [{text: level.label, style: level.style}], {anchor: 'end'}));
    const times = (of.starved?.v ?? 0) > 0 ? `${count(of.starved?.v)} times` : 'no episode';
    if (!ctx.narrow)
      sideLabels(ctx, svg, [{y: middle - 8, parts: [{text: times}]}, {y: middle + 8, parts: [{text: `longest ${duration(of.longest?.v)}`}]}],
                 top - 4, top + Math.max(row * rows, 32));
    svg.append(element('line', {x1: left, x2: timePlace(ctx, ctx.span[1]), y1: top + row * rows + 3, y2: top + row * rows + 3,
                                stroke: 'var(--hair)'}));
  });
  incidentNames(ctx, svg, 10);
  return {svg, time: true, label: `When each level starved: ${ctx.data.episodes.list.length} episodes.`,
          table: {columns: ['level', 'replication', 'from_s', 'to_s', 'runs', 'dispatched_meanwhile'],
                  rows: ctx.data.episodes.list.map((one) => [ctx.data.levels[one.level]!.label, one.rep, one.from, one.to, one.runs,
                                                             one.meanwhile])}};
}

function shareOfReplications(ctx: Context, svg: SVGSVGElement, level: number, style: number, top: number, height: number): void {
  const line = ctx.data.lines.find((one) => one.line === 'starving' && one.level === level);
  if (!line) return;
  const points = stepsOf(ctx, line.v).map((point) => ({
    x: Math.max(timePlace(ctx, ctx.span[0]), Math.min(timePlace(ctx, ctx.span[1]), timePlace(ctx, point.x))), y: point.y ?? 0}));
  let path = `M${points[0]!.x},${top + height}`;
  points.forEach((point, i) => {
    if (i > 0) path += `H${point.x}`;
    path += `V${top + height * (1 - point.y)}`;
  });
  svg.append(element('path', {d: `${path}V${top + height}Z`, fill: areaFill(style), stroke: lineColour(style)}));
}

/** A limit as a line, with its sentence and where it comes from. */
function limitLine(ctx: Context, svg: SVGSVGElement, y: number, limit: Limit): void {
  const [from, to] = [timePlace(ctx, ctx.span[0]), timePlace(ctx, ctx.span[1])];
  const colour = limit.met ? 'var(--good)' : 'var(--bad)';
  svg.append(element('line', {x1: from, x2: to, y1: y, y2: y, stroke: colour, 'stroke-width': 1.6}));
  const words = ctx.narrow ? limit.sentence : `${limit.met ? '✓' : '✗'} limit: ${limit.sentence}${limit.origin ? ` — “${limit.origin}”` : ''}`;
  const text = label(to - 2, y - 9, [{text: words.length > 110 ? `${words.slice(0, 108)}…` : words}], {anchor: 'end', halo: true});
  text.querySelector('tspan')!.setAttribute('fill', colour);
  const link = element('a', {href: '#expectations'}, [text]);
  svg.append(link);
}

function limitsOf(ctx: Context, metric: string, level: number): Limit[] {
  return ctx.data.limits.filter((one) => one.metric === metric && one.level === level);
}

export function clockLevels(ctx: Context): number[] {
  return episodesOf(ctx).filter((one) => one.list.length > 0).map((one) => one.level);
}

/** Time since the last dispatch, of one level, a line a replication. */
export function clockChart(ctx: Context): Chart | null {
  const levels = clockLevels(ctx);
  if (levels.length === 0) return null;
  const worst = worstLevel(ctx.data);
  const shown = ctx.view.level !== undefined && levels.includes(ctx.view.level) ? ctx.view.level : levels.includes(worst) ? worst : levels[0]!;
  const level = ctx.data.levels[shown]!;
  const list = ctx.data.episodes.list.filter((one) => one.level === shown);
  const longest = list.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  const limits = limitsOf(ctx, 'starvation.longest', shown);
  const measured = longest.to - longest.from;
  const most = Math.max(measured, level.theta, ...limits.map((one) => Math.min(one.limit, measured * 3))) * 1.12;
  const plot = {height: ctx.narrow ? 170 : 190, y: [0, most] as [number, number], top: 24, labelled: true};
  const teeth = list.flatMap((one, i) => [{x: one.from, y: 0, i}, {x: one.to, y: one.to - one.from, i}, {x: one.to, y: 0, i}]);
  const svg = timePlot(ctx, {
    ...plot, yTicks: durationTicks(most, 4), yText: duration,
    marks: [...tintMarks(ctx, shown, plot.y),
            Plot.line(teeth, {x: 'x', y: 'y', z: 'i', clip: true, stroke: lineColour(level.style), strokeLinejoin: 'round',
                              strokeWidth: ctx.data.replications > 5 ? 0.8 : 1.3, strokeOpacity: ctx.data.replications > 5 ? 0.6 : 1}),
            Plot.ruleY([level.theta], {stroke: 'var(--ink2)', strokeDasharray: '4 3'}),
            Plot.dot([longest], {x: 'to', y: measured, r: 3, fill: 'var(--ink)', stroke: 'var(--bg)', clip: true})],
  });
  for (const limit of limits) if (limit.limit <= most) limitLine(ctx, svg, valuePlace(plot, limit.limit), limit);
  const right = timePlace(ctx, ctx.span[1]);
  svg.append(label(right - 2, valuePlace(plot, level.theta) + 9,
                   [{text: `θ ${duration(level.theta)}${ctx.narrow ? '' : ', from here on it is starvation'}`}], {anchor: 'end', halo: true}));
  if (longest.to >= ctx.span[0] && longest.to <= ctx.span[1]) {
    const x = timePlace(ctx, longest.to);
    const end = x > ctx.width * 0.6;
    const which = ctx.data.replications > 1 ? `, replication ${longest.rep}` : '';
    svg.append(label(end ? x - 8 : x + 8, valuePlace(plot, measured),
                     [{text: ctx.narrow ? duration(measured) : `${level.label}: ${longest.censored ? '≥' : ''}${duration(measured)}, the longest${which}`, strong: true}],
                     {anchor: end ? 'end' : 'start', halo: true}));
  }
  if (!ctx.narrow)
    sideLabels(ctx, svg, [{y: 30, parts: [{text: ctx.data.replications > 1 ? 'mean longest' : 'longest'}]},
                          {y: 46, parts: [{text: `${duration(level.longest?.v)} ${level.longest?.pm ?? ''}`, strong: true}]}],
               10, plot.height);
  incidentNames(ctx, svg, 10);
  return {svg, time: true,
          label: `Time since the last dispatch of ${level.label} while its runs wait; ${duration(measured)} at most.`,
          table: {columns: ['replication', 'from_s', 'to_s', 'length_s'],
                  rows: list.map((one) => [one.rep, one.from, one.to, one.to - one.from])}};
}

function highestPoint(ctx: Context, values: (number | null)[]): {time: number; value: number} | null {
  const value = largest(values);
  return value === null ? null : {value, time: ctx.data.first + (values.indexOf(value) + 0.5) * ctx.data.bucket};
}

interface Box {
  left: number;
  right: number;
  y: number;
}

/** The name of a line at its highest point, beside what is named already; not where that is out of sight. */
function nameAtPeak(ctx: Context, svg: SVGSVGElement, plot: {height: number; y: [number, number]; top?: number; labelled?: boolean},
                    values: (number | null)[], style: number, text: string, taken: Box[]): void {
  const peak = highestPoint(ctx, values);
  if (!peak || peak.time < ctx.span[0] || peak.time > ctx.span[1]) return;
  const half = 3.6 * text.length;
  const [left, right] = [timePlace(ctx, ctx.span[0]) + half, timePlace(ctx, ctx.span[1]) - half];
  const at = timePlace(ctx, peak.time);
  const top = valuePlace(plot, peak.value);
  const places = [[0, -9], [half + 10, 0], [-half - 10, 0], [0, 16], [half + 10, 16], [half + 10, -16], [-half - 10, 16], [half + 10, 32]];
  for (const [dx, dy] of places) {
    const x = Math.max(left, Math.min(right, at + dx!));
    const y = Math.max(18, top + dy!);
    if (taken.some((one) => x + half > one.left && x - half < one.right && Math.abs(one.y - y) < 17)) continue;
    taken.push({left: x - half, right: x + half, y});
    svg.append(label(x, y, [{text, style}], {anchor: 'middle', halo: true}));
    return;
  }
}

export function oldestChart(ctx: Context): Chart | null {
  const lines = linesOfGroup(ctx, 'oldest_age');
  if (lines.length === 0) return null;
  const tallest = Math.max(...lines.map((one) => Math.max(largest(one.values.hi ?? []) ?? 0, largest(one.values.v) ?? 0)));
  const limits = lines.flatMap((one) => limitsOf(ctx, 'queue.age.max', one.number));
  const most = Math.max(tallest, ...limits.map((one) => Math.min(one.limit, tallest * 1.5)), 1) * 1.15;
  const plot = {height: ctx.narrow ? 180 : 210, y: [0, most] as [number, number], top: 24, labelled: true};
  const worst = worstLevel(ctx.data);
  const targets = lines.filter((one) => {
    const slo = ctx.data.levels[one.number]!.slo;
    return slo !== undefined && slo < most && slo > most * 0.05;
  });
  const svg = timePlot(ctx, {
    ...plot, yTicks: durationTicks(most, 4), yText: duration,
    marks: [...(worst >= 0 ? tintMarks(ctx, worst, plot.y) : []), ...lines.flatMap((one) => bandMark(ctx, one.values, one.style)),
            ...targets.map((one) => Plot.ruleY([ctx.data.levels[one.number]!.slo!], {stroke: lineColour(one.style), strokeDasharray: '4 3'})),
            ...lines.map((one) => levelLine(ctx, one.values.v, {stroke: lineColour(one.style), width: lineWidth(one.style),
                                                                dash: lineDash(one.style)}))],
  });
  for (const limit of limits) if (limit.limit <= most) limitLine(ctx, svg, valuePlace(plot, limit.limit), limit);
  sideLabels(ctx, svg, ctx.narrow ? [] : targets.map((one) => ({
    y: valuePlace(plot, ctx.data.levels[one.number]!.slo!),
    parts: [{text: one.label, style: one.style}, {text: ` target ${duration(ctx.data.levels[one.number]!.slo)}`}]})), 14, plot.height - 24);
  const taken: Box[] = [];
  for (const one of [...lines].reverse())
    nameAtPeak(ctx, svg, plot, one.values.v, one.style, `${one.label} ${duration(ctx.data.levels[one.number]!.oldest?.v)} at worst`, taken);
  incidentNames(ctx, svg, 10);
  const words = lines.map((one) => `${one.label} ${duration(ctx.data.levels[one.number]!.oldest?.v)}`).join(', ');
  return {svg, time: true, label: `Age of the oldest waiting run; at worst ${words}.`,
          table: timeTable(ctx, lines.flatMap((one) => [{name: `${one.label}_oldest_s`, values: one.values.v},
                                                        ...(one.values.lo ? [{name: `${one.label}_lowest_s`, values: one.values.lo},
                                                                             {name: `${one.label}_highest_s`, values: one.values.hi!}] : [])]))};
}

export function waitingChart(ctx: Context): Chart | null {
  const eligible = linesOfGroup(ctx, 'eligible');
  if (eligible.length === 0) return null;
  const blocked = linesOfGroup(ctx, 'blocked');
  const most = Math.max(1, ...[...eligible, ...blocked].map((one) => largest(one.values.hi ?? one.values.v) ?? 0)) * 1.15;
  const plot = {height: ctx.narrow ? 190 : 220, y: [0, most] as [number, number], top: 24, labelled: true};
  const worst = worstLevel(ctx.data);
  const svg = timePlot(ctx, {
    ...plot, yTicks: roundTicks(most, 4), yText: count,
    marks: [...(worst >= 0 ? tintMarks(ctx, worst, plot.y) : []), ...eligible.flatMap((one) => bandMark(ctx, one.values, one.style)),
            ...blocked.filter((one) => (largest(one.values.v) ?? 0) > most * 0.01).map((one) =>
              levelLine(ctx, one.values.v, {stroke: lineColour(one.style), width: 2.2, dash: blockedDash})),
            ...eligible.map((one) => levelLine(ctx, one.values.v, {stroke: lineColour(one.style), width: lineWidth(one.style),
                                                                   dash: lineDash(one.style)}))],
  });
  const taken: Box[] = [];
  for (const one of [...eligible].reverse())
    if ((largest(one.values.v) ?? 0) > most * 0.02)
      nameAtPeak(ctx, svg, plot, one.values.v, one.style, `${one.label} ${count(largest(one.values.v))}`, taken);
  for (const one of blocked)
    if ((largest(one.values.v) ?? 0) > most * 0.05)
      nameAtPeak(ctx, svg, plot, one.values.v, one.style, `${one.label} ${count(largest(one.values.v))} blocked`, taken);
  incidentNames(ctx, svg, 10);
  return {svg, time: true,
          label: `Waiting runs; at most ${eligible.map((one) => `${one.label} ${count(largest(one.values.v))} eligible`).join(', ')}.`,
          table: timeTable(ctx, [...eligible.map((one) => ({name: `${one.label}_eligible`, values: one.values.v})),
                                 ...blocked.map((one) => ({name: `${one.label}_blocked`, values: one.values.v}))])};
}
