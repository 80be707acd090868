// Algebra that makes expressions smaller. In: any expressions. Out: expressions with the same meaning,
// with factors that do not depend on a summed axis taken out of the sum, and signs and constants in front.
//
// A product with the constant 0 becomes 0: in a gradient it says that nothing flows.

import { constant, type Expr, make, remembering, size, topological, where } from "../language/expr.ts";
import { type ElementwiseOp, type Op, opRow } from "../language/ops.ts";

/** Gives a simpler expression, or nothing where the rule does not apply. */
type Rule = (node: Expr, a: Expr, b: Expr, c: Expr) => Expr | undefined;

const is = (expr: Expr, value: number): boolean => expr.op === "constant" && expr.attrs.value === value;
const isConstant = (expr: Expr): boolean => expr.op === "constant";
const numberOf = (expr: Expr): number => expr.attrs.value!;

/** Neither 0 nor infinite whatever the inputs are: made of constants and sizes (no program runs over nothing). */
function isScale(expr: Expr): boolean {
  if (isConstant(expr)) return Number.isFinite(numberOf(expr)) && numberOf(expr) !== 0;
  return expr.op === "size" || ((expr.op === "mul" || expr.op === "div") && expr.args.every(isScale));
}

/** Finite whatever the inputs are. */
function isBounded(expr: Expr): boolean {
  if (isConstant(expr)) return Number.isFinite(numberOf(expr));
  const row = opRow(expr.op);
  if ((row.kind === "elementwise" || row.kind === "row") && row.bounded) return true;
  return closedOverBounded.has(expr.op) && expr.args.every((arg) => arg.type === "bool" || isBounded(arg));
}
const closedOverBounded: ReadonlySet<Op> = new Set<Op>([
  "neg",
  "abs",
  "relu",
  "square",
  "add",
  "sub",
  "mul",
  "weigh",
  "min",
  "max",
  "where",
  "exp",
  "at",
  "take",
  "rename",
  "stopGradient",
]);

/** The product with one factor x^(b − 1) raised to x^b; nothing where there is none among the first few. */
function raised(product: Expr, x: Expr, depth = 4): Expr | undefined {
  const { op, args } = product;
  const [a, b] = args;
  if (op === "pow" && a === x) {
    if (isConstant(b)) return x.pow(numberOf(b) + 1);
    return b.op === "sub" && is(b.args[1], 1) ? x.pow(b.args[0]) : undefined;
  }
  if ((op !== "mul" && op !== "weigh") || depth === 0) return undefined;
  const left = raised(a, x, depth - 1);
  if (left) return make(op, [left, b]);
  const right = raised(b, x, depth - 1);
  return right && make(op, [a, right]);
}

/** The product with one divisor (x · its geometric series) that is the series alone; nothing where there is none. */
function cancelled(product: Expr, x: Expr, depth = 4): Expr | undefined {
  const { op, args } = product;
  const [a, b] = args;
  if (
    op === "div" &&
    b.op === "mul" &&
    b.args[0] === x &&
    b.args[1].op === "geometric" &&
    b.args[1].args[0] === x
  )
    return a.div(b.args[1]);
  if ((op !== "mul" && op !== "weigh") || depth === 0) return undefined;
  const left = cancelled(a, x, depth - 1);
  if (left) return make(op, [left, b]);
  const right = cancelled(b, x, depth - 1);
  return right && make(op, [a, right]);
}

/** … 1/(1 − pⁿ) · (1 − p), without 0/0 where p is 1. */
const cancel: Rule = (_, a, b) => {
  const left = cancelled(a, b);
  return left ?? cancelled(b, a);
};

/** … x^(b − 1) · (x · y) is … x^b · y: the slope of a power of a sigmoid, σ′ = σ(1 − σ). */
const raise: Rule = (node, a, b) => {
  if (b.op !== "mul") return undefined;
  for (const i of [0, 1]) {
    const product = raised(a, b.args[i]);
    if (product) return make(node.op, [product, b.args[1 - i]]);
  }
  return undefined;
};

