// What the columns of a text file hold, told from every cell and not from a sample: a number is written as a number,
// a word stays a word, and 007 stays 007.

import type { Database } from "../database.ts";
import type { Relation } from "../file.ts";
import { identifier, textOf } from "../sql.ts";

/** A column as what it holds. */
export interface Typed {
  readonly name: string;
  readonly type: "BIGINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR";
}

/** Columns at a time: a thousand aggregates in one query plan slowly. */
const AT_ONCE = 200;

const tests = ["BIGINT", "DOUBLE", "BOOLEAN"] as const;

export async function typesOf(
  names: readonly string[],
  relation: Relation,
  database: Database,
): Promise<readonly Typed[]> {
  const typed: Typed[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE)
    typed.push(...(await typesOfSome(names.slice(at, at + AT_ONCE), relation, database)));
  return typed;
}

async function typesOfSome(
  names: readonly string[],
  relation: Relation,
  database: Database,
): Promise<Typed[]> {
  const facts = names.flatMap((name, i) => {
    const text = textOf(name);
    const all = (good: string) => `bool_and(${text} = '' OR ${good})`;
    return [
      // A sign or digits alone, without leading zeros: what a whole number is printed as.
      `${all(`regexp_full_match(${text}, '-?(0|[1-9][0-9]*)') AND TRY_CAST(${text} AS BIGINT) IS NOT NULL`)} AS b${i}0`,
      `${all(`TRY_CAST(${text} AS DOUBLE) IS NOT NULL AND NOT regexp_matches(${text}, '^[-+]?0[0-9]')`)} AS b${i}1`,
      `${all(`lower(${text}) IN ('true', 'false')`)} AS b${i}2`,
    ];
  });
  const [row] = await database.rows(`SELECT ${facts.join(", ")} FROM ${relation.from(names, new Set())}`);
  return names.map((name, i) => ({
    name,
    type: tests.find((_, k) => row?.[`b${i}${k}`] === true) ?? "VARCHAR",
  }));
}

/** The column as its type; an empty cell is none. */
export const typedOf = ({ name, type }: Typed): string =>
  type === "VARCHAR" ? identifier(name) : `TRY_CAST(${identifier(name)} AS ${type})`;
