// From a definition and the form of a call to the program that engines run: the reduced value, its gradients,
// the weights' sum and the count, all as expressions of the language.

import type { Output, Program } from "../backends/backend.ts";
import { LossError } from "../errors.ts";
import { constant, type Expr, input, param, rebuild, toExpr, topological, where } from "../language/expr.ts";
import { opRow } from "../language/ops.ts";
import { binaryTarget, classTarget } from "../language/targets.ts";
import { computedForm, formulaForm, gradient, runPasses } from "../passes/index.ts";
import { rangesOf } from "./ranges.ts";
import type { FullInput } from "./spec.ts";
import type { Definition, InputSpecs, ParamSpecs, PerSample, Reduction } from "./types.ts";

/** Everything about a call that shapes its expressions, and no number that does not. */
export interface Variant {
  /** Parameter values that reach the definition as themselves. */
  readonly statics: Readonly<Record<string, unknown>>;
  /** Parameters given as one number per element of their axes. */
  readonly vectors: readonly string[];
  /** Whether a class target holds labels or probabilities. */
  readonly forms: Readonly<Record<string, "index" | "distribution">>;
  /** Inputs left out. */
  readonly absent: readonly string[];
  /** Which of the common options are given. */
  readonly given: {
    readonly weight?: boolean;
    readonly mask?: boolean;
    readonly classWeight?: boolean;
    readonly ignoreIndex?: boolean;
    readonly labelSmoothing?: boolean;
    readonly posWeight?: "number" | "tensor";
    readonly binaryEncoding?: boolean;
  };
}

/** What a call wants back. */
export interface Request {
  readonly reduction: Reduction;
  readonly meanOver: "weight" | "count";
  readonly wrt: readonly string[];
  readonly perSample: boolean;
  readonly upstream?: "number" | "perSample";
}

/** One summand of a loss: a plain loss has one, a combination several. */
export interface Part {
  readonly coefficient: Expr;
  /** The loss of one sample, as engines compute it. */
  readonly loss: Expr;
  /** The same as people read it. */
  readonly formula: Expr;
  /** Numbers that multiply a sample: class weights. */
  readonly weights: readonly Expr[];
  /** Conditions a sample must meet to count. */
  readonly keeps: readonly Expr[];
  readonly notes: Readonly<Record<string, Expr>>;
  readonly state: Readonly<Record<string, Expr>>;
}

/** Names of the leaves that hold common options: a dot keeps them apart from inputs and parameters. */
export const optionLeaf = {
  weight: "option.weight",
  mask: "option.mask",
  classWeight: "option.classWeight",
  ignoreIndex: "option.ignoreIndex",
  labelSmoothing: "option.labelSmoothing",
  posWeight: "option.posWeight",
  upstream: "option.upstream",
} as const;

const axisNames = (spec: FullInput): readonly string[] => spec.words.map((word) => word.name);

/** The leaf of an input in a variant: labels are integers, class probabilities have the class axis. */
export function inputLeaf(spec: FullInput, variant: Variant): Expr {
  if (spec.kind === "classes") {
    return variant.forms[spec.name] === "distribution"
      ? input(spec.name, [...axisNames(spec), spec.over!])
      : input(spec.name, axisNames(spec), "int");
  }
  return input(spec.name, axisNames(spec), spec.kind === "index" ? "int" : "float");
}

interface Side {
  /** What the definition gets for the input. */
  readonly symbol: unknown;
  readonly weights?: readonly Expr[];
  readonly keeps?: readonly Expr[];
}

/** One row per kind of input: what the definition gets, and what the input says of a sample's weight. */
const sides: Record<FullInput["kind"], (spec: FullInput, leaf: Expr, variant: Variant) => Side> = {
  float: (_, leaf) => ({ symbol: leaf }),
  index: (_, leaf) => ({ symbol: leaf }),
  classes: (spec, leaf, { forms, given }) => {
    const form = forms[spec.name] ?? "index";
    const over = spec.over!;
    const kept = given.ignoreIndex && form === "index" ? leaf.ne(param(optionLeaf.ignoreIndex)) : undefined;
    const target = kept ? where(kept, leaf, 0) : leaf;
    const masked = spec.maskedBy ? input(spec.maskedBy, [...axisNames(spec), over]) : undefined;
    const classWeight = param(optionLeaf.classWeight, [over]);
    const weightOfClass =
      form === "index"
        ? classWeight.take(spec.none ? target.max(0) : target, over)
        : classWeight.contract(target, over);
    return {
      symbol: classTarget({
        target,
        over,
        form,
        kept,
        none: spec.none,
        smoothing: given.labelSmoothing ? param(optionLeaf.labelSmoothing) : undefined,
        allowed: masked?.gt(Number.NEGATIVE_INFINITY),
      }),
      weights: given.classWeight ? [weightOfClass] : [],
      keeps: kept ? [kept] : [],
    };
  },
  binary: (spec, leaf, { given }) => ({
    symbol: binaryTarget(leaf, {
      smoothing: given.labelSmoothing ? param(optionLeaf.labelSmoothing) : undefined,
      posWeight: given.posWeight
        ? given.posWeight === "number"
          ? param(optionLeaf.posWeight)
          : input(optionLeaf.posWeight, axisNames(spec))
        : undefined,
    }),
    ...twoClasses(leaf, leaf, given),
  }),
  sign: (_, leaf, { given }) => {
    const sign = given.binaryEncoding ? leaf.mul(2).sub(1) : leaf;
    return { symbol: sign, ...twoClasses(leaf, sign.gt(0), given) };
  },
};

