// Reads NumPy's files: one array (.npy), or several of the same length in a zip archive (.npz).

import type { Lists, Table } from "./table.ts";
import { Unreadable } from "./trouble.ts";

const numbers: Readonly<Record<string, (buffer: ArrayBuffer) => ArrayLike<number | bigint>>> = {
  "<f8": (buffer) => new Float64Array(buffer),
  "<f4": (buffer) => new Float32Array(buffer),
  "<i8": (buffer) => new BigInt64Array(buffer),
  "<i4": (buffer) => new Int32Array(buffer),
  "<i2": (buffer) => new Int16Array(buffer),
  "|i1": (buffer) => new Int8Array(buffer),
  "|u1": (buffer) => new Uint8Array(buffer),
  "|b1": (buffer) => new Uint8Array(buffer),
};

interface Matrix {
  readonly rows: number;
  /** 1 of a vector. */
  readonly width: number;
  /** Row by row. */
  readonly data: Float64Array;
}

/** Format 1 to 3: a header that is a Python dictionary, then the numbers. */
function matrixOf(buffer: ArrayBuffer): Matrix {
  const view = new DataView(buffer);
  if (view.byteLength < 12 || view.getUint32(0) !== MARK) throw new Unreadable("begins", { kind: "NumPy" });
  const isLong = view.getUint8(6) > 1;
  const start = isLong ? 12 : 10;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(new Uint8Array(buffer, start, length));
  const kind = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? "";
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const read = Object.hasOwn(numbers, kind) ? numbers[kind] : undefined;
  if (!read || shape.length < 1 || shape.length > 2)
    throw new Unreadable("array", { kind: kind || "?", shape: shape.join(", ") });
  const [rows, width = 1] = shape;
  const values = read(buffer.slice(start + length));
  if (values.length < rows * width) throw new Unreadable("short", { rows, width, count: values.length });
  const isByColumn = /'fortran_order':\s*True/.test(header);
  const data = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++)
      data[i * width + j] = Number(values[isByColumn ? j * rows + i : i * width + j]);
  return { rows, width, data };
}

/** A vector is the column `column`; a matrix is column_0, … */
export function readNpy(name: string, buffer: ArrayBuffer): Table {
  const { rows, width, data } = matrixOf(buffer);
  const column = (j: number) => Float64Array.from({ length: rows }, (_, i) => data[i * width + j]);
  const names = width === 1 ? ["column"] : Array.from({ length: width }, (_, j) => `column_${j}`);
  const columns = new Map(names.map((one, j) => [one, column(j)]));
  return { name, rows, names, columns, words: new Map(), lists: new Map() };
}

/** Every array by its name: a vector `label` is that column, a matrix `logits` a column of lists. */
export async function readNpz(name: string, buffer: ArrayBuffer): Promise<Table> {
  const columns = new Map<string, Float64Array>();
  const lists = new Map<string, Lists>();
  const names: string[] = [];
  let all: number | undefined;
  for (const [member, bytes] of await unzip(buffer)) {
    const array = member.replace(/\.npy$/, "");
    const { rows, width, data } = matrixOf(bytes);
    all ??= rows;
    if (rows !== all)
      throw new Unreadable("lengths", { one: names[0], rows: all, other: array, others: rows });
    names.push(array);
    if (width === 1) columns.set(array, data);
    else lists.set(array, { data, width, lengths: new Int32Array(rows).fill(width) });
  }
  return { name, rows: all ?? 0, names, columns, words: new Map(), lists };
}

/** \x93NUM */
const MARK = 0x934e554d;
const DIRECTORY_END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;

/** The members of a zip archive, by its directory (PKWARE's APPNOTE 4.3.12 and 4.3.16). */
async function unzip(buffer: ArrayBuffer): Promise<[string, ArrayBuffer][]> {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== DIRECTORY_END) end -= 1;
  if (end < 0) throw new Unreadable("begins", { kind: "zip" });
  const members: [string, ArrayBuffer][] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, nameSize));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const bytes = buffer.slice(start, start + size);
    if (method !== STORED && method !== DEFLATED) throw new Unreadable("packed", { name, method });
    members.push([name, method === STORED ? bytes : await inflated(bytes)]);
    at += 46 + nameSize + extraSize + noteSize;
  }
  return members;
}

const inflated = (bytes: ArrayBuffer): Promise<ArrayBuffer> =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
