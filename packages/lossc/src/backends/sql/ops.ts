// How each operation is printed as SQL: one row per op. A row that is a phrase says why there is none.

import type { Expr } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { type Phrase, phrase } from "../../phrase.ts";
import type { Writer } from "./emit.ts";
import { isBounded } from "./ranges.ts";

// How tightly a text holds together.
export const [LOOSE, AND, NOT, RELATION, SUM, PRODUCT, SIGN, ATOM] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
export type Printed = readonly [text: string, level: number];
export type Row = (write: Writer, node: Expr, a: Expr, b: Expr, c: Expr) => Printed;

const atom = (text: string): Printed => [text, ATOM];
const called =
  (name: string): Row =>
  (write, { args }) =>
    atom(`${name}(${args.map((arg) => write.number(arg)).join(", ")})`);
/** a + (b + c) keeps its parentheses: the other order rounds otherwise. */
const infix =
  (sign: string, level: number): Row =>
  (write, _, a, b) => [`${write.number(a, level)} ${sign} ${write.number(b, level + 1)}`, level];
const choice = (condition: string, yes: string, no: string): Printed =>
  atom(`CASE WHEN ${condition} THEN ${yes} ELSE ${no} END`);

/** NaN counts as larger than all and equal to itself in SQL, so a comparison that would hold for it says it must not. */
const comparison =
  (sign: string, holdsForNaN: readonly ("a" | "b")[]): Row =>
  (write, _, a, b) => {
    const text = `${write.number(a, SUM)} ${sign} ${write.number(b, SUM)}`;
    const guarded = holdsForNaN
      .map((side) => (side === "a" ? a : b))
      .filter((side) => write.range(side).mayBeNaN)
      .map((side) => `NOT ${write.dialect.isNaN(write.number(side))}`);
    return guarded.length === 0 ? [text, RELATION] : [[text, ...guarded].join(" AND "), AND];
  };

/** A function that stops the query outside its domain, there replaced by what IEEE says. */
const inDomain =
  (
    name: string,
    inside: (low: number) => boolean,
    condition: (x: string) => string,
    outside: (write: Writer, x: string) => string,
  ): Row =>
  (write, _, a) => {
    const x = write.number(a);
    const text = `${name}(${x})`;
    return inside(write.range(a).low) ? atom(text) : choice(condition(x), text, outside(write, x));
  };

const withoutInfinities =
  (name: string): Row =>
  (write, _, a) => {
    const x = write.number(a);
    if (isBounded(write.range(a))) return atom(`${name}(${x})`);
    return choice(`ABS(${x}) < ${write.dialect.infinity}`, `${name}(${x})`, write.dialect.nan);
  };

const REWRITTEN = phrase`it is written in terms of others before printing`;
const GRADIENT_ONLY = phrase`it occurs in gradients only, and SQL is made for values`;
const ORDER = phrase`it needs the order of a row or of all rows`;

