// Draws the charts into the figures of the page, and makes them move together.
import {belowChart, sharesChart, whyChart} from './charts/why';
import {clockChart, clockLevels, episodesChart, oldestChart, waitingChart} from './charts/starvation';
import {credentialsChart} from './charts/credentials';
import {drawRatios} from './charts/expectations';
import {byHourChart, byTimeChart, waitsChart} from './charts/waits';
import {loadChart, throughputChart, workersChart} from './charts/load';
import {type PageData, readData} from './data';
import {saveCsv, savePng, saveSvg} from './export';
import {type Clock, instant} from './format';
import {type Chart, type Context, margins, timePlace, worstLevel} from './frame';
import {readingAt, showReading} from './reading';
import {element, patterns} from './svg';
import {prepareTables, sortTable} from './tables';
import {parseView, printView, type View, zoomed} from './view';

const makers: Record<string, (ctx: Context) => Chart | null> = {
  load: loadChart, episodes: episodesChart, clock: clockChart, oldest: oldestChart, waiting: waitingChart, why: whyChart,
  shares: sharesChart, below: belowChart, waits: waitsChart, 'by-time': byTimeChart, 'by-hour': byHourChart, workers: workersChart,
  credentials: credentialsChart, throughput: throughputChart,
};

const wide = 900;
const narrowBelow = 640;
const leastBuckets = 4;

class Page {
  private readonly clock: Clock;
  private readonly whole: [number, number];
  private readonly figures: HTMLElement[];
  private readonly charts = new Map<HTMLElement, Chart>();
  private readonly cross = new Map<HTMLElement, SVGElement>();
  private view: View;
  private width = 0;
  private written = 0;

  constructor(private readonly data: PageData) {
    this.clock = {from: data.from, until: data.until, start_ms: data.start_ms, zone: data.zone};
    this.whole = [data.from, data.until];
    this.figures = Array.from(document.querySelectorAll<HTMLElement>('figure[data-chart]'));
    this.view = parseView(location.hash);
  }

