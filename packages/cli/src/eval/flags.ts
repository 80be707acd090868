// The flags of eval, read into what the rest works with.

import { resolve } from "node:path";
import { CommandError } from "../errors.ts";
import { checkOutput, type OutputFlags } from "../output.ts";
import { didYouMean } from "../suggest.ts";
import type { ColumnFlags } from "./columns.ts";
import { type LossSpec, parseSpec } from "./spec.ts";

export interface EvalFlags extends OutputFlags {
  readonly loss?: readonly string[];
  readonly target?: readonly string[];
  readonly prediction?: readonly string[];
  readonly input?: readonly string[];
  readonly by?: string;
  readonly weight?: string;
  readonly where?: string;
  readonly query?: string;
  readonly batch?: string;
  readonly classWeight?: string;
  readonly labelSmoothing?: string;
  readonly ignoreIndex?: string;
  readonly posWeight?: string;
  readonly inputFormat?: string;
  readonly top?: string;
  readonly id?: string;
  readonly baseline?: boolean;
  readonly reliability?: boolean;
  readonly perRow?: string;
  readonly plot?: string;
  readonly report?: string;
  readonly failIf?: readonly string[];
  readonly engine?: "auto" | "sql" | "kernel";
  readonly onBad: "error" | "skip";
}

export function readSpecs({ loss = [] }: EvalFlags): readonly LossSpec[] {
  if (loss.length === 0) {
    throw new CommandError(
      "no loss is given.",
      "Add one, as in --loss crossEntropy; lossc list shows them all.",
    );
  }
  const specs = loss.map(parseSpec);
  const twice = specs.find(({ text }, i) => specs.findIndex((other) => other.text === text) < i);
  if (twice) throw new CommandError(`--loss ${twice.text} is given twice.`, "Give it once.");
  return specs;
}

export function readColumnFlags(
  { target, prediction, input = [], query }: EvalFlags,
  specs: readonly LossSpec[],
): ColumnFlags {
  const byInput: Record<string, readonly string[]> = {};
  const known = [...new Set(specs.flatMap(({ loss }) => Object.keys(loss.inputs)))];
  for (const text of input) {
    const [, name, columns] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined)
      throw new CommandError(
        `--input ${text} is not of the form name=column.`,
        "Write it as in --input variance=sigma2.",
      );
    if (!known.includes(name))
      throw new CommandError(
        `--input ${text}: none of the losses has an input "${name}".`,
        didYouMean(name, known, "Their inputs are"),
      );
    byInput[name] = columns.split(",");
  }
  return {
    input: byInput,
    grouped: query !== undefined,
    ...(target && { target }),
    ...(prediction && { prediction }),
  };
}

/** `--prediction a b FILE` takes the file for a column. */
export function requireFiles(files: readonly string[], { prediction = [], target = [] }: EvalFlags): void {
  if (files.length > 0) return;
  const swallowed = [prediction, target].find((names) => names.length > 1)?.at(-1);
  throw new CommandError(
    "no file is given.",
    swallowed === undefined
      ? "Name it first, as in lossc eval preds.parquet --loss crossEntropy"
      : `Name it first: lossc eval ${swallowed} … (here it was taken for a column).`,
  );
}

/** Every file that is written, with its flag. */
const outputsOf = ({ output, perRow, plot, report }: EvalFlags) =>
  [
    ["--output", output],
    ["--per-row", perRow],
    ["--plot", plot],
    ["--report", report],
  ] as const;

/** A file that is written is none of those that are read. */
export function keepInputs(flags: EvalFlags, inputs: readonly string[]): void {
  for (const [flag, file] of outputsOf(flags))
    if (file !== undefined && inputs.some((input) => resolve(input) === resolve(file)))
      throw new CommandError(
        `${flag} ${file} is a file that is read.`,
        "Name another file: it would be lost.",
      );
}

/** Each file that is written is checked before anything is read. */
export function checkOutputs(flags: EvalFlags): void {
  const seen = new Map<string, string>();
  for (const [flag, file] of outputsOf(flags)) {
    if (file === undefined) continue;
    checkOutput(file, flag);
    const path = resolve(file);
    const before = seen.get(path);
    if (before !== undefined)
      throw new CommandError(`${before} and ${flag} both name ${file}.`, "Give each a file of its own.");
    seen.set(path, flag);
  }
  if (flags.report !== undefined && !/\.html?$/i.test(flags.report))
    throw new CommandError(`--report ${flags.report}: a report is a page.`, "Give it the ending .html.");
  if (flags.plot !== undefined && !/\.(svg|png)$/i.test(flags.plot))
    throw new CommandError(
      `--plot ${flags.plot}: pictures of this kind are not drawn.`,
      "Give it the ending .svg or .png.",
    );
}

/** How many worst rows to keep; a report shows some in any case. */
export function topCount({ top, report }: EvalFlags): number {
  if (top === undefined) return report === undefined ? 0 : 10;
  const count = Number(top);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new CommandError(
      `--top ${top} is no number of rows.`,
      "Give a whole number from 1, as in --top 20.",
    );
  return count;
}
