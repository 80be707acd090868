// `objective`: gradient and Hessian diagonal of a loss by the raw margin, as boosting libraries ask for them.

import type { Output } from "../backends/backend.ts";
import { LossError } from "../errors.ts";
import { constant, type Expr, input, iota, rebuild, topological, where } from "../language/expr.ts";
import { gradient } from "../passes/index.ts";
import type { BatchOptions } from "./accumulate.ts";
import type { Body, Prepared } from "./body.ts";
import { bodyOf } from "./define.ts";
import { chooseEngine } from "./engines.ts";
import { readOptions } from "./options.ts";
import { keptProgram, sampleAxesOf } from "./prepare.ts";
import { inputLeaf, programOf } from "./program.ts";
import { inOrderOf } from "./result.ts";
import { type PreparedCall, prepareCall } from "./run.ts";
import { mixesSamples, sumOver, weighSamples } from "./samples.ts";
import type { FullInput } from "./spec.ts";
import { asTensor, moveAxis, placeIn } from "./tensors.ts";
import type { AnyLoss, InputSpecs, Inputs, Loss, Options, ParamSpecs, Tensor, TensorInput } from "./types.ts";
import type { Variant } from "./variant.ts";

export interface ObjectiveOptions {
  /** The input that the booster predicts; by default the one that a model produces. */
  readonly wrt?: string;
  /** The least second derivative returned: smaller ones are raised to it. Default: none are. */
  readonly minHessian?: number;
  /** "rows" (default): in the input's own order, all classes of a sample together, as XGBoost takes them. "columns": all
   * samples of a class together, as LightGBM's C interface does. */
  readonly layout?: "rows" | "columns";
}

/** What a booster needs of a round's predictions. */
export interface BoostingStep {
  /** dℓ/dmargin of every sample, times its weight. */
  readonly gradient: Tensor;
  /** d²ℓ/dmargin² of every sample and class, times its weight; at least `minHessian`. */
  readonly hessian: Tensor;
  /** Where the true second derivative is not positive (or NaN): how many, and the first ten places. */
  readonly notPositive: { readonly count: number; readonly first: readonly (readonly number[])[] };
}

/** Places that are shown of those where a Hessian is not positive. */
const MOST_PLACES = 10;
/** Numbers of samples × classes × classes that are computed at a time. */
const MOST_NUMBERS = 1 << 22;

/** The objective of a loss for gradient boosting: a function of a round's inputs.
 *
 * ```ts
 * const objectiveOf = objective(logistic, { minHessian: 1e-16 });
 * const { gradient, hessian } = objectiveOf({ score, target }, { weight });
 * ```
 *
 * Second derivatives are exact: the gradient's expression, differentiated again. Of a loss over a row (softmax) it is the
 * Hessian's diagonal. Losses are summed, not averaged, and weights multiply both. Options are the loss's own, and those
 * of `ObjectiveOptions`. Throws `unsupported` where samples meet or an input is no margin. */
export function objective<const I extends InputSpecs, const P extends ParamSpecs>(
  loss: Loss<I, P>,
  options?: Options<I, P> & ObjectiveOptions,
): (inputs: Inputs<I>, batch?: BatchOptions) => BoostingStep;
export function objective(
  loss: AnyLoss,
  options?: Readonly<Record<string, unknown>>,
): (inputs: Readonly<Record<string, TensorInput | undefined>>, batch?: BatchOptions) => BoostingStep;
export function objective(
  loss: object,
  options: Readonly<Record<string, unknown>> = {},
): (inputs: Readonly<Record<string, TensorInput | undefined>>, batch?: BatchOptions) => BoostingStep {
  const body = bodyOf(loss);
  const { wrt, minHessian = Number.NEGATIVE_INFINITY, layout = "rows", ...own } = options;
  if (typeof minHessian !== "number" || Number.isNaN(minHessian))
    throw badOption(body, "minHessian", minHessian, "a number");
  if (layout !== "rows" && layout !== "columns")
    throw badOption(body, "layout", layout, '"rows" or "columns"');
  readOptions(body.name, body.inputs, body.params, own, false);
  return (inputs, batch = {}) => {
    const given = { dtype: "float64", ...own, ...batch };
    const settings = readOptions(body.name, body.inputs, body.params, given, false);
    const margin = marginOf(body, inputs, wrt as string | undefined, settings.params);
    const call = prepareCall(body, inputs, settings, [], (variant) => secondOrder(body, variant, margin));
    const found = inChunks(body, settings.engine, call);
    const shape = call.bound.shapes.get(margin.name)!;
    const ordered = (data: ArrayLike<number>) => inOrderOf(margin, call.bound, settings.axis, data);
    const hessian = ordered(found.hessian);
    const isRow = call.program.outputs.gradient.axes.length > 1;
    const laidOut = (data: ArrayLike<number>): Tensor =>
      layout === "columns" && isRow
        ? classesFirst(data, shape, settings.axis)
        : asTensor(data, shape, "float64");
    return {
      gradient: laidOut(ordered(found.gradient)),
      hessian: laidOut(Float64Array.from(hessian, (h) => (h < minHessian ? minHessian : h))),
      notPositive: placesNotPositive(hessian, shape),
    };
  };
}

