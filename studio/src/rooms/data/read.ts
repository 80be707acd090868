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
  npy: async (file) => (await import("./numpy.ts")).readNpy(file.name, await file.arrayBuffer()),
  npz: async (file) => (await import("./numpy.ts")).readNpz(file.name, await file.arrayBuffer()),
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