export const rows: { readonly [K in Op]: Row | Phrase } = {
  input: (write, { attrs }) => atom(write.column(attrs.name!)),
  param: phrase`a parameter's number is put in its place before printing`,
  constant: (write, { attrs }) => {
    const text = write.numeral(attrs.value!);
    return [text, text.startsWith("-") ? SIGN : ATOM];
  },
  size: () => atom("COUNT(*)"), // of the rows: other axes are written out
  iota: ORDER,

  neg: (write, _, a) => {
    const text = write.number(a, SIGN);
    return [text.startsWith("-") ? `-(${text})` : `-${text}`, SIGN]; // "--" begins a comment
  },
  abs: called("ABS"),
  sign: REWRITTEN,
  step: REWRITTEN,
  relu: REWRITTEN,
  square: (write, _, a) => [`${write.number(a, SIGN)} * ${write.number(a, SIGN)}`, PRODUCT],
  sqrt: inDomain(
    "SQRT",
    (low) => low >= 0,
    (x) => `${x} >= 0`,
    ({ dialect }) => dialect.nan,
  ),
  exp: called("EXP"),
  expm1: REWRITTEN,
  log: inDomain(
    "LN",
    (low) => low > 0,
    (x) => `${x} > 0`,
    ({ dialect }, x) => `CASE WHEN ${x} = 0 THEN -${dialect.infinity} ELSE ${dialect.nan} END`,
  ),
  log1p: REWRITTEN,
  log1mexp: REWRITTEN,
  softplus: REWRITTEN,
  sigmoid: REWRITTEN,
  tanh: called("TANH"),
  sin: withoutInfinities("SIN"),
  cos: withoutInfinities("COS"),
  atan: called("ATAN"),
  floor: called("FLOOR"),
  lgamma: inDomain(
    "LGAMMA",
    (low) => low > 0,
    (x) => `${x} > 0`,
    ({ dialect }, x) => `CASE WHEN ${x} = 0 THEN ${dialect.infinity} ELSE ${dialect.nan} END`,
  ),
  digamma: GRADIENT_ONLY,
  trigamma: GRADIENT_ONLY,

  add: infix("+", SUM),
  sub: infix("-", SUM),
  mul: infix("*", PRODUCT),
  div: infix("/", PRODUCT),
  atan2: called("ATAN2"),
  pow: called("POW"),
  // NaN is the largest, and so would never be the least.
  min: (write, _, a, b) => {
    const ofNaN = [a, b]
      .filter((side) => write.range(side).mayBeNaN)
      .map((side) => `WHEN ${write.dialect.isNaN(write.number(side))} THEN ${write.number(side)} `);
    return atom(`CASE ${ofNaN.join("")}ELSE LEAST(${write.number(a)}, ${write.number(b)}) END`);
  },
  max: called("GREATEST"), // NaN is the largest
  above: REWRITTEN,
  weigh: REWRITTEN,
  gap: REWRITTEN,
  geometric: REWRITTEN,
  exprel: phrase`beyond the first order it occurs in second derivatives only`,

  lt: comparison("<", ["b"]),
  le: comparison("<=", ["b"]),
  gt: comparison(">", ["a"]),
  ge: comparison(">=", ["a"]),
  eq: (write, node, a, b, c) =>
    a === b
      ? [`NOT ${write.dialect.isNaN(write.number(a))}`, NOT] // x = x says that x is a number
      : comparison("=", write.range(b).mayBeNaN ? ["a"] : [])(write, node, a, b, c),
  ne: (write, _, a, b) => {
    const text = `${write.number(a, SUM)} <> ${write.number(b, SUM)}`;
    return write.range(a).mayBeNaN && write.range(b).mayBeNaN
      ? [`${text} OR ${write.dialect.isNaN(write.number(a))}`, LOOSE]
      : [text, RELATION];
  },
  and: (write, _, a, b) => [`${write.condition(a, AND)} AND ${write.condition(b, AND)}`, AND],
  or: (write, _, a, b) => [`${write.condition(a, LOOSE)} OR ${write.condition(b, LOOSE)}`, LOOSE],
  not: (write, _, a) => [`NOT ${write.condition(a, NOT)}`, NOT],
  where: (write, _, condition, a, b) => choice(write.condition(condition), write.number(a), write.number(b)),

  // Over the rows: axes of known size are written out.
  sum: (write, _, a) =>
    atom(
      a.type === "bool"
        ? `COUNT(*) FILTER (WHERE ${write.condition(a)})`
        : write.dialect.sum(write.number(a)),
    ),
  reduceMax: REWRITTEN,
  reduceMin: REWRITTEN,
  argmax: REWRITTEN,
  argmin: REWRITTEN,
  norm: REWRITTEN,
  logSumExp: REWRITTEN,
  expRest: REWRITTEN,
  quantile: ORDER,
  contract: REWRITTEN,
  softmax: REWRITTEN,
  logSoftmax: REWRITTEN,
  unit: REWRITTEN,
  cumsum: ORDER,
  order: ORDER,

  take: REWRITTEN,
  segmentSum: ORDER,
  at: REWRITTEN,
  rename: REWRITTEN,
  stopGradient: REWRITTEN,
  computedAs: REWRITTEN,
};
