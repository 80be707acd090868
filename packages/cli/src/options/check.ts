// `lossc check`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const checkRow: VerbRow = {
  summary: "check a loss of your own: its gradient, its extremes, its float32",
  argument: {
    name: "loss",
    doc: "a .ts or .js file that exports a loss, or a name, with parameters",
    names: "loss",
  },
  examples: [
    [
      "lossc check ./my-loss.ts",
      "its gradient at random and extreme points, its card, the first input it breaks on",
    ],
    ["lossc check ./my-loss.ts:alpha=2 --seed 7", "with a parameter, at other points"],
    ["lossc check ./losses.ts#second", "one of several that a file exports"],
  ],
  options: [
    { flags: "--seed <number>", doc: "which random points", default: "1" },
    { flags: "--points <number>", doc: "how many random points", default: "50" },
    format("table", "json"),
    ...common,
  ],
  notes: `A file that exports a loss stands wherever a loss's name does: lossc eval preds.csv --loss ./my-loss.ts:alpha=2
Exit codes: 0 nothing breaks, 1 something does, 2 the file cannot be read or defines no loss.`,
};
