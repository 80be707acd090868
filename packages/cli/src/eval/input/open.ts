// Opens what was given: one file, several as one, arrays beside them, and the rows of it that --where keeps.

import { CommandError } from "../../errors.ts";
import { listed } from "../../suggest.ts";
import { type Database, readingError } from "../database.ts";
import { columnOf, isList, type PredictionFile, type Relation } from "../file.ts";
import { identifier } from "../sql.ts";
import { arraysOf, type NamedArray, tableOf } from "./arrays.ts";
import type { GivenFile } from "./given.ts";
import { openers } from "./relations.ts";
import { filtered } from "./where.ts";

export interface Given {
  readonly files: readonly GivenFile[];
  /** Arrays that flags name, each a column more. */
  readonly arrays: readonly NamedArray[];
  readonly where: string | undefined;
}

export async function openFiles(
  { files, arrays, where }: Given,
  database: Database,
): Promise<PredictionFile> {
  const parts = await relationsOf(files, database);
  const beside = arrays.length === 0 ? [] : [await tableOf(arrays, database)];
  const whole = await joined([...(parts.length === 0 ? [] : [union(parts)]), ...beside], database);
  const paths = files.length === 0 ? arrays.map(({ said }) => said) : files.map(({ name }) => name);
  const path =
    paths.length > 2 ? `${paths[0]} … ${paths.at(-1)} (${paths.length} files)` : paths.join(" and ");
  const file = { path, paths, place: placeIn(parts, paths, database) };
  if (where === undefined) return { ...whole, ...file };
  return { ...(await filtered(whole, where, database)), ...file };
}

interface Part {
  readonly name: string;
  readonly relation: Relation;
}

/** Each file by itself; but .npy files are columns of one table, for each holds one array. */
async function relationsOf(files: readonly GivenFile[], database: Database): Promise<Part[]> {
  const npy = files.filter(({ format }) => format.kind === "npy");
  const others = files.filter(({ format }) => format.kind !== "npy");
  if (npy.length > 0 && others.length > 0)
    throw new CommandError(
      `${npy[0].name} holds one column, and ${others[0].name} rows with columns of their own.`,
      `Say which input it is: --prediction ${npy[0].name} or --target ${npy[0].name}`,
    );
  if (npy.length > 0) return [{ name: npy[0].name, relation: await arraysOf(npy, database) }];
  const parts: Part[] = [];
  for (const file of others) {
    try {
      parts.push({ name: file.name, relation: await openers[file.format.kind](file, database) });
    } catch (error) {
      throw readingError(error, file.name);
    }
  }
  return parts;
}

/** The rows of one after those of the other. */
function union(parts: readonly Part[]): Relation {
  const [first, ...others] = parts;
  if (others.length === 0) return first.relation;
  const names = new Set(first.relation.columns.map(({ name }) => name));
  for (const { name, relation } of others) {
    const own = new Set(relation.columns.map((column) => column.name));
    const lacks = [...names].filter((column) => !own.has(column));
    const more = [...own].filter((column) => !names.has(column));
    if (lacks.length + more.length === 0) continue;
    const what = lacks.length > 0 ? `lacks ${listed(lacks, 4)}` : `has ${listed(more, 4)} too`;
    throw new CommandError(
      `${name} ${what}: its columns are not those of ${first.name}.`,
      "Several files are read as one: they must have the same columns. Evaluate them one by one.",
    );
  }
  const textual = parts.some(({ relation }) => relation.textual);
  const rows = parts.map(({ relation }) => relation.rows);
  return {
    ...(rows.every((count) => count !== undefined) && { rows: rows.reduce((sum, count) => sum + count, 0) }),
    columns: first.relation.columns.map((column, i) => {
      const same = parts.every(({ relation }) => typeIn(relation, column.name) === column.type);
      return same || isList(column) ? first.relation.columns[i] : columnOf(column.name, "VARCHAR");
    }),
    repeated: new Set(parts.flatMap(({ relation }) => [...(relation.repeated ?? [])])),
    missing: first.relation.missing,
    textual,
    from: (columns, lists) =>
      `(${parts.map(({ relation }) => `SELECT ${columns.map(identifier).join(", ") || "1"} FROM ${relation.from(columns, lists)}`).join(" UNION ALL ")})`,
  };
}

const typeIn = (relation: Relation, name: string): string | undefined =>
  relation.columns.find((column) => column.name === name)?.type;

/** A file and arrays side by side, row by row. */
async function joined([first, second]: readonly Relation[], database: Database): Promise<Relation> {
  if (!second) return first;
  const [rows, arrays] = [await countOf(first, database), await countOf(second, database)];
  if (rows !== arrays)
    throw new CommandError(
      `the file has ${rows} rows, but the arrays have ${arrays}.`,
      "Arrays are put beside the rows of a file one by one: they must be equally long.",
    );
  const own = new Set(second.columns.map(({ name }) => name.toLowerCase()));
  const twice = first.columns.find(({ name }) => own.has(name.toLowerCase()));
  if (twice)
    throw new CommandError(
      `the file has a column ${twice.name}, as an array is called.`,
      "Give the array's file another name.",
    );
  return {
    ...first,
    columns: [...first.columns, ...second.columns],
    from(columns, lists) {
      const ofFile = columns.filter((name) => !own.has(name.toLowerCase()));
      const ofArrays = columns.filter((name) => own.has(name.toLowerCase()));
      const named = columns.map(identifier).join(", ") || "1";
      return `(SELECT ${named} FROM ${first.from(ofFile, lists)} POSITIONAL JOIN ${second.from(ofArrays, lists)})`;
    },
  };
}

async function countOf(relation: Relation, database: Database): Promise<number> {
  const [row] = await database.rows(`SELECT count(*)::DOUBLE AS rows FROM ${relation.from([], new Set())}`);
  return Number(row?.rows);
}

/** Counts files only when it is asked: then something is wrong, or a row is to be shown. */
function placeIn(parts: readonly Part[], paths: readonly string[], database: Database) {
  let ends: readonly number[] | undefined;
  return async (row: number): Promise<string> => {
    if (parts.length < 2) return `row ${row}`;
    if (!ends) {
      const counts: number[] = [];
      for (const { relation } of parts)
        counts.push((counts.at(-1) ?? 0) + (await countOf(relation, database)));
      ends = counts;
    }
    const index = ends.findIndex((end) => row <= end);
    return `${paths[index]} row ${row - (ends[index - 1] ?? 0)}`;
  };
}
