// The order of loops, outermost first: as the inputs lie in memory, an axis right before its second name.

import { type Expr, nodesOf } from "../../language/expr.ts";
import type { Lowerable } from "./prepare.ts";

export interface LoopOrder {
  /** Axes sorted, outermost first; the same list where they are. */
  readonly sorted: (axes: readonly string[]) => readonly string[];
  /** The axis that an axis is a second name of, or itself. */
  readonly real: (axis: string) => string;
}

/** What is in order along an axis (a quantile, a sorted row) runs inside the loops over its columns. */
export function loopOrder(roots: readonly Expr[], aliases: Lowerable["aliases"]): LoopOrder {
  const nodes = nodesOf(roots);
  /** All axes, in the order of their first appearance, and those of inputs and parameters. */
  const named: string[] = [];
  const declared: string[] = [];
  /** For an axis those outside of it. */
  const before = new Map<string, string[]>();
  const reaches = (from: string, to: string): boolean => {
    if (from === to) return true;
    for (const [inner, outers] of before) if (outers.includes(from) && reaches(inner, to)) return true;
    return false;
  };
  const must = (outer: string, inner: string): void => {
    const outers = before.get(inner);
    if (outers?.includes(outer) || outer === inner || reaches(inner, outer)) return; // what was said first holds
    if (outers) outers.push(outer);
    else before.set(inner, [outer]);
  };
  for (let k = 0; k < nodes.length; k++) {
    const { op, axes, attrs } = nodes[k];
    if (k === 0 || axes !== nodes[k - 1].axes) addTo(named, axes);
    if (attrs.axis !== undefined && !named.includes(attrs.axis)) named.push(attrs.axis);
    if (attrs.to !== undefined && !named.includes(attrs.to)) named.push(attrs.to);
    if (op === "input" || op === "param") addTo(declared, axes);
    if (op === "quantile" || op === "order") for (const column of axes) must(column, attrs.axis!);
  }
  for (let k = 0; k < nodes.length; k++) {
    const { op, axes } = nodes[k];
    if (op !== "input") continue;
    for (let outer = 0; outer < axes.length; outer++)
      for (let inner = outer + 1; inner < axes.length; inner++) must(axes[outer], axes[inner]);
  }

  const isAlias = (axis: string): boolean => aliases.has(axis) && !declared.includes(axis);
  const real = (axis: string): string => (isAlias(axis) ? aliases.get(axis)! : axis);
  const order: string[] = [];
  const place = (axis: string): void => {
    if (order.includes(axis)) return;
    before.get(axis)?.forEach(place);
    order.push(axis);
    for (const other of named) if (isAlias(other) && real(other) === axis) place(other);
  };
  for (const axis of named) if (!isAlias(axis)) place(axis);

  const after = (a: string, b: string): number => order.indexOf(a) - order.indexOf(b);
  const sorted: LoopOrder["sorted"] = (axes) => {
    for (let i = 1; i < axes.length; i++)
      if (order.indexOf(axes[i - 1]) > order.indexOf(axes[i])) return [...axes].sort(after);
    return axes;
  };
  return { sorted, real };
}

function addTo(names: string[], axes: readonly string[]): void {
  for (let i = 0; i < axes.length; i++) if (!names.includes(axes[i])) names.push(axes[i]);
}
