// Folds of which only some are looked up. In: expressions whose moves stand on what they read. Out: the same, in which
// what is folded for every class but read at the label alone (a cosine, say) is folded at the label alone.

import { type Expr, make, nodesOf, rebuild } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";

const folds: ReadonlySet<Op> = new Set<Op>(["sum", "norm", "reduceMax", "reduceMin"]);

export function foldWhereLookedUp(roots: readonly Expr[]): readonly Expr[] {
  const nodes = nodesOf(roots);
  if (!nodes.some(({ op }) => op === "take")) return roots;
  /** Read otherwise than by a lookup: all of it is needed. */
  const read = new Set<Expr>(roots);
  for (const { op, args } of nodes) {
    for (let i = op === "take" ? 1 : 0; i < args.length; i++) read.add(args[i]);
  }
  const moved = new Map<Expr, Expr>();
  for (const lookup of nodes) {
    if (lookup.op !== "take") continue;
    const [fold, index] = lookup.args;
    if (read.has(fold) || !folds.has(fold.op)) continue;
    const along = fold.attrs.axis!;
    const inside = make("take", [fold.args[0], index], lookup.attrs);
    // The lookup must bring in no axis that the fold would then run along or lack.
    const fits =
      !index.axes.includes(along) &&
      inside.axes.every((axis) => axis === along || lookup.axes.includes(axis));
    if (fits) moved.set(lookup, make(fold.op, [inside], fold.attrs));
  }
  // Twice, for a fold that was moved may itself hold a lookup; what is left after that is only slower.
  const move = (expr: Expr): Expr => moved.get(expr) ?? expr;
  return moved.size === 0 ? roots : rebuild(rebuild(roots, move), move);
}
