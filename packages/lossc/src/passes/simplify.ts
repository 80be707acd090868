// Algebra that makes expressions smaller. In: any expressions. Out: expressions with the same meaning,
// with factors that do not depend on a summed axis taken out of the sum, and signs and constants in front.
//
// A product with the constant 0 becomes 0: in a gradient it says that nothing flows.

import { constant, type Expr, make, size, topological, where } from "../language/expr.ts";
import { type ElementwiseOp, type Op, opNames, opRow } from "../language/ops.ts";
import { type Rule, type Rules, remembering } from "../language/rewrite.ts";

/** Gives a simpler expression, or nothing where the rule does not apply. */
type RuleOfTwo = (node: Expr, a: Expr, b: Expr) => Expr | undefined;

// Nothing but a constant has a value, so what is compared with one need not be asked what it is.
const is = (expr: Expr, value: number): boolean => expr.attrs.value === value;
const isConstant = (expr: Expr): boolean => expr.op === "constant";
const numberOf = (expr: Expr): number => expr.attrs.value!;
/** x of −x. */
const negated = (expr: Expr): Expr | undefined => (expr.op === "neg" ? expr.args[0] : undefined);
/** A product with a negative constant in front. */
const isNegativeProduct = ({ op, args }: Expr): boolean => op === "mul" && args[0].attrs.value! < 0;
/** c·x of −c·x. */
const opposite = ({ args: [c, x] }: Expr): Expr => constant(-numberOf(c)).mul(x);

/** Neither 0 nor infinite whatever the inputs are: made of constants and sizes (no program runs over nothing). */
function isScale(expr: Expr): boolean {
  const { op, args } = expr;
  if (op === "constant") return Number.isFinite(numberOf(expr)) && numberOf(expr) !== 0;
  return op === "size" || ((op === "mul" || op === "div") && isScale(args[0]) && isScale(args[1]));
}

/** Finite whatever the inputs are. */
function isBounded(expr: Expr): boolean {
  const { op, args } = expr;
  if (op === "constant") return Number.isFinite(numberOf(expr));
  if (boundedOps.has(op)) return true;
  if (!closedOverBounded.has(op)) return false;
  for (let i = 0; i < args.length; i++) if (args[i].type !== "bool" && !isBounded(args[i])) return false;
  return true;
}
const boundedOps: ReadonlySet<Op> = new Set(
  opNames.filter((op) => {
    const row = opRow(op);
    return (row.kind === "elementwise" || row.kind === "row") && row.bounded;
  }),
);
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
  const a = args[0];
  const b = args[1];
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

/** … 1/(1 − pⁿ) · (1 − p), without 0/0 where p is 1: the product with one divisor (x · its geometric series) that is the
 * series alone; nothing where there is none. */
function cancelled(product: Expr, x: Expr, depth = 4): Expr | undefined {
  const { op, args } = product;
  const a = args[0];
  const b = args[1];
  if (op === "div") {
    if (b.op !== "mul" || b.args[0] !== x) return undefined;
    const series = b.args[1];
    return series.op === "geometric" && series.args[0] === x ? a.div(series) : undefined;
  }
  if ((op !== "mul" && op !== "weigh") || depth === 0) return undefined;
  const left = cancelled(a, x, depth - 1);
  if (left) return make(op, [left, b]);
  const right = cancelled(b, x, depth - 1);
  return right && make(op, [a, right]);
}

/** … x^(b − 1) · (x · y) is … x^b · y: the slope of a power of a sigmoid, σ′ = σ(1 − σ). */
const raise: RuleOfTwo = (node, a, b) => {
  if (b.op !== "mul") return undefined;
  for (const i of [0, 1]) {
    const product = raised(a, b.args[i]);
    if (product) return make(node.op, [product, b.args[1 - i]]);
  }
  return undefined;
};

/** Whether a product has the factor (c − min(x, c))², which is 0 where x reaches c. */
function endsAt(product: Expr, c: Expr, x: Expr): boolean {
  const { op, args } = product;
  if (op === "mul" || op === "weigh") return args.some((arg) => endsAt(arg, c, x));
  if (op !== "square" || args[0].op !== "sub") return false;
  const [from, least] = args[0].args;
  return from === c && least.op === "min" && least.args.includes(c) && least.args.includes(x);
}

/** … (c − min(x, c))² · [x < c] needs no condition. */
const ended: RuleOfTwo = (_, a, b) => (b.op === "above" && endsAt(a, b.args[0], b.args[1]) ? a : undefined);

