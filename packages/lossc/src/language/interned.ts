// The table of all nodes, in which an equal one is found before it is made again.
//
// Definitions are finite and parameters symbolic: the table stays small.

import type { Attributes, Expr } from "./expr.ts";
import type { Op, ValueType } from "./ops.ts";

/** Nodes with arguments, by a number made of those; where that number has another node, at the next that is free. */
export const made = new Map<number, Expr>();
/** Nodes without arguments, by all they are. */
export const leaves = new Map<string, Expr>();

const isLike = (a: Attributes, b: Attributes): boolean =>
  a.axis === b.axis &&
  a.to === b.to &&
  a.index === b.index &&
  a.name === b.name &&
  Object.is(a.value, b.value);

/** The node with these arguments, or the number at which it would be. */
export function placeOf(op: Op, args: readonly Expr[], attrs: Attributes): Expr | number {
  let place = 0;
  for (let i = 0; i < args.length; i++)
    place = (Math.imul(place, 31) + Math.imul(args[i].id, 0x9e3779b1)) & MOST;
  for (let node = made.get(place); node; node = made.get(place)) {
    if (node.op === op && (node.attrs === attrs || isLike(node.attrs, attrs))) {
      let same = node.args.length === args.length;
      for (let i = 0; same && i < args.length; i++) same = node.args[i] === args[i];
      if (same) return node;
    }
    place = (place + 1) & MOST;
  }
  return place;
}
/** What engines keep as a small integer. */
const MOST = 0x3fffffff;

/** What a node without arguments is found by: inputs and parameters have axes and a type of their own. */
export function keyOf(op: Op, attrs: Attributes, axes: readonly string[], type: ValueType): string {
  const value = Object.is(attrs.value, -0) ? "-0" : attrs.value;
  return `${op};${attrs.name};${value};${attrs.axis};${axes.join(" ")};${type}`;
}
