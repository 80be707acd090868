// Rows to evaluate losses on, ordinary and extreme, as columns of a table in DuckDB and as inputs of a call.

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { AnyLoss } from "../../src/index.ts";

export async function openDuckDB(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
}

type Input = AnyLoss["inputs"][string];

/** Whether each row of a table holds all that the loss of a row needs, one number per input. */
export const isPointwise = (loss: AnyLoss): boolean =>
  loss.expr.axes.length > 0 &&
  Object.values(loss.inputs).every(({ axes }) =>
    axes.split(" ").every((word) => loss.expr.axes.includes(word === "..." ? word : word.replace("...", ""))),
  );

const extremes = [
  0, 1, -1, 1e-300, -1e-17, 1e-9, 0.5, 3, -20, 35.9, -37, 80, 720, -745.2, 800, -1e5, 1e18, -1e80,
];
const probabilities = [0, 1, 1e-300, 1e-17, 1e-9, 0.25, 0.5, 1 - 2 ** -53, 0.999];
const byDomain: Readonly<Record<string, readonly number[]>> = {
  probability: probabilities,
  positive: extremes.filter((x) => x > 0),
  nonNegative: extremes.filter((x) => x >= 0),
  nonZero: extremes.filter((x) => x !== 0),
  aboveMinusOne: [...extremes.filter((x) => x > -1), -1 + 2 ** -53],
  mask: [0, 1],
};
const byKind: Readonly<Record<string, readonly number[]>> = { binary: [0, 1, 0.3, 1e-12], sign: [-1, 1] };

/** What an input may be: its domain's values, and infinite ones where it has no domain. */
export function valuesOf(
  { kind, domain }: Input,
  params: Readonly<Record<string, unknown>>,
): readonly number[] {
  const name = typeof domain === "function" ? domain(params) : domain;
  return (
    byKind[kind] ??
    (name === undefined ? [...extremes, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : byDomain[name])
  );
}

/** Every value of each input with every value of the others, no more than `most` rows. */
export function combinations(columns: readonly (readonly number[])[], most = 1500): number[][] {
  let rows: number[][] = [[]];
  for (const values of columns) rows = rows.flatMap((row) => values.map((value) => [...row, value]));
  if (rows.length <= most) return rows;
  const step = rows.length / most;
  return Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)]);
}

/** As text: a literal of more than 15 digits would be a decimal, and rounded once more. */
const number = (x: number): string => `'${x}'::DOUBLE`;

/** A table "predictions" with a column per name, and "id". */
export async function makeTable(
  connection: DuckDBConnection,
  names: readonly string[],
  rows: readonly (readonly (number | null)[])[],
): Promise<void> {
  const columns = ["id", ...names].map((name) => `"${name}"`).join(", ");
  const values = rows.map(
    (row, i) => `(${i}, ${row.map((x) => (x === null ? "NULL" : number(x))).join(", ")})`,
  );
  await connection.run(
    `CREATE OR REPLACE TABLE predictions AS FROM (VALUES ${values.join(", ")}) AS t(${columns})`,
  );
}

export interface Partial {
  readonly group: number;
  readonly loss: number | null;
  readonly weight: number;
  readonly n: number;
  readonly bad: number;
}

/** What a statement for one loss gives, by group. */
export async function run(connection: DuckDBConnection, sql: string): Promise<Partial[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map(([group, loss, weight, n, bad]) => ({
    group: Number(group),
    loss: loss as number | null,
    weight: Number(weight),
    n: Number(n),
    bad: Number(bad),
  }));
}
