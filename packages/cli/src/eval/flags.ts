// The flags of eval, read into what the rest works with.

import { CommandError } from "../errors.ts";
import type { OutputFlags } from "../output.ts";
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
  readonly engine?: "auto" | "sql" | "kernel";
  readonly perRow?: string;
  readonly top?: string;
  readonly plot?: string;
  readonly report?: string;
  readonly baseline?: boolean;
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