/** Class weights and ignored labels of a target with two classes; `share` is the positive class's. */
function twoClasses(leaf: Expr, share: Expr, given: Variant["given"]): Pick<Side, "weights" | "keeps"> {
  const weightOf = (index: number) => param(optionLeaf.classWeight, ["class"]).at("class", index);
  return {
    weights: given.classWeight ? [share.mul(weightOf(1)).add(constant(1).sub(share).mul(weightOf(0)))] : [],
    keeps: given.ignoreIndex ? [leaf.ne(param(optionLeaf.ignoreIndex))] : [],
  };
}

/** The summand a definition makes in a variant; `named` says what its parameters are called by the caller. */
export function partOf(
  definition: Definition<InputSpecs, ParamSpecs>,
  inputs: readonly FullInput[],
  params: ParamSpecs,
  variant: Variant,
  named: (name: string) => string = (name) => name,
): Part {
  const symbols: Record<string, unknown> = {};
  const weights: Expr[] = [];
  const keeps: Expr[] = [];
  for (const spec of inputs) {
    if (variant.absent.includes(spec.name)) continue;
    const side = sides[spec.kind](spec, inputLeaf(spec, variant), variant);
    symbols[spec.name] = side.symbol;
    weights.push(...(side.weights ?? []));
    keeps.push(...(side.keeps ?? []));
  }
  for (const [name, spec] of Object.entries(params)) {
    if (name in symbols) continue; // an input of this name was given, and takes the parameter's place
    const key = named(name);
    if (key in variant.statics) symbols[name] = variant.statics[key];
    else symbols[name] = param(key, variant.vectors.includes(key) ? [spec.axes!] : []);
  }
  const result = definition.expr(symbols as never);
  const perSample: PerSample = "op" in result ? { loss: result } : result;
  if (perSample.counted) keeps.push(perSample.counted);
  const [loss] = computedForm([perSample.loss]);
  return {
    coefficient: constant(1),
    formula: formulaForm([perSample.loss])[0],
    loss,
    weights,
    keeps,
    notes: perSample.notes ?? {},
    state: perSample.state ?? {},
  };
}

const sumOver = (expr: Expr, axes: readonly string[]): Expr =>
  axes.reduce((sum, axis) => sum.sum(axis), expr);

interface Reduced {
  readonly axes: readonly string[];
  /** w·ℓ of every sample. */
  readonly weighted: Expr;
  /** Σ w·ℓ, or the penalty itself. */
  readonly total: Expr;
  readonly weightSum: Expr;
  readonly count: Expr;
}

/** Weighs a summand's samples. One without sample axes is a penalty: weights and reductions leave it alone. */
function reduce(part: Part, variant: Variant): Reduced {
  const axes = part.loss.axes;
  const one = constant(1);
  if (axes.length === 0) return { axes, weighted: part.loss, total: part.loss, weightSum: one, count: one };
  const weights = variant.given.weight
    ? [input(optionLeaf.weight, axes), ...part.weights]
    : [...part.weights];
  const keeps = variant.given.mask ? [input(optionLeaf.mask, axes).ne(0), ...part.keeps] : [...part.keeps];
  if (weights.length === 0 && keeps.length === 0) {
    const count = sumOver(one, axes);
    return { axes, weighted: part.loss, total: sumOver(part.loss, axes), weightSum: count, count };
  }
  const product = weights.reduce((a, b) => a.mul(b), one);
  const weight = keeps.length
    ? where(
        keeps.reduce((a, b) => a.and(b)),
        product,
        0,
      )
    : product;
  const counted = weight.ne(0);
  const loss = mixesSamples(part.loss) ? part.loss : withoutUncounted(part.loss, counted);
  const weighted = weight.weigh(loss);
  const all = (expr: Expr) => axes.reduce((sum, axis) => sum.sum(axis), expr);
  return { axes, weighted, total: all(weighted), weightSum: all(weight), count: all(counted) };
}

