// What the waiting time went by with, and who received how much of the workers.
import * as Plot from '@observablehq/plot';
import type {Level, Part, Share} from '../data';
import {count, duration, share} from '../format';
import {type Chart, type Context, durationTicks, margins} from '../frame';
import {areaFill, element, label, lineColour, type LabelPart} from '../svg';

/** How what held the runs is drawn: like the level that kept the workers, or by a pattern of its own. */
export function partFill(part: string): {fill: string; onDark: boolean} {
  switch (part) {
    case 'workers_high':
      return {fill: areaFill(0), onDark: true};
    case 'workers_medium':
      return {fill: areaFill(1), onDark: false};
    case 'workers_low':
      return {fill: areaFill(2), onDark: false};
    case 'credential_limit':
    case 'login':
      return {fill: 'url(#p-held)', onDark: false};
    default:
      return {fill: 'var(--other)', onDark: false};
  }
}

/** Run-hours that a level waited; of a replication. */
export function waitedHours(level: Level): number {
  return ((level.wait.mean?.v ?? 0) * (level.wait.count?.v ?? 0)) / 3600;
}

function pieceLabels(x: number, y: number, width: number, height: number, part: Part, onDark: boolean): SVGElement[] {
  if (width < 44 || height < 18) return [];
  const colour = onDark ? 'var(--on)' : 'var(--ink)';
  const text = (dx: number, dy: number, words: string, size: number) => {
    const made = label(x + dx, y + dy, [{text: words, strong: true}], onDark ? {} : {halo: true});
    made.querySelector('tspan')!.setAttribute('fill', colour);
    if (!onDark) made.setAttribute('stroke', part.part.startsWith('workers') ? 'none' : 'var(--bg)');
    if (!onDark) made.setAttribute('stroke-opacity', '0');
    made.setAttribute('style', `font-size:${size}px`);
    return made;
  };
  const words = width > 7 * part.words.length + 16 ? part.words : width > 7 * part.short.length + 16 ? part.short : '';
  if (height < 34) return [text(7, height / 2, words ? `${share(part.share)} ${words}` : share(part.share), 12)].filter(
    () => width > 60);
  return [text(7, 15, share(part.share), 16), ...(words ? [text(7, 33, words, 12)] : [])];
}

/** A bar a level; its height is the time that its runs waited. */
export function whyChart(ctx: Context): Chart | null {
  const levels = ctx.data.levels.filter((one) => one.group === ctx.group && one.parts.length > 0).sort((a, b) => a.style - b.style);
  if (levels.length === 0) return null;
  const m = margins(ctx, 0, 0);
  const width = ctx.width - m.left - m.right;
  const most = Math.max(...levels.map(waitedHours), 1e-9);
  const svg = element('svg', {width: ctx.width});
  let y = ctx.narrow ? 4 : 8;
  for (const level of levels) {
    const height = Math.max(10, (74 * waitedHours(level)) / most);
    const words = `mean ${duration(level.wait.mean?.v)}`;
    const hours = `${count(waitedHours(level))} run-hours`;
    if (ctx.narrow) {
      svg.append(label(m.left, y + 7, [{text: level.label, style: level.style}, {text: ` ${words} · ${hours}`}]));
      y += 18;
    } else {
      svg.append(label(m.left - 8, y + height / 2, [{text: level.label, style: level.style}], {anchor: 'end'}));
      const right = m.left + width + 8;
      if (height < 34) svg.append(label(right, y + 5, [{text: words}]), label(right, y + 21, [{text: hours, strong: true}]));
      else svg.append(label(right, y + height / 2 - 8, [{text: words}]), label(right, y + height / 2 + 8, [{text: hours, strong: true}]));
    }
    let x = m.left;
    for (const part of level.parts) {
      const piece = width * part.share;
      const {fill, onDark} = partFill(part.part);
      svg.append(element('rect', {x, y, width: piece, height, fill, stroke: 'var(--bg)', 'stroke-width': 1.2},
                         [element('title', {}, [`${level.label}: ${share(part.share)} with ${part.words}`])]),
                 ...pieceLabels(x, y, piece, height, part, onDark));
      x += piece;
    }
    y += height;
    const main = level.parts[0]!;
    if (height < 18) {
      svg.append(label(m.left + 4, y + 10, [{text: `${share(main.share)} ${main.words}`}]));
      y += 18;
    }
    y += 14;
  }
  svg.setAttribute('height', String(y));
  svg.setAttribute('viewBox', `0 0 ${ctx.width} ${y}`);
  return {svg: svg as SVGSVGElement, time: false,
          label: levels.map((level) => `${level.label}: ${share(level.parts[0]!.share)} ${level.parts[0]!.words}`).join('; '),
          table: {columns: ['level', 'part', 'share', 'mean_wait_s', 'runs'],
                  rows: levels.flatMap((level) => level.parts.map((part) => [level.label, part.part, part.share, level.wait.mean?.v,
                                                                             level.wait.count?.v]))}};
}

