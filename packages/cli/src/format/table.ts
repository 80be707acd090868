// Aligned text tables: fitted to the terminal for a person, one line per row for a pipe.

import stringWidth from "string-width";
import type { Terminal } from "../terminal.ts";

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** May be broken over several lines where the table is too wide. */
  readonly wraps?: true;
}

/** A row of cells; `null` leaves an empty line between blocks of rows. */
export type TableRow = readonly string[] | null;

const GAP = "  ";
/** No column is made narrower than this. */
const NARROWEST = 8;

export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  terminal: Terminal,
): string {
  const widths = fit(columns, rows, terminal.width);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i], columns[i].align))
      .join(GAP)
      .trimEnd();
  const lines = (cells: readonly string[]): string[] => {
    const broken = cells.map((cell, i) => breakText(cell, widths[i]));
    const height = Math.max(...broken.map((parts) => parts.length));
    return Array.from({ length: height }, (_, k) => line(broken.map((parts) => parts[k] ?? "")));
  };
  const { bold, dim } = terminal.results;
  const head = lines(columns.map(({ title }) => title)).map(bold);
  const rule = terminal.human ? [dim(widths.map((width) => "─".repeat(width)).join(GAP))] : [];
  return [...head, ...rule, ...rows.flatMap((row) => (row === null ? [""] : lines(row)))].join("\n");
}

/** Widths that fit: the widest columns that may be broken give way first. */
function fit(columns: readonly TableColumn[], rows: readonly TableRow[], room: number): number[] {
  const widths = columns.map(({ title }, i) =>
    Math.max(stringWidth(title), ...rows.map((row) => (row === null ? 0 : stringWidth(row[i])))),
  );
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1) - room;
  while (over > 0) {
    const widest = columns
      .map((column, i) => (column.wraps && widths[i] > NARROWEST ? i : -1))
      .filter((i) => i >= 0)
      .sort((a, b) => widths[b] - widths[a])[0];
    if (widest === undefined) break;
    widths[widest] -= 1;
    over -= 1;
  }
  return widths;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const room = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? text + room : room + text;
}

/** Breaks a text into lines of a width: after a space, or else after one of `:,._` as specifications have them. */
export function breakText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/[^ :,._]*[ :,._]?/gu) ?? []) {
    if (line !== "" && stringWidth((line + word).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    for (const character of word) {
      if (line !== "" && stringWidth((line + character).trimEnd()) > width) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}
