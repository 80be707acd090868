// Every verb, argument and flag, once. The parser, the help, and later the docs and the shell completion, are made
// from this table.

export type Verb = "eval" | "list" | "show";

/** What a flag's value or an argument names: completion will offer it. */
export type Names = "loss" | "family" | "column" | "file" | "input";

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

export interface VerbRow {
  readonly summary: string;
  readonly argument?: { readonly name: string; readonly doc: string; readonly names: Names };
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly options: readonly OptionRow[];
  /** Stands at the end of the help. */
  readonly notes?: string;
}

const format = (...choices: string[]): OptionRow => ({
  flags: "-f, --format <format>",
  doc: "how the result is written; the ending of --output decides where this is not given",
  choices,
});

/** What every verb takes. */
const common: readonly OptionRow[] = [
  {
    flags: "-o, --output <file>",
    doc: "write the result to this file; it appears when it is complete",
    names: "file",
  },
  { flags: "-q, --quiet", doc: "no notes and no progress on stderr" },
  { flags: "--no-color", doc: "no colours (as NO_COLOR=1; FORCE_COLOR=1 forces them)" },
  { flags: "--debug", doc: "stack traces, and the SQL that is run" },
];

export const verbs: { readonly [V in Verb]: VerbRow } = {
  eval: {
    summary: "evaluate losses on a file of predictions",
    argument: {
      name: "file",
      doc: "a .parquet, .csv, .tsv, .jsonl or .ndjson file; text may be .gz",
      names: "file",
    },
    examples: [
      [
        "lossc eval preds.parquet --loss crossEntropy",
        "columns label, logit_0, logit_1, … are found by name",
      ],
      [
        "lossc eval preds.parquet --loss crossEntropy --loss focal:gamma=2 --by label",
        "two losses, one scan, by class",
      ],
      [
        "lossc eval fit.csv --loss huber:delta=2 --prediction y_fit --target y",
        "say which columns are meant",
      ],
      ["lossc eval preds.csv --loss bceWithLogits:posWeight=3 --on-bad skip", "drop and count bad rows"],
      ["lossc eval boxes.csv --loss giou --format json", "columns pred_x1 … pred_y2, true_x1 … true_y2"],
    ],
    options: [
      {
        flags: "-l, --loss <name[:param=value,...]>",
        doc: "a loss, with parameters and options; give it again for more losses",
        names: "loss",
        repeats: true,
      },
      { flags: "-t, --target <columns...>", doc: "the column of the truth; four for a box", names: "column" },
      {
        flags: "-p, --prediction <columns...>",
        doc: "the column(s) a model made: one, one per class ('logit_*'), or four for a box",
        names: "column",
      },
      {
        flags: "--input <name=columns>",
        doc: "the column(s) of any other input, as --input variance=sigma2",
        names: "input",
        repeats: true,
      },
      {
        flags: "-b, --by <column>",
        doc: "one row for each value of this column, and a total",
        names: "column",
      },
      { flags: "-w, --weight <column>", doc: "the weight of each row, at least 0", names: "column" },
      {
        flags: "--on-bad <what>",
        doc: "stop at rows that cannot be used, or skip and count them",
        choices: ["error", "skip"],
        default: "error",
      },
      format("table", "json", "csv", "md"),
      ...common,
    ],
    notes: `The value is the mean: Σ weight·loss / Σ weight over the rows that count.
Exit codes: 0 fine, 2 wrong use, file or data, 130 interrupted.`,
  },
  list: {
    summary: "list the losses by family",
    examples: [
      ["lossc list", "every loss: what it is, its parameters"],
      ["lossc list --family regression", "one family"],
      ["lossc list --format json", "for programs"],
    ],
    options: [
      { flags: "--family <family>", doc: "only this family", names: "family" },
      format("table", "json", "csv", "md"),
      ...common,
    ],
  },
  show: {
    summary: "show one loss: formula, inputs, parameters, references",
    argument: { name: "name", doc: "a loss, as lossc list names it", names: "loss" },
    examples: [
      ["lossc show huber", "what it is, its formula, what it takes, a check value"],
      ["lossc show crossEntropy --format json", "for programs"],
    ],
    options: [format("table", "json", "md"), ...common],
  },
};

export const synopsis: { readonly summary: string; readonly examples: VerbRow["examples"] } = {
  summary: "Evaluate loss functions on real prediction files.",
  examples: [
    ["lossc eval preds.parquet --loss crossEntropy --by label", "the loss of a file, by class"],
    ["lossc list", "every loss there is"],
    ["lossc show focal", "one loss: formula, inputs, parameters"],
  ],
};
