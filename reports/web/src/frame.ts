// What all charts share: the width they are drawn for, the axis of time, tints, incidents and labels.
import * as Plot from '@observablehq/plot';
import {type Incident, lineOf, type PageData, type Values} from './data';
import {type Clock, tickLabel} from './format';
import {dodge, runsOf, timeStep, timeTicks} from './scales';
import {element, label, type LabelPart, lineColour} from './svg';
import type {Table} from './csv';
import type {View} from './view';

export interface Context {
  data: PageData;
  view: View;
  /** What axes of time show, in seconds. */
  span: [number, number];
  group: number;
  clock: Clock;
  width: number;
  narrow: boolean;
}

export interface Chart {
  svg: SVGSVGElement;
  /** What a screen reader is told of it. */
  label: string;
  table: Table;
  /** Its x is time: it has a crosshair, and can be zoomed. */
  time: boolean;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The same x is the same time in all charts. */
export function margins(ctx: Context, top: number, bottom: number): Margins {
  return ctx.narrow ? {left: 34, right: 8, top, bottom} : {left: 58, right: 124, top, bottom};
}

export function plotWidth(ctx: Context): number {
  const m = margins(ctx, 0, 0);
  return ctx.width - m.left - m.right;
}

export function timePlace(ctx: Context, time: number): number {
  return margins(ctx, 0, 0).left + ((time - ctx.span[0]) / (ctx.span[1] - ctx.span[0])) * plotWidth(ctx);
}

function offsetOfTicks(ctx: Context): number {
  // Ticks are at whole hours by UTC; of zones with other offsets the labels say what they are.
  return ctx.data.start_ms === undefined ? 0 : -((ctx.data.start_ms / 1000) % 86_400);
}

export interface TimePlot {
  height: number;
  y: [number, number];
  yTicks?: number[];
  yText?: (value: number) => string;
  marks: Plot.Markish[];
  top?: number;
  /** Whether the times stand below it. */
  labelled?: boolean;
}

/** A chart over time: grid, axes, incidents, and `marks` between them. */
export function timePlot(ctx: Context, plot: TimePlot): SVGSVGElement {
  const m = margins(ctx, plot.top ?? 14, plot.labelled ? 24 : 8);
  const step = timeStep(ctx.span[0], ctx.span[1], ctx.narrow ? 4 : 9);
  const ticks = timeTicks(ctx.span[0], ctx.span[1], step, offsetOfTicks(ctx));
  const marks: Plot.Markish[] = [];
  if (plot.yTicks)
    marks.push(Plot.gridY(plot.yTicks, {stroke: 'var(--hair)', strokeOpacity: 1}),
               Plot.axisY(plot.yTicks, {tickSize: 0, tickPadding: 6, label: null, fill: 'var(--ink2)',
                                        tickFormat: plot.yText ?? String}));
  marks.push(...plot.marks, ...incidentMarks(ctx, plot.y));
  marks.push(Plot.ruleY([plot.y[0]], {stroke: 'var(--hair2)'}),
             Plot.tickX(ticks, {x: (t: number) => t, y: null, strokeOpacity: 0}));
  if (plot.labelled)
    marks.push(Plot.axisX(ticks, {tickSize: 4, label: null, fill: 'var(--ink2)', stroke: 'var(--hair2)',
                                  tickFormat: (t: number) => tickLabel(ctx.clock, t, step)}));
  return Plot.plot({width: ctx.width, height: plot.height, marginLeft: m.left, marginRight: m.right, marginTop: m.top,
                    marginBottom: m.bottom, x: {domain: ctx.span, axis: null}, y: {domain: plot.y, axis: null}, opacity: {type: 'identity'},
                    style: {background: 'none', color: 'var(--ink)'}, marks}) as SVGSVGElement;
}

/** Where a value stands in a chart of timePlot(). */
export function valuePlace(plot: {height: number; y: [number, number]; top?: number; labelled?: boolean}, value: number): number {
  const top = plot.top ?? 14;
  const bottom = plot.height - (plot.labelled ? 24 : 8);
  return bottom - ((value - plot.y[0]) / (plot.y[1] - plot.y[0])) * (bottom - top);
}

function shownIncidents(ctx: Context): Incident[] {
  return ctx.data.incidents.filter((one) => one.from < ctx.span[1] && (one.to ?? one.from) >= ctx.span[0]);
}

/** Bands; those of which no end is known are lines. */
function incidentMarks(ctx: Context, y: [number, number]): Plot.Markish[] {
  return shownIncidents(ctx).map((one) =>
    one.to === undefined
      ? Plot.ruleX([one.from], {y1: y[0], y2: y[1], clip: true, stroke: 'var(--ink2)', strokeWidth: 1.2})
      : Plot.rect([one], {x1: 'from', x2: 'to', y1: y[0], y2: y[1], clip: true, fill: 'url(#p-incident)', stroke: 'var(--ink2)',
                          strokeWidth: 0.6, fillOpacity: 0.5}));
}

/** The names of incidents above a chart, as far as they have room. */
export function incidentNames(ctx: Context, svg: SVGSVGElement, y: number): void {
  let free = -Infinity;
  for (const one of shownIncidents(ctx)) {
    const x = Math.max(timePlace(ctx, one.from), timePlace(ctx, ctx.span[0])) + 3;
    if (x < free || x + 6.5 * one.name.length > ctx.width) continue;
    svg.append(label(x, y, [{text: one.name, strong: true}], {halo: true}));
    free = x + 6.5 * one.name.length + 8;
  }
}

const fewReplications = 5;

/** Where a level starves: darker in more replications. */
export function tintMarks(ctx: Context, level: number, y: [number, number]): Plot.Markish[] {
  const fill = lineColour(ctx.data.levels[level]!.style);
  const few = ctx.data.replications <= fewReplications;
  const most = few ? Math.min(0.13, (ctx.data.replications === 1 ? 0.1 : 0.026) * ctx.data.replications) : 0.13;
  const stretches = few
    ? ctx.data.episodes.list.filter((one) => one.level === level).map((one) => ({from: one.from, to: one.to, opacity: most / ctx.data.replications}))
    : runsOf((lineOf(ctx.data, 'starving', level)?.v ?? []).map((share) => Math.round((share ?? 0) * 20) / 20))
        .map(([share, from, to]) => ({from: ctx.data.first + from * ctx.data.bucket, to: ctx.data.first + to * ctx.data.bucket,
                                      opacity: most * share}));
  const seen = stretches.filter((one) => one.opacity > 0 && one.to > ctx.span[0] && one.from < ctx.span[1]);
  if (seen.length === 0) return [];
  return [Plot.rect(seen, {x1: 'from', x2: 'to', y1: y[0], y2: y[1], clip: true, fillOpacity: 'opacity', fill})];
}

/** The level that starved longest; -1: none did. */
export function worstLevel(data: PageData): number {
  let worst = -1;
  data.levels.forEach((level, i) => {
    if ((level.starved?.v ?? 0) > 0 && (worst < 0 || (level.longest?.v ?? 0) > (data.levels[worst]!.longest?.v ?? 0))) worst = i;
  });
  return worst;
}

export interface Point {
  x: number;
  y: number | null;
}

/** Buckets as steps: the last one ends where the window does. */
export function stepsOf(ctx: Context, values: (number | null)[], bucket = ctx.data.bucket): Point[] {
  if (values.length === 0) return [];
  const points = values.map((y, i) => ({x: Math.max(ctx.data.from, ctx.data.first + i * bucket), y}));
  points.push({x: Math.min(ctx.data.until, ctx.data.first + values.length * bucket), y: values[values.length - 1]!});
  return points;
}

/** Line of a level in steps. */
export function levelLine(ctx: Context, values: (number | null)[], style: {stroke: string; width: number; dash?: string}): Plot.Markish {
  return Plot.line(stepsOf(ctx, values), {x: 'x', y: 'y', curve: 'step-after', clip: true, stroke: style.stroke,
                                          strokeWidth: style.width, strokeDasharray: style.dash});
}

/** Lowest to highest of the replications. */
export function bandMark(ctx: Context, values: Values, style: number): Plot.Markish[] {
  if (!values.lo || !values.hi) return [];
  const low = stepsOf(ctx, values.lo);
  const high = stepsOf(ctx, values.hi);
  const rows = low.map((point, i) => ({x: point.x, y1: point.y, y2: high[i]!.y}));
  return [Plot.areaY(rows, {x: 'x', y1: 'y1', y2: 'y2', curve: 'step-after', clip: true, fill: lineColour(style), fillOpacity: 0.17})];
}

/** Labels right of the plot, each near its value; inside of it where there is no room. */
export function sideLabels(ctx: Context, svg: SVGSVGElement, labels: {y: number; parts: LabelPart[]}[], top: number, bottom: number): void {
  const places = dodge(labels.map((one) => one.y), 15, top + 7, bottom - 7);
  const right = timePlace(ctx, ctx.span[1]);
  labels.forEach((one, i) => {
    if (ctx.narrow) svg.append(label(right - 4, places[i]! - 8, one.parts, {anchor: 'end', halo: true})); // above its line
    else svg.append(label(right + 8, places[i]!, one.parts));
  });
}

/** 0 and some round values up to `most`. */
export function roundTicks(most: number, wanted: number): number[] {
  if (!(most > 0)) return [0];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((part) => part >= rough)!;
  return timeTicks(0, most, step);
}

/** The same for durations: 30m, 1h, 2h. */
export function durationTicks(most: number, wanted: number): number[] {
  return most > 1 ? timeTicks(0, most, timeStep(0, most, wanted)) : roundTicks(most, wanted);
}

/** All lines of one kind of the levels of the shown group. */
export function linesOfGroup(ctx: Context, line: string): {number: number; style: number; label: string; values: Values}[] {
  return ctx.data.levels
    .map((level, number) => ({number, style: level.style, label: level.label, group: level.group,
                              values: lineOf(ctx.data, line, number)}))
    .filter((one) => one.group === ctx.group && one.values !== undefined)
    .sort((a, b) => a.style - b.style)
    .map((one) => ({...one, values: one.values!}));
}

/** Columns of time lines for CSV. */
export function timeTable(ctx: Context, columns: {name: string; values: (number | null)[]}[]): Table {
  const rows = (columns[0]?.values ?? []).map((_, i) => [ctx.data.first + i * ctx.data.bucket, ...columns.map((one) => one.values[i])]);
  return {columns: ['from_s', ...columns.map((one) => one.name)], rows};
}

export {element};
