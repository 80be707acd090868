// What printing asks of expressions: numbers and conditions, how long they are, in what order they stand.

import { constant, type Expr, make, topological } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { leafRank } from "./symbols.ts";

/** The value of a constant, else NaN. */
export const numberOf = ({ op, attrs }: Expr): number => (op === "constant" ? attrs.value! : Number.NaN);

/** How much there is to read. */
export function costOf(expr: Expr): number {
  const known = costs.get(expr);
  if (known !== undefined) return known;
  const nested = expr.op === "div" && isSum(expr.args[0]) && hasFraction(expr.args[0]); // above a fraction's line
  const cost = expr.args.reduce((total, arg) => total + costOf(arg), (own[expr.op] ?? 1) + (nested ? 12 : 0));
  costs.set(expr, cost);
  return cost;
}
const isSum = ({ op }: Expr): boolean => op === "add" || op === "sub";
const hasFraction = (expr: Expr): boolean =>
  expr.op === "div" ||
  ((isSum(expr) || expr.op === "mul" || expr.op === "neg") && expr.args.some(hasFraction));
const costs = new WeakMap<Expr, number>();
const own: { readonly [K in Op]?: number } = {
  neg: 0,
  take: 0,
  at: 0,
  rename: 0,
  sum: 2,
  where: 2,
  logSumExp: 3,
  softplus: 3,
};

const opposite: Readonly<Record<string, string>> = {
  lt: "ge",
  ge: "lt",
  gt: "le",
  le: "gt",
  eq: "ne",
  ne: "eq",
};
/** A condition's opposite. */
export function negate(condition: Expr): Expr {
  const { op, args } = condition;
  if (op === "constant") return constant(1 - numberOf(condition));
  if (op === "not") return args[0];
  return opposite[op] ? make(opposite[op] as "lt", args) : make("not", [condition]);
}

/** A condition on labels or indices, not on real numbers. */
export const isIndexed = (condition: Expr): boolean =>
  condition.args.some((arg) => arg.type === "int" || (arg.type === "bool" && isIndexed(arg)));

/** The order of factors: parameters, inputs, functions in brackets, functions without, truth values. */
export function rank(expr: Expr): number {
  const { op, args, type } = expr;
  if (type === "bool") return 10 - Math.min(costOf(expr), 99) / 100; // the longest first
  if (op === "param" || op === "input") return leafRank(expr);
  if (op === "constant" || op === "size") return 0;
  if (op === "square" || op === "sqrt" || op === "pow" || op === "take" || op === "at" || op === "rename")
    return rank(args[0]);
  if (op === "add" || op === "sub") return Math.min(6, Math.max(...args.map(rank)) + 0.5);
  return open.has(op) ? 8 : 5;
}
const open: ReadonlySet<Op> = new Set<Op>([
  "log",
  "softplus",
  "logSumExp",
  "sum",
  "segmentSum",
  "reduceMax",
  "reduceMin",
  "quantile",
]);

/** How often a node is written. */
export function occurrences(roots: readonly Expr[]): Map<Expr, number> {
  const count = new Map<Expr, number>();
  for (const root of roots) count.set(root, (count.get(root) ?? 0) + 1);
  for (const node of topological(roots).reverse()) {
    for (const arg of node.args) count.set(arg, (count.get(arg) ?? 0) + count.get(node)!);
  }
  return count;
}
