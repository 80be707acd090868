// Reads a dropped file in the browser; nothing leaves it. Readers of formats are loaded when a file needs them.

import { type Table, tableOf } from "./table.ts";

type Reader = (file: File) => Promise<Table>;

/** By the end of the name. */
const readers: Readonly<Record<string, Reader>> = {
  csv: separated,
  tsv: separated,
  jsonl: async (file) =>
    tableOf(
      file.name,
      (await file.text())
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line)),
    ),
  json: async (file) => tableOf(file.name, JSON.parse(await file.text())),
  async parquet(file) {
    const [{ parquetReadObjects }, { compressors }] = await Promise.all([
      import("hyparquet"),
      import("hyparquet-compressors"),
    ]);
    return tableOf(file.name, await parquetReadObjects({ file: await file.arrayBuffer(), compressors }));
  },
  npy: async (file) => numpy(file.name, await file.arrayBuffer()),
};

export const formats = Object.keys(readers);

/** Throws an Error that says what the file is and which would do. */
export async function readFile(file: File): Promise<Table> {
  const end = file.name.toLowerCase().split(".").at(-1) ?? "";
  const reader = Object.hasOwn(readers, end) ? readers[end] : undefined;
  if (!reader) throw new Error(`${file.name}: not one of ${formats.join(", ")}.`);
  const table = await reader(file);
  if (table.rows === 0 || table.columns.size === 0) throw new Error(`${file.name}: it has no rows.`);
  return table;
}

async function separated(file: File): Promise<Table> {
  const { default: papa } = await import("papaparse");
  const { data } = papa.parse<Record<string, string>>(await file.text(), {
    header: true,
    skipEmptyLines: true,
  });
  return tableOf(file.name, data);
}

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

/** NumPy's format 1 to 3: a header that is a Python dictionary, then the numbers. A matrix is columns column_0, … */
function numpy(name: string, buffer: ArrayBuffer): Table {
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
      `${name}: ${kind || "this"} of shape (${shape}) is not read here; save float64 with one or two axes.`,
    );
  const [rows, across = 1] = shape;
  const values = read(buffer.slice(start + length));
  const isByColumn = /'fortran_order':\s*True/.test(header);
  const columns = Array.from({ length: across }, (_, j) => {
    const at = (i: number) => (isByColumn ? j * rows + i : i * across + j);
    return [`column_${j}`, Float64Array.from({ length: rows }, (_, i) => Number(values[at(i)]))] as const;
  });
  return { name, rows, columns: new Map(columns) };
}
