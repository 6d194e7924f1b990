// What the address says of the view, so that a colleague sees the same: #s=waits&v=3600-11400&at=9072&level=2

export interface View {
  /** Zoomed to these seconds. */
  span?: [number, number];
  /** The moment that is read. */
  at?: number;
  /** A section to begin at. */
  section?: string;
  group?: number;
  /** The level of the clock chart. */
  level?: number;
  /** Table, column, and whether downwards. */
  sort?: {table: number; column: number; down: boolean};
}

function number(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whatever it does not understand it leaves out. */
export function parseView(hash: string): View {
  const text = hash.replace(/^#/, '');
  if (text === '') return {};
  if (/^[A-Za-z][\w-]*$/.test(text)) return {section: text};
  const fields = new URLSearchParams(text);
  const view: View = {};
  const span = /^(-?[\d.]+)-(-?[\d.]+)$/.exec(fields.get('v') ?? '');
  const from = number(span?.[1] ?? null);
  const to = number(span?.[2] ?? null);
  if (from !== undefined && to !== undefined && from < to) view.span = [from, to];
  const at = number(fields.get('at'));
  if (at !== undefined) view.at = at;
  const group = number(fields.get('group'));
  if (group !== undefined) view.group = group;
  const level = number(fields.get('level'));
  if (level !== undefined) view.level = level;
  const section = fields.get('s') ?? '';
  if (/^[A-Za-z][\w-]*$/.test(section)) view.section = section;
  const sort = /^(\d+)\.(\d+)\.(up|down)$/.exec(fields.get('sort') ?? '');
  if (sort) view.sort = {table: Number(sort[1]), column: Number(sort[2]), down: sort[3] === 'down'};
  return view;
}

export function printView(view: View): string {
  const fields: string[] = [];
  if (view.section) fields.push(`s=${view.section}`);
  if (view.span) fields.push(`v=${Math.round(view.span[0])}-${Math.round(view.span[1])}`);
  if (view.at !== undefined) fields.push(`at=${Math.round(view.at)}`);
  if (view.group !== undefined) fields.push(`group=${view.group}`);
  if (view.level !== undefined) fields.push(`level=${view.level}`);
  if (view.sort) fields.push(`sort=${view.sort.table}.${view.sort.column}.${view.sort.down ? 'down' : 'up'}`);
  return fields.length === 0 ? '' : `#${fields.join('&')}`;
}

/** A part of [from, to] around `middle`, `factor` as long; at least `least` seconds. */
export function zoomed(span: [number, number], middle: number, factor: number, whole: [number, number],
                       least: number): [number, number] {
  const length = Math.min(whole[1] - whole[0], Math.max(least, (span[1] - span[0]) * factor));
  const part = (middle - span[0]) / (span[1] - span[0]);
  const from = Math.max(whole[0], Math.min(whole[1] - length, middle - part * length));
  return [from, from + length];
}
