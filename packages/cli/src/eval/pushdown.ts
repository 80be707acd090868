// Evaluation inside the database: losses as SQL, of which only partial sums come back. The other way is `scan`, which
// brings every row here; both give the same figures, and say the same of bad rows.

import { statSync } from "node:fs";
import { type RowsFor, type SqlLoss, sqlOf } from "lossc/sql";
import { CommandError } from "../errors.ts";
import { Accumulator } from "./accumulate.ts";
import type { Database } from "./database.ts";
import type { EvalFlags } from "./flags.ts";
import type { PlannedInput } from "./plan.ts";
import type { Work } from "./prepare.ts";
import { identifier, numberOf } from "./sql.ts";
import { sqlLossOf, unreadable } from "./sql-loss.ts";

export interface Pushed {
  /** By loss, then by group as `work.groups` numbers them. */
  readonly sums: readonly Accumulator[][];
  readonly rows: number;
}

/** Below this a file is read sooner than SQL is planned, and the sums of one thread have the same bits every time. */
const SMALL = 32 << 20;

/** What rows must be looked at for one by one. */
const wantRows = ["perRow", "top", "plot", "report", "baseline", "reliability"] as const;

/** The sums by SQL, or nothing where rows are to be brought here instead. */
export async function evaluateInDatabase(
  work: Work,
  database: Database,
  flags: EvalFlags,
): Promise<Pushed | undefined> {
  const { engine = "auto" } = flags;
  if (engine === "kernel") return undefined;
  const obstacle = obstacleIn(work, flags);
  if (engine === "sql" && obstacle !== undefined)
    throw new CommandError(`--engine sql: ${obstacle}.`, "Leave the flag out: then kernels evaluate it.");
  if (obstacle !== undefined || (engine === "auto" && !isWorthSql(work))) return undefined;
  const losses = work.plans.map((plan) => sqlLossOf(plan, work));
  const total = await countRows(work, database);
  const sums = work.plans.map((): Accumulator[] => []);
  for (const rows of partsOf(losses, work)) {
    if (rows === "others" && total === counted(sums)) continue;
    await addSums(sums, work, database, sqlOf(losses, { from: relationOf(work), ...byOf(work), rows }));
  }
  const bad = sums.some((one) => one.some((sum) => sum?.bad > 0));
  // Which cells are bad, and why, is said when rows are looked at.
  if (bad && flags.onBad === "error") return undefined;
  return { sums, rows: total };
}

/** Where there is the choice: of rows of classes and boxes it is not known to be faster. */
const isWorthSql = ({ plans, file }: Work): boolean =>
  plans.every(({ inputs }) => inputs.every(({ source }) => source.kind === "number")) &&
  sizeOf(file.paths) >= SMALL;

function sizeOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function obstacleIn({ plans, query, file }: Work, flags: EvalFlags): string | undefined {
  const wanted = wantRows.find((name) => flags[name] !== undefined);
  if (wanted !== undefined)
    return `--${wanted.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} looks at every row`;
  if (query !== undefined) return "--query brings rows together";
  for (const { spec, inputs, layout, constants } of plans) {
    const { name } = spec.loss;
    if (layout !== "rows") return `the rows of ${name} depend on each other`;
    if (Object.keys(constants).length > 0) return `${name} reads arrays`;
    for (const input of inputs) {
      const why = unreadable(input);
      if (why !== undefined) return `"${input.wanted.name}" of ${name} ${why}`;
    }
  }
  try {
    sqlOf(plans.map((plan) => sqlLossOf(plan, { file, weight: undefined })));
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "LossError")
      return error.message.replace(/\. Evaluate.*$/s, "");
    throw error;
  }
}

/** Text is parsed anew for each scan, so it is scanned once; typed columns in two goes, of which the second is rare. */
function partsOf(losses: readonly SqlLoss[], { file }: Work): readonly RowsFor[] {
  if (file.textual) return ["all"];
  try {
    sqlOf(losses, { rows: "ordinary" });
    return ["ordinary", "others"];
  } catch {
    return ["all"]; // a loss without a range of ordinary numbers
  }
}

const counted = (sums: readonly (readonly Accumulator[])[]): number =>
  Math.min(...sums.map((one) => one.reduce((n, sum) => n + (sum?.count ?? 0), 0)));

const relationOf = ({ file, selection }: Work): string => file.from([...selection.columns], selection.lists);
const byOf = ({ by }: Work) => (by === undefined ? {} : { by: identifier(by) });

async function countRows({ file }: Work, database: Database): Promise<number> {
  const [row] = await database.rows(`SELECT count(*)::DOUBLE AS rows FROM ${file.from([], new Set())}`);
  return row.rows as number;
}

/** Adds what a statement gives to the sums of its groups. */
async function addSums(
  sums: readonly Accumulator[][],
  { groups, by, plans }: Work,
  database: Database,
  sql: string,
): Promise<void> {
  const group = by === undefined ? "" : `CAST("group" AS VARCHAR) AS "group text", `;
  const rows = await database.rows(`SELECT ${group}* FROM (${sql})`);
  const texts = rows.map((row) => (row["group text"] ?? null) as string | null);
  const ids = groups.of({ start: 0, rows: rows.length, number: (row) => row, text: (_, row) => texts[row] });
  for (const [i] of plans.entries()) {
    const suffix = plans.length === 1 ? "" : `_${i + 1}`;
    for (const [place, row] of rows.entries()) {
      const id = ids?.[place] ?? 0;
      sums[i][id] ??= new Accumulator();
      const number = (name: string): number => Number(row[`${name}${suffix}`] ?? 0);
      sums[i][id].addPart({
        sum: number("loss_sum"),
        weightSum: number("weight_sum"),
        count: number("n"),
        bad: number("bad"),
        nonFinite: number("non_finite"),
      });
    }
  }
}

/** Whether a column has a number outside [0, 1]; mostly the first rows have one. */
export async function isOutsideUnit(
  work: Work,
  { source }: PlannedInput,
  database: Database,
): Promise<boolean> {
  const outside = source.columns
    .map(({ name }) => numberOf(name))
    .map((number) => `${number} < 0 OR (${number} > 1 AND NOT isnan(${number}))`);
  const found = await database.rows(
    `SELECT 1 FROM ${relationOf(work)} WHERE ${outside.join(" OR ")} LIMIT 1`,
  );
  return found.length > 0;
}
