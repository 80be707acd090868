// Contractions: sums of products (or squared differences) of two tables over a common axis, the one thing that
// wants a kernel of its own. In: a fold, or a store that adds up. Out: its two tables, or nothing.

import type { Expr } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import type { Contract } from "./ir.ts";
import { accessOf } from "./moves.ts";
import type { Store } from "./plan.ts";

/** Σ over `over` of left[rows, over] · right[columns, over]. */
export interface Contraction {
  readonly of: Contract["of"];
  readonly rows: string;
  readonly columns: string;
  readonly over: string;
  /** Has the tiled axis. */
  readonly left: Expr;
  /** Has the tiled axis only where that is summed over. */
  readonly right: Expr;
}

/** What is folded, and the op below it that joins the two tables. */
const forms: { readonly [K in Op]?: (body: Expr) => readonly [Contract["of"], Expr, Expr] | undefined } = {
  sum: (body) => {
    if (body.op === "mul") return ["product", body.args[0], body.args[1]];
    const [inner] = body.args;
    return body.op === "square" && inner.op === "sub"
      ? ["squaredDifference", inner.args[0], inner.args[1]]
      : undefined;
  },
  norm: (body) => (body.op === "sub" ? ["distance", body.args[0], body.args[1]] : undefined),
};

/** A fold for all samples of a tile and all of another axis. */
export function contractionOf(fold: Expr, tile: string): Contraction | undefined {
  if (fold.kind !== "reduce") return undefined;
  const form = forms[fold.op]?.(fold.args[0]);
  return form && tables(form, fold.attrs.axis!, tile);
}

/** What a tile adds to a table over two other axes. */
export function contractionInto({ value, at, accumulate }: Store, tile: string): Contraction | undefined {
  if (!accumulate || value.op !== "mul" || at.some((spot) => typeof spot !== "string")) return undefined;
  return tables(["product", value.args[0], value.args[1]], tile, tile);
}

function tables(
  [of, a, b]: readonly [Contract["of"], Expr, Expr],
  over: string,
  tile: string,
): Contraction | undefined {
  if (a.axes.length !== 2 || b.axes.length !== 2 || !a.axes.includes(over) || !b.axes.includes(over))
    return undefined;
  const [left, right] = a.axes.includes(tile) ? [a, b] : [b, a];
  const [rows, columns] = [left, right].map(({ axes }) => axes.find((axis) => axis !== over)!);
  const fits = left.axes.includes(tile) && rows !== columns && (over === tile) === right.axes.includes(tile);
  return fits ? { of, rows, columns, over, left, right } : undefined;
}

/** Whether it lies in memory as it is: an input, maybe under another axis name. */
export function isPlain(expr: Expr): boolean {
  const { base, spots } = accessOf(expr);
  return base.op === "input" && [...spots.values()].every((spot) => typeof spot === "string");
}
