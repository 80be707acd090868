// Rows that differ from a rule at one or two places are written by the rule and patched. In: what is stored. Out:
// the same in which no condition "is this the label's place" is left in a row's loop: after the loop the true value is
// stored at that place.

import { constant, type Expr, make, size, topological, where } from "../../language/expr.ts";
import { simplify } from "../simplify.ts";
import type { Spot } from "./moves.ts";
import { pushMoves } from "./moves.ts";

export interface Patched {
  readonly output: string;
  readonly value: Expr;
  readonly at: readonly Spot[];
}

/** More places than these are better left to the loop. */
const MOST = 2;

export function patch(stored: readonly Patched[]): Patched[] {
  return stored.flatMap((one) => {
    const axis = one.at.at(-1);
    if (typeof axis !== "string" || one.at.length < 2) return [one];
    const places = placesIn(one.value, axis, one.at);
    if (places.size === 0 || places.size > MOST || hasRoutine(one.value, axis)) return [one];
    const rule = elsewhere(one.value, places);
    const patches = [...places.values()].map((index) => {
      const place = inside(index, axis);
      return {
        ...one,
        value: make("take", [one.value, place], { axis }),
        at: [...one.at.slice(0, -1), place],
      };
    });
    const values = simplify(pushMoves(simplify(pushMoves([rule, ...patches.map(({ value }) => value)]))));
    return [{ ...one, value: values[0] }, ...patches.map((each, i) => ({ ...each, value: values[i + 1] }))];
  });
}

/** Whether something is sorted or spread for each place: to have it at one place would be to do that again. */
const hasRoutine = (value: Expr, axis: string): boolean =>
  topological([value]).some(
    ({ op, kind, axes }) => axes.includes(axis) && (kind === "row" || op === "segmentSum"),
  );

/** The conditions iota(axis) = index that hold at one place of each row, with that place; only those that choose. */
function placesIn(value: Expr, axis: string, at: readonly Spot[]): Map<Expr, Expr> {
  const found = new Map<Expr, Expr>();
  const seen = new Set<Expr>();
  const other = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (seen.has(expr) || expr.kind !== "elementwise") return;
    seen.add(expr);
    for (let i = 0; i < expr.args.length; i++) {
      const arg = expr.args[i];
      const index = oneHotIndex(arg, axis);
      if (!index) visit(arg);
      else if (expr.op === "where" && i === 0 && index.axes.every((name) => at.includes(name)))
        found.set(arg, index);
      else other.add(arg);
    }
  };
  visit(value);
  for (const condition of other) found.delete(condition);
  return found;
}

/** The value at all places that are none of these. */
function elsewhere(value: Expr, places: ReadonlyMap<Expr, Expr>): Expr {
  const done = new Map<Expr, Expr>();
  const go = (expr: Expr): Expr => {
    if (expr.kind !== "elementwise") return expr;
    let result = done.get(expr);
    if (!result) {
      result =
        expr.op === "where" && places.has(expr.args[0])
          ? go(expr.args[2])
          : make(expr.op, expr.args.map(go), expr.attrs);
      done.set(expr, result);
    }
    return result;
  };
  return go(value);
}

function oneHotIndex({ op, args }: Expr, axis: string): Expr | undefined {
  if (op !== "eq" || args[0].op !== "iota" || args[0].attrs.axis !== axis || args[1].type !== "int")
    return undefined;
  return args[1].axes.includes(axis) ? undefined : args[1];
}

/** A place that is there, even where a label is none of the classes: storing what is right there changes nothing. */
function inside(index: Expr, axis: string): Expr {
  if (index.op === "argmax" || index.op === "argmin") return index;
  const low = where(index.ge(0), index, constant(0));
  return where(low.lt(size(axis)), low, size(axis).sub(1));
}
