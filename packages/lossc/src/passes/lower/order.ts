// The order of loops, outermost first: as the inputs lie in memory, an axis right before its second name.

import type { Program } from "../../backends/backend.ts";
import { type Expr, topological } from "../../language/expr.ts";

/** All axes, outermost first. What is in order along an axis (a quantile) runs inside the loops over its columns. */
export function loopOrder(roots: readonly Expr[], aliases: Program["aliases"]): string[] {
  const nodes = topological(roots);
  const before = new Map<string, Set<string>>();
  const must = (outer: string, inner: string) => {
    if (outer === inner || reaches(inner, outer)) return; // what was said first holds
    before.set(inner, (before.get(inner) ?? new Set()).add(outer));
  };
  const reaches = (from: string, to: string): boolean =>
    from === to || [...before].some(([inner, outers]) => outers.has(from) && reaches(inner, to));
  for (const { op, axes, attrs } of nodes) {
    if (op === "quantile") for (const column of axes) must(column, attrs.axis!);
  }
  for (const { op, axes } of nodes) {
    if (op === "input") axes.forEach((axis, i) => axes.slice(i + 1).forEach((inner) => must(axis, inner)));
  }
  const named = new Set(nodes.flatMap(({ axes, attrs }) => [...axes, ...(attrs.axis ? [attrs.axis] : [])]));
  const isAlias = (axis: string) => aliases.has(axis) && (!aliases.has(aliases.get(axis)!) || axis.endsWith("'"));
  const order: string[] = [];
  const place = (axis: string): void => {
    if (order.includes(axis)) return;
    for (const outer of before.get(axis) ?? []) place(outer);
    if (order.includes(axis)) return;
    order.push(axis);
    for (const other of named) if (isAlias(other) && aliases.get(other) === axis) place(other);
  };
  for (const axis of named) if (!isAlias(axis)) place(axis);
  for (const axis of named) place(axis);
  return order;
}
