// --class-weight, --label-smoothing, --ignore-index and --pos-weight: options of the library as flags, for all losses
// that take them.

import { CommandError } from "../errors.ts";
import type { Notes } from "../notes.ts";
import type { LossSpec, OptionValue } from "./spec.ts";

interface ClassFlags {
  readonly classWeight?: string;
  readonly labelSmoothing?: string;
  readonly ignoreIndex?: string;
  readonly posWeight?: string;
}

interface FlagRow {
  readonly flag: string;
  readonly expected: string;
  read(text: string): OptionValue | undefined;
}

const number = (text: string): number | undefined =>
  text.trim() === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);

const rows: { readonly [F in keyof ClassFlags]-?: FlagRow } = {
  classWeight: {
    flag: "--class-weight",
    expected: "balanced, or a weight per class as in 1,2.5,1",
    read(text) {
      if (text === "balanced") return text;
      const weights = text
        .replace(/^\[|\]$/g, "")
        .split(",")
        .map(number);
      return weights.every((weight) => weight !== undefined) ? weights : undefined;
    },
  },
  labelSmoothing: { flag: "--label-smoothing", expected: "a number, at least 0 and below 1", read: number },
  ignoreIndex: { flag: "--ignore-index", expected: "a label, as in -100", read: number },
  posWeight: { flag: "--pos-weight", expected: "a number above 0", read: number },
};

/** The losses with what the flags say; what --loss says of one has the last word. */
export function withClassOptions(
  specs: readonly LossSpec[],
  flags: ClassFlags,
  notes: Notes,
): readonly LossSpec[] {
  let changed = specs;
  for (const [option, row] of Object.entries(rows)) {
    const text = flags[option as keyof ClassFlags];
    if (text === undefined) continue;
    const value = row.read(text);
    if (value === undefined)
      throw new CommandError(`${row.flag} ${text} is not what it takes.`, `Give ${row.expected}.`);
    const without = specs.filter(({ loss }) => !loss.options.includes(option)).map(({ text }) => text);
    if (without.length === specs.length)
      throw new CommandError(
        `${row.flag}: ${without.join(", ")} ${without.length === 1 ? "does" : "do"} not take it.`,
        "Leave it out; lossc show NAME tells what a loss takes.",
      );
    if (without.length > 0) notes.say(`${row.flag} has no say in ${without.join(", ")}.`);
    changed = changed.map((spec) =>
      spec.loss.options.includes(option) ? { ...spec, options: { [option]: value, ...spec.options } } : spec,
    );
  }
  return changed;
}
