// `lossc compare`: its arguments and flags.

import { evalRow } from "./eval.ts";
import { common, format, type VerbRow } from "./row.ts";

/** What eval says of the columns holds here too. */
const ofEval = [
  "--loss",
  "--target",
  "--prediction",
  "--input",
  "--by",
  "--weight",
  "--where",
  "--input-format",
  "--on-bad",
];
const shared = evalRow.options.filter(({ flags }) => ofEval.some((name) => flags.includes(`${name} `)));

export const compareRow: VerbRow = {
  summary: "compare two models row by row: is the difference real?",
  argument: {
    name: "files",
    doc: "two files of predictions; or one, with --against",
    names: "file",
    repeats: true,
  },
  examples: [
    [
      "lossc compare old.parquet new.parquet --loss crossEntropy --key id",
      "the same rows are those with the same id",
    ],
    [
      "lossc compare preds.csv --loss huber --target y --prediction y_old --against y_new",
      "two columns of one file",
    ],
    [
      "lossc compare a.csv b.csv --loss bceWithLogits --by region --format json",
      "by group; rows meet in their order",
    ],
  ],
  options: [
    ...shared,
    {
      flags: "-k, --key <column>",
      doc: "rows of the two files with the same value here are compared; else the first with the first",
      names: "column",
    },
    {
      flags: "--against <columns...>",
      doc: "with one file: the column(s) of the other model, as --prediction has the first's",
      names: "column",
    },
    { flags: "--top <rows>", doc: "how many of the rows that changed most are shown", default: "5" },
    { flags: "--confidence <share>", doc: "how sure the interval is", default: "0.95" },
    {
      flags: "--resamples <count>",
      doc: "how often rows are drawn again, and signs flipped",
      default: "2000",
    },
    { flags: "--seed <number>", doc: "which draws: the same seed gives the same figures", default: "1" },
    format("table", "json", "csv", "md"),
    ...common,
  ],
  notes: `difference = loss of B − loss of A: below 0, B is better. The interval is of the mean difference, by drawing rows
again (bootstrap); p is how often a difference as large comes about when each row's sign is a coin's (sign-flip
test). Above 50,000 rows both are from the normal distribution, which they then follow.
Exit codes: 0 fine, 2 wrong use, file or data, 130 interrupted.`,
};
