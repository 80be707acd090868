// What is known of a value before any row is read: its bounds, and whether it may be NaN. Plain SQL is enough where
// nothing can go wrong; guards stand only where something can.

import type { Expr } from "../../language/expr.ts";
import { type Op, opRow } from "../../language/ops.ts";
import type { ElementwiseName } from "../../passes/lower/opNames.ts";
import { anything, exactly, type Range, rangeOf } from "../../passes/ranges.ts";

export type { Range };
export { anything };

const within = (low: number, high: number, mayBeNaN: boolean): Range => ({ low, high, mayBeNaN });
export const isBounded = ({ low, high, mayBeNaN }: Range): boolean =>
  !mayBeNaN && low > Number.NEGATIVE_INFINITY && high < Number.POSITIVE_INFINITY;
export const isNonZero = ({ low, high }: Range): boolean => low > 0 || high < 0;

/** Two implementations of a function agree to a few units in the last place: bounds are that much wider. */
const SLACK = 1e-14;
const lower = (x: number): number => x - SLACK * Math.abs(x);
const upper = (x: number): number => x + SLACK * Math.abs(x);
const rising =
  (f: (x: number) => number) =>
  (a: Range): Range =>
    within(lower(f(a.low)), upper(f(a.high)), a.mayBeNaN);

type Rule = (a: Range, b: Range, c: Range) => Range;

/** What the common table does not know: it serves kernels, which need no bounds of these. */
const rules: { readonly [K in Op]?: Rule } = {
  exp: rising(Math.exp),
  log: (a) => (a.low > 0 ? rising(Math.log)(a) : anything),
  sqrt: (a) => (a.low >= 0 ? rising(Math.sqrt)(a) : anything),
  weigh: (a, b) => (isBounded(a) && isBounded(b) ? rangeOf("mul", [a, b]) : anything),
  // Rounding keeps order: the bounds of a sum are the sums of bounds.
  add: (a, b) =>
    isBounded(a) && isBounded(b) ? within(a.low + b.low, a.high + b.high, false) : rangeOf("add", [a, b]),
  div: (a, b) => {
    if (!isBounded(a) || !isBounded(b) || !isNonZero(b)) return anything;
    const corners = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high];
    return within(Math.min(...corners), Math.max(...corners), false);
  },
  pow: (a, b) => {
    if (!isBounded(a) || !isBounded(b) || a.low < 0 || b.low < 0) return anything;
    const corners = [a.low ** b.low, a.low ** b.high, a.high ** b.low, a.high ** b.high];
    return within(Math.min(0, ...corners), upper(Math.max(1, ...corners)), false);
  },
};

export interface Ranges {
  (expr: Expr): Range;
  /** Notes that an expression is equal to another: it has the bounds of both. */
  keep(made: Expr, was: Expr): void;
}

/** The ranges of expressions without axes to reduce, from those of their inputs. */
export function rangesFrom(input: (leaf: Expr) => Range): Ranges {
  const known = new Map<Expr, Range>();
  const range = (expr: Expr): Range => {
    let found = known.get(expr);
    if (!found) {
      found = find(expr);
      known.set(expr, found);
    }
    return found;
  };
  const find = (expr: Expr): Range => {
    const { op, args, attrs } = expr;
    if (op === "input") return input(expr);
    if (op === "constant") return exactly(attrs.value!);
    const row = opRow(op);
    if (row.kind !== "elementwise") return anything;
    if (row.type === "bool") return within(0, 1, false);
    const [a, b, c] = args.map(range);
    const own = rules[op]?.(a, b, c);
    const common = own ?? rangeOf(op as ElementwiseName, args.map(range));
    return Number.isNaN(common.low) || Number.isNaN(common.high) ? anything : common;
  };
  const keep = (made: Expr, was: Expr): void => {
    const [a, b] = [range(made), range(was)];
    known.set(made, within(Math.max(a.low, b.low), Math.min(a.high, b.high), a.mayBeNaN && b.mayBeNaN));
  };
  return Object.assign(range, { keep });
}
