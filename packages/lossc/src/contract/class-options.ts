// The options of classification: class weights, an ignored label, smoothing and positive weights, as leaves of a program.

import { LossError } from "../errors.ts";
import type { Bound } from "./bind.ts";
import type { Body } from "./body.ts";
import type { Settings } from "./options.ts";
import type { FullInput } from "./spec.ts";
import { read } from "./tensors.ts";
import { optionLeaf } from "./variant.ts";

/** A call's bindings, being filled. */
interface Bindings {
  readonly sizes: Map<string, number>;
  readonly inputs: Map<string, ArrayLike<number>>;
  readonly params: Map<string, number | ArrayLike<number>>;
}

/** Sets the leaves of classWeight, ignoreIndex, labelSmoothing and posWeight. */
export function setClassOptions(
  { name: loss, inputs: specs }: Body,
  bound: Bound,
  settings: Settings,
  { sizes, inputs: leaves, params }: Bindings,
): void {
  if (settings.ignoreIndex !== undefined) params.set(optionLeaf.ignoreIndex, settings.ignoreIndex);
  if (settings.labelSmoothing !== undefined) params.set(optionLeaf.labelSmoothing, settings.labelSmoothing);
  if (settings.classWeight !== undefined) {
    const spec = specs.find(({ kind }) => kind === "classes" || kind === "binary" || kind === "sign")!;
    const two = spec.kind !== "classes";
    if (two) sizes.set("class", 2);
    const classes = two ? 2 : sizes.get(spec.over!)!;
    const weights =
      settings.classWeight === "balanced"
        ? balancedWeights(spec, bound, classes, settings)
        : settings.classWeight;
    if (weights.length !== classes) {
      throw new LossError(
        "bad-option",
        `"classWeight" has ${weights.length} weights, but there are ${classes} classes.`,
        { loss, option: "classWeight" },
      );
    }
    params.set(optionLeaf.classWeight, weights);
  }
  if (settings.posWeight === undefined) return;
  const given = read(settings.posWeight, loss, "posWeight");
  const spec = specs.find(({ posWeight }) => posWeight)!;
  const shape = bound.shapes.get(spec.name)!;
  if (Array.from(given.data).some((w) => !(w >= 0)))
    throw new LossError("bad-option", '"posWeight" must be >= 0.', { loss, option: "posWeight" });
  if (typeof settings.posWeight === "number") params.set(optionLeaf.posWeight, settings.posWeight);
  else if (given.shape.join() === shape.join()) leaves.set(optionLeaf.posWeight, given.data);
  else if (given.shape.length === 1 && given.shape[0] === shape.at(-1)) {
    const width = given.data.length;
    leaves.set(
      optionLeaf.posWeight,
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => given.data[i % width]),
    );
  } else {
    throw new LossError(
      "shape-mismatch",
      `"posWeight" has shape [${given.shape.join(", ")}]; it must be a number, have one weight per element of the last axis (${shape.at(-1)}), or the shape of "${spec.name}".`,
      { loss, option: "posWeight" },
    );
  }
}

/** N / (C · count) of every class, counted over the batch; a class that does not occur weighs nothing. */
function balancedWeights(spec: FullInput, bound: Bound, classes: number, settings: Settings): number[] {
  const counts = new Array<number>(classes).fill(0);
  const { data } = bound.inputs.get(spec.name)!;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === settings.ignoreIndex) continue;
    if (bound.forms[spec.name] === "distribution") counts[i % classes] += data[i];
    else if (spec.kind === "classes") counts[data[i]] += 1;
    else {
      const share = spec.kind === "sign" ? +(data[i] > 0) : data[i];
      counts[1] += share;
      counts[0] += 1 - share;
    }
  }
  return balancedOf(counts);
}

/** N / (C · count); a class that does not occur weighs nothing. */
export function balancedOf(counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}
