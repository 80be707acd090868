// Sums of sums. In: any expressions. Out: the same, in which Σ over n of Σ over m of x[n, m] sums the inner loop's axis
// first, so that a sample adds up its own row and no table of the inner sums is kept.

import { type Expr, make, nodesOf } from "../../language/expr.ts";
import { loopOrder } from "./order.ts";
import type { Lowerable } from "./prepare.ts";

export function reorderSums(roots: readonly Expr[], aliases: Lowerable["aliases"]): readonly Expr[] {
  const nodes = nodesOf(roots);
  if (!nodes.some(({ op, args }) => op === "sum" && args[0].op === "sum")) return roots;
  const { sorted } = loopOrder(roots, aliases);
  const users = new Map<Expr, number>(roots.map((root) => [root, 1]));
  const done = new Map<Expr, Expr>();
  for (const { args } of nodes) for (const arg of args) users.set(arg, (users.get(arg) ?? 0) + 1);
  const reordered = (sum: Expr): Expr => {
    const axes = [sum.attrs.axis!];
    let [x] = sum.args;
    // What something else reads too stays as it is.
    for (; x.op === "sum" && users.get(x) === 1; [x] = x.args) axes.push(x.attrs.axis!);
    return sorted(axes).reduceRight((inner, axis) => inner.sum(axis), done.get(x)!);
  };
  for (const expr of nodes) {
    const args = expr.args.map((arg) => done.get(arg)!);
    const same = args.every((arg, i) => arg === expr.args[i]);
    done.set(expr, expr.op === "sum" ? reordered(expr) : same ? expr : make(expr.op, args, expr.attrs));
  }
  return roots.map((root) => done.get(root)!);
}
