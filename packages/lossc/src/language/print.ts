// Prints expressions as text a person can read: infix where there is a sign for it, else op(arguments; axis).

import type { Expr } from "./expr.ts";
import type { Op } from "./ops.ts";

const infix: { readonly [K in Op]?: readonly [sign: string, level: number] } = {
  or: ["or", 1],
  and: ["and", 2],
  lt: ["<", 3],
  le: ["<=", 3],
  gt: [">", 3],
  ge: [">=", 3],
  eq: ["==", 3],
  ne: ["!=", 3],
  add: ["+", 4],
  sub: ["-", 4],
  mul: ["*", 5],
  div: ["/", 5],
  pow: ["^", 7],
};
const NEGATION = 6;
const ATOM = 8;

/** One line; what is used more than once stands in full each time, unless `names` has a name for it. */
export function print(expr: Expr, names: ReadonlyMap<Expr, string> = new Map()): string {
  return write(expr, 0, names);
}

function write(expr: Expr, outer: number, names: ReadonlyMap<Expr, string>): string {
  const name = names.get(expr);
  if (name !== undefined) return name;
  const { op, args, attrs } = expr;
  const sign = infix[op];
  if (sign) {
    const [symbol, level] = sign;
    const right = op === "sub" || op === "div" || op === "pow" || level === 3 ? level + 1 : level;
    return bracket(`${write(args[0], level, names)} ${symbol} ${write(args[1], right, names)}`, level, outer);
  }
  const leaf = leaves[op];
  if (leaf) return leaf(expr);
  if (op === "neg") return bracket(`-${write(args[0], NEGATION, names)}`, NEGATION, outer);
  if (op === "at") return `${write(args[0], ATOM, names)}[${attrs.axis}=${attrs.index}]`;
  if (op === "take") return `${write(args[0], ATOM, names)}[${attrs.axis}=${write(args[1], 0, names)}]`;
  const inner = args.map((arg) => write(arg, 0, names)).join(", ");
  const along =
    attrs.axis === undefined ? "" : `; ${attrs.axis}${attrs.to === undefined ? "" : ` -> ${attrs.to}`}`;
  return `${op}(${inner}${along})`;
}

const bracket = (text: string, level: number, outer: number): string => (level < outer ? `(${text})` : text);

const leaves: { readonly [K in Op]?: (expr: Expr) => string } = {
  input: ({ attrs }) => attrs.name!,
  param: ({ attrs }) => attrs.name!,
  constant: ({ attrs }) => String(attrs.value),
  size: ({ attrs }) => `size(${attrs.axis})`,
  iota: ({ attrs }) => `iota(${attrs.axis})`,
};
