// `lossc eval`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const evalRow: VerbRow = {
  summary: "evaluate losses on files of predictions",
  argument: {
    name: "files",
    doc: "Parquet, CSV, JSONL, NPY or NPZ, patterns of them ('part-*.parquet'), or - for standard input",
    names: "file",
    repeats: true,
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
    [
      "lossc eval preds.parquet --loss bceWithLogits --by group --top 20 --report report.html",
      "a page with pictures, groups and the worst rows",
    ],
    [
      "lossc eval preds.parquet --loss crossEntropy --fail-if 'crossEntropy > 0.3' --quiet",
      "in continuous integration",
    ],
    [
      "lossc eval logits.npy --target labels.npy --loss crossEntropy",
      "arrays are columns, called like their files",
    ],
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
    { flags: "--where <sql>", doc: "only the rows for which this SQL condition holds" },
    {
      flags: "--query <column>",
      doc: "rows with the same value here belong together: documents of a query, pixels of an image",
      names: "column",
    },
    { flags: "--batch <rows>", doc: "how many rows meet in a loss that compares the rows of a batch" },
    { flags: "--class-weight <weights>", doc: "a weight per class, 1,2,3, or balanced" },
    { flags: "--label-smoothing <share>", doc: "0 … 1, how much of the target goes to all classes alike" },
    { flags: "--ignore-index <label>", doc: "rows with this label do not count" },
    { flags: "--pos-weight <factor>", doc: "multiplies the loss of positive targets" },
    {
      flags: "--input-format <kind>",
      doc: "what a file holds, where its ending does not say",
      choices: ["parquet", "csv", "jsonl", "json", "npy", "npz"],
    },
    { flags: "--top <rows>", doc: "also show so many rows with the largest losses, of each loss" },
    {
      flags: "--id <column>",
      doc: "what rows are called there; a column id or key is found by name",
      names: "column",
    },
    { flags: "--baseline", doc: "also the best constant prediction, and the skill: 1 - loss / its loss" },
    {
      flags: "--reliability",
      doc: "also whether probabilities are honest, in 15 bins, and the calibration error",
    },
    {
      flags: "--per-row <file>",
      doc: "write all rows with loss and gradient columns to a .parquet, .csv or .jsonl",
      names: "file",
    },
    { flags: "--plot <file>", doc: "draw the result as .svg or .png", names: "file" },
    {
      flags: "--report <file>",
      doc: "write everything as one .html page that needs nothing else",
      names: "file",
    },
    {
      flags: "--fail-if <condition>",
      doc: "exit with 1 if it holds, as 'crossEntropy > 0.3' or 'max(focal) > 1'",
      repeats: true,
    },
    {
      flags: "--engine <engine>",
      doc: "sql computes in DuckDB, kernel row by row here, to the same 12 digits; auto is sql for large files of one number per row",
      choices: ["auto", "sql", "kernel"],
      default: "auto",
    },
    {
      flags: "--on-bad <what>",
      doc: "stop at rows that cannot be used, or skip and count them",
      choices: ["error", "skip"],
      default: "error",
    },
    format("table", "json", "jsonl", "csv", "md"),
    ...common,
  ],
  notes: `The value is the mean: Σ weight·loss / Σ weight over the rows that count.
Exit codes: 0 fine, 1 a --fail-if holds, 2 wrong use, file or data, 130 interrupted.`,
};
