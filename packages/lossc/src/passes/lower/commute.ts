// Products and sums that differ in the order of their arguments. In: any expressions. Out: the same, in which b · a is
// written as the a · b that stands before it, so that what two directions of a loss share (a similarity) is one node.

import type { Expr } from "../../language/expr.ts";
import { type Rewrite, type Rule, rewriting } from "../../language/rewrite.ts";

/** The first of those that are made of the same two. */
function firstOf(): Rule {
  const first = new Map<number, Expr>();
  return (node, a, b) => {
    const pair = pairOf(a, b);
    const known = first.get(pair);
    if (!known) first.set(pair, node);
    return known;
  };
}

export const shareCommuted: Rewrite = (roots) => rewriting({ add: firstOf(), mul: firstOf() })(roots);

/** A number for two, in either order. */
export const pairOf = (a: Expr, b: Expr): number => (a.id < b.id ? a.id * MOST + b.id : b.id * MOST + a.id);
/** More nodes than a table can hold; numbers of two are whole ones. */
const MOST = 2 ** 26;
