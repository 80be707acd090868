// `lossc eval`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const evalRow: VerbRow = {
  summary: "evaluate losses on a file of predictions",
  argument: {
    name: "file",
    doc: "a .parquet, .csv, .tsv, .jsonl or .ndjson file; text may be .gz",
    names: "file",
  },
  examples: [
    ["lossc eval preds.parquet --loss crossEntropy", "columns label, logit_0, logit_1, … are found by name"],
    [
      "lossc eval preds.parquet --loss crossEntropy --loss focal:gamma=2 --by label",
      "two losses, one scan, by class",
    ],
    ["lossc eval fit.csv --loss huber:delta=2 --prediction y_fit --target y", "say which columns are meant"],
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
};
