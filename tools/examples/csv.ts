// Writes a table as CSV: numbers with a fixed number of decimals, which also hides a last bit that machines differ in.

import { writeFileSync } from "node:fs";

export interface CsvColumn<Row> {
  readonly name: string;
  readonly of: (row: Row, index: number) => number | string;
  /** Of a number; default 0. */
  readonly decimals?: number;
}

export function writeCsv<Row>(file: URL, rows: readonly Row[], columns: readonly CsvColumn<Row>[]): void {
  const header = columns.map(({ name }) => name).join(",");
  const lines = rows.map((row, index) => columns.map((column) => cell(column, row, index)).join(","));
  writeFileSync(file, `${[header, ...lines].join("\n")}\n`);
}

function cell<Row>({ of, decimals = 0 }: CsvColumn<Row>, row: Row, index: number): string {
  const value = of(row, index);
  if (typeof value === "string") return value;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** The number that a cell of so many decimals will hold. */
export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
