// Pairs seen from the other side. In: any expressions. Out: Σ over n of x[n, m], given to m under the name n, as
// Σ over m of x[m, n]: a sum that each sample makes for itself, so that no sample writes what another one writes.
//
// What depends on one sample alone (a row's largest) is looked up at the other one; what is symmetric in the two, such
// as their distance, is the same expression again.

import { type Expr, iota, make } from "../../language/expr.ts";
import { rewriting } from "../../language/rewrite.ts";

export const sumFromOtherSide = rewriting({
  add: (_, a, b) => joinSums(a, b),
  rename: ({ attrs: { axis: from, to } }, sum) =>
    sum.op === "sum" && sum.attrs.axis === to ? exchange(sum.args[0], to!, from!)?.sum(from!) : undefined,
});

/** The expression with the axes n and m for each other; nothing where it looks things up across them. */
function exchange(root: Expr, n: string, m: string): Expr | undefined {
  const done = new Map<Expr, Expr | undefined>();
  const go = (expr: Expr): Expr | undefined => {
    if (!done.has(expr)) done.set(expr, step(expr));
    return done.get(expr);
  };
  const step = (expr: Expr): Expr | undefined => {
    const { op, kind, args, attrs, axes } = expr;
    const [hasN, hasM] = [axes.includes(n), axes.includes(m)];
    if (!hasN && !hasM) return expr;
    if (op === "iota") return iota(hasN ? m : n);
    if (op === "rename" && attrs.axis === n && attrs.to === m) return args[0];
    if (!hasM && (kind === "leaf" || kind === "reduce")) {
      // A table of its own (more than one number a sample) would have to be kept whole.
      const isSmall = kind === "leaf" || axes.length === 1;
      return isSmall ? make("rename", [expr], { axis: n, to: m }) : undefined;
    }
    const within = kind === "reduce" && attrs.axis !== n && attrs.axis !== m;
    if (kind !== "elementwise" && !within) return undefined;
    const parts = args.map(go);
    if (!parts.every((part) => part !== undefined)) return undefined;
    const isSymmetric = isCommutative.has(op) && parts[0] === args[1] && parts[1] === args[0];
    return isSymmetric ? expr : make(op, parts, attrs);
  };
  return go(root);
}
const isCommutative: ReadonlySet<string> = new Set(["add", "mul"]);

/** Σ x·u + Σ y·u = Σ (x + y)·u: both sides' pulls in one contraction. */
function joinSums(a: Expr, b: Expr): Expr | undefined {
  if (a.op !== "sum" || b.op !== "sum" || a.attrs.axis !== b.attrs.axis) return undefined;
  const [x, y] = [a.args[0], b.args[0]];
  if (x.op !== "mul" || y.op !== "mul") return undefined;
  for (const i of [0, 1]) {
    for (const k of [0, 1]) {
      if (x.args[i] === y.args[k])
        return x.args[1 - i]
          .add(y.args[1 - k])
          .mul(x.args[i])
          .sum(a.attrs.axis!);
    }
  }
  return undefined;
}
