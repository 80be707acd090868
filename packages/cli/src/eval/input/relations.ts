// Each kind of file as a relation of DuckDB: how its columns are found and how it is read.

import { CommandError } from "../../errors.ts";
import type { Database } from "../database.ts";
import { type Column, columnOf, type Relation } from "../file.ts";
import { readCsvHeader } from "../header.ts";
import { identifier, literal, pathLiteral } from "../sql.ts";
import { arraysOf } from "./arrays.ts";
import { empty, type GivenFile } from "./given.ts";
import type { Kind } from "./kinds.ts";

export type Opener = (file: GivenFile, database: Database) => Promise<Relation>;

export const openers: { readonly [K in Kind]: Opener } = {
  parquet: openParquet,
  csv: openCsv,
  jsonl: (file, database) => openJson(file, database, "newline_delimited"),
  json: (file, database) => openJson(file, database, "auto"),
  npy: (file, database) => arraysOf([file], database),
  npz: (file, database) => arraysOf([file], database),
};

export const select = (columns: readonly string[], relation: string): string =>
  `(SELECT ${columns.length === 0 ? "1" : columns.map(identifier).join(", ")} FROM ${relation})`;

async function describe(database: Database, relation: string): Promise<Column[]> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return rows.map((row) => columnOf(String(row.column_name), String(row.column_type)));
}

async function openParquet({ path }: GivenFile, database: Database): Promise<Relation> {
  // A folder named label=3 on the way to the file must not become a column.
  const relation = `read_parquet(${pathLiteral(path)}, hive_partitioning=false, binary_as_string=true)`;
  const columns = await describe(database, relation);
  const [{ rows }] = await database.rows(
    `SELECT sum(num_rows)::DOUBLE AS rows FROM parquet_file_metadata(${pathLiteral(path)})`,
  );
  return {
    columns,
    rows: Number(rows),
    missing: "NULL",
    textual: false,
    from: (names) => select(names, relation),
  };
}

/** Said and not told from the ending: what is read may be a copy without one. */
const compression = ({ format }: GivenFile, none: string): string =>
  `compression='${format.gzip ? "gzip" : none}'`;

async function openCsv(file: GivenFile): Promise<Relation> {
  const { path, name, format } = file;
  const header = await readCsvHeader(path, format.gzip);
  if (!header) throw empty(name);
  const types = header.columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(", ");
  const relation = `read_csv(${pathLiteral(path)}, columns={${types}}, auto_detect=false, header=true, delim=${literal(header.delimiter)}, quote='"', escape='"', hive_partitioning=false, ${compression(file, "none")})`;
  return {
    columns: header.columns.map((column) => columnOf(column, "VARCHAR")),
    repeated: header.repeated,
    missing: "empty",
    textual: true,
    from: (names) => select(names, relation),
  };
}

async function openJson(file: GivenFile, database: Database, form: string): Promise<Relation> {
  const read = (more: string) =>
    `read_json(${pathLiteral(file.path)}, format='${form}', map_inference_threshold=-1, hive_partitioning=false, ${compression(file, "uncompressed")}${more})`;
  const columns = await describe(database, read(""));
  // What DuckDB calls a column of rows that are no objects.
  if (columns.length === 1 && columns[0].name === "json")
    throw new CommandError(
      `${file.name}: its rows are no objects with named columns.`,
      'Write one object for each row, as in {"label": 1, "score": 0.3}.',
    );
  return {
    columns,
    missing: "null",
    textual: true,
    // DuckDB types a column by its first 20,480 rows and fails at a later cell of another type; as text none fails.
    from(names, lists) {
      const types = names.map((name) => `${literal(name)}: '${lists.has(name) ? "JSON" : "VARCHAR"}'`);
      return select(names, read(names.length === 0 ? "" : `, columns={${types.join(", ")}}`));
    },
  };
}
