// Sums of what is 0 but at one place. In: any expressions. Out: Σ over m of (m = k ? x : 0) as x looked up at k, and
// Σ over n of (m = k[n] ? x : 0) as a sum into bins, so that the gradient of a row's extreme costs one element.
//
// The condition may stand anywhere in a product: what is 0 at all other places stays 0 there (this drops the NaN
// that 0 · ∞ would give at a place that has no influence).

import { type Expr, make, where } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { rewriting } from "../../language/rewrite.ts";

/** `value` where iota(axis) = index, else 0. */
interface Spike {
  readonly axis: string;
  readonly index: Expr;
  readonly value: Expr;
}

type Spikes = readonly Spike[] | undefined;

const isZero = (expr: Expr): boolean => expr.op === "constant" && expr.attrs.value === 0;
const map = (spikes: Spikes, change: (value: Expr) => Expr): Spikes =>
  spikes?.map((spike) => ({ ...spike, value: change(spike.value) }));
const both = (a: Spikes, b: Spikes): Spikes => a && b && [...a, ...b];

/** The spikes an expression is the sum of; undefined where it is anything else. */
const rows: { readonly [K in Op]?: (node: Expr, a: Expr, b: Expr, c: Expr) => Spikes } = {
  where: (_, condition, a, b) => {
    if (isZero(b)) {
      const [left, right] = condition.args;
      if (condition.op === "eq" && left.op === "iota" && right.type === "int") {
        return [{ axis: left.attrs.axis!, index: right, value: a }];
      }
      return map(spikesOf(a), (value) => where(condition, value, 0));
    }
    return isZero(a) ? map(spikesOf(b), (value) => where(condition, 0, value)) : undefined;
  },
  neg: (_, a) => map(spikesOf(a), (value) => value.neg()),
  add: (_, a, b) => both(spikesOf(a), spikesOf(b)),
  sub: (_, a, b) =>
    both(
      spikesOf(a),
      map(spikesOf(b), (value) => value.neg()),
    ),
  mul: product,
  weigh: product,
  div: (_, a, b) => map(spikesOf(a), (value) => value.div(b)),
};

function product({ op }: Expr, a: Expr, b: Expr): Spikes {
  return (
    map(spikesOf(a), (value) => make(op, [value, b])) ?? map(spikesOf(b), (value) => make(op, [a, value]))
  );
}

const spikesOf = (expr: Expr): Spikes => rows[expr.op]?.(expr, expr.args[0], expr.args[1], expr.args[2]);

/** The sum over `axis` of one spike, where it is cheaper than the loop. */
function sumOf({ axis: along, index, value }: Spike, axis: string): Expr | undefined {
  const free = !index.axes.includes(along);
  if (along === axis) return free ? value.take(index, axis) : undefined;
  if (!free || !index.axes.includes(axis)) return undefined;
  return value.take(index, along).segmentSum(index, axis, along);
}

export const sumSpikes = rewriting({
  sum: (node, a) => {
    const sums = spikesOf(a)?.map((spike) => sumOf(spike, node.attrs.axis!));
    return sums?.every((sum) => sum !== undefined) ? sums.reduce((a, b) => a.add(b)) : undefined;
  },
});
