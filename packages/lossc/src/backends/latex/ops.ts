// How each operation is printed: one row per op.

import type { Expr } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { numeral, productOf, sumOf, type Writer } from "./emit.ts";
import { negate, valueOf } from "./polynomial.ts";
import { isVector, sizeOf } from "./symbols.ts";

/** How tightly a text holds together. An open product (Σ x, log x) takes all that follows it. */
export const level = { loose: 0, relation: 1, sum: 2, open: 3, product: 4, power: 5, atom: 6 } as const;
export type Printed = readonly [text: string, level: number];
type Row = (write: Writer, expr: Expr) => Printed;

const product: Row = (write, expr) => productOf(write, expr);
const sum: Row = (write, expr) => sumOf(write, expr);

const atom = (text: string): Printed => [text, level.atom];
/** \log x, \log(1 + x) */
const named =
  (name: string): Row =>
  (write, { args: [a] }) => [`${name} ${write.text(a, level.atom)}`, level.open];
/** \sigma(x) */
const called =
  (name: string): Row =>
  (write, { args }) => atom(`${name}${bracket(args.map((arg) => write.text(arg, level.loose)).join(", "))}`);
const between =
  (left: string, right: string): Row =>
  (write, { args: [a] }) => atom(fence(left, right, write.text(a, level.loose)));
const power = (base: string, exponent: string): Printed => [`${base}^${exponent.length > 1 ? `{${exponent}}` : exponent}`, level.power];
const infix =
  (sign: string, own: number): Row =>
  (write, { args: [a, b] }) => [`${write.text(a, own + 1)} ${sign} ${write.text(b, own + 1)}`, own];

const tall = /\\frac|\\sum|\\max_|\\min_|\\begin/;
export const fence = (left: string, right: string, inner: string): string =>
  tall.test(inner) ? `\\left${left} ${inner} \\right${right}` : `${left}${inner}${right}`;
export const bracket = (inner: string): string => fence("(", ")", inner);

/** Σ, max, min … over an axis; conditions on the index stand below the sign. */
function over(write: Writer, sign: string, axis: string, body: Expr, conditions: readonly Expr[]): Printed {
  const inner = write.bind(axis);
  const letter = inner.indexOf(axis);
  const below = conditions.map((condition) => inner.text(condition, level.loose)).join(",\\, ");
  return [`${sign}_{${below.startsWith(letter) ? below : `${letter}${below && ` :\\, ${below}`}`}} ${inner.text(body, level.open)}`, level.open];
}

/** The truth values in a product that turn on an axis, and the product without them. */
function conditionsOn(axis: string, expr: Expr): [conditions: Expr[], rest: Expr] {
  if (expr.op !== "mul") return [[], expr];
  const [a, b] = expr.args;
  const [before, first] = conditionsOn(axis, a);
  if (b.type === "bool" && b.axes.includes(axis)) return [[...before, b], first];
  return before.length ? [before, first.mul(b)] : [[], expr];
}

const summed: Row = (write, { args: [a], attrs: { axis } }) => {
  if (a.op === "abs" && isVector(axis!)) return atom(`${fence("\\lVert ", " \\rVert", write.with(axis!, "").text(a.args[0], level.loose))}_1`);
  const [conditions, rest] = conditionsOn(axis!, a);
  return over(write, "\\sum", axis!, rest, conditions);
};

/** max over x where a condition holds: −∞ elsewhere says so. */
const extreme =
  (sign: string, nothing: number): Row =>
  (write, { args: [a], attrs: { axis } }) => {
    const [condition, x, otherwise] = a.args;
    if (a.op !== "where") return over(write, sign, axis!, a, []);
    if (valueOf(otherwise) === nothing) return over(write, sign, axis!, x, [condition]);
    if (valueOf(x) === nothing) return over(write, sign, axis!, otherwise, [negate(condition)]);
    return over(write, sign, axis!, a, []);
  };

/** A function of a whole row, seen at the index of its axis. */
const rowwise =
  (name: string): Row =>
  (write, { args: [a], attrs: { axis } }) => {
    const index = write.indexOf(axis!);
    return atom(`${name}${bracket(write.with(axis!, "").text(a, level.loose))}${index && `_{${index}}`}`);
  };