/** Pieces of a bar that are too narrow for a name of their own go together, by their level. */
export function piecesOf(shares: Share[], of: (one: Share) => number, least: number): {name: string; style: number; value: number; several: number}[] {
  const pieces: {name: string; style: number; value: number; several: number}[] = [];
  for (const one of [...shares].sort((a, b) => a.style - b.style || of(b) - of(a))) {
    const last = pieces[pieces.length - 1];
    const small = of(one) < least;
    if (small && last && last.several > 0 && last.style === one.style) {
      last.value += of(one);
      ++last.several;
    } else pieces.push({name: one.name, style: one.style, value: of(one), several: small ? 1 : 0});
  }
  return pieces.map((one) => (one.several > 1 ? {...one, name: `${one.several} workspaces`} : {...one, several: 0}));
}

/** Where names stand in a row without touching: from the left, and pushed back from the right end. -1: no room. */
export function spread(names: {start: number; length: number}[], width: number): number[] {
  const starts = names.map((one) => one.start);
  let most = width;
  for (let i = names.length - 1; i >= 0; --i) {
    starts[i] = Math.min(starts[i]!, most - names[i]!.length);
    most = starts[i]! - 12;
  }
  let least = 0;
  return starts.map((start, i) => {
    const place = Math.max(start, least);
    if (place + names[i]!.length > width + 1) return -1;
    least = place + names[i]!.length + 12;
    return place;
  });
}

function shareBar(ctx: Context, svg: SVGElement, y: number, title: string, shares: Share[], of: (one: Share) => number, whole: number): number {
  svg.append(label(0, y + 8, [{text: title, strong: true}]));
  let x = 0;
  const height = 30;
  for (const one of [...shares].sort((a, b) => a.style - b.style || of(b) - of(a))) {
    const width = (of(one) / whole) * ctx.width;
    svg.append(element('rect', {x, y: y + 18, width: Math.max(0, width), height, fill: areaFill(one.style), stroke: 'var(--bg)',
                                'stroke-width': width > 3 ? 1.2 : 0.3, 'data-name': one.name, class: 'share'},
                       [element('title', {}, [`${one.name}: ${share(of(one))}`])]));
    x += width;
  }
  let at = 0;
  const names: {start: number; length: number; parts: LabelPart[]}[] = [];
  for (const piece of piecesOf(shares, of, whole * 0.08)) {
    const width = (piece.value / whole) * ctx.width;
    const parts: LabelPart[] = [{text: piece.name, style: piece.style}, {text: ` ${piece.several > 0 ? 'together ' : ''}${share(piece.value)}`}];
    names.push({start: at + 2, length: 6.6 * (parts[0]!.text.length + parts[1]!.text.length), parts});
    at += width;
  }
  spread(names, ctx.width).forEach((start, i) => {
    if (start >= 0) svg.append(label(start, y + 18 + height + 12, names[i]!.parts));
  });
  return y + 18 + height + 32;
}

