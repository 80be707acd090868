// NumPy arrays as a table of DuckDB: one array is one column, a row of an array with more axes a list of numbers.

import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { CommandError } from "../../errors.ts";
import type { Notes } from "../../notes.ts";
import { listed } from "../../suggest.ts";
import type { Database } from "../database.ts";
import { columnOf, type Relation } from "../file.ts";
import { identifier } from "../sql.ts";
import { newTable, type Table, type TableColumn, typeOf } from "../table.ts";
import { type GivenFile, notGzip } from "./given.ts";
import { type Bytes, type Element, type NumpyArray, openNpy } from "./npy.ts";
import { inMemory, readZip } from "./zip.ts";

export interface NamedArray {
  /** Its column. */
  readonly name: string;
  /** What an error calls it. */
  readonly said: string;
  readonly array: NumpyArray;
}

/** The array of a .npy, by the file's name; those of an .npz, by their own. */
export function readArrays(file: GivenFile): readonly NamedArray[] {
  const { name, format } = file;
  if (format.kind === "npy") {
    const column = basename(name).replace(/\.npy(\.gz)?$/i, "");
    return [{ name: column, said: name, array: openNpy(bytesOf(file), name) }];
  }
  const entries = readZip(bytesOf(file), name).filter((entry) => entry.name.endsWith(".npy"));
  if (entries.length === 0)
    throw new CommandError(
      `${name} holds no arrays.`,
      "Write it with names: np.savez(file, label=label, logits=logits).",
    );
  return entries.map((entry) => {
    const said = `${name}:${entry.name.replace(/\.npy$/, "")}`;
    return { name: entry.name.replace(/\.npy$/, ""), said, array: openNpy(entry.open(), said) };
  });
}

function bytesOf({ path, name, format }: GivenFile): Bytes {
  if (format.gzip) {
    try {
      return inMemory(gunzipSync(readFileSync(path)));
    } catch (error) {
      throw notGzip(name, error);
    }
  }
  return {
    size: statSync(path).size,
    read(offset, length) {
      const descriptor = openSync(path, "r");
      try {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** One number (or text) for each row, although the shape is (n, 1). */
const isFlat = ({ shape }: NumpyArray): boolean => shape.slice(1).every((size) => size === 1);
const widthOf = ({ shape }: NumpyArray): number =>
  shape.slice(1).reduce((product, size) => product * size, 1);

/** What is done with axes beyond the first. */
export function sayShapes(arrays: readonly NamedArray[], notes: Notes): void {
  for (const { said, array } of arrays) {
    if (array.shape.length < 2) continue;
    const shape = `${said} has shape (${array.shape.join(", ")})`;
    if (isFlat(array)) notes.say(`${shape}: it is read as one value per row.`);
    else if (array.shape.length > 2) notes.say(`${shape}: each row is read as a list of ${widthOf(array)}.`);
  }
}

const types: { readonly [E in Element]: TableColumn["type"] } = {
  double: "DOUBLE",
  integer: "BIGINT",
  bigint: "BIGINT",
  unsigned: "UBIGINT",
  text: "VARCHAR",
};

export const arraysOf = async (files: readonly GivenFile[], database: Database): Promise<Relation> =>
  tableOf(files.flatMap(readArrays), database);

/** A table with a column for each array. */
export async function tableOf(arrays: readonly NamedArray[], database: Database): Promise<Relation> {
  const rows = commonLength(arrays);
  const columns = arrays.map(({ name, said, array }): TableColumn => {
    if (!isFlat(array) && array.element === "text")
      throw new CommandError(
        `${said}: an array of texts has one axis, but it has shape (${array.shape.join(", ")}).`,
        "Save each column of it as an array of its own.",
      );
    return isFlat(array)
      ? { name, type: types[array.element], width: 1 }
      : { name, type: "DOUBLE", width: widthOf(array) };
  });
  const table = await newTable(columns, database);
  await append(table, arrays, rows);
  return {
    columns: columns.map((column) => columnOf(column.name, typeOf(column))),
    missing: "NULL",
    textual: false,
    from: (names) =>
      `(SELECT ${names.length === 0 ? "1" : names.map(identifier).join(", ")} FROM ${table.name})`,
  };
}

function commonLength(arrays: readonly NamedArray[]): number {
  const bare = arrays.find(({ array }) => array.shape.length === 0);
  if (bare)
    throw new CommandError(
      `${bare.said} is a single number.`,
      "An array needs an axis with one value per row.",
    );
  const [first, ...others] = arrays;
  const other = others.find(({ array }) => array.shape[0] !== first.array.shape[0]);
  if (other)
    throw new CommandError(
      `${first.said} has ${first.array.shape[0]} rows, but ${other.said} has ${other.array.shape[0]}.`,
      `Arrays are put beside each other row by row: they must be equally long. Given: ${listed(arrays.map(({ said }) => said))}.`,
    );
  return first.array.shape[0];
}

/** Column-major arrays are read in parts, each place by itself: longer parts need fewer reads. */
const PART = 65536;

async function append(table: Table, arrays: readonly NamedArray[], rows: number): Promise<void> {
  for (let part = 0; part < rows; part += PART) {
    const last = Math.min(rows, part + PART);
    table.append(
      arrays.map(({ array }) => array.rows(part, last)),
      last - part,
    );
    // So that an interrupt is heard while a long array is read.
    await setImmediate();
  }
  table.close();
}
