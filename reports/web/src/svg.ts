// SVG elements, level styles and patterns. All text goes in as text, never as markup.

export type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes = {}, children: (Node | string)[] = []): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

const places = 3;

/** Colour of a line, of text and of an area of the level at this place in the order, and its second sign. */
export const lineColour = (style: number) => `var(--l${style % places})`;
export const textColour = (style: number) => `var(--l${style % places}t)`;
export const areaFill = (style: number) => (style % places === 0 ? 'var(--l0b)' : `url(#p-l${style % places})`);
export const lineWidth = (style: number) => [1.6, 2, 2.6][style % places]!;
export const lineDash = (style: number) => (style % places === 1 ? '6 3' : undefined);
/** Dots: of what is blocked. */
export const blockedDash = '1.5 3.5';

/** What areas are filled with: shared by all drawings of the page, copied into each that is exported. */
export function patterns(): SVGElement {
  const pattern = (id: string, size: number, ground: string, marks: SVGElement[], turn = 0) =>
    element('pattern', {id, width: size, height: size, patternUnits: 'userSpaceOnUse',
                        patternTransform: turn === 0 ? undefined : `rotate(${turn})`},
            [element('rect', {width: size, height: size, fill: ground}), ...marks]);
  const stroke = (colour: string, size: number, width = 1) =>
    element('line', {x1: 0, y1: 0, x2: 0, y2: size, stroke: colour, 'stroke-width': width * 2});
  return element('svg', {class: 'hidden', 'aria-hidden': 'true', width: 0, height: 0}, [
    element('defs', {}, [
      pattern('p-l1', 6, 'var(--l1b)', [stroke('var(--l1k)', 6)], 45),
      pattern('p-l2', 5, 'var(--l2b)', [element('circle', {cx: 2.5, cy: 2.5, r: 0.9, fill: 'var(--l2k)'})]),
      pattern('p-held', 5, 'var(--held)', [stroke('var(--heldk)', 5, 0.8)], 90),
      pattern('p-over', 7, 'none', [stroke('var(--ink)', 7, 0.3)], -45),
      pattern('p-incident', 8, 'none', [stroke('var(--ink2)', 8, 0.4)], 45),
    ]),
  ]);
}

export interface LabelPart {
  text: string;
  style?: number;
  strong?: boolean;
}

/** A line of text; parts of it in a level's colour. `halo`: readable over what is drawn. */
export function label(x: number, y: number, parts: LabelPart[], options: {anchor?: string; halo?: boolean} = {}): SVGElement {
  const spans = parts.map((part) =>
    element('tspan', {fill: part.style !== undefined ? textColour(part.style) : part.strong ? 'var(--ink)' : 'var(--ink2)',
                      class: part.strong || part.style !== undefined ? 'strong' : undefined}, [part.text]));
  return element('text', {x, y, 'text-anchor': options.anchor ?? 'start', 'dominant-baseline': 'middle',
                          ...(options.halo ? {stroke: 'var(--bg)', 'stroke-width': 4, 'paint-order': 'stroke',
                                              'stroke-linejoin': 'round'} : {})}, spans);
}
