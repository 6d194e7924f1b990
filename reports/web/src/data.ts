// What the page carries for its charts: written by reports/html/chart_data.cpp. Times are seconds of the simulation.

export interface Figure {
  v: number | null;
  /** Half of the interval in words: ±18m. */
  pm?: string;
  ci?: [number, number];
  range?: [number, number];
  lower_bound?: boolean;
}

export interface Part {
  part: string;
  share: number;
  words: string;
  short: string;
}

export interface Level {
  label: string;
  /** Place in the order of levels: decides colour, dash and pattern. */
  style: number;
  group: number;
  theta: number;
  slo?: number;
  sigma?: number;
  peak?: {sigma: number; servers: number; from: number; to: number};
  starved: Figure | null;
  longest: Figure | null;
  oldest: Figure | null;
  accepted: Figure | null;
  dispatched: Figure | null;
  good: Figure | null;
  wait: {
    mean: Figure | null;
    p95: Figure | null;
    p99: Figure | null;
    max: Figure | null;
    count: Figure | null;
    censored: Figure | null;
    slo: Figure | null;
    grid?: (number | null)[];
  };
  parts: Part[];
}

export interface Values {
  v: (number | null)[];
  lo?: (number | null)[];
  hi?: (number | null)[];
}

export type Line = Values & {line: string; level: number};

export type Credential = Values & {
  name?: string;
  limit?: number;
  at_limit?: Figure | null;
  held?: Figure | null;
  mean?: Figure | null;
  others?: boolean;
};

export interface Episode {
  level: number;
  rep: number;
  from: number;
  to: number;
  runs: number;
  meanwhile: string;
  censored?: boolean;
}

export interface Incident {
  name: string;
  from: number;
  to?: number;
}

export interface Share {
  name: string;
  style: number;
  received: number;
  fair: number;
  below: Figure | null;
}

export interface Limit {
  metric: string;
  sentence: string;
  origin: string;
  limit: number;
  /** Whether more is on the good side. */
  more: boolean;
  met: boolean;
  measured: Figure | null;
  level?: number;
  in_replications?: boolean;
}

export interface HourLine {
  level: number;
  p95: (number | null)[];
}

export interface PageData {
  format: string;
  scenario: string;
  from: number;
  until: number;
  replications: number;
  confidence: number;
  live: boolean;
  start_ms?: number;
  zone?: string;
  levels: Level[];
  first: number;
  bucket: number;
  wide_bucket: number;
  lines: Line[];
  groups: {name: string; present?: Values}[];
  credentials: Credential[];
  episodes: {list: Episode[]; left_out: number};
  incidents: Incident[];
  shares: {list: Share[]; left_out: number; factor: number};
  limits: Limit[];
  wait_grid: number[];
  hours?: {day: HourLine[]; week?: HourLine[]};
}

/** The block of a page; null: it has none, or one of another format. */
export function readData(text: string | null | undefined): PageData | null {
  if (!text) return null;
  const data = JSON.parse(text) as PageData;
  return data.format === 'sluice.page' ? data : null;
}

export function lineOf(data: PageData, line: string, level: number): Line | undefined {
  return data.lines.find((one) => one.line === line && one.level === level);
}

/** Levels of one group, the first in order first, with their numbers. */
export function levelsOf(data: PageData, group: number): {level: Level; number: number}[] {
  return data.levels
    .map((level, number) => ({level, number}))
    .filter(({level}) => level.group === group)
    .sort((a, b) => a.level.style - b.level.style);
}

/** The bucket in which `time` lies; null: in none. */
export function bucketAt(first: number, width: number, count: number, time: number): number | null {
  const at = Math.floor((time - first) / width);
  return at >= 0 && at < count ? at : null;
}

/** How many replications starve at `time`, by the episodes that are kept. */
export function starvingAt(episodes: Episode[], level: number, time: number): number {
  const reps = new Set<number>();
  for (const one of episodes)
    if (one.level === level && one.from <= time && time < one.to) reps.add(one.rep);
  return reps.size;
}