export const rows: { readonly [K in Op]: Row } = {
  input: (write, expr) => atom(write.leaf(expr)),
  param: (write, expr) => atom(write.leaf(expr)),
  constant: (_, expr) => {
    const text = numeral(valueOf(expr));
    return [text, text.startsWith("-") ? level.sum : level.atom];
  },
  size: (_, { attrs }) => atom(sizeOf(attrs.axis!)),
  iota: (write, { attrs }) => atom(write.indexOf(attrs.axis!)),

  neg: sum,
  abs: between("\\lvert ", " \\rvert"),
  sign: named("\\operatorname{sign}"),
  step: (write, { args: [a] }) => atom(`[${write.text(a, level.sum)} > 0]`),
  relu: (write, { args: [a] }) => atom(`\\max${bracket(`0,\\, ${write.text(a, level.loose)}`)}`),
  square: (write, { args: [a] }) => power(write.text(a, level.atom), "2"),
  sqrt: (write, { args: [a] }) => atom(`\\sqrt{${write.text(a, level.loose)}}`),
  exp: (write, { args: [a] }) => power("e", write.script().text(a, level.loose)),
  expm1: (write, { args: [a] }) => [`${rows.exp(write, a.exp())[0]} - 1`, level.sum],
  log: named("\\log"),
  log1p: (write, { args: [a] }) => [`\\log${bracket(`1 + ${write.text(a, level.open)}`)}`, level.open],
  log1mexp: (write, { args: [a] }) => [`\\log${bracket(`1 - ${write.text(a.exp(), level.open)}`)}`, level.open],
  softplus: (write, { args: [a] }) => [`\\log${bracket(`1 + ${write.text(a.exp(), level.open)}`)}`, level.open],
  sigmoid: called("\\sigma"),
  tanh: named("\\tanh"),
  sin: named("\\sin"),
  cos: named("\\cos"),
  atan: named("\\arctan"),
  floor: between("\\lfloor ", " \\rfloor"),
  lgamma: called("\\log\\Gamma"),
  digamma: called("\\psi"),
  trigamma: called("\\psi'"),

  add: sum,
  sub: sum,
  mul: product,
  div: product,
  pow: (write, { args: [a, b] }) => power(write.text(a, level.atom), write.script().text(b, level.loose)),
  min: called("\\min"),
  max: called("\\max"),
  above: (write, { args: [a, b] }) => atom(`[${write.text(a, level.sum)} > ${write.text(b, level.sum)}]`),
  weigh: product,
  gap: (write, { args: [a, b] }) => sumOf(write, a.sub(b)),
  exprel: (write, { args: [a, b] }) => atom(`\\varphi_{${write.text(b, level.loose)}}${bracket(write.text(a, level.loose))}`),

  lt: infix("<", level.relation),
  le: infix("\\le", level.relation),
  gt: infix(">", level.relation),
  ge: infix("\\ge", level.relation),
  eq: infix("=", level.relation),
  ne: infix("\\ne", level.relation),
  and: (write, { args: [a, b] }) => [`${write.text(a, level.relation)},\\, ${write.text(b, level.relation)}`, level.loose],
  or: (write, { args: [a, b] }) => [`${write.text(a, level.relation)} \\lor ${write.text(b, level.relation)}`, level.loose],
  not: (write, { args: [a] }) => [`\\lnot ${write.text(a, level.atom)}`, level.relation],
  where: (write, { args: [condition, a, b] }) => atom(casesOf([[write.text(a, level.loose), write.text(condition, level.loose)], [write.text(b, level.loose), ""]])),

  sum: summed,
  reduceMax: extreme("\\max", Number.NEGATIVE_INFINITY),
  reduceMin: extreme("\\min", Number.POSITIVE_INFINITY),
  argmax: extreme("\\operatorname*{arg\\,max}", Number.NEGATIVE_INFINITY),
  argmin: extreme("\\operatorname*{arg\\,min}", Number.POSITIVE_INFINITY),
  norm: (write, { args: [a], attrs: { axis } }) => atom(fence("\\lVert ", " \\rVert", write.with(axis!, "").text(a, level.loose))),
  logSumExp: (write, { args: [a], attrs: { axis } }) => [`\\log ${over(write, "\\sum", axis!, a.exp(), [])[0]}`, level.open],
  expRest: (write, { args: [a], attrs: { axis } }) => [`${over(write, "\\sum", axis!, a.sub(a.max(axis!)).exp(), [])[0]} - 1`, level.sum],
  quantile: (write, { args: [a, q], attrs: { axis } }) => {
    const inner = write.bind(axis!);
    const name = valueOf(q) === 0.5 ? "median" : "quantile";
    const index = valueOf(q) === 0.5 ? inner.indexOf(axis!) : `${write.text(q, level.loose)},\\, ${inner.indexOf(axis!)}`;
    return [`\\operatorname{${name}}_{${index}} ${inner.text(a, level.open)}`, level.open];
  },
  contract: (write, { args: [a, b], attrs: { axis } }) => {
    if (!isVector(axis!)) return over(write, "\\sum", axis!, a.mul(b), []);
    const vectors = write.with(axis!, "");
    return atom(`\\langle ${vectors.text(a, level.loose)},\\, ${vectors.text(b, level.loose)} \\rangle`);
  },
  softmax: rowwise("\\operatorname{softmax}"),
  logSoftmax: rowwise("\\operatorname{log\\,softmax}"),
  unit: rowwise("\\operatorname{unit}"),
  cumsum: rowwise("\\operatorname{cumsum}"),
  order: rowwise("\\operatorname{order}"),

  take: (write, { args: [a, index], attrs: { axis } }) => write.with(axis!, write.script().text(index, level.loose)).printed(a),
  segmentSum: (write, { args: [a, index], attrs: { axis, to } }) => {
    const inner = write.bind(axis!);
    return [`\\sum_{${inner.indexOf(axis!)} :\\, ${inner.text(index, level.sum)} = ${write.indexOf(to!)}} ${inner.text(a, level.open)}`, level.open];
  },
  at: (write, { args: [a], attrs: { axis, index } }) => write.with(axis!, String(index! + 1)).printed(a),
  rename: (write, { args: [a], attrs: { axis, to } }) => write.with(axis!, write.indexOf(to!)).printed(a),
  stopGradient: (write, { args: [a] }) => write.printed(a),
};

/** Pairs of a value and its condition; the last may have none. */
export const casesOf = (pairs: readonly (readonly [value: string, condition: string])[]): string =>
  `\\begin{cases} ${pairs.map(([value, condition]) => `${value} & ${condition ? `\\text{if } ${condition}` : "\\text{otherwise}"}`).join(" \\\\ ")} \\end{cases}`;
