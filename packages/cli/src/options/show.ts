// `lossc show`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const showRow: VerbRow = {
  summary: "show one loss: formula, inputs, parameters, references",
  argument: { name: "name", doc: "a loss, as lossc list names it", names: "loss" },
  examples: [
    ["lossc show huber", "what it is, its formula, what it takes, a check value"],
    ["lossc show crossEntropy --loops", "the loops that compute it and its gradient"],
    ["lossc show crossEntropy --format json", "for programs"],
  ],
  options: [
    {
      flags: "--loops",
      doc: "the loop program that its kernels are printed from, value and gradients together",
    },
    format("table", "json", "md"),
    ...common,
  ],
};
