// CSV as RFC 4180 has it: a header, quotes only where needed, every digit of a number.

export type Cell = string | number | boolean | null;

export function renderCsv(titles: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [titles, ...rows].map((row) => row.map(cellText).join(",")).join("\n");
}

function cellText(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