const badOption = ({ name }: Body, option: string, value: unknown, expected: string): LossError =>
  new LossError("bad-option", `"${option}" is ${JSON.stringify(value)}; it must be ${expected}.`, {
    loss: name,
    option,
  });

/** What a booster's margin, which may be any number, cannot be. */
const noMargin: Readonly<Record<string, string>> = {
  probability: "probabilities",
  distribution: "probabilities",
  logDistribution: "log-probabilities",
  box: "boxes",
};

function marginOf(
  { name: loss, inputs: specs }: Body,
  inputs: Readonly<Record<string, unknown>>,
  wrt: string | undefined,
  params: Readonly<Record<string, unknown>>,
): FullInput {
  const models = specs.filter(({ role, name }) => role === "model" && inputs?.[name] !== undefined);
  const found = wrt === undefined ? models[0] : specs.find(({ name }) => name === wrt);
  if (found === undefined || (wrt === undefined && models.length > 1)) {
    const names = specs.filter(({ role }) => role === "model").map(({ name }) => `"${name}"`);
    throw new LossError("bad-option", `objective: say which input is the margin: ${names.join(" or ")}.`, {
      loss,
      option: "wrt",
    });
  }
  const domain = typeof found.domain === "function" ? found.domain(params) : found.domain;
  if (domain !== undefined && domain in noMargin) {
    throw new LossError(
      "unsupported",
      `objective: "${found.name}" are ${noMargin[domain]}, no raw margins.`,
      {
        loss,
        input: found.name,
        note: "Take a loss of logits or scores.",
      },
    );
  }
  return found;
}

/** Gradient and Hessian diagonal of Σ w·ℓ by the margin, as a program.
 *
 * Where samples are pointwise, the Hessian of the sum is diagonal, and the gradient's sum differentiated again is its
 * diagonal. Over a row it is not: there every class gets a copy of the row of its own, in which that class's margin
 * alone is moved, by t. The sum's second derivative by t, at 0, is the diagonal. */
function secondOrder(body: Body, variant: Variant, margin: FullInput): Prepared {
  return keptProgram(body, [variant, "objective", margin.name], () => {
    const parts = body.parts(variant);
    const sampleAxes = sampleAxesOf(parts);
    const leaf = inputLeaf(margin, variant);
    const along = leaf.axes.filter((axis) => !sampleAxes.includes(axis));
    const fits = sampleAxes.every((axis) => leaf.axes.includes(axis)) && along.length <= 1;
    if (!fits || sampleAxes.length === 0 || parts.some(({ loss }) => mixesSamples(loss))) {
      throw new LossError(
        "unsupported",
        "objective: its samples meet, so there is no second derivative for each.",
        {
          loss: body.name,
          input: margin.name,
          note: "Boosting wants losses in which a sample's loss depends on its own margins alone.",
        },
      );
    }
    if (parts.some(({ loss }) => holdsConstant(loss, leaf))) {
      throw new LossError(
        "unsupported",
        "objective: its gradient holds a part constant that moves with the margin.",
        {
          loss: body.name,
          input: margin.name,
          note: "Second derivatives of such a loss are not those of its value.",
        },
      );
    }
    const weighted = parts.map((part) => part.coefficient.mul(weighSamples(part, variant).weighted));
    const [slope] = gradient(total(weighted), [leaf]);
    const [axis] = along;
    const hessian = axis === undefined ? again(slope, leaf) : diagonal(weighted, leaf, axis);
    const outputs: Record<string, Output> = {
      gradient: { expr: slope, axes: leaf.axes },
      hessian: {
        expr: hessian,
        axes: leaf.axes.map((name) => (name === axis ? copyOf(name) : name)),
      },
    };
    return { program: programOf(outputs, parts, false, [hessian]), sampleAxes };
  });
}

