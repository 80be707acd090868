// One pass over the rows: each block is judged, evaluated by every loss, and looked at by what collects.

import { CommandError } from "../errors.ts";
import { grouped } from "../format/number.ts";
import type { Notes } from "../notes.ts";
import { terminalOf } from "../terminal.ts";
import { Accumulator } from "./accumulate.ts";
import type { Collector } from "./collect/collector.ts";
import type { Database } from "./database.ts";
import { evaluateRows } from "./evaluate.ts";
import type { PredictionFile } from "./file.ts";
import type { EvalFlags } from "./flags.ts";
import type { Groups } from "./groups.ts";
import type { Plan } from "./plan.ts";
import { columnsRead, type Work } from "./prepare.ts";
import { newProgress } from "./progress.ts";
import { evaluateInDatabase, isOutsideUnit, type Pushed } from "./pushdown.ts";
import { checkQueries } from "./queries.ts";
import { Ranges } from "./ranges.ts";
import type { EvalResult, ResultRow } from "./result.ts";
import { type BadCell, judge, MOST_CELLS } from "./rows.ts";
import { badRows, distinctCells, sayWhatIsNotSeen } from "./said.ts";
import { scan } from "./scan.ts";

/** What is collected beside the sums. */
export interface Collecting {
  readonly collectors: readonly Collector[];
  /** Whether the slope of every row is asked for. */
  readonly gradients: boolean;
}

export async function evaluate(
  work: Work,
  collecting: Collecting,
  database: Database,
  flags: EvalFlags,
  notes: Notes,
): Promise<EvalResult> {
  return (
    (await evaluateSums(work, collecting, database, flags, notes)) ??
    evaluateEachRow(work, collecting, database, flags, notes)
  );
}

/** By SQL, if that can be. */
async function evaluateSums(
  work: Work,
  collecting: Collecting,
  database: Database,
  flags: EvalFlags,
  notes: Notes,
): Promise<EvalResult | undefined> {
  const pushed = await evaluateInDatabase(work, database, flags);
  if (!pushed) return undefined;
  if (pushed.rows === 0) throw noRows(work.file, flags.where);
  const ranges = new Ranges(work.plans);
  await ranges.ask((input) => isOutsideUnit(work, input, database));
  const skipped = await lookAtFirst(work, collecting, pushed, database, flags);
  return conclude(work, pushed, skipped, ranges, notes);
}

/** What SQL does not see: a block of rows to find mistakes in, and the cells of --on-bad skip's note. */
async function lookAtFirst(
  work: Work,
  { collectors }: Collecting,
  { sums }: Pushed,
  database: Database,
  flags: EvalFlags,
): Promise<BadCell[]> {
  const { plans, weight, selection, file } = work;
  const bad = sums.some((one) => one.some((sum) => sum?.bad > 0));
  for await (const block of scan(file, selection, database, { whole: false, debug: flags.debug === true })) {
    const judged = plans.map((plan) =>
      judge(plan, block, { weight, missing: file.missing, queries: undefined }),
    );
    if (block.start === 0) {
      for (const [i, plan] of plans.entries()) {
        const given = { ...ALONE, total: block.rows, judged: judged[i], weight: weight?.matrix };
        for (const evaluated of evaluateRows(plan, given, [], { gradients: false }))
          for (const collector of collectors)
            collector.look?.({
              ...ALONE,
              plan,
              block,
              judged: judged[i],
              evaluated,
              weight: weight?.matrix.data,
            });
      }
    }
    const cells = distinctCells(judged.flatMap((one) => one.cells));
    if (!bad || cells.length > 0) return cells.slice(0, MOST_CELLS);
  }
  return [];
}

/** Rows that are in no group, no query and no batch. */
const ALONE = { groups: undefined, queries: undefined, batch: 1 };

async function conclude(
  work: Work,
  { sums, rows }: Pick<Pushed, "sums" | "rows">,
  skipped: readonly BadCell[],
  ranges: Ranges,
  notes: Notes,
): Promise<EvalResult> {
  const { file, plans, groups, by } = work;
  const results = plans.flatMap((plan, i) => resultsOf(plan, sums[i], by === undefined ? undefined : groups));
  await sayWhatIsNotSeen(work, results, skipped, ranges, notes);
  return { file: file.path, files: file.paths, rows, columns: columnsRead(work), by, results };
}

