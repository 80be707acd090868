// Tables of DuckDB that are filled from typed arrays: arrays of files, losses and gradients of rows.

import type { DuckDBDataChunk, DuckDBType } from "@duckdb/node-api";
import type { Database } from "./database.ts";
import { identifier } from "./sql.ts";

export interface TableColumn {
  readonly name: string;
  readonly type: "DOUBLE" | "BIGINT" | "UBIGINT" | "VARCHAR";
  /** More than 1: an array of so many numbers in each row. */
  readonly width: number;
}

/** What a column gets: row after row, `width` numbers for each. */
export type Values = Float64Array | BigInt64Array | BigUint64Array | readonly string[];

export interface Table {
  /** As SQL writes it. */
  readonly name: string;
  /** Adds rows. Where `missing` says so, a row of a column is NULL. */
  append(values: readonly Values[], rows: number, missing?: (row: number, column: number) => boolean): void;
  close(): void;
}

/** DuckDB's vectors are no longer. */
const CHUNK = 2048;

export const typeOf = ({ type, width }: TableColumn): string => (width > 1 ? `${type}[${width}]` : type);

let made = 0;

/** Filled over a connection of its own, so that another can be read from meanwhile. */
export async function newTable(columns: readonly TableColumn[], database: Database): Promise<Table> {
  const { DuckDBDataChunk, ...types } = await import("@duckdb/node-api");
  made += 1;
  const name = `table ${made}`;
  const definition = columns.map((column) => `${identifier(column.name)} ${typeOf(column)}`).join(", ");
  const connection = await database.connect();
  await connection.run(`CREATE TABLE ${identifier(name)} (${definition})`);
  const appender = await connection.createAppender(name);
  const vectorTypes = columns.map(({ type, width }): DuckDBType => {
    const flat: DuckDBType = types[type];
    return width > 1 ? types.ARRAY(flat, width) : flat;
  });
  return {
    name: identifier(name),
    append(values, rows, missing) {
      for (let from = 0; from < rows; from += CHUNK) {
        const count = Math.min(CHUNK, rows - from);
        const chunk = DuckDBDataChunk.create(vectorTypes, count);
        for (const [i, { width }] of columns.entries())
          fill(chunk, i, values[i], { from, count, width, missing: missing && ((row) => missing(row, i)) });
        appender.appendDataChunk(chunk);
      }
    },
    close() {
      appender.closeSync();
      connection.closeSync();
    },
  };
}

/** The numbers of a vector as they lie in memory; an array's are those of its child, which the API has no name for. */
interface NumberVector {
  readonly items: Float64Array | BigInt64Array | BigUint64Array;
}

interface Filling {
  readonly from: number;
  readonly count: number;
  readonly width: number;
  readonly missing: ((row: number) => boolean) | undefined;
}

function fill(
  chunk: DuckDBDataChunk,
  column: number,
  values: Values,
  { from, count, width, missing }: Filling,
): void {
  const vector = chunk.getColumnVector(column);
  if (values instanceof Float64Array || values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const numbers = (width > 1
      ? (vector as unknown as { readonly childData: NumberVector }).childData
      : vector) as unknown as NumberVector;
    const { items } = numbers;
    for (let i = 0; i < count * width; i++) {
      const value = values[from * width + i];
      if (items instanceof Float64Array) items[i] = Number(value);
      else items[i] = BigInt(value);
    }
  } else for (let i = 0; i < count; i++) vector.setItem(i, values[from + i]);
  if (missing) for (let i = 0; i < count; i++) if (missing(from + i)) vector.setItem(i, null);
  vector.flush();
}
