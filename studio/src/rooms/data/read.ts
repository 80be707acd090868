// Reads a dropped file in the browser; nothing leaves it. Readers of formats are loaded when a file needs them.

import { type Table, tableOf } from "./table.ts";
import { Unreadable } from "./trouble.ts";

type Reader = (file: File) => Promise<Table>;
type Records = Readonly<Record<string, unknown>>[];

/** By the end of the name. */
const readers: Readonly<Record<string, Reader>> = {
  csv: separated,
  tsv: separated,
  jsonl: lines,
  ndjson: lines,
  async json(file) {
    const rows = parsed(await file.text());
    if (!Array.isArray(rows)) throw new Unreadable("objects");
    return tableOf(file.name, rows.map(record));
  },
  async parquet(file) {
    const [{ parquetReadObjects }, { compressors }] = await Promise.all([
      import("hyparquet"),
      import("hyparquet-compressors"),
    ]);
    const buffer = await file.arrayBuffer();
    if (!begins(buffer, "PAR1")) throw new Unreadable("begins", { kind: "Parquet" });
    return tableOf(file.name, await parquetReadObjects({ file: buffer, compressors }));
  },
  npy: async (file) => (await import("./numpy.ts")).readNpy(file.name, await file.arrayBuffer()),
  npz: async (file) => (await import("./numpy.ts")).readNpz(file.name, await file.arrayBuffer()),
};

export const formats = Object.keys(readers);

/** Throws an Unreadable that says what is wrong with the file and what would do. */
export async function readFile(file: File): Promise<Table> {
  if (/\.gz$/i.test(file.name)) return readFile(await unpacked(file));
  const end = file.name.toLowerCase().split(".").at(-1) ?? "";
  const reader = Object.hasOwn(readers, end) ? readers[end] : undefined;
  if (!reader) throw new Unreadable("kind", { formats: formats.join(", ") });
  const table = await reader(file);
  if (table.rows === 0 || table.names.length === 0) throw new Unreadable("empty");
  return table;
}

async function unpacked(file: File): Promise<File> {
  try {
    const content = file.stream().pipeThrough(new DecompressionStream("gzip"));
    return new File([await new Response(content).blob()], file.name.slice(0, -3));
  } catch {
    throw new Unreadable("gzip");
  }
}

/** Whether a file has the mark of its kind. */
const begins = (buffer: ArrayBuffer, mark: string): boolean =>
  new TextDecoder("latin1").decode(buffer.slice(0, mark.length)) === mark;

async function separated(file: File): Promise<Table> {
  const { default: papa } = await import("papaparse");
  const text = await file.text();
  const [header = []] = papa.parse<string[]>(text, { preview: 1 }).data;
  const repeated = header.find((name, i) => header.indexOf(name) < i);
  if (repeated !== undefined) throw new Unreadable("twice", { column: repeated });
  const { data, errors } = papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  for (const { type, row } of errors) {
    // Of a quotation mark the row is counted with the header, of cells without.
    if (type === "Quotes") throw new Unreadable("quotes", { row: Math.max(1, row ?? 1) });
    if (type === "FieldMismatch") throw mismatch(data[row!], row! + 1, header.length);
  }
  return tableOf(file.name, data);
}

/** What stands beyond the header is a list of a name that no column has. */
function mismatch(cells: Readonly<Record<string, unknown>>, row: number, columns: number): Unreadable {
  const count = Object.values(cells).reduce(
    (sum: number, cell) => sum + (Array.isArray(cell) ? cell.length : 1),
    0,
  );
  return new Unreadable("cells", { row, count, columns });
}

async function lines(file: File): Promise<Table> {
  const rows = (await file.text()).split("\n").flatMap((line, i): Records => {
    return line.trim() === "" ? [] : [record(parsed(line, i + 1))];
  });
  return tableOf(file.name, rows);
}

function parsed(text: string, line = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unreadable("json", { line, message: (error as Error).message });
  }
}

function record(row: unknown): Records[number] {
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw new Unreadable("objects");
  return row as Records[number];
}
