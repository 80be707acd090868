// Every verb, argument and flag, once: a row for each verb. The parser, the help, the docs and the shell completion
// are made from this table.

import { checkRow } from "./options/check.ts";
import { chooseRow } from "./options/choose.ts";
import { compareRow } from "./options/compare.ts";
import { completionRow } from "./options/completion.ts";
import { emitRow } from "./options/emit.ts";
import { evalRow } from "./options/eval.ts";
import { listRow } from "./options/list.ts";
import { plotRow } from "./options/plot.ts";
import type { VerbRow } from "./options/row.ts";
import { showRow } from "./options/show.ts";

export type { Names, OptionRow, VerbRow } from "./options/row.ts";

export type Verb = "eval" | "list" | "compare" | "show" | "emit" | "check" | "plot" | "choose" | "completion";

export const verbs: { readonly [V in Verb]: VerbRow } = {
  eval: evalRow,
  compare: compareRow,
  list: listRow,
  show: showRow,
  emit: emitRow,
  check: checkRow,
  plot: plotRow,
  choose: chooseRow,
  completion: completionRow,
};

export const synopsis: { readonly summary: string; readonly examples: VerbRow["examples"] } = {
  summary: "Evaluate loss functions on real prediction files.",
  examples: [
    ["lossc eval preds.parquet --loss crossEntropy --by label", "the loss of a file, by class"],
    ["lossc list", "every loss there is"],
    ["lossc show focal", "one loss: formula, inputs, parameters"],
  ],
};

/** The name under which a flag's value comes: `--by <column>` is `by`, `--on-bad <what>` is `onBad`. */
export const longName = (flags: string): string =>
  (/--(?:no-)?([a-z-]+)/.exec(flags)?.[1] ?? "").replace(/-([a-z])/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
