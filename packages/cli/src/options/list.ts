// `lossc list`: its argument and flags.

import { common, format, type VerbRow } from "./row.ts";

export const listRow: VerbRow = {
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
};
