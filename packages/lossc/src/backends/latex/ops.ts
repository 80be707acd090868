// How each operation is printed: one row per op. Those that `tidy` rewrites are printed by name.

import { type Expr, rebuild } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { numeral, productOf, sumOf, type Writer } from "./emit.ts";
import { isIndexed, negate, numberOf } from "./nodes.ts";
import { isVector, sizeOf } from "./symbols.ts";

// How tightly a text holds together. An open product (Σ x, log x) takes all that follows it.
export const [LOOSE, RELATION, SUM, OPEN, PRODUCT, POWER, ATOM] = [0, 1, 2, 3, 4, 5, 6] as const;
export type Printed = readonly [text: string, level: number];
type Row = (write: Writer, node: Expr, a: Expr, b: Expr, c: Expr) => Printed;

const tall = /\\frac|\\sum|\\max_|\\min_|\\begin/;
const fence = (left: string, inner: string, right: string): string =>
  tall.test(inner)
    ? `\\left${left} ${inner} \\right${right}`
    : `${left}${/\w$/.test(left) ? " " : ""}${inner}${/^\\/.test(right) ? " " : ""}${right}`;
export const bracket = (inner: string): string => fence("(", inner, ")");
/** In braces, where it is more than one character. */
export const script = (text: string): string => (text.length > 1 ? `{${text}}` : text);

const atom = (text: string): Printed => [text, ATOM];
const leaf: Row = (write, node) => {
  const text = write.leaf(node);
  return [text, text.startsWith("\\cos") ? PRODUCT : ATOM];
};
const sum: Row = (write, node) => sumOf(write, node);
const product: Row = (write, node) => productOf(write, node);
const same: Row = (write, _, a) => write.printed(a);
/** \sigma(x) */
const called =
  (name: string): Row =>
  (write, { args }) =>
    atom(name + bracket(args.map((arg) => write.text(arg)).join(", ")));