/** Whether samples see one another: an axis of theirs has a second name, or is reduced on the way. */
function mixesSamples(loss: Expr): boolean {
  return topological([loss]).some(
    ({ op, attrs }) => opRow(op).kind !== "leaf" && op !== "take" && loss.axes.includes(attrs.axis!),
  );
}

/** A sample that does not count must not reach the result, whatever stands in its place (NaN padding, say). */
function withoutUncounted(loss: Expr, counted: Expr): Expr {
  const [result] = rebuild([loss], (expr) =>
    expr.op === "input" && loss.axes.every((axis) => expr.axes.includes(axis))
      ? where(counted, expr, 0)
      : expr,
  );
  return result;
}

const add = (a: Expr, b: Expr): Expr => a.add(b);

/** Builds what was requested and runs the passes over it. `check` verifies the graph after each pass. */
export function buildProgram(
  loss: string,
  parts: readonly Part[],
  inputs: readonly FullInput[],
  variant: Variant,
  request: Request,
  check = false,
): Program {
  const reduced = parts.map((part) => reduce(part, variant));
  const samples = reduced.filter(({ axes }) => axes.length > 0);
  const main = samples[0] ?? reduced[0];
  if (
    (variant.given.weight || variant.given.mask) &&
    samples.some(({ axes }) => axes.join() !== main.axes.join())
  )
    throw new LossError(
      "unsupported",
      "its parts have different samples, so weights and masks do not fit them all.",
      {
        loss,
        note: "Evaluate the parts.",
      },
    );
  const values = reduced.map(({ axes, total, weightSum, count }, i) => {
    const mean = request.reduction === "mean" && axes.length > 0;
    const whole = request.meanOver === "count" ? count : weightSum;
    // Of several summands, one of which nothing counts adds 0.
    const value = mean ? total.div(parts.length === 1 ? whole : where(whole.eq(0), 1, whole)) : total;
    return parts[i].coefficient.mul(value);
  });
  const outputs: Record<string, Output> = {
    weightSum: { expr: main.weightSum, axes: [] },
    count: { expr: main.count, axes: [] },
  };
  let root = values.reduce(add);
  if (request.perSample || request.upstream === "perSample") {
    if (reduced.some(({ axes }) => axes.join() !== main.axes.join())) {
      throw new LossError(
        "unsupported",
        "its parts have different samples, so there is no loss per sample.",
        {
          loss,
          note: 'Reduce with "mean" or "sum", or evaluate the parts.',
        },
      );
    }
    const perSample = reduced.map(({ weighted }, i) => parts[i].coefficient.mul(weighted)).reduce(add);
    if (request.perSample) outputs.perSample = { expr: perSample, axes: main.axes };
    if (request.upstream === "perSample")
      root = sumOver(perSample.mul(input(optionLeaf.upstream, main.axes)), main.axes);
  }
  outputs.value = { expr: values.reduce(add), axes: [] };
  if (request.upstream === "number") root = root.mul(param(optionLeaf.upstream));
  const leaves = request.wrt.map((name) => inputLeaf(inputs.find((spec) => spec.name === name)!, variant));
  gradient(root, leaves).forEach((expr, i) => {
    outputs[`grad.${request.wrt[i]}`] = { expr, axes: leaves[i].axes };
  });
  for (const { notes } of parts) {
    for (const [text, condition] of Object.entries(notes)) {
      outputs[`note.${text}`] = { expr: sumOver(toExpr(condition), condition.axes), axes: [] };
    }
  }
  for (const { state } of parts) {
    for (const [name, expr] of Object.entries(state))
      outputs[`state.${name}`] = { expr: computedForm([expr])[0], axes: expr.axes };
  }
  const names = Object.keys(outputs);
  const roots = names.map((name) => outputs[name].expr);
  const passed = runPasses(roots, check);
  return {
    outputs: Object.fromEntries(
      names.map((name, i) => [name, { expr: passed[i], axes: outputs[name].axes }]),
    ),
    aliases: aliasesIn(parts.map(({ loss }) => loss)),
    ranges: rangesOf(inputs, variant.forms),
  };
}

/** Second names of axes, from the renames that made them. */
function aliasesIn(roots: readonly Expr[]): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const { op, attrs } of topological(roots)) {
    if (op === "rename") aliases.set(attrs.to!, aliases.get(attrs.axis!) ?? attrs.axis!);
  }
  return aliases;
}
