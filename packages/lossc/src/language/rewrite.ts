// Passes that are a table of rules, one for each op they change.

import { type Expr, nodesOf, renewed, topological } from "./expr.ts";
import type { Op } from "./ops.ts";

/** How a pass changes nodes of an op, whose arguments are changed already; nothing where it leaves one as it is. */
export type Rule = (node: Expr, a: Expr, b: Expr, c: Expr) => Expr | undefined;
export type Rules = { readonly [K in Op]?: Rule };

/** A pass: gives the list it was given where it changes nothing. */
export type Rewrite = (roots: readonly Expr[]) => readonly Expr[];

function rewrite(
  roots: readonly Expr[],
  nodes: readonly Expr[],
  rules: ReadonlyMap<string, Rule>,
  changed: Map<Expr, Expr>,
): readonly Expr[] {
  for (let i = 0; i < nodes.length; i++) {
    const expr = nodes[i];
    const node = changed.size === 0 ? expr : renewed(expr, changed);
    const { args } = node;
    const after = rules.get(node.op)?.(node, args[0], args[1], args[2]) ?? node;
    if (after !== expr) changed.set(expr, after);
  }
  return roots.some((root) => changed.has(root)) ? roots.map((root) => changed.get(root) ?? root) : roots;
}

/** A pass that is one change of every node. */
export function rewriting(rules: Rules): Rewrite {
  const byOp = new Map(Object.entries(rules));
  return (roots) => rewrite(roots, nodesOf(roots), byOp, new Map());
}

/** One that is run again and again over the same expressions. A rule looks at nothing but its node, so what was rewritten
 * once is known for good. */
export function remembering(rules: Rules): Rewrite {
  const byOp = new Map(Object.entries(rules));
  const known = new Set<Expr>();
  const changed = new Map<Expr, Expr>();
  return (roots) => {
    const nodes = topological(roots, known);
    const after = rewrite(roots, nodes, byOp, changed);
    for (let i = 0; i < nodes.length; i++) known.add(nodes[i]);
    return after;
  };
}
