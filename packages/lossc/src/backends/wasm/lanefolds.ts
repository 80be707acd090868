// Between the lanes of a vector, and between vectors: what folds are finished with.

import { type Func, lane, make, type Node, type Variable } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";

/** Combines neighbours, then what they gave, until one is left. */
export const pairwise = <T = Node>(items: readonly T[], combine: (a: T, b: T) => T): T => {
  if (items.length === 1) return items[0];
  const half = Math.ceil(items.length / 2);
  return combine(pairwise(items.slice(0, half), combine), pairwise(items.slice(half), combine));
};

/** A float64 scalar in every lane. */
export const toLanes = (v: Lanes, scalar: Node): Node =>
  v.precision === "float64"
    ? make("f64x2.splat", [scalar])
    : make("f32x4.splat", [make("f32.demote_f64", [scalar])]);
/** A vector's first lane as a float64 scalar. */
export const toScalar = (v: Lanes, x: Node): Node => {
  const first = lane(`${v.format.shape}.extract_lane`, [x], 0);
  return v.precision === "float64" ? first : make("f64.promote_f32", [first]);
};

/** Halves the lanes again and again: the other half beside each lane, until all hold the fold of all. */
export function acrossLanes(
  v: Lanes,
  f: Func,
  values: readonly Node[],
  combine: (a: readonly Node[], b: readonly Node[]) => readonly Node[],
): Variable[] {
  let current = values.map((value) => f.let(value));
  for (let distance = v.width / 2; distance >= 1; distance /= 2) {
    const order = Array.from({ length: v.width }, (_, i) => i ^ distance);
    const others = current.map((value) => f.let(v.lanes(value, value, order)));
    current = combine(current, others).map((value) => f.let(value));
  }
  return current;
}
