// `lossc eval`: several losses on a file of predictions, in one pass over it.

import { CommandError } from "../errors.ts";
import { Notes } from "../notes.ts";
import { checkOutput, formatOf, outputTerminal, writeResult } from "../output.ts";
import { terminalOf } from "../terminal.ts";
import { Accumulator } from "./accumulate.ts";
import { type Database, openDatabase } from "./database.ts";
import { evaluateRows } from "./evaluate.ts";
import { checkFile, openFile } from "./file.ts";
import { type EvalFlags, readSpecs, requireFile } from "./flags.ts";
import type { Groups } from "./groups.ts";
import type { Plan } from "./plan.ts";
import { columnsRead, prepare, type Work } from "./prepare.ts";
import { newProgress } from "./progress.ts";
import { Ranges } from "./ranges.ts";
import { columnsLine, type EvalResult, type ResultRow, renderers } from "./result.ts";
import { type BadCell, judge, MOST_CELLS } from "./rows.ts";
import { badRows, distinctCells, sayWhatIsNotSeen } from "./said.ts";
import { scan } from "./scan.ts";

export async function evaluateFiles(paths: readonly string[], given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as EvalFlags;
  const file = requireFile(paths[0], flags);
  // All that can be wrong without looking into the file is said before DuckDB starts.
  const specs = readSpecs(flags);
  checkFile(file);
  checkOutput(flags.output);
  const notes = new Notes(flags.quiet === true);
  const database = await openDatabase(flags.debug === true);
  try {
    const work = await prepare(specs, await openFile(file, database), database, flags, notes);
    const result = await evaluate(work, database, flags, notes);
    const format = formatOf(flags);
    if (format === "csv") notes.say(columnsLine(result));
    writeResult(renderers[format](result, outputTerminal(flags)), flags.output);
  } finally {
    database.close();
  }
}

async function evaluate(work: Work, database: Database, flags: EvalFlags, notes: Notes): Promise<EvalResult> {
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
      const judged = plans.map((plan) => judge(plan, block, weight, file.missing));
      const cells = distinctCells(judged.flatMap((one) => one.cells));
      if (cells.length > 0 && flags.onBad === "error")
        throw badRows(file, cells, new Set(judged.flatMap((one) => one.bad)).size);
      skipped.push(...cells.slice(0, MOST_CELLS - skipped.length));
      for (const [i, plan] of plans.entries()) {
        const said = evaluateRows(
          plan,
          { total: block.rows, judged: judged[i], weight: weight?.matrix, groups: groupOfRow },
          sums[i],
        );
        for (const note of said) notes.say(`${plan.spec.loss.name}: ${note}.`);
      }
      ranges.look(block.rows);
      rows += block.rows;
      progress.at(rows);
    }
  } finally {
    progress.done();
  }
  if (rows === 0) {
    throw new CommandError(
      `${file.path} has columns but no rows.`,
      "Check the program that made it: nothing was written after the header.",
    );
  }
  const results = plans.flatMap((plan, i) =>
    resultsOf(plan, sums[i], work.by === undefined ? undefined : groups),
  );
  sayWhatIsNotSeen(work, results, skipped, ranges, notes);
  return { file: file.path, rows, columns: columnsRead(work), by: work.by, results };
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
