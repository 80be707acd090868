// Prints scalar expressions as SQL. What several of them use is a column of an inner SELECT, so each is computed once;
// an inner SELECT stands for a level of such columns.

import { type Expr, topological } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { type Dialect, quoted } from "./dialects.ts";
import { ATOM, LOOSE, type Printed, rows } from "./ops.ts";
import type { Range, Ranges } from "./ranges.ts";
import { unsupported } from "./scalars.ts";

export interface Writer {
  readonly dialect: Dialect;
  /** The text of a number, in parentheses unless it holds together at this level. */
  number(expr: Expr, level?: number): string;
  /** The text of a condition. */
  condition(expr: Expr, level?: number): string;
  column(input: string): string;
  numeral(value: number): string;
  range: (expr: Expr) => Range;
}

/** A column of an inner SELECT. */
export interface Step {
  readonly name: string;
  readonly text: string;
}

export interface Steps {
  /** Inner SELECTs from the inside out: each uses columns of those before it. */
  readonly levels: readonly (readonly Step[])[];
  /** The texts of the roots, in terms of inputs and steps. */
  readonly texts: readonly string[];
}

/** `roots` are over rows, or sums over rows. */
export function steps(roots: readonly Expr[], dialect: Dialect, ranges: Ranges): Steps {
  const nodes = topological(roots);
  const uses = new Map<Expr, number>();
  for (const node of nodes)
    for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + (repeating.has(node.op) ? 2 : 1));
  for (const root of roots) uses.set(root, (uses.get(root) ?? 0) + 1);

  const named = new Map<Expr, string>();
  const writer = writerWith(dialect, ranges, named);
  const depth = new Map<Expr, number>();
  const levels: Step[][] = [];
  for (const node of nodes) {
    const below = Math.max(0, ...node.args.map((arg) => depth.get(arg)!));
    const shared =
      node.axes.length > 0 && (uses.get(node) ?? 0) > 1 && !isCheap(node) && node.type !== "bool";
    depth.set(node, shared ? below + 1 : below);
    if (!shared) continue;
    const text = writer.number(node);
    levels[below] ??= [];
    const name = `_${named.size + 1}`;
    levels[below].push({ name, text });
    named.set(node, quoted(name));
  }
  const texts = roots.map((root) => (root.type === "bool" ? writer.condition(root) : writer.number(root)));
  return { levels, texts };
}

/** Ops whose text may hold an argument more than once. */
const repeating: ReadonlySet<Op> = new Set<Op>([
  "square",
  "log",
  "sqrt",
  "sin",
  "cos",
  "lgamma",
  "min",
  "eq",
]);

/** Not worth a column: a leaf, or the negative of one. */
const isCheap = ({ op, args }: Expr): boolean => args.length === 0 || (op === "neg" && isCheap(args[0]));

/** One text, in which what is used more than once stands in full each time. */
export const conditionText = (condition: Expr, dialect: Dialect, ranges: Ranges): string =>
  writerWith(dialect, ranges, new Map()).condition(condition);

function writerWith(dialect: Dialect, ranges: Ranges, named: ReadonlyMap<Expr, string>): Writer {
  const printed = (expr: Expr): Printed => {
    const name = named.get(expr);
    if (name !== undefined) return [name, ATOM];
    const row = rows[expr.op];
    if (typeof row !== "function") throw unsupported(expr.op, row);
    const [a, b, c] = expr.args;
    return row(writer, expr, a, b, c);
  };
  const fit = ([text, own]: Printed, level: number): string => (own < level ? `(${text})` : text);
  const writer: Writer = {
    dialect,
    // A truth value counts as 0 or 1.
    number: (expr, level = LOOSE) =>
      expr.type === "bool"
        ? `CASE WHEN ${fit(printed(expr), LOOSE)} THEN 1 ELSE 0 END`
        : fit(printed(expr), level),
    condition: (expr, level = LOOSE) => fit(printed(expr), level),
    column: quoted,
    numeral: (value) => numeral(value, dialect),
    range: ranges,
  };
  return writer;
}

/** Exactly this number: more than 15 digits would be read as a decimal and rounded twice. */
export function numeral(value: number, { infinity, nan }: Dialect): string {
  if (Number.isNaN(value)) return nan;
  if (!Number.isFinite(value)) return value < 0 ? `-${infinity}` : infinity;
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (text.includes("e")) return text;
  const digits = text.replace(/^-?0*\.?0*|\./g, "").length;
  return digits > 15 || Object.is(value, -0) ? `${text}e0` : text;
}
