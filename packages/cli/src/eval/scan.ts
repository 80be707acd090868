// One pass over a file: DuckDB streams the selected columns, which are copied into typed arrays block by block.

import type {
  DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBListVector,
  DuckDBVarCharVector,
} from "@duckdb/node-api";
import { type Database, readingError } from "./database.ts";
import type { PredictionFile } from "./file.ts";
import type { Matrix, Selection } from "./select.ts";

export interface Block {
  /** How many rows came before. */
  readonly start: number;
  readonly rows: number;
  /** The number of a row in the file, from 1; rows that --where leaves out count. */
  number(row: number): number;
  /** A text expression of the selection at a row of the block. */
  text(index: number, row: number): string | null;
}

/** DuckDB's vectors are no longer. */
const CHUNK = 2048;
/** Enough rows that a call costs nothing beside them, few enough to stay near the processor. */
const MOST_ROWS = 32 * CHUNK;
/** Numbers in a block: a file with a thousand classes gets blocks of fewer rows. */
const MOST_NUMBERS = 1 << 22;

export interface ScanSettings {
  /** All rows in one block, for losses that look at the whole. */
  readonly whole: boolean;
  readonly debug: boolean;
}

export async function* scan(
  file: PredictionFile,
  selection: Selection,
  database: Database,
  { whole, debug }: ScanSettings,
): AsyncGenerator<Block> {
  const { matrices, texts } = selection;
  const expressions = [...matrices.flatMap(({ expressions }) => expressions), ...texts];
  const sql = `SELECT ${expressions.join(", ")} FROM ${file.from([...selection.columns], selection.lists)}`;
  if (debug) process.stderr.write(`sql: ${sql}\n`);
  const width = matrices.reduce((sum, matrix) => sum + matrix.width, 0);
  const room = whole
    ? Number.POSITIVE_INFINITY
    : Math.min(MOST_ROWS, Math.max(CHUNK, Math.floor(MOST_NUMBERS / width)));

  const chunks = read(sql, file, database);
  let start = 0;
  let rows = 0;
  let held: { chunk: DuckDBDataChunk; start: number }[] = [];
  const block = (): Block => {
    const [parts, size] = [held, rows];
    const first = start + 1;
    return {
      start,
      rows: size,
      number: (row) => selection.rowNumbers?.data[row] ?? first + row,
      text: (index, row) => textAt(parts, expressions.length - texts.length + index, row),
    };
  };
  for await (const chunk of chunks) {
    const count = chunk.rowCount; // asked once: it is a call into DuckDB
    if (rows > 0 && rows + count > room) {
      yield block();
      start += rows;
      rows = 0;
      held = [];
    }
    fill(matrices, chunk, count, rows);
    held.push({ chunk, start: rows });
    rows += count;
  }
  if (rows > 0) yield block();
}

/** Chunks in the order of the rows in the file. */
async function* read(sql: string, file: PredictionFile, database: Database): AsyncGenerator<DuckDBDataChunk> {
  try {
    const result = await database.connection.stream(sql);
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield chunk;
    }
  } catch (error) {
    throw readingError(error, file.paths.join(", "));
  }
}

function fill(matrices: readonly Matrix[], chunk: DuckDBDataChunk, count: number, at: number): void {
  let index = 0;
  for (const matrix of matrices) {
    grow(matrix, at + count);
    const { data, width } = matrix;
    if (matrix.list) fillList(matrix, chunk.getColumnVector(index++) as DuckDBListVector, count, at);
    else {
      for (let place = 0; place < width; place++) {
        const numbers = chunk.getColumnVector(index++) as DuckDBDoubleVector;
        copyNumbers(numbers, count, data, at * width + place, width);
      }
    }
  }
}

/** A vector's numbers to every `width`th place; NaN where there is none. */
function copyNumbers(
  vector: DuckDBDoubleVector,
  count: number,
  to: Float64Array,
  from: number,
  width: number,
): void {
  const numbers = plainNumbers(vector);
  if (numbers && width === 1) to.set(numbers.subarray(0, count), from);
  else if (numbers) for (let i = 0; i < count; i++) to[from + i * width] = numbers[i];
  else for (let i = 0; i < count; i++) to[from + i * width] = vector.getItem(i) ?? Number.NaN;
}

/** The numbers of a vector in which none is missing, as they lie in memory: asking for each by itself takes ten times as
 * long. The fields are not in DuckDB's types; without them each is asked for. */
function plainNumbers(vector: DuckDBDoubleVector): Float64Array | undefined {
  const { items, validity } = vector as unknown as {
    readonly items?: unknown;
    readonly validity?: { readonly data?: unknown };
  };
  return items instanceof Float64Array && validity?.data === null ? items : undefined;
}

/** A list of another length than expected becomes a row of NaN; its length is selected beside it. */
function fillList({ data, width, ragged }: Matrix, lists: DuckDBListVector, count: number, at: number): void {
  const numbers = lists.childVector as DuckDBDoubleVector;
  for (let i = 0; i < count; i++) {
    const to = (at + i) * width;
    const length = lists.getItemVector(i) === null ? 0 : lists.getEntryLength(i);
    const taken = length === width || (ragged && length < width) ? length : 0;
    if (taken < width) data.fill(Number.NaN, to + taken, to + width);
    const from = lists.getEntryOffset(i);
    for (let place = 0; place < taken; place++)
      data[to + place] = numbers.getItem(from + place) ?? Number.NaN;
  }
}

function grow(matrix: Matrix, rows: number): void {
  const wanted = rows * matrix.width;
  if (matrix.data.length >= wanted) return;
  const longer = new Float64Array(Math.max(wanted, 2 * matrix.data.length, CHUNK * matrix.width));
  longer.set(matrix.data);
  matrix.data = longer;
}

function textAt(
  parts: readonly { chunk: DuckDBDataChunk; start: number }[],
  column: number,
  row: number,
): string | null {
  // The last part that starts at or before the row: rows come in order, and mostly one part is asked many times.
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (parts[middle].start <= row) low = middle;
    else high = middle - 1;
  }
  const { chunk, start } = parts[low];
  return (chunk.getColumnVector(column) as DuckDBVarCharVector).getItem(row - start);
}
