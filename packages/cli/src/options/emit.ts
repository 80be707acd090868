// `lossc emit`: its argument and flags.

import { common, type VerbRow } from "./row.ts";

export const emitRow: VerbRow = {
  summary: "print a loss in another language: SQL, LaTeX",
  argument: { name: "loss", doc: "a loss with its parameters, as huber:delta=2", names: "loss" },
  examples: [
    [
      "lossc emit binaryFocal:gamma=2 --to sql:duckdb",
      "one SELECT: partial sums over a table of predictions",
    ],
    [
      "lossc emit huber --to sql:duckdb --from \"'fit.parquet'\" --input prediction=y_fit --by region",
      "of these columns, by group",
    ],
    [
      "lossc emit crossEntropy --to sql:duckdb --input logits=logit_0,logit_1,logit_2",
      "a row of classes is a list of columns",
    ],
    ["lossc emit barron --to latex", "the formula of value and gradient"],
  ],
  options: [
    {
      flags: "--to <target>",
      doc: "what to print",
      choices: ["sql:duckdb", "latex"],
      default: "sql:duckdb",
    },
    { flags: "--from <sql>", doc: "SQL: what stands after FROM (default predictions)" },
    {
      flags: "--input <name=columns>",
      doc: "SQL: the column(s) of an input; by default those of its name",
      names: "input",
      repeats: true,
    },
    { flags: "-b, --by <column>", doc: "SQL: group by this column" },
    { flags: "-w, --weight <column>", doc: "SQL: the weight of each row" },
    ...common,
  ],
  notes: `The sums of parts of a table (files, days, machines) merge by addition; the mean is
loss_sum / weight_sum, and never an average of averages.`,
};
