// --baseline: the constant prediction that has the least mean loss, found by the loss's own gradient, and how much better
// the model is: skill = 1 − L / L₀.

import type { TensorInput } from "lossc";
import type { Plan, PlannedInput } from "../plan.ts";
import { coarse } from "./coarse.ts";
import { leastOf, type Objective } from "./search.ts";
import { type Space, spaceOf } from "./space.ts";
import type { TruthTable } from "./truths.ts";

/** What a person may take for all rows. */
export type Constant = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

export interface Baseline {
  readonly constant: Constant;
  /** The mean loss of the constant on the rows of a group, or on all. */
  valueOf(group: number | undefined): number;
  readonly sampled: boolean;
}

/** Undefined where there is no finite one. */
export function baselineOf(plan: Plan, truths: TruthTable): Baseline | undefined {
  const inputs = plan.inputs.filter(({ wanted }) => wanted.spec.role === "model");
  const spaces = inputs.map((input) => spaceOf(input, plan.parameters));
  // A number that is ignored must stay the number it is.
  const few = plan.options.ignoreIndex === undefined ? coarse(truths) : truths;
  const least = leastOf(objectiveOf(plan, few, inputs, spaces), startsOf(few, inputs, spaces));
  if (!least) return undefined;
  const predictions = predictionsOf(least.free, spaces);
  return {
    constant: constantOf(inputs, predictions),
    valueOf: (group) =>
      meanOf(plan, group === undefined ? truths : ofGroup(truths, group), inputs, predictions),
    sampled: truths.sampled,
  };
}

/** The parts of the free numbers, one for each input. */
function parts(free: Float64Array, spaces: readonly Space[]): Float64Array[] {
  let from = 0;
  return spaces.map(({ size }) => {
    from += size;
    return free.subarray(from - size, from);
  });
}

const predictionsOf = (free: Float64Array, spaces: readonly Space[]): Float64Array[] =>
  parts(free, spaces).map((part, i) => spaces[i].at(part));

function inputsOf(
  plan: Plan,
  truths: TruthTable,
  inputs: readonly PlannedInput[],
  predictions: readonly Float64Array[],
) {
  const given: Record<string, TensorInput> = { ...plan.constants, [truths.input.wanted.name]: truths.target };
  for (const [i, { wanted, matrix }] of inputs.entries()) {
    const data = new Float64Array(truths.size * matrix.width);
    for (let row = 0; row < truths.size; row++) data.set(predictions[i], row * matrix.width);
    given[wanted.name] = { data, shape: matrix.width === 1 ? [truths.size] : [truths.size, matrix.width] };
  }
  return given;
}

function objectiveOf(
  plan: Plan,
  truths: TruthTable,
  inputs: readonly PlannedInput[],
  spaces: readonly Space[],
): Objective {
  const wrt = inputs.map(({ wanted }) => wanted.name);
  return (free) => {
    const given = inputsOf(plan, truths, inputs, predictionsOf(free, spaces));
    const { value, grads } = plan.spec.loss.valueAndGrad(given, {
      ...plan.options,
      weight: truths.weight,
      wrt,
      validate: false,
    });
    const slope = new Float64Array(free.length);
    let from = 0;
    for (const [i, space] of spaces.entries()) {
      const { data } = grads[wrt[i]];
      const { width } = inputs[i].matrix;
      const by = new Float64Array(width);
      for (let k = 0; k < data.length; k++) by[k % width] += data[k];
      slope.set(space.pull(free.subarray(from, from + space.size), by), from);
      from += space.size;
    }
    return { value, slope };
  };
}

function meanOf(
  plan: Plan,
  truths: TruthTable,
  inputs: readonly PlannedInput[],
  predictions: readonly Float64Array[],
): number {
  if (truths.size === 0) return Number.NaN;
  const given = inputsOf(plan, truths, inputs, predictions);
  const options = { ...plan.options, weight: truths.weight, validate: false, onEmpty: "nan" };
  return plan.spec.loss(given, options) as number;
}

