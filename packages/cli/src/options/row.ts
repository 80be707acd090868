// What a row of the options table says, and the flags that every verb takes.

/** What a flag's value or an argument names: completion will offer it. */
export type Names = "loss" | "family" | "column" | "file" | "input" | "view" | "problem" | "shell";

export interface OptionRow {
  /** In commander's notation. */
  readonly flags: string;
  readonly doc: string;
  readonly names?: Names;
  /** May be given several times; the values are collected. */
  readonly repeats?: true;
  readonly choices?: readonly string[];
  readonly default?: string;
}

/** The words of a verb that are no flags. */
export interface ArgumentRow {
  readonly name: string;
  readonly doc: string;
  readonly names: Names;
  /** There may be several. */
  readonly repeats?: true;
}

export interface VerbRow {
  readonly summary: string;
  readonly argument?: ArgumentRow;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly options: readonly OptionRow[];
  /** Stands at the end of the help. */
  readonly notes?: string;
}

/** --format, with the formats that a verb can write. */
export const format = (...choices: string[]): OptionRow => ({
  flags: "-f, --format <format>",
  doc: "how the result is written; the ending of --output decides where this is not given",
  choices,
});

/** What every verb takes. */
export const common: readonly OptionRow[] = [
  {
    flags: "-o, --output <file>",
    doc: "write the result to this file; it appears when it is complete",
    names: "file",
  },
  { flags: "-q, --quiet", doc: "no notes and no progress on stderr" },
  { flags: "--no-color", doc: "no colours (as NO_COLOR=1; FORCE_COLOR=1 forces them)" },
  { flags: "--debug", doc: "stack traces, and the SQL that is run" },
  { flags: "--print-config", doc: "print the settings that hold and where each is from, and do nothing" },
  { flags: "--no-config", doc: "read no lossc.config.json" },
];