/** Whether a condition always holds or never does; undefined where it depends on the inputs. */
function known(condition: Expr): boolean | undefined {
  const { op, kind, type, args } = condition;
  if (kind !== "elementwise" || type !== "bool") return undefined;
  const a = args[0];
  const b = args[1];
  if (op === "and" || op === "or") {
    const first = known(a);
    const second = known(b);
    const decides = op === "or";
    return first === decides || second === decides
      ? decides
      : first === undefined || second === undefined
        ? undefined
        : !decides;
  }
  if (op === "not") {
    const inner = known(a);
    return inner === undefined ? undefined : !inner;
  }
  const row = opRow(op) as ElementwiseOp;
  if (isConstant(a) && isConstant(b)) return row.apply(numberOf(a), numberOf(b), 0) !== 0;
  return a === b && a.type === "int" ? row.apply(0, 0, 0) !== 0 : undefined; // floats may be NaN
}

/** Leaves the part of a conjunction or disjunction that is not decided. */
const undecided =
  (neutral: boolean): RuleOfTwo =>
  (_, a, b) =>
    known(a) === neutral ? b : known(b) === neutral ? a : undefined;

/** Sums a product, keeping outside what does not depend on the axis. */
function takeOut(node: Expr, a: Expr): Expr | undefined {
  const axis = node.attrs.axis!;
  if (!a.axes.includes(axis)) return size(axis).mul(a);
  const x = a.args[0];
  const y = a.args[1];
  if (a.op === "neg") return x.sum(axis).neg();
  if (a.op === "mul" && !y.axes.includes(axis)) return x.sum(axis).mul(y);
  if (a.op === "mul" && !x.axes.includes(axis)) return x.mul(y.sum(axis));
  if (a.op === "div" && !y.axes.includes(axis)) return x.sum(axis).div(y);
  return undefined;
}

/** What a one-hot along the axis is hot at. */
const hotAt = (condition: Expr, axis: string): Expr | undefined =>
  condition.op === "eq" &&
  condition.args[0].op === "iota" &&
  condition.args[0].attrs.axis === axis &&
  !condition.args[1].axes.includes(axis)
    ? condition.args[1]
    : undefined;

/** Σ over an axis of (one-hot ? x : 0) is x looked up; with another place left out, unless that is the same. */
function pick(node: Expr, a: Expr): Expr | undefined {
  const axis = node.attrs.axis!;
  if (a.op !== "where") return undefined;
  const [condition, x, otherwise] = a.args;
  const place = hotAt(condition, axis);
  if (place === undefined) return undefined;
  if (is(otherwise, 0)) return x.take(place, axis);
  const other = is(x, 0) && otherwise.op === "where" && is(otherwise.args[2], 0);
  const second = other ? hotAt(otherwise.args[0], axis) : undefined;
  return second && where(place.eq(second), 0, otherwise.args[1].take(second, axis));
}

/** Σ over k of f(x renamed from c to k) is Σ over c of f(x), where nothing else in f runs over c. */
function renameBack(node: Expr, a: Expr): Expr | undefined {
  const to = node.attrs.axis!;
  let from: string | undefined;
  for (const { op, attrs } of topological([a])) {
    if (op !== "rename" || attrs.to !== to) continue;
    if (from !== undefined && attrs.axis !== from) return undefined;
    from = attrs.axis;
  }
  if (from === undefined) return undefined;
  return withoutRenames(a, from, to)?.sum(from);
}

/** An expression with no rename of an axis to another; nothing where something else runs over either. */
function withoutRenames(root: Expr, from: string, to: string): Expr | undefined {
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
  return undo(root);
}

const without = (node: Expr, a: Expr): Expr | undefined =>
  a.axes.includes(node.attrs.axis!) ? undefined : a;

const product: RuleOfTwo = (node, a, b) => {
  const x = a.attrs.value;
  const y = b.attrs.value;
  if (x === 0 || y === 0) return constant(0);
  if (x === 1) return b;
  if (y === 1) return a;
  if (x === -1) return b.neg();
  if (y === -1) return a.neg();
  if (y !== undefined) return b.mul(a); //                                     constants first
  if (b.op === "mul" && isConstant(b.args[0])) {
    const [c, rest] = b.args;
    return x === undefined ? c.mul(a.mul(rest)) : constant(x * numberOf(c)).mul(rest);
  }
  if (a.op === "mul" && isConstant(a.args[0])) return a.args[0].mul(a.args[1].mul(b));
  if (a.op === "neg") return a.args[0].mul(b).neg();
  if (b.op === "neg") return a.mul(b.args[0]).neg();
  if (b.op === "div" && is(b.args[0], 1)) return a.div(b.args[1]);
  if (a.op === "div" && is(a.args[0], 1)) return b.div(a.args[1]);
  if (a === b) return a.square();
  if (b.op === "above") return ended(node, a, b);
  const isSize = (a.op === "sign" && b.op === "abs") || (a.op === "abs" && b.op === "sign");
  return isSize && a.args[0] === b.args[0] ? a.args[0] : undefined; //         sign(a)|a| = a
};