async function evaluateEachRow(
  work: Work,
  { collectors, gradients }: Collecting,
  database: Database,
  flags: EvalFlags,
  notes: Notes,
): Promise<EvalResult> {
  const { file, plans, groups, weight } = work;
  const sums = plans.map((): Accumulator[] => []);
  const ranges = new Ranges(plans);
  const progress = newProgress(terminalOf(flags.color, flags.quiet).progress, file.rows);
  const skipped: BadCell[] = [];
  let rows = 0;
  try {
    const whole = plans.some((plan) => plan.whole);
    for await (const block of scan(file, work.selection, database, { whole, debug: flags.debug === true })) {
      const groupOfRow = groups.of(block);
      const queries = work.query?.groups.of(block);
      const judged = plans.map((plan) => judge(plan, block, { weight, missing: file.missing, queries }));
      const cells = distinctCells(judged.flatMap((one) => one.cells));
      if (cells.length > 0 && flags.onBad === "error")
        throw await badRows(file, cells, new Set(judged.flatMap((one) => one.bad)).size);
      skipped.push(...cells.slice(0, MOST_CELLS - skipped.length));
      const batch = batchOf(work, block.rows);
      if (queries) checkQueries(work, block, queries, groupOfRow);
      for (const [i, plan] of plans.entries()) {
        const given = {
          total: block.rows,
          judged: judged[i],
          weight: weight?.matrix,
          groups: groupOfRow,
          queries,
          batch,
        };
        for (const evaluated of evaluateRows(plan, given, sums[i], { gradients })) {
          for (const note of evaluated.notes) notes.say(`${plan.spec.loss.name}: ${note}.`);
          const look = {
            plan,
            block,
            judged: judged[i],
            evaluated,
            weight: weight?.matrix.data,
            groups: groupOfRow,
          };
          for (const collector of collectors) collector.look?.(look);
        }
      }
      for (const collector of collectors) collector.blockDone?.(block);
      ranges.look(block.rows);
      rows += block.rows;
      progress.at(rows);
    }
  } finally {
    progress.done();
  }
  if (rows === 0) throw noRows(file, flags.where);
  return conclude(work, { sums, rows }, skipped, ranges, notes);
}

/** Rows that are compared with all others cost their square; more than this many are not put together unasked. */
const MOST_TOGETHER = 4096;

function batchOf({ plans, batch }: Work, rows: number): number {
  const plan = plans.find(({ layout }) => layout === "batch");
  if (batch !== undefined || !plan || rows <= MOST_TOGETHER) return batch ?? MOST_TOGETHER;
  throw new CommandError(
    `${plan.spec.loss.name} compares every row with every other, and the file has ${grouped(rows)}.`,
    "Say how many meet, as they did in training: --batch 256 takes the rows in that many at a time.",
  );
}

function noRows({ path }: PredictionFile, where: string | undefined): CommandError {
  if (where !== undefined)
    return new CommandError(`--where ${where}: it holds for no row of ${path}.`, "Check the condition.");
  return new CommandError(
    `${path} has columns but no rows.`,
    "Check the program that made it: nothing was written after the header.",
  );
}

/** One row per group, and the total, which is the groups' partial sums merged. */
function resultsOf(
  { spec, parameters }: Plan,
  sums: readonly Accumulator[],
  groups: Groups | undefined,
): ResultRow[] {
  const over = spec.options.meanOver === "count" ? "count" : "weight";
  const row = (sum: Accumulator, group: string | number | null, total: boolean): ResultRow => ({
    spec: spec.text,
    loss: spec.loss.name,
    params: parameters,
    group,
    total,
    value: sum.mean(over),
    weightSum: sum.weightSum,
    count: sum.count,
    bad: sum.bad,
    nonFinite: sum.nonFinite,
  });
  const total = new Accumulator();
  for (const sum of sums) if (sum) total.merge(sum);
  const parts = groups
    ?.sorted()
    .map(({ group, value }) => row(sums[group] ?? new Accumulator(), value, false));
  return [...(parts ?? []), row(total, null, true)];
}
