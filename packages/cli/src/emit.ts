// `lossc emit`: prints a loss in another language.

import { quotedName, sqlOf } from "lossc/sql";
import { CommandError } from "./errors.ts";
import { type LossSpec, parseSpec } from "./eval/spec.ts";
import { checkOutput, type OutputFlags, writeResult } from "./output.ts";
import { didYouMean } from "./suggest.ts";

interface EmitFlags extends OutputFlags {
  readonly to: string;
  readonly from?: string;
  readonly input?: readonly string[];
  readonly by?: string;
  readonly weight?: string;
}

const targets: Readonly<Record<string, (spec: LossSpec, flags: EmitFlags) => string>> = {
  "sql:duckdb": sql,
  latex({ loss: { formula } }) {
    const gradients = Object.entries(formula.gradient).map(
      ([input, text]) => `% gradient by ${input}\n${text}`,
    );
    return [formula.value, ...gradients].join("\n\n");
  },
};

export async function emit(words: readonly string[], given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as EmitFlags;
  const [name] = words;
  if (name === undefined)
    throw new CommandError("no loss is named.", "Name one, as in lossc emit huber:delta=2");
  checkOutput(flags.output);
  writeResult(targets[flags.to](parseSpec(name), flags), flags.output);
}

function sql(spec: LossSpec, { from, by, weight, input = [] }: EmitFlags): string {
  const { loss, options, text } = spec;
  const needed = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
  const columns: Record<string, readonly string[]> = {};
  for (const [name, { axes }] of needed) columns[name] = columnsOf(name, axes, loss.expr.axes);
  for (const assignment of input) {
    const [, name, given] = /^([^=]+)=(.+)$/s.exec(assignment) ?? [];
    if (name === undefined)
      throw new CommandError(
        `--input ${assignment} is not of the form name=column.`,
        "Write it as in --input prediction=y_fit.",
      );
    const names = Object.keys(loss.inputs);
    if (!names.includes(name))
      throw new CommandError(
        `--input ${assignment}: ${loss.name} has no input "${name}".`,
        didYouMean(name, names, "Its inputs are"),
      );
    columns[name] = given.split(",");
  }
  const unknown = Object.entries(columns).find(([, names]) => names.length === 0);
  if (unknown)
    throw new CommandError(
      `${loss.name}: how many columns "${unknown[0]}" has is not known.`,
      `Name them: --input ${unknown[0]}=${unknown[0]}_0,${unknown[0]}_1,${unknown[0]}_2`,
    );
  const inputs = Object.fromEntries(
    Object.entries(columns).map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
  );
  const statement = sqlOf([{ loss, options, inputs, ...(weight !== undefined && { weight }) }], {
    ...(from !== undefined && { from }),
    ...(by !== undefined && { by: quotedName(by) }),
  });
  return `-- ${text}: partial sums, which merge by addition; the mean is loss_sum / weight_sum.\n${statement};`;
}

/** The columns of an input that is given none: its name, or its name and a place; none where their number is open. */
function columnsOf(name: string, axes: string, samples: readonly string[]): readonly string[] {
  const beside = axes
    .split(" ")
    .filter((word) => !samples.includes(word === "..." ? word : word.replace("...", "")));
  if (beside.length === 0 || samples.length === 0) return [name];
  const size = beside.length === 1 ? Number(beside[0]) : Number.NaN;
  return Number.isInteger(size) ? Array.from({ length: size }, (_, i) => `${name}_${i}`) : [];
}