function ofGroup(truths: TruthTable, group: number): TruthTable {
  const places = Int32Array.from(truths.groups.keys()).filter((i) => truths.groups[i] === group);
  const { target } = truths;
  const pick = <N extends Float64Array | Int32Array>(numbers: N, empty: N, width: number): N => {
    for (const [k, i] of places.entries()) empty.set(numbers.subarray(i * width, (i + 1) * width), k * width);
    return empty;
  };
  const rows = target as { readonly data: Float64Array; readonly shape: readonly number[] };
  const width = ArrayBuffer.isView(target) ? 1 : rows.shape[1];
  const floats = (numbers: Float64Array) => pick(numbers, new Float64Array(places.length * width), width);
  const picked = (): TensorInput => {
    if (target instanceof Int32Array) return pick(target, new Int32Array(places.length), 1);
    if (target instanceof Float64Array) return floats(target);
    return { data: floats(rows.data), shape: [places.length, width] };
  };
  return {
    ...truths,
    size: places.length,
    target: picked(),
    weight: pick(truths.weight, new Float64Array(places.length), 1),
  };
}

/** Where to begin: what a person would guess. */
function startsOf(
  truths: TruthTable,
  inputs: readonly PlannedInput[],
  spaces: readonly Space[],
): Float64Array[] {
  const guesses = spaces.map((space, i) => guessesOf(truths, inputs[i], space));
  const most = Math.max(...guesses.map((each) => each.length));
  return Array.from({ length: most }, (_, k) => {
    const free = new Float64Array(spaces.reduce((sum, { size }) => sum + size, 0));
    let from = 0;
    for (const [i, { size }] of spaces.entries()) {
      free.set(guesses[i][Math.min(k, guesses[i].length - 1)], from);
      from += size;
    }
    return free;
  });
}

/** Scores and logits, for a target that is 0, 1, −1: from sure of one side to sure of the other. */
const SCORES = [0, ...[0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.5, 2, 3, 5, 8, 13].flatMap((x) => [x, -x])];
const QUANTILES = Array.from({ length: 33 }, (_, i) => i / 32);

function guessesOf(truths: TruthTable, { matrix }: PlannedInput, space: Space): Float64Array[] {
  const { target, input } = truths;
  if (input.labels && matrix.width > 1) {
    const shares = new Float64Array(matrix.width).fill(1e-6);
    for (const [i, label] of (target as Int32Array).entries())
      if (label >= 0) shares[label] += truths.weight[i];
    const total = shares.reduce((sum, share) => sum + share, 0);
    const logs = shares.map((share) => Math.log(share / total));
    // A margin loss wants the most frequent class to lead by 1, and no more.
    const leader = shares.map((share) => (share === Math.max(...shares) ? 1 : 0));
    return [logs, leader, leader.map((x) => 4 * x), new Float64Array(matrix.width)];
  }
  if (!ArrayBuffer.isView(target)) {
    const { data, shape } = target as { readonly data: Float64Array; readonly shape: readonly number[] };
    const columns = Array.from({ length: shape[1] }, (_, k) => data.filter((_, i) => i % shape[1] === k));
    const quarters = columns.map((column) => quantiles(column, truths.weight, [0.25, 0.5, 0.75]));
    const mean = Float64Array.from(columns, (column) => weightedMean(column, truths.weight));
    const guesses = [mean, ...[0, 1, 2].map((k) => Float64Array.from(quarters, (three) => three[k]))];
    return guesses.map(space.from);
  }
  const values = Float64Array.from(target as Float64Array);
  const ofTarget = [weightedMean(values, truths.weight), ...quantiles(values, truths.weight, QUANTILES)];
  return [
    ...ofTarget.map((x) => space.from(Float64Array.of(x))),
    ...SCORES.map((x) => Float64Array.of(x)),
  ].filter(([free]) => Number.isFinite(free));
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, i) => sum + value * weights[i], 0) / total;
}

/** The values that shares of the weight do not exceed, smallest share first. */
function quantiles(values: Float64Array, weights: Float64Array, shares: readonly number[]): number[] {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const found: number[] = [];
  let passed = 0;
  for (const i of order) {
    passed += weights[i];
    while (found.length < shares.length && passed >= shares[found.length] * total) found.push(values[i]);
  }
  while (found.length < shares.length) found.push(values[order[order.length - 1]]);
  return found;
}

function constantOf(inputs: readonly PlannedInput[], predictions: readonly Float64Array[]): Constant {
  return Object.fromEntries(
    inputs.map(({ wanted, source }, i) => {
      const [first] = predictions[i];
      if (predictions[i].length === 1) return [wanted.name, first];
      const names = source.kind === "row" ? source.classes : [...predictions[i].keys()].map(String);
      return [wanted.name, Object.fromEntries(names.map((name, k) => [name, predictions[i][k]]))];
    }),
  );
}
