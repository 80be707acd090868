// One side of a comparison: the loss of every row of a file, with what tells rows apart.

import { CommandError } from "../errors.ts";
import type { Collector } from "../eval/collect/collector.ts";
import { columnsCalled } from "../eval/columns.ts";
import { openDatabase } from "../eval/database.ts";
import type { EvalFlags } from "../eval/flags.ts";
import { givenFiles, verifyGzip } from "../eval/input/given.ts";
import { openFiles } from "../eval/input/open.ts";
import { evaluate } from "../eval/pass.ts";
import { prepare } from "../eval/prepare.ts";
import type { EvalResult } from "../eval/result.ts";
import type { LossSpec } from "../eval/spec.ts";
import type { Notes } from "../notes.ts";
import { terminalOf } from "../terminal.ts";

/** Growing columns: a file may have any number of rows. */
export interface Rows {
  readonly keys: (string | number)[];
  readonly losses: number[];
  readonly weights: number[];
  readonly groups: (string | null)[];
}

export interface Side {
  readonly path: string;
  readonly result: EvalResult;
  /** By loss, in the order of the specs: the rows that can be used. */
  readonly rows: readonly Rows[];
}

/** Evaluates a file and keeps every row's loss. `key` names the column that tells rows apart; else it is their number. */
export async function readSide(
  path: string,
  specs: readonly LossSpec[],
  flags: EvalFlags,
  key: string | undefined,
  notes: Notes,
): Promise<Side> {
  const files = await givenFiles([path], flags.inputFormat, notes);
  const database = await openDatabase({
    debug: flags.debug,
    progress: terminalOf(flags.color, flags.quiet).progress,
  });
  const sound = verifyGzip(files);
  sound.catch(() => undefined);
  try {
    const file = await openFiles({ files, arrays: [], where: flags.where }, database);
    const { top: _, ...own } = flags; // of compare, which keeps every row
    const arrays = { flags: own, columns: [], constants: new Map() };
    const work = await prepare(specs, file, database, arrays, notes);
    for (const { rowLosses, layout, spec, options } of work.plans) {
      const why = !rowLosses
        ? "its samples are pairs of rows"
        : layout === "batch"
          ? "its rows depend on those beside them"
          : options.classWeight !== undefined
            ? "class weights would count rows of the two files differently"
            : undefined;
      if (why)
        throw new CommandError(
          `${spec.loss.name} cannot be compared row by row: ${why}.`,
          "Compare the means: lossc eval.",
        );
    }
    const keyText =
      key === undefined ? undefined : work.selection.text(columnsCalled(key, file, "--key")[0].name);
    const byText = work.by === undefined ? undefined : work.selection.text(work.by);
    const rows = specs.map((): Rows => ({ keys: [], losses: [], weights: [], groups: [] }));
    const collector: Collector = {
      look({ plan, block, evaluated: { call, losses }, weight }) {
        const to = rows[work.plans.indexOf(plan)];
        for (let i = 0; i < losses!.length; i++) {
          const row = call.samples[i];
          if (weight?.[row] === 0) continue;
          to.keys.push(keyText === undefined ? block.number(row) : (block.text(keyText, row) ?? ""));
          to.losses.push(losses![i]);
          to.weights.push(weight?.[row] ?? 1);
          to.groups.push(byText === undefined ? null : block.text(byText, row));
        }
      },
    };
    const kernel: EvalFlags = { ...flags, engine: "kernel" };
    const result = await evaluate(
      work,
      { collectors: [collector], gradients: false },
      database,
      kernel,
      notes,
    );
    await sound;
    return { path: file.path, result, rows };
  } finally {
    database.close();
  }
}
