// From a definition and the form of a call to the program that engines run: the reduced value, its gradients,
// the weights' sum and the count, all as expressions of the language.

import type { Output, Program } from "../backends/backend.ts";
import { LossError } from "../errors.ts";
import { constant, type Expr, input, param, toExpr, topological, where } from "../language/expr.ts";
import { binaryTarget, classTarget } from "../language/targets.ts";
import { computedForm, formulaForm, gradient, runPasses } from "../passes/index.ts";
import { phrase } from "../phrase.ts";
import { rangesOf } from "./ranges.ts";
import { sumOver, weighSamples } from "./samples.ts";
import type { FullInput } from "./spec.ts";
import type { Definition, InputSpecs, ParamSpecs, PerSample } from "./types.ts";
import { optionLeaf, type Part, type Request, type Variant } from "./variant.ts";

/** How outputs are named that say how often a condition of a note holds. */
export const NOTE = "note.";

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
    arithmetic: definition.arithmetic,
    notes: perSample.notes ?? {},
    state: perSample.state ?? {},
  };
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
  const reduced = parts.map((part) => weighSamples(part, variant));
  const samples = reduced.filter(({ axes }) => axes.length > 0);
  const main = samples[0] ?? reduced[0];
  if (
    (variant.given.weight || variant.given.mask) &&
    samples.some(({ axes }) => axes.join() !== main.axes.join())
  )
    throw new LossError(
      "unsupported",
      phrase`its parts have different samples, so weights and masks do not fit them all.`,
      {
        loss,
        note: phrase`Evaluate the parts.`,
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
        phrase`its parts have different samples, so there is no loss per sample.`,
        {
          loss,
          note: phrase`Reduce with "mean" or "sum", or evaluate the parts.`,
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
  const gradients = gradient(root, leaves);
  gradients.forEach((expr, i) => {
    outputs[`grad.${request.wrt[i]}`] = { expr, axes: leaves[i].axes };
  });
  if (request.along && leaves.length > 0) {
    // Hv is the gradient of ⟨gradient, v⟩.
    const slope = gradients
      .map((expr, i) => expr.mul(input(optionLeaf.along(request.wrt[i]), leaves[i].axes)))
      .map((product, i) => sumOver(product, leaves[i].axes))
      .reduce(add);
    gradient(slope, leaves).forEach((expr, i) => {
      outputs[`second.${request.wrt[i]}`] = { expr, axes: leaves[i].axes };
    });
  }
  Object.assign(outputs, noteOutputs(parts));
  for (const { state } of parts) {
    for (const [name, expr] of Object.entries(state))
      outputs[`state.${name}`] = { expr: computedForm([expr])[0], axes: expr.axes };
  }
  return { ...programOf(outputs, parts, check), ranges: rangesOf(inputs, variant.forms) };
}

/** How often each condition holds that a caller should be told of. */
export function noteOutputs(parts: readonly Part[]): Record<string, Output> {
  const notes = parts.flatMap((part) => Object.entries(part.notes));
  return Object.fromEntries(
    notes.map(([text, condition]) => [
      `${NOTE}${text}`,
      { expr: sumOver(toExpr(condition), condition.axes), axes: [] },
    ]),
  );
}

/** The program that computes these outputs: the passes are run over all of them as one graph. `more` are expressions
 * beside the losses that give axes second names. */
export function programOf(
  outputs: Readonly<Record<string, Output>>,
  parts: readonly Part[],
  check = false,
  more: readonly Expr[] = [],
): Program {
  const names = Object.keys(outputs);
  const passed = runPasses(
    names.map((name) => outputs[name].expr),
    check,
  );
  return {
    outputs: Object.fromEntries(
      names.map((name, i) => [name, { expr: passed[i], axes: outputs[name].axes }]),
    ),
    aliases: aliasesIn([...parts.map(({ loss }) => loss), ...more]),
    ...(parts.some(({ arithmetic }) => arithmetic) && { arithmetic: "float64" }),
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
