// Reads NumPy's files: one array (.npy), or several of the same length in a zip archive (.npz).

import type { Table } from "./table.ts";

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

/** Format 1 to 3: a header that is a Python dictionary, then the numbers; a vector is one column, a matrix several. */
function columnsOf(file: string, name: string, buffer: ArrayBuffer): [string, Float64Array][] {
  const view = new DataView(buffer);
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
    throw new Error(
      `${file}: ${kind || "this"} of shape (${shape}) is not read here; save float64 with one or two axes.`,
    );
  const [rows, across = 1] = shape;
  const values = read(buffer.slice(start + length));
  const isByColumn = /'fortran_order':\s*True/.test(header);
  return Array.from({ length: across }, (_, j) => {
    const at = (i: number) => (isByColumn ? j * rows + i : i * across + j);
    const column = Float64Array.from({ length: rows }, (_, i) => Number(values[at(i)]));
    return [shape.length === 1 ? name : `${name}_${j}`, column];
  });
}

function tableOfColumns(name: string, list: readonly [string, Float64Array][]): Table {
  const rows = list[0]?.[1].length ?? 0;
  const other = list.find(([, column]) => column.length !== rows);
  if (other)
    throw new Error(
      `${name}: ${list[0][0]} has ${rows} rows but ${other[0]} has ${other[1].length}; save arrays of one length.`,
    );
  return { name, rows, columns: new Map(list), words: new Map() };
}

/** A vector is the column `column`; a matrix is column_0, … */
export const readNpy = (name: string, buffer: ArrayBuffer): Table =>
  tableOfColumns(name, columnsOf(name, "column", buffer));

/** Every array by its name: a vector `label` is that column, a matrix `logits` is logits_0, … */
export async function readNpz(name: string, buffer: ArrayBuffer): Promise<Table> {
  const arrays: [string, Float64Array][] = [];
  for (const [member, bytes] of await unzip(name, buffer))
    arrays.push(...columnsOf(name, member.replace(/\.npy$/, ""), bytes));
  return tableOfColumns(name, arrays);
}

const DIRECTORY_END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;

/** The members of a zip archive, by its directory (PKWARE's APPNOTE 4.3.12 and 4.3.16). */
async function unzip(file: string, buffer: ArrayBuffer): Promise<[string, ArrayBuffer][]> {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== DIRECTORY_END) end -= 1;
  if (end < 0) throw new Error(`${file}: this is no zip archive, which an .npz file is.`);
  const members: [string, ArrayBuffer][] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, nameSize));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const bytes = buffer.slice(start, start + size);
    if (method !== STORED && method !== DEFLATED)
      throw new Error(`${file}: ${name} is packed by method ${method}; save it with numpy.savez.`);
    members.push([name, method === STORED ? bytes : await inflated(bytes)]);
    at += 46 + nameSize + extraSize + noteSize;
  }
  return members;
}

const inflated = (bytes: ArrayBuffer): Promise<ArrayBuffer> =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