const isNegative = (x: Expr, of: Expr): boolean => x.op === "neg" && x.args[0] === of;

/** Whether a product has the factor (c − min(x, c))², which is 0 where x reaches c. */
function endsAt(product: Expr, c: Expr, x: Expr): boolean {
  const { op, args } = product;
  if (op === "mul" || op === "weigh") return args.some((arg) => endsAt(arg, c, x));
  if (op !== "square" || args[0].op !== "sub") return false;
  const [from, least] = args[0].args;
  return from === c && least.op === "min" && least.args.includes(c) && least.args.includes(x);
}

/** … (c − min(x, c))² · [x < c] needs no condition. */
const ended: Rule = (_, a, b) => (b.op === "above" && endsAt(a, b.args[0], b.args[1]) ? a : undefined);

/** Whether a condition always holds or never does; undefined where it depends on the inputs. */
function known(condition: Expr): boolean | undefined {
  const { op, kind, type, args } = condition;
  if (kind !== "elementwise" || type !== "bool") return undefined;
  if (op === "and" || op === "or") {
    const [a, b] = args.map(known);
    const decides = op === "or";
    return a === decides || b === decides
      ? decides
      : a === undefined || b === undefined
        ? undefined
        : !decides;
  }
  if (op === "not") {
    const inner = known(args[0]);
    return inner === undefined ? undefined : !inner;
  }
  const [a, b] = args;
  const row = opRow(op) as ElementwiseOp;
  if (isConstant(a) && isConstant(b)) return row.apply(numberOf(a), numberOf(b), 0) !== 0;
  return a === b && a.type === "int" ? row.apply(0, 0, 0) !== 0 : undefined; // floats may be NaN
}

/** Leaves the part of a conjunction or disjunction that is not decided. */
const undecided =
  (neutral: boolean): Rule =>
  (_, a, b) =>
    known(a) === neutral ? b : known(b) === neutral ? a : undefined;

/** Sums a product, keeping outside what does not depend on the axis. */
const takeOut: Rule = (node, a) => {
  const axis = node.attrs.axis!;
  if (!a.axes.includes(axis)) return size(axis).mul(a);
  const [x, y] = a.args;
  if (a.op === "neg") return x.sum(axis).neg();
  if (a.op === "mul" && !y.axes.includes(axis)) return x.sum(axis).mul(y);
  if (a.op === "mul" && !x.axes.includes(axis)) return x.mul(y.sum(axis));
  if (a.op === "div" && !y.axes.includes(axis)) return x.sum(axis).div(y);
  return undefined;
};

/** What a one-hot along the axis is hot at. */
const hotAt = (condition: Expr, axis: string): Expr | undefined =>
  condition.op === "eq" &&
  condition.args[0].op === "iota" &&
  condition.args[0].attrs.axis === axis &&
  !condition.args[1].axes.includes(axis)
    ? condition.args[1]
    : undefined;

/** Σ over an axis of (one-hot ? x : 0) is x looked up; with another place left out, unless that is the same. */
const pick: Rule = (node, a) => {
  const axis = node.attrs.axis!;
  if (a.op !== "where") return undefined;
  const [condition, x, otherwise] = a.args;
  const place = hotAt(condition, axis);
  if (place === undefined) return undefined;
  if (is(otherwise, 0)) return x.take(place, axis);
  const other = is(x, 0) && otherwise.op === "where" && is(otherwise.args[2], 0);
  const second = other ? hotAt(otherwise.args[0], axis) : undefined;
  return second && where(place.eq(second), 0, otherwise.args[1].take(second, axis));
};

