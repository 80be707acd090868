// NumPy's array files (.npy, format versions 1 to 3): the header, and the numbers in the order of the rows.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { CommandError } from "../../errors.ts";
import type { Values } from "../table.ts";

/** Bytes that can be read in parts: a file, or an entry of an archive. */
export interface Bytes {
  readonly size: number;
  read(offset: number, length: number): Buffer;
}

export interface NumpyArray {
  readonly shape: readonly number[];
  /** What its elements are, as NumPy writes it: "<f8". */
  readonly type: string;
  readonly element: Element;
  /** Rows `from` to `to` (without), row after row: numbers, or texts where the elements are texts. */
  rows(from: number, to: number): Values;
}

/** How an element is kept: numbers that a double holds exactly, 64-bit integers as they are, or text. */
export type Element = "double" | "integer" | "bigint" | "unsigned" | "text";

const MAGIC = "\x93NUMPY";

export const isNpy = (start: Buffer): boolean => start.subarray(0, 6).toString("latin1") === MAGIC;

/** `name` is what an error calls it. */
export function openNpy(bytes: Bytes, name: string): NumpyArray {
  const start = bytes.read(0, 12);
  if (!isNpy(start)) throw broken(name, "it does not begin as one");
  const major = start[6];
  const wide = major >= 2;
  if (major < 1 || major > 3 || start.length < 12) throw broken(name, `its format version is ${major}`);
  const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8);
  const from = wide ? 12 : 10;
  const header = bytes.read(from, length);
  if (header.length < length) throw broken(name, "its header is cut off");
  const { descr, fortran, shape } = parseHeader(header.toString(major === 3 ? "utf8" : "latin1"), name);
  const reader = readerOf(descr, name);
  const count = shape.reduce((product, size) => product * size, 1);
  const body = bytes.size - from - length;
  if (body < count * reader.size)
    throw broken(
      name,
      `its shape is (${shape}) of ${descr}, ${count * reader.size} bytes, but it has ${body}`,
    );
  const rowCount = shape[0] ?? 1;
  const width = rowCount === 0 ? 0 : count / rowCount;
  const at = (index: number, elements: number): Buffer =>
    bytes.read(from + length + index * reader.size, elements * reader.size);
  const rows = (first: number, last: number): Values => {
    if (!fortran || width <= 1) return reader.decode(at(first * width, (last - first) * width));
    // Column-major: each place of the rows lies together, and the last axis changes slowest.
    const values = reader.empty((last - first) * width);
    for (let place = 0; place < width; place++) {
      const column = reader.decode(at(fortranPlace(place, shape) * rowCount + first, last - first));
      for (let i = 0; i < column.length; i++)
        (values as unknown as Record<number, unknown>)[i * width + place] = column[i];
    }
    return values;
  };
  return { shape, type: descr, element: reader.element, rows };
}

/** Where the element at a row-major place of a row stands among those of a column-major one. */
function fortranPlace(place: number, [, ...axes]: readonly number[]): number {
  let rest = place;
  let index = 0;
  let stride = axes.reduce((product, size) => product * size, 1);
  for (const size of [...axes].reverse()) {
    stride /= size;
    // The last axis is the outermost in column-major order.
    index += (rest % size) * stride;
    rest = Math.floor(rest / size);
  }
  return index;
}

function parseHeader(text: string, name: string) {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text))
    throw new CommandError(
      `${name}: it holds records with named fields, which are not read.`,
      "Save each field as an array of its own: np.savez(file, label=a['label'], logits=a['logits']).",
    );
  if (descr === undefined || fortran === undefined || tuple === undefined)
    throw broken(name, "its header does not say type, order and shape");
  const shape = tuple
    .split(",")
    .map((size) => size.trim().replace("L", ""))
    .filter((size) => size !== "")
    .map(Number);
  return { descr, fortran: fortran === "True", shape };
}

function broken(name: string, why: string): CommandError {
  return new CommandError(
    `${name}: it cannot be read as a NumPy array: ${why}.`,
    "Write it again with np.save(file, array); the file may have been cut off on its way.",
  );
}

interface Reader {
  /** Of one element, in bytes. */
  readonly size: number;
  readonly element: Element;
  decode(bytes: Buffer): Values;
  empty(count: number): Values;
}

type Read = (view: DataView, at: number, little: boolean) => number;

/** By kind and size. float16 has no reader in Node 20's DataView. */
const readers: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

function readerOf(descr: string, name: string): Reader {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const size = Number(digits);
  const little = order !== ">";
  const read = readers[`${kind}${size}`];
  if (read) return numbers(size, kind === "f" ? "double" : "integer", read, little);
  if ((kind === "i" || kind === "u") && size === 8) return bigNumbers(kind === "u", little);
  if (kind === "U") return texts(4 * size, (bytes) => utf32(bytes, little));
  if (kind === "S") return texts(size, (bytes) => bytes.toString("utf8").replace(/\0+$/, ""));
  const remedy =
    kind === "O"
      ? "It was saved with pickle, which would run code to be read; save plain numbers: np.save(file, array.astype(float))."
      : "Save it as numbers: np.save(file, array.astype(np.float64)).";
  throw new CommandError(`${name}: arrays of type ${descr} are not read.`, remedy);
}

function numbers(size: number, element: Element, read: Read, little: boolean): Reader {
  return {
    size,
    element,
    decode(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = new Float64Array(bytes.length / size);
      for (let i = 0; i < values.length; i++) values[i] = read(view, i * size, little);
      return values;
    },
    empty: (count) => new Float64Array(count),
  };
}

function bigNumbers(unsigned: boolean, little: boolean): Reader {
  const empty = (count: number) => (unsigned ? new BigUint64Array(count) : new BigInt64Array(count));
  return {
    size: 8,
    element: unsigned ? "unsigned" : "bigint",
    decode(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = empty(bytes.length / 8);
      for (let i = 0; i < values.length; i++)
        values[i] = unsigned ? view.getBigUint64(i * 8, little) : view.getBigInt64(i * 8, little);
      return values;
    },
    empty,
  };
}

function texts(size: number, text: (bytes: Buffer) => string): Reader {
  return {
    size,
    element: "text",
    decode: (bytes) =>
      Array.from({ length: size === 0 ? 0 : bytes.length / size }, (_, i) =>
        text(bytes.subarray(i * size, (i + 1) * size)),
      ),
    empty: (count) => new Array<string>(count).fill(""),
  };
}

function utf32(bytes: Buffer, little: boolean): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const code = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    if (code !== 0) text += String.fromCodePoint(code);
  }
  return text;
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
