// `lossc choose`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const chooseRow: VerbRow = {
  summary: "recommend losses for a problem, with reasons; looks at data first",
  argument: { name: "file", doc: "predictions or targets to look at first", names: "file" },
  examples: [
    ["lossc choose", "asks what the problem is"],
    ["lossc choose --problem outliers", "some targets are far off: which losses let go of them?"],
    ["lossc choose fit.parquet --target y --prediction y_fit", "looks at the residuals first"],
    ["lossc choose preds.csv", "finds the columns, and says what it saw: imbalance, label noise, tails"],
  ],
  options: [
    {
      flags: "--problem <problem>",
      doc: "what the problem is; give it again for more",
      names: "problem",
      repeats: true,
    },
    { flags: "-t, --target <column>", doc: "the column of the truth", names: "column" },
    { flags: "-p, --prediction <column>", doc: "the column that a model made", names: "column" },
    { flags: "--most <count>", doc: "how many losses are named for a problem", default: "4" },
    format("table", "json", "md"),
    ...common,
  ],
};
