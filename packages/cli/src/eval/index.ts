// `lossc eval`: several losses on a file of predictions, in one pass over it.

import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, exitCode } from "../errors.ts";
import { grouped } from "../format/number.ts";
import { Notes } from "../notes.ts";
import { checkOutput, formatOf, outputTerminal, writeResult } from "../output.ts";
import { terminalOf } from "../terminal.ts";
import { Accumulator } from "./accumulate.ts";
import { withClassOptions } from "./class-options.ts";
import { type Database, openDatabase } from "./database.ts";
import { evaluateRows } from "./evaluate.ts";
import type { PredictionFile } from "./file.ts";
import { type EvalFlags, readSpecs, requireFiles } from "./flags.ts";
import type { Groups } from "./groups.ts";
import { namesArrays, readFlagArrays } from "./input/flag-arrays.ts";
import { givenFiles, verifyGzip } from "./input/given.ts";
import { openFiles } from "./input/open.ts";
import type { Plan } from "./plan.ts";
import { columnsRead, prepare, type Work } from "./prepare.ts";
import { newProgress } from "./progress.ts";
import { evaluateInDatabase, isOutsideUnit, type Pushed } from "./pushdown.ts";
import { checkQueries } from "./queries.ts";
import { Ranges } from "./ranges.ts";
import { columnsLine, type EvalResult, type ResultRow, renderers } from "./result.ts";
import { type BadCell, judge, MOST_CELLS } from "./rows.ts";
import { badRows, distinctCells, sayWhatIsNotSeen } from "./said.ts";
import { scan } from "./scan.ts";

export async function evaluateFiles(
  words: readonly string[],
  given: Record<string, unknown>,
): Promise<number> {
  const flags = given as unknown as EvalFlags;
  const notes = new Notes(flags.quiet === true);
  // All that can be wrong without looking into the files is said before DuckDB starts.
  if (!namesArrays(flags)) requireFiles(words, flags);
  const specs = withClassOptions(readSpecs(flags), flags, notes);
  const arrays = await readFlagArrays(flags, specs, notes);
  checkOutput(flags.output);
  const files = await givenFiles(words, flags.inputFormat, notes);
  const database = await openDatabase(flags.debug === true);
  const sound = verifyGzip(files);
  sound.catch(() => undefined); // told below
  try {
    const file = await openFiles({ files, arrays: arrays.columns, where: flags.where }, database);
    const work = await prepare(specs, file, database, arrays, notes);
    const result = await evaluate(work, database, flags, notes);
    await sound;
    const format = formatOf(flags);
    if (format === "csv") notes.say(columnsLine(result));
    writeResult(renderers[format](result, outputTerminal(flags)), flags.output);
    return exitCode.fine;
  } catch (error) {
    // What is cut off fails in many ways; that it is cut off says more.
    await Promise.race([sound, sleep(MOMENT)]);
    throw error;
  } finally {
    database.close();
  }
}

async function evaluate(work: Work, database: Database, flags: EvalFlags, notes: Notes): Promise<EvalResult> {
  return (await evaluateSums(work, database, flags, notes)) ?? evaluateEachRow(work, database, flags, notes);
}

/** By SQL, if that can be. */
async function evaluateSums(
  work: Work,
  database: Database,
  flags: EvalFlags,
  notes: Notes,
): Promise<EvalResult | undefined> {
  const pushed = await evaluateInDatabase(work, database, flags);
  if (!pushed) return undefined;
  if (pushed.rows === 0) throw noRows(work.file, flags.where);
  const ranges = new Ranges(work.plans);
  await ranges.ask((input) => isOutsideUnit(work, input, database));
  return conclude(work, pushed, await firstBadCells(work, pushed, database, flags), ranges, notes);
}

/** The cells of --on-bad skip's note, which SQL has only counted. */
async function firstBadCells(
  { plans, weight, selection, file }: Work,
  { sums }: Pushed,
  database: Database,
  flags: EvalFlags,
): Promise<BadCell[]> {
  if (!sums.some((one) => one.some((sum) => sum?.bad > 0))) return [];
  for await (const block of scan(file, selection, database, { whole: false, debug: flags.debug === true })) {
    const judged = plans.map((plan) =>
      judge(plan, block, { weight, missing: file.missing, queries: undefined }),
    );
    const cells = distinctCells(judged.flatMap((one) => one.cells));
    if (cells.length > 0) return cells.slice(0, MOST_CELLS);
  }
  return [];
}

async function conclude(
  work: Work,
  { sums, rows }: Pushed,
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
  database: Database,
  flags: EvalFlags,
  notes: Notes,
): Promise<EvalResult> {
  const { file, plans, groups, weight } = work;
  const sums = plans.map((): Accumulator[] => []);
  const ranges = new Ranges(plans);
  const progress = newProgress(terminalOf(flags.color, flags.quiet).progress);
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
        for (const evaluated of evaluateRows(plan, given, sums[i], { gradients: false }))
          for (const note of evaluated.notes) notes.say(`${plan.spec.loss.name}: ${note}.`);
      }
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

/** For a small file to be unpacked, in milliseconds. */
const MOMENT = 300;

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