const choice: Rule = (_, condition, a, b) => {
  if (a === b) return a;
  if (condition.op === "ge" && is(condition.args[1], 0) && condition.args[0] === a && negated(b) === a)
    return a.abs(); //                                                         x ≥ 0 ? x : −x
  const decided = known(condition);
  if (decided !== undefined) return decided ? a : b;
  if (condition.op === "not") return where(condition.args[0], b, a);
  const x = negated(a);
  const y = negated(b);
  if (x && y) return where(condition, x, y).neg();
  if (x && is(b, 0)) return where(condition, x, 0).neg();
  return y && is(a, 0) ? where(condition, 0, y).neg() : undefined;
};

/** What comes first wins. */
const rules: Rules = {
  neg: (_, a) => {
    if (a.op === "neg") return a.args[0]; //                                   −(−a) = a
    if (a.op === "sub") return a.args[1].sub(a.args[0]); //                    −(a − b) = b − a
    return a.op === "mul" && isConstant(a.args[0]) ? opposite(a) : undefined;
  },
  relu: (_, a) => (a.op === "abs" ? a : undefined),
  abs: (_, a) => (a.op === "neg" ? a.args[0].abs() : a.op === "abs" || a.op === "square" ? a : undefined),
  square: (_, a) => (a.op === "neg" || a.op === "abs" ? a.args[0].square() : undefined),
  not: (_, a) => (a.op === "not" ? a.args[0] : undefined),
  add: (_, a, b) => {
    const x = a.attrs.value;
    const y = b.attrs.value;
    if (x === 0) return b;
    if (y === 0) return a;
    if (a === b) return constant(2).mul(a);
    if (b.op === "neg") return a.sub(b.args[0]);
    if (a.op === "neg") return b.sub(a.args[0]);
    if (isNegativeProduct(b)) return a.sub(opposite(b));
    if (y === undefined) return x === undefined ? undefined : b.add(a); //     constants last
    if (y < 0) return a.sub(-y);
    return a.op === "add" && isConstant(a.args[1]) ? a.args[0].add(numberOf(a.args[1]) + y) : undefined;
  },
  sub: (_, a, b) => {
    if (b.attrs.value! < 0) return a.add(-numberOf(b));
    if (is(b, 0)) return a;
    if (is(a, 0)) return b.neg();
    if (b.op === "neg") return a.add(b.args[0]);
    if (a.op === "neg") return a.args[0].add(b).neg();
    return isNegativeProduct(b) ? a.add(opposite(b)) : undefined;
  },
  mul: product,
  div: (_, a, b) => {
    if (is(b, 1)) return a;
    if (is(a, 0)) return constant(0);
    if (a.op === "neg") return a.args[0].div(b).neg();
    return b.op === "neg" ? a.div(b.args[0]).neg() : undefined;
  },
  pow: (_, a, b) => (is(b, 1) ? a : is(b, 2) ? a.square() : is(b, 0) ? constant(1) : undefined),
  weigh: (node, w, x) => {
    const shorter = cancelled(w, x) ?? cancelled(x, w) ?? raise(node, w, x) ?? ended(node, w, x);
    if (shorter) return shorter;
    if (is(w, 0) || is(x, 0)) return constant(0);
    if (is(x, 1)) return w;
    if (isScale(w) || isScale(x) || (isBounded(x) && isBounded(w))) return w.mul(x);
    if (w.op === "neg") return w.args[0].weigh(x).neg();
    return x.op === "neg" ? w.weigh(x.args[0]).neg() : undefined;
  },
  where: choice,
  and: undecided(true),
  or: undecided(false),
  sum: (node, a) => takeOut(node, a) ?? pick(node, a) ?? renameBack(node, a),
  reduceMax: without,
  reduceMin: without,
  take: without,
  rename: without,
  at: without,
};

/** The rule of an op, after what holds for all: what is made of nothing but numbers is a number. */
function ruleOf(op: Op): Rule | undefined {
  const row = opRow(op);
  const rule = rules[op];
  if (row.kind !== "elementwise" || row.type !== "float") return rule;
  return (node, a, b, c) => {
    if (a.op === "constant" && node.args.every(isConstant)) {
      const [x, y, z] = node.args.map(numberOf);
      return constant(row.apply(x, y, z));
    }
    return rule?.(node, a, b, c);
  };
}

/** Each node once, its arguments first. */
const simplifyOnce = remembering(Object.fromEntries(opNames.map((op) => [op, ruleOf(op)])));

/** Applies the rules until nothing changes. */
export function simplify(roots: readonly Expr[]): readonly Expr[] {
  let current = roots;
  for (let round = 0; round < 20; round++) {
    const next = simplifyOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}
