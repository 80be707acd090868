// The order of loops, outermost first: as the inputs lie in memory, an axis right before its second name.

import { type Expr, topological } from "../../language/expr.ts";
import type { Lowerable } from "./prepare.ts";

export interface LoopOrder {
  /** Axes sorted, outermost first. */
  readonly sorted: (axes: Iterable<string>) => string[];
  /** The axis that an axis is a second name of, or itself. */
  readonly real: (axis: string) => string;
}

/** What is in order along an axis (a quantile, a sorted row) runs inside the loops over its columns. */
export function loopOrder(roots: readonly Expr[], aliases: Lowerable["aliases"]): LoopOrder {
  const nodes = topological(roots);
  const inputs = nodes.filter(({ op }) => op === "input");
  const declared = new Set(nodes.flatMap(({ op, axes }) => (op === "input" || op === "param" ? axes : [])));
  const isAlias = (axis: string): boolean => aliases.has(axis) && !declared.has(axis);
  const real = (axis: string): string => (isAlias(axis) ? aliases.get(axis)! : axis);

  const before = new Map<string, Set<string>>();
  const reaches = (from: string, to: string): boolean =>
    from === to || [...before].some(([inner, outers]) => outers.has(from) && reaches(inner, to));
  const must = (outer: string, inner: string): void => {
    if (outer === inner || reaches(inner, outer)) return; // what was said first holds
    before.set(inner, (before.get(inner) ?? new Set()).add(outer));
  };
  for (const { op, axes, attrs } of nodes) {
    if (op === "quantile" || op === "order") for (const column of axes) must(column, attrs.axis!);
  }
  for (const { axes } of inputs) {
    for (const [i, outer] of axes.entries()) for (const inner of axes.slice(i + 1)) must(outer, inner);
  }

  const named = new Set(nodes.flatMap(({ axes, attrs }) => [...axes, attrs.axis, attrs.to]));
  const order: string[] = [];
  const place = (axis: string): void => {
    if (order.includes(axis)) return;
    for (const outer of before.get(axis) ?? []) place(outer);
    order.push(axis);
    for (const other of named)
      if (other !== undefined && isAlias(other) && real(other) === axis) place(other);
  };
  for (const axis of named) if (axis !== undefined && !isAlias(axis)) place(axis);
  const at = new Map(order.map((axis, i) => [axis, i]));
  return { sorted: (axes) => [...axes].sort((a, b) => at.get(a)! - at.get(b)!), real };
}
