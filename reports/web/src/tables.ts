// Tables that sort by a click on a heading, and long ones that are filtered by name.

/** Numbers before texts; of texts as people sort them. */
export function compareCells(a: {value: number | null; text: string}, b: {value: number | null; text: string}): number {
  if (a.value !== null && b.value !== null) return a.value - b.value;
  if (a.value !== null) return -1;
  if (b.value !== null) return 1;
  return a.text.localeCompare(b.text, 'en', {numeric: true});
}

function cellOf(row: HTMLTableRowElement, column: number): {value: number | null; text: string} {
  const cell = row.cells[column];
  const value = cell?.dataset['v'];
  return {value: value === undefined ? null : Number(value), text: cell?.textContent ?? ''};
}

export function sortTable(table: HTMLTableElement, column: number, down: boolean): void {
  const body = table.tBodies[0];
  const heading = table.tHead?.rows[0]?.cells;
  if (!body || !heading || column >= heading.length) return;
  const rows = Array.from(body.rows);
  rows.sort((a, b) => compareCells(cellOf(a, column), cellOf(b, column)) * (down ? -1 : 1));
  body.append(...rows);
  Array.from(heading).forEach((cell, i) => {
    if (i === column) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  });
}

const filtersFrom = 12;
const shownAtFirst = 8;

/** Folds the rows behind the first ones; `all` shows them. Print shows all in any case. */
function fold(table: HTMLTableElement, all: boolean): void {
  Array.from(table.tBodies[0]?.rows ?? []).forEach((row, i) => row.classList.toggle('folded', !all && i >= shownAtFirst));
}

function addFold(table: HTMLTableElement): () => void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'back';
  let all = false;
  const show = () => {
    fold(table, all);
    button.textContent = all ? 'Show the first ones' : `Show all ${table.tBodies[0]!.rows.length}`;
    button.setAttribute('aria-expanded', String(all));
  };
  button.addEventListener('click', () => {
    all = !all;
    show();
  });
  table.parentElement?.after(button);
  show();
  return show;
}

function addFilter(table: HTMLTableElement, name: string, refold: () => void): void {
  const input = document.createElement('input');
  input.type = 'search';
  input.className = 'filter';
  input.placeholder = `Filter by ${name}`;
  input.setAttribute('aria-label', `Filter by ${name}`);
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    refold();
    for (const row of Array.from(table.tBodies[0]?.rows ?? [])) {
      if (wanted !== '') row.classList.remove('folded');
      row.hidden = !(row.cells[0]?.textContent ?? '').toLowerCase().includes(wanted);
    }
  });
  table.parentElement?.before(input);
}

/** Headings become buttons; `sorted` is told of each click. */
export function prepareTables(root: ParentNode, sorted: (table: number, column: number, down: boolean) => void): HTMLTableElement[] {
  const tables = Array.from(root.querySelectorAll<HTMLTableElement>('.scroll table'));
  tables.forEach((table, number) => {
    const long = (table.tBodies[0]?.rows.length ?? 0) >= filtersFrom;
    const refold = long ? addFold(table) : () => undefined;
    Array.from(table.tHead?.rows[0]?.cells ?? []).forEach((cell, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.textContent = cell.textContent;
      if (button.textContent === '') return;
      button.addEventListener('click', () => {
        const down = cell.getAttribute('aria-sort') !== 'descending';
        sortTable(table, column, down);
        refold();
        sorted(number, column, down);
      });
      cell.replaceChildren(button);
    });
    if (long) addFilter(table, table.tHead?.rows[0]?.cells[0]?.textContent ?? 'name', refold);
  });
  return tables;
}