export function sharesChart(ctx: Context): Chart | null {
  const shares = ctx.data.shares.list;
  if (shares.length === 0) return null;
  const whole = Math.max(1, ...[(one: Share) => one.fair, (one: Share) => one.received].map((of) =>
    shares.reduce((sum, one) => sum + of(one), 0)));
  const svg = element('svg', {width: ctx.width});
  let y = shareBar(ctx, svg, 0, 'Fair', shares, (one) => one.fair, whole);
  y = shareBar(ctx, svg, y + 4, 'Received', shares, (one) => one.received, whole);
  svg.setAttribute('height', String(y));
  svg.setAttribute('viewBox', `0 0 ${ctx.width} ${y}`);
  const light = (name: string | null) =>
    svg.querySelectorAll<SVGRectElement>('.share').forEach((one) => one.setAttribute('opacity', name === null || one.dataset['name'] === name ? '1' : '0.35'));
  svg.addEventListener('pointerover', (event) => light((event.target as SVGElement).dataset['name'] ?? null));
  svg.addEventListener('pointerleave', () => light(null));
  const first = shares[0]!;
  return {svg: svg as SVGSVGElement, time: false,
          label: `Fair and received shares of the workers; ${first.name} received ${share(first.received)}, its fair share was ${share(first.fair)}.`,
          table: {columns: ['workspace', 'received_share', 'fair_share', 'longest_below_s'],
                  rows: shares.map((one) => [one.name, one.received, one.fair, one.below?.v])}};
}

const mostBelow = 24;

export function belowChart(ctx: Context): Chart | null {
  const all = ctx.data.shares.list.filter((one) => (one.below?.v ?? 0) > 0).sort((a, b) => b.below!.v! - a.below!.v!);
  if (all.length === 0) return null;
  const shown = all.slice(0, mostBelow);
  const most = Math.max(...shown.map((one) => one.below!.ci?.[1] ?? one.below!.v!));
  const left = ctx.narrow ? 96 : 130;
  const right = ctx.narrow ? 12 : 150;
  const svg = Plot.plot({
    width: ctx.width, height: shown.length * 15 + 44, marginLeft: left, marginRight: right, marginTop: 16, marginBottom: 24,
    x: {domain: [0, most * 1.04], axis: null}, y: {domain: shown.map((_, i) => i), axis: null},
    style: {background: 'none', color: 'var(--ink)'},
    marks: [Plot.gridX(durationTicks(most, 4), {stroke: 'var(--hair)', strokeOpacity: 1}),
            Plot.axisX(durationTicks(most, 4), {tickSize: 0, label: null, fill: 'var(--ink2)', tickFormat: (v: number) => duration(v)}),
            ...shown.flatMap((one, i) => [
              Plot.ruleY([i], {x1: Math.max(0, one.below!.ci?.[0] ?? one.below!.v!), x2: one.below!.ci?.[1] ?? one.below!.v!, y: i,
                               stroke: lineColour(one.style), strokeWidth: 3, strokeOpacity: 0.55}),
              Plot.dot([i], {x: one.below!.v!, y: i, r: 3, fill: lineColour(one.style)})])],
  }) as SVGSVGElement;
  shown.forEach((one, i) => {
    const y = 16 + (i + 0.5) * ((shown.length * 15 + 44 - 40) / shown.length);
    svg.append(label(left - 8, y, [{text: one.name}], {anchor: 'end'}));
    if (!ctx.narrow) svg.append(label(ctx.width - right + 8, y, [{text: `${share(one.received)} of ${share(one.fair)}`}]));
  });
  if (!ctx.narrow) svg.append(label(ctx.width - right + 8, 6, [{text: 'received of fair'}]));
  return {svg, time: false, label: `Longest below half of a fair share: ${shown[0]!.name}, ${duration(shown[0]!.below!.v)}.`,
          table: {columns: ['workspace', 'longest_below_s', 'low', 'high'],
                  rows: all.map((one) => [one.name, one.below!.v, one.below!.ci?.[0], one.below!.ci?.[1]])}};
}