/** Σ over k of f(x renamed from c to k) is Σ over c of f(x), where nothing else in f runs over c. */
const renameBack: Rule = (node, a) => {
  const to = node.attrs.axis!;
  const renames = topological([a]).filter((expr) => expr.op === "rename" && expr.attrs.to === to);
  const from = renames[0]?.attrs.axis;
  if (from === undefined || renames.some((expr) => expr.attrs.axis !== from)) return undefined;
  const undone = new Map<Expr, Expr | undefined>();
  const undo = (expr: Expr): Expr | undefined => {
    if (!expr.axes.includes(to)) return expr.axes.includes(from) ? undefined : expr;
    if (undone.has(expr)) return undone.get(expr);
    let result: Expr | undefined;
    if (expr.op === "rename" && expr.attrs.to === to) result = expr.args[0];
    else if (expr.kind === "elementwise" && !expr.axes.includes(from)) {
      const args = expr.args.map(undo);
      if (args.every((arg) => arg !== undefined)) result = make(expr.op, args, expr.attrs);
    }
    undone.set(expr, result);
    return result;
  };
  return undo(a)?.sum(from);
};

const without: Rule = (node, a) => (a.axes.includes(node.attrs.axis!) ? undefined : a);

/** Rows are tried in order; the first that applies wins. */
const rules: { readonly [K in Op]?: readonly Rule[] } = {
  neg: [
    (_, a) => (a.op === "neg" ? a.args[0] : undefined), //                     −(−a) = a
    (_, a) => (a.op === "sub" ? a.args[1].sub(a.args[0]) : undefined), //      −(a − b) = b − a
    (_, a) =>
      a.op === "mul" && isConstant(a.args[0]) ? constant(-numberOf(a.args[0])).mul(a.args[1]) : undefined,
  ],
  relu: [(_, a) => (a.op === "abs" ? a : undefined)],
  abs: [(_, a) => (a.op === "neg" ? a.args[0].abs() : a.op === "abs" || a.op === "square" ? a : undefined)],
  square: [(_, a) => (a.op === "neg" || a.op === "abs" ? a.args[0].square() : undefined)],
  not: [(_, a) => (a.op === "not" ? a.args[0] : undefined)],
  add: [
    (_, a, b) => (is(a, 0) ? b : is(b, 0) ? a : undefined),
    (_, a, b) => (a === b ? constant(2).mul(a) : undefined),
    (_, a, b) => (b.op === "neg" ? a.sub(b.args[0]) : a.op === "neg" ? b.sub(a.args[0]) : undefined),
    (_, a, b) =>
      b.op === "mul" && isConstant(b.args[0]) && numberOf(b.args[0]) < 0
        ? a.sub(constant(-numberOf(b.args[0])).mul(b.args[1]))
        : undefined,
    (_, a, b) => (isConstant(a) && !isConstant(b) ? b.add(a) : undefined), //  constants last
    (_, a, b) => (isConstant(b) && numberOf(b) < 0 ? a.sub(-numberOf(b)) : undefined),
    (_, a, b) =>
      isConstant(b) && a.op === "add" && isConstant(a.args[1])
        ? a.args[0].add(numberOf(a.args[1]) + numberOf(b))
        : undefined,
  ],
  sub: [
    (_, a, b) => (isConstant(b) && numberOf(b) < 0 ? a.add(-numberOf(b)) : undefined),
    (_, a, b) => (is(b, 0) ? a : is(a, 0) ? b.neg() : undefined),
    (_, a, b) => (b.op === "neg" ? a.add(b.args[0]) : a.op === "neg" ? a.args[0].add(b).neg() : undefined),
    (_, a, b) =>
      b.op === "mul" && isConstant(b.args[0]) && numberOf(b.args[0]) < 0
        ? a.add(constant(-numberOf(b.args[0])).mul(b.args[1]))
        : undefined,
  ],
  mul: [
    (_, a, b) => (is(a, 0) || is(b, 0) ? constant(0) : undefined),
    (_, a, b) => (is(a, 1) ? b : is(b, 1) ? a : undefined),
    (_, a, b) => (is(a, -1) ? b.neg() : is(b, -1) ? a.neg() : undefined),
    (_, a, b) => (isConstant(b) ? b.mul(a) : undefined), //                    constants first
    (_, a, b) =>
      isConstant(a) && b.op === "mul" && isConstant(b.args[0])
        ? constant(numberOf(a) * numberOf(b.args[0])).mul(b.args[1])
        : undefined,
    (_, a, b) => (b.op === "mul" && isConstant(b.args[0]) ? b.args[0].mul(a.mul(b.args[1])) : undefined),
    (_, a, b) =>
      a.op === "mul" && isConstant(a.args[0]) && !isConstant(b) ? a.args[0].mul(a.args[1].mul(b)) : undefined,
    (_, a, b) =>
      a.op === "neg" ? a.args[0].mul(b).neg() : b.op === "neg" ? a.mul(b.args[0]).neg() : undefined,
    (_, a, b) => (b.op === "div" && is(b.args[0], 1) ? a.div(b.args[1]) : undefined),
    (_, a, b) => (a.op === "div" && is(a.args[0], 1) ? b.div(a.args[1]) : undefined),
    (_, a, b) => (a === b ? a.square() : undefined),
    ended,
    (_, a, b) => (a.op === "sign" && b.op === "abs" && a.args[0] === b.args[0] ? a.args[0] : undefined), // sign(a)|a| = a
    (_, a, b) => (a.op === "abs" && b.op === "sign" && a.args[0] === b.args[0] ? a.args[0] : undefined),
  ],
  div: [
    (_, a, b) => (is(b, 1) ? a : is(a, 0) ? constant(0) : undefined),
    (_, a, b) =>
      a.op === "neg" ? a.args[0].div(b).neg() : b.op === "neg" ? a.div(b.args[0]).neg() : undefined,
  ],
  pow: [(_, a, b) => (is(b, 1) ? a : is(b, 2) ? a.square() : is(b, 0) ? constant(1) : undefined)],
  weigh: [
    cancel,
    raise,
    ended,
    (_, w, x) => (is(w, 0) || is(x, 0) ? constant(0) : is(x, 1) ? w : undefined),
    (_, w, x) => (isScale(w) || isScale(x) || (isBounded(w) && isBounded(x)) ? w.mul(x) : undefined),
    (_, w, x) =>
      w.op === "neg" ? w.args[0].weigh(x).neg() : x.op === "neg" ? w.weigh(x.args[0]).neg() : undefined,
  ],
  where: [
    (_node, _condition, a, b) => (a === b ? a : undefined),
    (_, condition, a, b) =>
      condition.op === "ge" && is(condition.args[1], 0) && condition.args[0] === a && isNegative(b, a)
        ? a.abs() //                                                              x ≥ 0 ? x : −x
        : undefined,
    (_, condition, a, b) => (known(condition) === undefined ? undefined : known(condition) ? a : b),
    (_, condition, a, b) => (condition.op === "not" ? where(condition.args[0], b, a) : undefined),
    (_, condition, a, b) =>
      a.op === "neg" && b.op === "neg" ? where(condition, a.args[0], b.args[0]).neg() : undefined,
    (_, condition, a, b) => (a.op === "neg" && is(b, 0) ? where(condition, a.args[0], 0).neg() : undefined),
    (_, condition, a, b) => (b.op === "neg" && is(a, 0) ? where(condition, 0, b.args[0]).neg() : undefined),
  ],
  and: [undecided(true)],
  or: [undecided(false)],
  sum: [takeOut, pick, renameBack],
  reduceMax: [without],
  reduceMin: [without],
  take: [without],
  rename: [without],
  at: [without],
};

function simplifyNode(node: Expr): Expr {
  const { args } = node;
  if (node.kind === "elementwise" && node.type === "float" && args.every(isConstant)) {
    const [x, y, z] = args.map(numberOf);
    return constant((opRow(node.op) as ElementwiseOp).apply(x, y, z));
  }
  for (const rule of rules[node.op] ?? []) {
    const simpler = rule(node, args[0], args[1], args[2]);
    if (simpler) return simpler;
  }
  return node;
}

/** Each node once, its arguments first. */
const simplifyOnce = remembering(simplifyNode);

/** Applies the rules until nothing changes. */
export function simplify(roots: readonly Expr[]): Expr[] {
  let current = [...roots];
  for (let round = 0; round < 20; round++) {
    const next = simplifyOnce(current);
    if (next.every((expr, i) => expr === current[i])) return next;
    current = next;
  }
  return current;
}
