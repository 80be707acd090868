// Writes ZIP archives as np.savez does, for tests: entries are stored, or deflated as np.savez_compressed has them.

import { crc32, deflateRawSync } from "node:zlib";

interface Entry {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly packed: Buffer;
  readonly offset: number;
}

export function zip(files: Readonly<Record<string, Buffer>>, { deflate = false } = {}): Buffer {
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  for (const [text, data] of Object.entries(files)) {
    const name = Buffer.from(text);
    const packed = deflate ? deflateRawSync(data) : data;
    const entry = { name, data, packed, offset };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    fields(local, 4, entry, deflate);
    entries.push(entry);
    parts.push(local, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const central = entries.flatMap((entry) => {
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    fields(record, 6, entry, deflate);
    record.writeUInt32LE(entry.offset, 42);
    return [record, entry.name];
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...central, end]);
}

/** What the local and the central header have alike, from the version that is needed on. */
function fields(header: Buffer, at: number, { name, data, packed }: Entry, deflate: boolean): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(deflate ? 8 : 0, at + 4);
  header.writeUInt32LE(crc32(data), at + 10);
  header.writeUInt32LE(packed.length, at + 14);
  header.writeUInt32LE(data.length, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}
