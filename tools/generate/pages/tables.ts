// What a loss takes, as tables: inputs, parameters, options.

import { defaultText, rangeText } from "../../../packages/cli/src/parameters.ts";
import { inputText } from "../../../packages/cli/src/show/sections.ts";
import type { AnyLoss } from "../../../packages/lossc/src/index.ts";
import { code, table } from "./markdown.ts";

export function inputsSection(loss: AnyLoss): string {
  const defaults = Object.fromEntries(
    Object.entries(loss.params).map(([name, spec]) => [name, spec.default]),
  );
  const rows = Object.entries(loss.inputs).map(([name, spec]) => {
    const domain = typeof spec.domain === "function" ? spec.domain(defaults) : spec.domain;
    return [
      code(name),
      spec.axes === "" ? "a number" : code(spec.axes),
      plainSigns(inputText({ ...spec, ...(domain !== undefined && { domain }) })),
      gradientText(spec),
    ];
  });
  return table(["input", "axes", "what it holds", "gradient"], rows);
}

/** Whether `valueAndGrad` gives a gradient by an input. */
function gradientText({ kind, role, labelsOnly }: AnyLoss["inputs"][string]): string {
  if (role === "model") return "yes";
  if (kind === "index" || labelsOnly) return "no";
  return kind === "classes" ? "if asked for, of probabilities" : "if asked for";
}

export function paramsSection(loss: AnyLoss): string {
  const rows = Object.entries(loss.params).map(([name, spec]) => [
    code(name),
    defaultText(spec.default),
    plainSigns(rangeText(spec)),
    spec.doc,
  ]);
  return rows.length === 0 ? "It has none." : table(["parameter", "default", "may be", "what it does"], rows);
}

/** Options of every loss; the index of the pages says what they do. */
export const everyLoss: Readonly<Record<string, string>> = {
  reduction: '`"mean"` (default) is Σ w·ℓ / Σ w, `"sum"` is Σ w·ℓ, `"none"` gives w·ℓ of every sample',
  meanOver: '`"weight"` (default) divides the mean by Σ w, `"count"` by the number of samples that count',
  weight: "a weight ≥ 0 per sample",
  mask: "false drops a sample",
  onEmpty: 'what nothing to average gives: `"zero"` (default), `"nan"` or `"throw"`',
  dtype: '`"float32"` or `"float64"`; default: as the inputs',
  validate: "false leaves out the checks of the values",
  engine: '`"auto"` (default), `"wasm"` or `"reference"`',
  wrt: "of `valueAndGrad`: the inputs to differentiate by",
  perSample: "of `valueAndGrad`: true gives every sample's loss as well",
  upstream: "of `valueAndGrad`: what gradients are multiplied by",
  out: "of `valueAndGrad`: arrays to write into",
};

/** Options that come with a kind of input. */
const byKind: Readonly<Record<string, string>> = {
  classWeight: 'a weight per class, or `"balanced"`: N / (C · count)',
  ignoreIndex: "samples with this label do not count",
  labelSmoothing: "ε in [0, 1): the target becomes (1 − ε) · target + ε / classes",
  axis: "the axis that holds the classes; default the last",
  posWeight: "multiplies the loss of positive targets",
  encoding: '`"sign"` (default) for targets −1 and +1, `"binary"` for 0 and 1',
};

/** Throws where an option is in neither table. */
export function optionsSection(loss: AnyLoss): string {
  const own = loss.options.filter((name) => !(name in loss.params) && !(name in everyLoss));
  const rows = own.map((name) => {
    if (!(name in byKind))
      throw new Error(`tools/generate/pages/tables.ts: say what the option "${name}" does`);
    return [code(name), byKind[name]];
  });
  const common =
    "The options of every loss (`reduction`, `weight`, `mask` …) are [with the index](README.md#options-of-every-loss).";
  return rows.length === 0 ? common : `${table(["option", "what it does"], rows)}\n\n${common}`;
}

/** Signs as in print. */
const plainSigns = (text: string): string =>
  text.replaceAll(">=", "≥").replaceAll("<=", "≤").replaceAll("-1", "−1");
