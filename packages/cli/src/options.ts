// Every verb, argument and flag, once: a row for each verb. The parser, the help, the docs and the shell completion
// are made from this table.

import { emitRow } from "./options/emit.ts";
import { evalRow } from "./options/eval.ts";
import { listRow } from "./options/list.ts";
import type { VerbRow } from "./options/row.ts";
import { showRow } from "./options/show.ts";

export type { Names, OptionRow, VerbRow } from "./options/row.ts";

export type Verb = "eval" | "list" | "show" | "emit";

export const verbs: { readonly [V in Verb]: VerbRow } = {
  eval: evalRow,
  list: listRow,
  show: showRow,
  emit: emitRow,
};

export const synopsis: { readonly summary: string; readonly examples: VerbRow["examples"] } = {
  summary: "Evaluate loss functions on real prediction files.",
  examples: [
    ["lossc eval preds.parquet --loss crossEntropy --by label", "the loss of a file, by class"],
    ["lossc list", "every loss there is"],
    ["lossc show focal", "one loss: formula, inputs, parameters"],
  ],
};