const other: Row = (write, node, ...args) => called(`\\operatorname{${node.op}}`)(write, node, ...args);
/** \log x, \log(1 + x); \cos x is no open product: \cos x \sin y. */
const applied =
  (name: string, own: number = OPEN): Row =>
  (write, _, a) => {
    const text = write.text(a, ATOM);
    return [/^(\(|\\left\()/.test(text) ? name + text : `${name} ${text}`, own];
  };
const between =
  (left: string, right: string): Row =>
  (write, _, a) =>
    atom(fence(left, write.text(a), right));
const infix =
  (sign: string, own: number = RELATION): Row =>
  (write, _, a, b) => [`${write.text(a, own + 1)}${sign} ${write.text(b, own + 1)}`, own];

/** x^2, \cos^2 x */
function power(write: Writer, base: Expr, exponent: string): Printed {
  const raised = `^${script(exponent)}`;
  const [, name, argument] = /^(\\(?:cos|sin|tanh|arctan)\b)(.*)$/.exec(write.text(base, PRODUCT)) ?? [];
  const isApplied = name && base.op !== "mul" && base.op !== "div";
  return isApplied ? [name + raised + argument, PRODUCT] : [write.text(base, ATOM) + raised, POWER];
}

/** Σ, max, min … over an axis; conditions on the index stand below the sign. */
function over(
  write: Writer,
  sign: string,
  axis: string,
  body: Expr,
  conditions: readonly Expr[] = [],
): Printed {
  const inner = write.bind(axis);
  const letter = inner.indexOf(axis);
  const below = conditions.map((condition) => inner.text(condition)).join(",\\, ");
  const index = below.startsWith(letter) ? below : letter + (below && ` :\\, ${below}`);
  return [`${sign}_${script(index)} ${inner.text(body, OPEN)}`, OPEN];
}

/** The truth values about labels and indices in a product that turn on an axis, and the product without them. */
function conditionsOn(axis: string, expr: Expr): [conditions: Expr[], rest: Expr | undefined] {
  if (expr.type === "bool" && expr.axes.includes(axis) && isIndexed(expr)) return [[expr], undefined];
  if (expr.op !== "mul") return [[], expr];
  const [before, first] = conditionsOn(axis, expr.args[0]);
  const [after, second] = conditionsOn(axis, expr.args[1]);
  if (before.length + after.length === 0) return [[], expr];
  return [[...before, ...after], first && second ? first.mul(second) : (first ?? second)];
}

/** A function of a whole row, and the place in its result. */
const rowwise =
  (name: string): Row =>
  (write, { attrs: { axis } }, a) => {
    const index = write.indexOf(axis!);
    const text = `\\operatorname{${name}}${bracket(write.with(axis!, "").text(a))}`;
    return atom(index ? `${text}_${script(index)}` : text);
  };

/** max over x where a condition holds: −∞ elsewhere says so. */
const extreme =
  (sign: string, nothing: number): Row =>
  (write, { attrs: { axis } }, a) => {
    const [condition, x, otherwise] = a.op === "where" ? a.args : [];
    if (otherwise && numberOf(otherwise) === nothing) return over(write, sign, axis!, x, [condition]);
    if (otherwise && numberOf(x) === nothing) return over(write, sign, axis!, otherwise, [negate(condition)]);
    return over(write, sign, axis!, a);
  };

const norm = (write: Writer, a: Expr, axis: string): string =>
  fence("\\lVert", write.with(axis, "").text(a), "\\rVert");

/** Pairs of a value and its condition; the last may have none. */
export const casesOf = (pairs: readonly (readonly [value: string, condition: string])[]): string => {
  const lines = pairs.map(
    ([value, condition]) => `${value} & ${condition ? `\\text{if } ${condition}` : "\\text{otherwise}"}`,
  );
  return `\\begin{cases} ${lines.join(" \\\\ ")} \\end{cases}`;
};

const exponential = (a: Expr): Expr =>
  a.op === "logSumExp" ? exponential(a.args[0]).sum(a.attrs.axis!) : a.exp();

/** A choice within "otherwise" is one more case. */
const choicesOf = (write: Writer, { args: [condition, a, b] }: Expr): (readonly [string, string])[] => [
  [write.text(a), write.text(condition)],
  ...(b.op === "where" ? choicesOf(write, b) : [[write.text(b), ""] as const]),
];

export const rows: { readonly [K in Op]: Row } = {
  input: leaf,
  param: leaf,
  constant: (_, node) => {
    const text = numeral(numberOf(node));
    return [text, text.startsWith("-") ? SUM : ATOM];
  },
  size: (_, { attrs }) => atom(sizeOf(attrs.axis!)),
  iota: (write, { attrs }) => atom(write.indexOf(attrs.axis!)),

  neg: sum,
  abs: between("\\lvert", "\\rvert"),
  sign: applied("\\operatorname{sign}"),
  step: other,
  relu: (write, _, a) => atom(`\\max${bracket(`0, ${write.text(a)}`)}`),
  square: (write, _, a) => power(write, a, "2"),
  sqrt: (write, _, a) => atom(`\\sqrt{${write.text(a)}}`),
  exp: (write, _, a) => {
    const exponent = write.script().text(a);
    return tall.test(exponent) ? atom(`\\exp${bracket(write.text(a))}`) : [`e^${script(exponent)}`, POWER];
  },
  expm1: other,
  log: applied("\\log"),
  log1p: other,
  log1mexp: other,
  softplus: (write, _, a) => [`\\log${bracket(`1 + ${write.text(a.exp(), OPEN)}`)}`, OPEN],
  sigmoid: (write, ...rest) =>
    called(write.calls("\\sigma") ? "\\operatorname{sigmoid}" : "\\sigma")(write, ...rest),
  tanh: applied("\\tanh", PRODUCT),
  sin: applied("\\sin", PRODUCT),
  cos: applied("\\cos", PRODUCT),
  atan: applied("\\arctan", PRODUCT),
  floor: between("\\lfloor", "\\rfloor"),
  lgamma: called("\\log\\Gamma"),
  digamma: called("\\psi"),
  trigamma: called("\\psi'"),

  add: sum,
  sub: sum,
  mul: product,
  div: product,
  pow: (write, _, a, b) => power(write, a, write.script().text(b)),
  atan2: other,
  min: called("\\min"),
  max: called("\\max"),
  above: other,
  weigh: product,
  gap: other,
  geometric: other,
  exprel: other,

  lt: infix(" <"),
  le: infix(" \\le"),
  gt: infix(" >"),
  ge: infix(" \\ge"),
  eq: infix(" ="),
  ne: infix(" \\ne"),
  and: infix(",\\,", LOOSE),
  or: infix(" \\lor", LOOSE),
  not: applied("\\lnot", RELATION),
  where: (write, node) => atom(casesOf(choicesOf(write, node))),

  sum: (write, { attrs: { axis } }, a) => {
    if (a.op === "abs" && isVector(axis!)) return atom(`${norm(write, a.args[0], axis!)}_1`);
    const [conditions, rest] = conditionsOn(axis!, a);
    return rest ? over(write, "\\sum", axis!, rest, conditions) : over(write, "\\sum", axis!, a);
  },
  reduceMax: extreme("\\max", Number.NEGATIVE_INFINITY),
  reduceMin: extreme("\\min", Number.POSITIVE_INFINITY),
  argmax: extreme("\\operatorname*{arg\\,max}", Number.NEGATIVE_INFINITY),
  argmin: extreme("\\operatorname*{arg\\,min}", Number.POSITIVE_INFINITY),
  norm: (write, { attrs }, a) => atom(norm(write, a, attrs.axis!)),
  logSumExp: (write, { attrs }, a) => [`\\log ${over(write, "\\sum", attrs.axis!, exponential(a))[0]}`, OPEN],
  expRest: other,
  quantile: (write, { attrs: { axis } }, a, q) => {
    const sign =
      numberOf(q) === 0.5 ? "\\operatorname*{median}" : `\\operatorname*{quantile}^{(${write.text(q)})}`;
    return over(write, sign, axis!, a);
  },
  contract: (write, { attrs: { axis } }, a, b) => {
    if (!isVector(axis!)) return over(write, "\\sum", axis!, a.mul(b));
    const vectors = write.with(axis!, "");
    return atom(`\\langle ${vectors.text(a)}, ${vectors.text(b)} \\rangle`);
  },
  softmax: rowwise("softmax"),
  logSoftmax: other,
  unit: (write, { attrs: { axis } }, a) => write.printed(a.div(a.norm(axis!))),
  cumsum: (write, node, a) => {
    const { axis } = node.attrs;
    const index = write.indexOf(axis!);
    if (!index) return rowwise("cumsum")(write, node, a, a, a);
    const inner = write.bind(axis!);
    return [`\\sum_{${inner.indexOf(axis!)} \\le ${index}} ${inner.text(a, OPEN)}`, OPEN];
  },
  order: rowwise("order"),

  take: (write, { attrs }, a, index) => write.with(attrs.axis!, write.script().text(index)).printed(a),
  segmentSum: (write, { attrs: { axis, to } }, a, index) => {
    const inner = write.bind(axis!);
    // Where the index is j, what is looked up by the index is looked up by j.
    const [body] = rebuild([a], (node) =>
      node.op === "take" && node.attrs.axis === to && node.args[1] === index ? node.args[0] : node,
    );
    const below = `${inner.indexOf(axis!)} :\\, ${inner.text(index)} = ${write.indexOf(to!)}`;
    return [`\\sum_{${below}} ${inner.text(body, OPEN)}`, OPEN];
  },
  at: (write, { attrs }, a) => write.with(attrs.axis!, String(attrs.index! + 1)).printed(a),
  rename: (write, { attrs }, a) => write.with(attrs.axis!, write.indexOf(attrs.to!)).printed(a),
  stopGradient: same,
  computedAs: same,
};
