// The options of a call: which a loss takes, what each may be, and what a wrong one is told.

import { LossError, suggestion } from "../errors.ts";
import { hasClassAxis } from "./bind.ts";
import { engineNames } from "./engines.ts";
import { checkParam, type FullInput } from "./spec.ts";
import type { FloatArray, ParamSpecs, Reduction, TensorInput } from "./types.ts";

export interface Settings {
  readonly params: Readonly<Record<string, unknown>>;
  readonly reduction: Reduction;
  readonly meanOver: "weight" | "count";
  readonly weight?: TensorInput;
  readonly mask?: TensorInput;
  readonly onEmpty: "zero" | "nan" | "throw";
  readonly dtype?: "float32" | "float64";
  readonly validate: boolean;
  readonly engine: string;
  readonly classWeight?: readonly number[] | FloatArray | "balanced";
  readonly ignoreIndex?: number;
  readonly labelSmoothing?: number;
  readonly axis: number;
  readonly posWeight?: TensorInput;
  readonly encoding: "sign" | "binary";
  readonly wrt?: readonly string[];
  readonly perSample: boolean;
  readonly upstream?: TensorInput;
  readonly out: Readonly<Record<string, FloatArray>>;
}

interface OptionRow {
  /** Which losses take it: all, unless it says otherwise. */
  readonly taken?: (inputs: readonly FullInput[]) => boolean;
  /** Only `valueAndGrad` takes it. */
  readonly gradOnly?: true;
  /** What it must be, in words, where `fits` says it is not. */
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const oneOf = (...words: string[]) => ({
  expected: words.map((word) => `"${word}"`).join(" or "),
  fits: (value: unknown) => words.includes(value as string),
});
const anything = { expected: "", fits: () => true };
const truth = { expected: "true or false", fits: (value: unknown) => typeof value === "boolean" };
const hasKind =
  (...kinds: string[]) =>
  (inputs: readonly FullInput[]) =>
    inputs.some((spec) => kinds.includes(spec.kind));

/** Every common option, once. Numbers that come as tensors are checked when they are read. */
export const optionRows: Readonly<Record<string, OptionRow>> = {
  reduction: oneOf("mean", "sum", "none"),
  meanOver: oneOf("weight", "count"),
  weight: anything,
  mask: anything,
  onEmpty: oneOf("zero", "nan", "throw"),
  dtype: oneOf("float32", "float64"),
  validate: truth,
  engine: oneOf(...engineNames),
  classWeight: {
    taken: hasKind("classes", "binary", "sign"),
    expected: 'an array with a weight >= 0 for every class, or "balanced"',
    fits: (value) =>
      value === "balanced" ||
      (typeof value === "object" &&
        value !== null &&
        Array.from(value as number[]).every((w) => typeof w === "number" && w >= 0 && Number.isFinite(w))),
  },
  ignoreIndex: {
    taken: hasKind("classes", "binary", "sign"),
    expected: "a number",
    fits: (value) => typeof value === "number",
  },
  labelSmoothing: {
    taken: hasKind("classes", "binary"),
    expected: "a number in [0, 1)",
    fits: (value) => typeof value === "number" && value >= 0 && value < 1,
  },
  axis: {
    taken: (inputs) => inputs.some(hasClassAxis),
    expected: "a whole number",
    fits: (value) => Number.isInteger(value),
  },
  posWeight: { taken: (inputs) => inputs.some((spec) => spec.posWeight), ...anything },
  encoding: { taken: hasKind("sign"), ...oneOf("sign", "binary") },
  wrt: { gradOnly: true, expected: "an array of input names", fits: Array.isArray },
  perSample: { gradOnly: true, ...truth },
  upstream: { gradOnly: true, ...anything },
  out: {
    gradOnly: true,
    expected: "an object of arrays",
    fits: (value) => typeof value === "object" && value !== null,
  },
};

/** The names of all options a loss takes, its parameters first. */
export function optionNames(inputs: readonly FullInput[], params: ParamSpecs): string[] {
  const common = Object.entries(optionRows).filter(([, row]) => row.taken?.(inputs) ?? true);
  return [...Object.keys(params), ...common.map(([name]) => name)];
}

export function readOptions(
  loss: string,
  inputs: readonly FullInput[],
  specs: ParamSpecs,
  options: Readonly<Record<string, unknown>>,
  withGradient: boolean,
): Settings {
  const params: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (Object.hasOwn(specs, name)) {
      checkParam(loss, name, specs[name], value);
      params[name] = value;
      continue;
    }
    const row = Object.hasOwn(optionRows, name) ? optionRows[name] : undefined;
    if (row === undefined || row.taken?.(inputs) === false) {
      const known = optionNames(inputs, specs);
      throw new LossError("unknown-option", `there is no option "${name}".`, {
        loss,
        option: name,
        note: suggestion(name, known),
      });
    }
    if (row.gradOnly && !withGradient) {
      throw new LossError("unknown-option", `"${name}" is an option of ${loss}.valueAndGrad.`, {
        loss,
        option: name,
      });
    }
    if (!row.fits(value)) {
      const code = name === "engine" ? "unknown-engine" : "bad-option";
      throw new LossError(
        code,
        `"${name}" is ${typeof value === "string" ? JSON.stringify(value) : String(value)}; it must be ${row.expected}.`,
        { loss, option: name },
      );
    }
    common[name] = value;
  }
  for (const [name, spec] of Object.entries(specs))
    params[name] ??= name in params ? params[name] : spec.default;
  return {
    reduction: "mean",
    meanOver: "weight",
    onEmpty: "zero",
    validate: true,
    engine: "auto",
    axis: -1,
    encoding: "sign",
    perSample: false,
    out: {},
    ...common,
    params,
  } as Settings;
}