  start(): void {
    document.body.prepend(patterns());
    const tables = prepareTables(document, (table, column, down) => this.change({sort: {table, column, down}}));
    const {sort} = this.view;
    if (sort && tables[sort.table]) sortTable(tables[sort.table]!, sort.column, sort.down);
    drawRatios(document, this.data.limits);
    this.addChoices();
    this.figures.forEach((figure) => this.addTools(figure));
    this.draw();
    const worst = worstLevel(this.data);
    const longest = this.data.episodes.list.filter((one) => one.level === worst).sort((a, b) => b.to - b.from - (a.to - a.from))[0];
    this.read(this.view.at ?? (longest ? (longest.from + longest.to) / 2 : (this.whole[0] + this.whole[1]) / 2), false, false);
    if (this.view.section) this.goTo(this.view.section);
    addEventListener('resize', () => this.width !== this.measured() && this.draw());
    addEventListener('hashchange', () => this.follow());
    addEventListener('beforeprint', () => this.draw(wide));
    addEventListener('afterprint', () => this.draw());
    document.addEventListener('click', (event) => this.followLink(event));
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.zoom(undefined));
  }

  private context(width: number): Context {
    return {data: this.data, view: this.view, span: this.view.span ?? this.whole, clock: this.clock, width, narrow: width < narrowBelow,
            group: this.view.group ?? this.data.levels[0]?.group ?? 0};
  }

  private measured(): number {
    const room = this.figures[0]?.clientWidth ?? wide;
    return Math.max(280, Math.min(wide, room));
  }

  private draw(width = this.measured()): void {
    this.width = width;
    const ctx = this.context(width);
    for (const figure of this.figures) {
      const plot = figure.querySelector<HTMLElement>('.plot')!;
      const chart = makers[figure.dataset['chart']!]?.(ctx) ?? null;
      figure.hidden = chart === null;
      if (!chart) continue;
      this.charts.set(figure, chart);
      chart.svg.querySelectorAll('g[aria-label]').forEach((group) => group.removeAttribute('aria-label')); // what Plot calls its marks
      const stops = chart.svg.querySelector('[tabindex], a') !== null;
      chart.svg.setAttribute('role', stops ? 'group' : 'img');
      chart.svg.setAttribute('aria-label', chart.label);
      plot.replaceChildren(chart.svg);
      if (chart.time) this.makeMovable(figure, plot, chart, ctx);
    }
    this.showZoom();
    if (this.view.at !== undefined) this.placeCross();
  }

  // ---- the crosshair and what is read there

  private read(time: number, remember: boolean, aloud: boolean): void {
    this.view = {...this.view, at: Math.max(this.whole[0], Math.min(this.whole[1], time))};
    this.placeCross();
    const place = document.getElementById('reading');
    const reading = readingAt(this.data, this.context(this.width).group, Math.min(this.view.at!, this.whole[1] - 1e-6));
    if (place && reading) showReading(place, reading, this.clock, aloud);
    if (remember) this.write();
  }

  private placeCross(): void {
    const ctx = this.context(this.width);
    const at = this.view.at ?? this.whole[0];
    const shown = at >= ctx.span[0] && at <= ctx.span[1];
    for (const line of this.cross.values()) {
      line.setAttribute('visibility', shown ? 'visible' : 'hidden');
      const x = String(timePlace(ctx, at));
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
  }

  /** Pointer and keys of a chart over time. */
  private makeMovable(figure: HTMLElement, plot: HTMLElement, chart: Chart, ctx: Context): void {
    const height = Number(chart.svg.getAttribute('height'));
    const line = element('line', {class: 'cross', y1: 14, y2: height - 20, stroke: 'var(--ink)', 'stroke-dasharray': '2 2',
                                  'stroke-opacity': 0.5, 'pointer-events': 'none'});
    chart.svg.append(line);
    this.cross.set(figure, line);
    plot.tabIndex = 0;
    plot.setAttribute('role', 'group');
    plot.setAttribute('aria-label', `${figure.querySelector('h3')?.textContent ?? 'Chart'}, over time: arrows move the moment that is read`);
    const timeOf = (event: PointerEvent) => {
      const box = chart.svg.getBoundingClientRect();
      const m = margins(ctx, 0, 0);
      const x = ((event.clientX - box.left) / box.width) * ctx.width;
      const part = (x - m.left) / (ctx.width - m.left - m.right);
      return ctx.span[0] + Math.max(0, Math.min(1, part)) * (ctx.span[1] - ctx.span[0]);
    };
    this.makeDraggable(chart.svg, ctx, timeOf);
    plot.onkeydown = (event) => this.key(event, ctx);
  }

  private makeDraggable(svg: SVGSVGElement, ctx: Context, timeOf: (event: PointerEvent) => number): void {
    let begin: number | null = null;
    let brush: SVGElement | null = null;
    svg.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch' || event.button !== 0) return;
      begin = timeOf(event);
    });
    svg.addEventListener('pointermove', (event) => {
      const time = timeOf(event);
      this.read(time, Date.now() - this.written > 400, false);
      if (begin === null) return;
      const [from, to] = [timePlace(ctx, Math.min(begin, time)), timePlace(ctx, Math.max(begin, time))];
      if (brush === null && to - from < 5) return;
      brush ??= svg.appendChild(element('rect', {y: 14, height: Number(svg.getAttribute('height')) - 34, fill: 'var(--ink)', 'fill-opacity': 0.12}));
      brush.setAttribute('x', String(from));
      brush.setAttribute('width', String(to - from));
    });
    const end = (event: PointerEvent) => {
      if (begin !== null && brush !== null) {
        const time = timeOf(event);
        this.zoom([Math.min(begin, time), Math.max(begin, time)]);
      } else if (begin !== null) this.clicked(event);
      begin = null;
      brush?.remove();
      brush = null;
    };
    svg.addEventListener('pointerup', end);
    svg.addEventListener('pointerleave', () => {
      this.write();
      brush?.remove();
      brush = begin = null;
    });
    svg.addEventListener('dblclick', () => this.zoom(undefined));
  }

  private clicked(event: Event): void {
    const {from, to} = (event.target as SVGElement).dataset;
    if (from !== undefined && to !== undefined) this.zoomAround(Number(from), Number(to));
    else this.write();
  }

  private zoomAround(from: number, to: number): void {
    const room = (to - from) * 0.25;
    this.zoom([from - room, to + room]);
    this.read((from + to) / 2, true, true);
  }

  private key(event: KeyboardEvent, ctx: Context): void {
    const at = this.view.at ?? ctx.span[0];
    const step = this.data.bucket * (event.shiftKey ? 10 : 1);
    const target = event.target as SVGElement;
    if (event.key === 'ArrowRight') this.read(at + step, true, true);
    else if (event.key === 'ArrowLeft') this.read(at - step, true, true);
    else if (event.key === 'Home') this.read(ctx.span[0], true, true);
    else if (event.key === 'End') this.read(ctx.span[1], true, true);
    else if (event.key === '+' || event.key === '=') this.zoom(zoomed(ctx.span, at, 0.5, this.whole, this.leastSpan()));
    else if (event.key === '-') this.zoom(zoomed(ctx.span, at, 2, this.whole, this.leastSpan()));
    else if ((event.key === 'Enter' || event.key === ' ') && target.dataset['from'] !== undefined) this.clicked(event);
    else return;
    event.preventDefault();
  }

  // ---- zoom and address

  private leastSpan(): number {
    return this.data.bucket * leastBuckets;
  }

  private zoom(span: [number, number] | undefined): void {
    if (span === undefined && this.view.span === undefined) return;
    let next = span;
    if (next) {
      const length = Math.max(this.leastSpan(), next[1] - next[0]);
      const middle = (next[0] + next[1]) / 2;
      next = [Math.max(this.whole[0], middle - length / 2), Math.min(this.whole[1], middle + length / 2)];
      if (next[1] - next[0] >= this.whole[1] - this.whole[0]) next = undefined;
    }
    const focused = (document.activeElement as HTMLElement | null)?.closest('figure')?.querySelector<HTMLElement>('.plot');
    this.change({span: next});
    this.draw();
    this.placeCross();
    focused?.focus({preventScroll: true});
  }

  private showZoom(): void {
    document.querySelector('.zoomed')?.remove();
    const {span} = this.view;
    if (!span) return;
    const bar = document.createElement('div');
    bar.className = 'zoomed';
    const finest = span[1] - span[0] <= this.leastSpan() * 1.01 ? ', the finest that this page knows' : '';
    bar.append(`Charts show ${instant(this.clock, span[0])} to ${instant(this.clock, span[1])}${finest}. `);
    const back = document.createElement('button');
    back.type = 'button';
    back.className = 'back';
    back.textContent = 'Show the whole (Esc)';
    back.addEventListener('click', () => this.zoom(undefined));
    bar.append(back);
    document.querySelector('main')?.prepend(bar);
  }

  private change(part: Partial<View>): void {
    this.view = {...this.view, ...part};
    this.write();
  }

  private write(): void {
    this.written = Date.now();
    try {
      history.replaceState(null, '', printView(this.view) || location.pathname + location.search);
    } catch {
      // A page in a frame of its own origin may not; it works all the same.
    }
  }

  private follow(): void {
    this.view = {...this.view, ...parseView(location.hash)};
    this.draw();
    if (this.view.at !== undefined) this.read(this.view.at, false, false);
    if (this.view.section) this.goTo(this.view.section);
  }

  private followLink(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const section = link.getAttribute('href')!.slice(1);
    if (!document.getElementById(section)) return;
    event.preventDefault();
    this.change({section});
    this.goTo(section);
  }

  private goTo(section: string): void {
    const place = document.getElementById(section);
    const heading = place?.querySelector<HTMLElement>('h2');
    place?.scrollIntoView();
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({preventScroll: true});
  }

  // ---- what stands around the charts

  private addTools(figure: HTMLElement): void {
    const name = `${this.data.scenario}-${figure.dataset['chart']!}`.replace(/[^\w.-]+/g, '_');
    const tools = document.createElement('span');
    tools.className = 'tools';
    const title = figure.querySelector('h3')?.textContent ?? 'chart';
    const add = (text: string, what: string, act: (chart: Chart) => void) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.setAttribute('aria-label', `${text}: ${what} of “${title}”`);
      button.addEventListener('click', () => {
        const chart = this.charts.get(figure);
        if (chart) act(chart);
      });
      tools.append(button);
    };
    add('CSV', 'data', (chart) => saveCsv(name, chart.table));
    add('SVG', 'picture', (chart) => saveSvg(name, chart.svg));
    add('PNG', 'picture', (chart) => void savePng(name, chart.svg));
    figure.querySelector('figcaption')?.append(' ', tools);
  }

  private addChoices(): void {
    const clock = this.figures.find((one) => one.dataset['chart'] === 'clock');
    const levels = clockLevels(this.context(wide));
    if (clock && levels.length > 1)
      this.addChoice(clock, 'Level', levels.map((level) => ({value: level, text: this.data.levels[level]!.label})),
                     this.view.level ?? worstLevel(this.data), (level) => this.change({level}));
    const groups = [...new Set(this.data.levels.map((one) => one.group))];
    const first = this.figures[0];
    if (first && groups.length > 1)
      this.addChoice(first, 'Group, of all charts', groups.map((group) => ({value: group, text: this.data.groups[group]?.name ?? String(group)})),
                     this.view.group ?? groups[0]!, (group) => this.change({group}));
  }

  private addChoice(figure: HTMLElement, name: string, choices: {value: number; text: string}[], chosen: number, act: (value: number) => void): void {
    const label = document.createElement('label');
    label.className = 'caption';
    label.textContent = `${name}: `;
    const select = document.createElement('select');
    for (const choice of choices) {
      const option = document.createElement('option');
      option.value = String(choice.value);
      option.textContent = choice.text;
      option.selected = choice.value === chosen;
      select.append(option);
    }
    select.addEventListener('change', () => {
      act(Number(select.value));
      this.draw();
      this.read(this.view.at!, false, false);
    });
    label.append(select);
    figure.querySelector('h3')?.after(label);
  }
}

const data = readData(document.getElementById('sluice-data')?.textContent);
if (data) new Page(data).start();
