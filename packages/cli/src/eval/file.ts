// A prediction file as a relation of DuckDB: its columns, and the FROM that reads them.

import { statSync } from "node:fs";
import { CommandError } from "../errors.ts";
import type { Database } from "./database.ts";
import { readingError } from "./database.ts";
import { readCsvHeader } from "./header.ts";
import { identifier, literal, pathLiteral } from "./sql.ts";

export interface Column {
  readonly name: string;
  /** DuckDB's name of the type; every column of a text file is VARCHAR, and cells are numbers one by one. */
  readonly type: string;
}

export interface PredictionFile {
  readonly path: string;
  readonly columns: readonly Column[];
  /** Names that several columns have in the file. */
  readonly repeated?: ReadonlySet<string>;
  /** What a missing cell is called. */
  readonly missing: string;
  /** What to write after FROM to read columns; those in `lists` as lists. */
  from(columns: readonly string[], lists: ReadonlySet<string>): string;
}

export const isList = ({ type }: Column): boolean => /\[\d*\]$/.test(type);

type Opener = (path: string, database: Database) => Promise<PredictionFile>;

const openers: readonly (readonly [ending: RegExp, open: Opener])[] = [
  [/\.parquet$/i, openParquet],
  [/\.(csv|tsv|txt)(\.gz)?$/i, openCsv],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, openJson],
];

/** The same complaints whatever the format; they come before DuckDB starts. */
export function checkFile(path: string): void {
  if (path === "-")
    throw new CommandError(
      "standard input cannot be read yet.",
      "Write it to a file first, as in: … > preds.csv",
    );
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found)
    throw new CommandError(
      `there is no file ${path}.`,
      "Check the path; it is relative to the current folder.",
    );
  if (found.isDirectory()) throw new CommandError(`${path} is a folder.`, "Name one file in it.");
  if (!found.isFile())
    throw new CommandError(`${path} is not an ordinary file.`, "Copy its content to a file first.");
  if (!openers.some(([ending]) => ending.test(path))) {
    throw new CommandError(
      `${path}: files of this kind are not read.`,
      "Give a .parquet, .csv, .tsv, .jsonl or .ndjson file; the text formats may be compressed (.gz).",
    );
  }
  if (found.size === 0) throw empty(path);
}

const empty = (path: string): CommandError =>
  new CommandError(
    `${path} is empty.`,
    "Write at least a header and one row, or check the program that made it.",
  );

export async function openFile(path: string, database: Database): Promise<PredictionFile> {
  const [, open] = openers.find(([ending]) => ending.test(path))!;
  try {
    return await open(path, database);
  } catch (error) {
    throw readingError(error, path);
  }
}

const select = (columns: readonly string[], relation: string): string =>
  `(SELECT ${columns.length === 0 ? "1" : columns.map(identifier).join(", ")} FROM ${relation})`;

async function describe(database: Database, relation: string): Promise<Column[]> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

async function openParquet(path: string, database: Database): Promise<PredictionFile> {
  // A folder named label=3 on the way to the file must not become a column.
  const relation = `read_parquet(${pathLiteral(path)}, hive_partitioning=false, binary_as_string=true)`;
  const columns = await describe(database, relation);
  return { path, columns, missing: "NULL", from: (names) => select(names, relation) };
}

async function openCsv(path: string): Promise<PredictionFile> {
  const header = await readCsvHeader(path);
  if (!header) throw empty(path);
  const types = header.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const relation = `read_csv(${pathLiteral(path)}, columns={${types}}, auto_detect=false, header=true, delim=${literal(header.delimiter)}, quote='"', escape='"', hive_partitioning=false)`;
  const columns = header.columns.map((name) => ({ name, type: "VARCHAR" }));
  return {
    path,
    columns,
    repeated: header.repeated,
    missing: "empty",
    from: (names) => select(names, relation),
  };
}

async function openJson(path: string, database: Database): Promise<PredictionFile> {
  const form = /\.json(\.gz)?$/i.test(path) ? "auto" : "newline_delimited";
  const read = (more: string) =>
    `read_json(${pathLiteral(path)}, format='${form}', map_inference_threshold=-1, hive_partitioning=false${more})`;
  const columns = await describe(database, read(""));
  return {
    path,
    columns,
    missing: "null",
    // DuckDB types a column by its first 20,480 rows and fails at a later cell of another type; as text none fails.
    from(names, lists) {
      const types = names.map((name) => `${literal(name)}: '${lists.has(name) ? "JSON" : "VARCHAR"}'`);
      return select(names, read(names.length === 0 ? "" : `, columns={${types.join(", ")}}`));
    },
  };
}
