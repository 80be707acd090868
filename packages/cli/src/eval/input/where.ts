// --where: an SQL condition, in which the cells of a text file are what they hold, and the rows keep their numbers.

import { CommandError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { Database } from "../database.ts";
import type { Relation } from "../file.ts";
import { identifier } from "../sql.ts";
import { typedOf, typesOf } from "./types.ts";

/** The rows for which the condition holds, with the number each had before. */
export async function filtered(
  relation: Relation,
  where: string,
  database: Database,
): Promise<Relation & { readonly rowNumber: string }> {
  const named = relation.columns
    .map(({ name }) => name)
    .filter((name) => where.toLowerCase().includes(name.toLowerCase()));
  const rowNumber = freeName("row number", relation);
  // The cells as they are keep names of their own: the condition sees the typed ones.
  const kept = (name: string) => identifier(freeName(`as it is: ${name}`, relation));
  const types = relation.textual
    ? await typesOf(named, relation, database)
    : named.map((name) => ({ name, type: "VARCHAR" as const }));
  const from = (columns: readonly string[], lists: ReadonlySet<string>): string => {
    const own = columns.filter((name) => name !== rowNumber);
    const inner = [
      ...own.map((name) => `${identifier(name)} AS ${kept(name)}`),
      ...types.map((typed) => `${typedOf(typed)} AS ${identifier(typed.name)}`),
      `row_number() OVER () AS ${identifier(rowNumber)}`,
    ];
    const outer = columns.map((name) =>
      name === rowNumber ? identifier(name) : `${kept(name)} AS ${identifier(name)}`,
    );
    const read = relation.from([...new Set([...own, ...named])], lists);
    // On lines of its own: it may end in a comment.
    return `(SELECT ${outer.join(", ") || "1"} FROM (SELECT ${inner.join(", ")} FROM ${read}) WHERE (\n${where}\n))`;
  };
  await check(from([], new Set()), where, relation, database);
  const { rows: _, ...rest } = relation;
  return { ...rest, from, rowNumber };
}

function freeName(wanted: string, { columns }: Relation): string {
  let name = wanted;
  while (columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) name += "_";
  return name;
}

async function check(from: string, where: string, { columns }: Relation, database: Database): Promise<void> {
  try {
    await database.rows(`EXPLAIN SELECT 1 FROM ${from}`);
  } catch (error) {
    throw whereError(
      error,
      where,
      columns.map(({ name }) => name),
    );
  }
}

/** What DuckDB says of a condition, without its quotation of our SQL. */
export function whereError(error: unknown, where: string, names: readonly string[]): CommandError {
  const text = error instanceof Error ? error.message : String(error);
  const unknown = /column "([^"]+)" not found/i.exec(text)?.[1];
  if (unknown !== undefined)
    return new CommandError(
      `--where ${where}: the file has no column "${unknown}".`,
      `${didYouMean(unknown, names, "Its columns are")} A text stands in single quotes.`,
      { cause: error },
    );
  const [line] = text.split("\n");
  return new CommandError(
    `--where ${where}: it is no condition that can be evaluated. ${line}`,
    "Write it as in SQL: --where \"split = 'test' AND score > 0.5\".",
    { cause: error },
  );
}
