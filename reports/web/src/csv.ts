// Data of a chart as CSV (RFC 4180).

export type Cell = string | number | null | undefined;

export interface Table {
  columns: string[];
  rows: Cell[][];
}

function field(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  let text = String(cell);
  // A name that begins like a formula is text in a spreadsheet, too.
  if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(table: Table): string {
  return [table.columns, ...table.rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}
