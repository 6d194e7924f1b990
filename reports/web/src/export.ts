// A chart as a file: its data, or its picture as it looks now.
import {csv, type Table} from './csv';

const inherited = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin',
  'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'paint-order', 'font-variant-numeric'];

/** Computed styles as attributes, where they are not the parent's anyhow. */
function copyStyles(from: Element, to: Element, above: Record<string, string>): void {
  const style = getComputedStyle(from);
  const here: Record<string, string> = {};
  to.removeAttribute('style');
  to.removeAttribute('class');
  for (const name of inherited) {
    const value = style.getPropertyValue(name).replace(/url\("?[^")]*#([^")]+)"?\)/, 'url(#$1)');
    here[name] = value;
    if (value !== above[name]) to.setAttribute(name, value);
    else to.removeAttribute(name);
  }
  if (style.opacity !== '1') to.setAttribute('opacity', style.opacity);
  Array.from(from.children).forEach((child, i) => {
    const copy = to.children[i];
    if (copy) copyStyles(child, copy, here);
  });
}

/** A drawing of its own: no style sheet of the page is needed for it. */
export function standalone(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const crossed = copy.querySelectorAll('.cross, style');
  copyStyles(svg, copy, {});
  crossed.forEach((one) => one.remove());
  const defs = document.querySelector('svg.hidden defs');
  if (defs) {
    const patterns = defs.cloneNode(true) as Element;
    copyStyles(defs, patterns, {});
    copy.prepend(patterns);
  }
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return copy;
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveCsv(name: string, table: Table): void {
  save(`${name}.csv`, new Blob([csv(table)], {type: 'text/csv'}));
}

export function saveSvg(name: string, svg: SVGSVGElement): void {
  save(`${name}.svg`, new Blob([new XMLSerializer().serializeToString(standalone(svg))], {type: 'image/svg+xml'}));
}

export async function savePng(name: string, svg: SVGSVGElement): Promise<void> {
  const text = new XMLSerializer().serializeToString(standalone(svg));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [svg.clientWidth * 2, svg.clientHeight * 2];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && save(`${name}.png`, blob), 'image/png');
}
