// ZIP archives, as far as .npz files need them: the directory at the end, entries stored or deflated, ZIP64 sizes.
// PKWARE APPNOTE 6.3: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { inflateRawSync } from "node:zlib";
import { CommandError } from "../../errors.ts";
import type { Bytes } from "./npy.ts";

export interface ZipEntry {
  readonly name: string;
  open(): Bytes;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
/** The end record and the longest comment after it. */
const FARTHEST_END = 22 + 0xffff;
const STORED = 0;
const DEFLATED = 8;

export const isZip = (start: Buffer): boolean => start.length >= 4 && start.readUInt32LE(0) === 0x04034b50;

/** `name` is what an error calls it. */
export function readZip(bytes: Bytes, name: string): ZipEntry[] {
  const tail = bytes.read(Math.max(0, bytes.size - FARTHEST_END), FARTHEST_END);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || tail.readUInt32LE(end) !== END) throw broken(name);
  try {
    const { offset, count } = directory(bytes, tail, end);
    const central = bytes.read(offset, bytes.size - offset);
    const entries: ZipEntry[] = [];
    for (let at = 0, i = 0; i < count; i++) {
      if (central.readUInt32LE(at) !== CENTRAL) throw broken(name);
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
        central.readUInt16LE(at + field),
      );
      const entry = entryOf(central.subarray(at, at + 46 + nameLength + extraLength), bytes, name);
      if (entry) entries.push(entry);
      at += 46 + nameLength + extraLength + commentLength;
    }
    return entries;
  } catch (error) {
    // A size or an offset that points beyond the file.
    if (error instanceof RangeError) throw broken(name);
    throw error;
  }
}

function directory(bytes: Bytes, tail: Buffer, end: number): { offset: number; count: number } {
  const count = tail.readUInt16LE(end + 10);
  const offset = tail.readUInt32LE(end + 16);
  if (offset !== 0xffffffff && count !== 0xffff) return { offset, count };
  const locator = end - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== END_64_LOCATOR) return { offset, count };
  const record = bytes.read(Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.readUInt32LE(0) !== END_64) return { offset, count };
  return { offset: Number(record.readBigUInt64LE(48)), count: Number(record.readBigUInt64LE(32)) };
}

function entryOf(record: Buffer, bytes: Bytes, archive: string): ZipEntry | undefined {
  const nameLength = record.readUInt16LE(28);
  const name = record.toString("utf8", 46, 46 + nameLength);
  if (name.endsWith("/")) return undefined;
  const method = record.readUInt16LE(10);
  const encrypted = (record.readUInt16LE(8) & 1) === 1;
  const { packed, size, offset } = sizes(record, 46 + nameLength);
  return {
    name,
    open() {
      if (encrypted || (method !== STORED && method !== DEFLATED))
        throw new CommandError(
          `${archive}: its entry ${name} is ${encrypted ? "encrypted" : `compressed by method ${method}`}, which is not read.`,
          "Write it with np.savez or np.savez_compressed.",
        );
      const local = bytes.read(offset, 30);
      const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
      if (method === STORED) return part(bytes, start, size);
      try {
        return inMemory(inflateRawSync(bytes.read(start, packed)));
      } catch {
        throw broken(archive);
      }
    },
  };
}

/** Sizes and place; where 32 bits do not hold one, it stands in the ZIP64 field, in this order. */
function sizes(record: Buffer, extraAt: number) {
  let size = record.readUInt32LE(24);
  let packed = record.readUInt32LE(20);
  let offset = record.readUInt32LE(42);
  for (let at = extraAt; at + 4 <= record.length; at += 4 + record.readUInt16LE(at + 2)) {
    if (record.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    const next = (short: number): number => {
      if (short !== 0xffffffff) return short;
      field += 8;
      return Number(record.readBigUInt64LE(field - 8));
    };
    size = next(size);
    packed = next(packed);
    offset = next(offset);
  }
  return { size, packed, offset };
}

export const inMemory = (buffer: Buffer): Bytes => ({
  size: buffer.length,
  read: (offset, length) => buffer.subarray(offset, offset + length),
});

const part = (bytes: Bytes, start: number, size: number): Bytes => ({
  size,
  read: (offset, length) => bytes.read(start + offset, Math.min(length, size - offset)),
});

const broken = (name: string): CommandError =>
  new CommandError(
    `${name}: it is no complete .npz archive.`,
    "Write it again with np.savez(file, …); the file may have been cut off on its way.",
  );