/** Whether something that depends on the leaf is held constant in the gradient. */
const holdsConstant = (loss: Expr, leaf: Expr): boolean =>
  topological([loss]).some((node) => node.op === "stopGradient" && topological([node]).includes(leaf));

const total = (terms: readonly Expr[]): Expr =>
  terms.map((term) => sumOver(term, term.axes)).reduce((a, b) => a.add(b));

/** d/dleaf of the sum of a gradient: the second derivatives, where samples do not meet. A softmax is differentiated as the
 * exponential of its logarithm, whose slope keeps 1 − p where p is nearly 1: else p(1 − p) were 0 there. */
function again(slope: Expr, leaf: Expr): Expr {
  const [kept] = rebuild([slope], (expr) =>
    expr.op === "softmax" ? expr.args[0].logSoftmax(expr.attrs.axis!).exp() : expr,
  );
  return gradient(total([kept]), [leaf])[0];
}

/** The second name of the class axis, along which the copies stand. */
const copyOf = (axis: string): string => `${axis}*`;

function diagonal(weighted: readonly Expr[], leaf: Expr, axis: string): Expr {
  const copy = copyOf(axis);
  const shift = input("objective.shift", [...leaf.axes.filter((name) => name !== axis), copy]);
  const moved = leaf.add(where(iota(axis).eq(iota(axis).rename(axis, copy)), shift, 0));
  const copies = replaced(weighted, leaf, moved);
  const [slope] = gradient(total(copies), [shift]);
  return replaced([again(slope, shift)], shift, constant(0))[0];
}

const replaced = (roots: readonly Expr[], leaf: Expr, by: Expr): Expr[] => {
  // What replaces the leaf is made of it, so it must not be replaced again.
  const hole = input("objective.hole", leaf.axes);
  const [filling] = rebuild([by], (expr) => (expr === leaf ? hole : expr));
  const changed = rebuild(roots, (expr) => (expr === leaf ? filling : expr));
  return rebuild(changed, (expr) => (expr === hole ? leaf : expr));
};

/** Runs a program, in chunks of samples where a row's copies would not fit into memory. */
function inChunks(
  { name }: Body,
  engineName: string,
  { program, bindings }: PreparedCall,
): { gradient: Float64Array; hessian: Float64Array } {
  const { axes } = program.outputs.gradient;
  const samples = bindings.sizes.get(axes[0])!;
  const row = axes.slice(1).reduce((all, axis) => all * bindings.sizes.get(axis)!, 1);
  const [gradientOf, hessianOf] = [new Float64Array(samples * row), new Float64Array(samples * row)];
  const chunk = Math.max(1, Math.floor(MOST_NUMBERS / (row * row)));
  const leaves = topological(Object.values(program.outputs).map(({ expr }) => expr)).filter(
    ({ op, axes: own, attrs }) => op === "input" && own[0] === axes[0] && bindings.inputs.has(attrs.name!),
  );
  for (let from = 0; from < samples; from += chunk) {
    const size = Math.min(chunk, samples - from);
    const inputs = new Map(bindings.inputs);
    for (const { attrs } of leaves) {
      const data = bindings.inputs.get(attrs.name!)!;
      const width = data.length / samples;
      inputs.set(attrs.name!, Array.prototype.slice.call(data, from * width, (from + size) * width));
    }
    const part = { ...bindings, inputs, sizes: new Map(bindings.sizes).set(axes[0], size) };
    const own = size === samples ? bindings : part;
    const engine = chooseEngine(name, engineName, program, own);
    const values = engine.run(program, own, {}, { precision: "float64" });
    gradientOf.set(Float64Array.from(values.gradient), from * row);
    hessianOf.set(Float64Array.from(values.hessian), from * row);
  }
  return { gradient: gradientOf, hessian: hessianOf };
}

function classesFirst(data: ArrayLike<number>, shape: readonly number[], axis: number): Tensor {
  const moved = moveAxis(data, shape, axis < 0 ? shape.length + axis : axis, 0);
  return asTensor(moved.data, moved.shape, "float64");
}

/** Places, in the shape of the margin, where the second derivative is not positive. */
function placesNotPositive(
  hessian: ArrayLike<number>,
  shape: readonly number[],
): BoostingStep["notPositive"] {
  const first: number[][] = [];
  let count = 0;
  for (let i = 0; i < hessian.length; i++) {
    if (hessian[i] > 0) continue;
    count += 1;
    if (first.length < MOST_PLACES) first.push(placeIn(shape, i));
  }
  return { count, first };
}
