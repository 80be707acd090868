// Rewrites an expression the way a person writes mathematics. In: an expression of the language, differentiated
// or not. Out: an equal one without the forms that only serve accuracy (expm1, weigh, gap …), with like terms
// collected, comparisons arranged, and lookups moved to what is looked up.

import { constant, type Expr, make, size } from "../../language/expr.ts";
import { type Op, opRow } from "../../language/ops.ts";
import { Algebra, atom, e, negate, number, one, scale, type Sum, type Term, term, valueOf } from "./polynomial.ts";
import { isVector } from "./symbols.ts";

export interface Tidy {
  (expr: Expr): Expr;
  /** What two expressions differ by, up to a positive factor: a key for its size and its sign. */
  difference(a: Expr, b: Expr): { readonly key: string; readonly sign: number };
}

const minusOne = constant(-1);
const isInput = (expr: Expr): boolean => expr.op === "input" || expr.args.some(isInput);

/** A node with new arguments, of which a condition may be known. */
export function remake(node: Expr, args: readonly Expr[]): Expr {
  const { op, attrs } = node;
  const row = opRow(op);
  const [a, b, c] = args;
  const [x, y] = args.map(valueOf);
  if (op === "where" && a.op === "constant") return x ? b : c;
  if (op === "and" && !(x > 0 && y > 0)) {
    if (x === 0 || y === 0) return constant(0);
    if (x === 1 || y === 1) return x === 1 ? b : a;
  }
  if (op === "or" && (x >= 0 || y >= 0)) return x === 1 || y === 1 ? one : x === 0 ? b : a;
  if (row.kind === "elementwise" && args.every((arg) => arg.op === "constant")) {
    return constant(row.apply(x, y, valueOf(c ?? a)));
  }
  return make(op, args, attrs);
}

export function tidier(): Tidy {
  const done = new Map<Expr, Expr>();
  const sums = new Map<Expr, Sum>();
  const algebra = new Algebra(tidy);
  const { pack } = { pack: (sum: Sum) => algebra.pack(sum) };

  function tidy(expr: Expr): Expr {
    let result = done.get(expr);
    if (!result) {
      result = algebra.expr(sumOf(expr));
      done.set(expr, result);
      done.set(result, result);
    }
    return result;
  }

  function sumOf(expr: Expr): Sum {
    let sum = sums.get(expr);
    if (!sum) {
      sum = rows[expr.op]?.(expr, expr.args[0], expr.args[1], expr.args[2]) ?? plain(expr);
      sums.set(expr, sum);
    }
    return sum;
  }

  /** No algebra: the same op of tidied arguments. */
  function plain(expr: Expr): Sum {
    const next = remake(expr, expr.args.map(tidy));
    return next.op === "constant" ? number(valueOf(next)) : next === expr || next.op === expr.op ? atom(next) : sumOf(next);
  }

  const power = (base: Sum, exponent: Expr): Sum => [algebra.power(pack(base), exponent)];
  const exponential = (sum: Sum): Sum => {
    let result: Term = term(1);
    const rest: Term[] = [];
    for (const each of sum) {
      const log = [...each.factors].find(([base, n]) => base.op === "log" && n === one)?.[0];
      if (!log) rest.push(each);
      else {
        const factors = new Map(each.factors);
        factors.delete(log);
        const exponent = tidy(algebra.expr([{ ...each, factors }]));
        result = algebra.product(result, algebra.power(pack(sumOf(log.args[0])), exponent));
      }
    }
    return [rest.length ? algebra.product(result, term(1, [e, algebra.expr(rest)])) : result];
  };
  const logarithm = (sum: Sum): Sum => {
    const { coefficient, factors } = pack(sum);
    const [[base, exponent] = [], more] = factors;
    if (base && !more && coefficient === 1) {
      if (base === e) return sumOf(exponent!);
      if (exponent !== one) return algebra.multiply(sumOf(exponent!), atom(base.log()));
    }
    const inner = algebra.expr(sum);
    return inner.op === "constant" ? number(Math.log(valueOf(inner))) : atom(inner.log());
  };

  /** f of an argument whose sign can be taken out: `even` drops it, else it goes in front. */
  const signed = (op: Op, sum: Sum, even: boolean): Sum => {
    const { coefficient, factors } = pack(sum);
    if (factors.size === 0) return number(op === "sign" ? Math.sign(coefficient) : Math.abs(coefficient));
    const size = op === "sign" ? 1 : Math.abs(coefficient);
    const inner = algebra.expr([{ coefficient: 1, factors }]);
    if (inner.op === op || (op === "abs" && ["exp", "norm", "square", "softmax", "sigmoid"].includes(inner.op))) {
      return scale(atom(inner), size);
    }
    return scale(atom(make(op, [inner])), even ? size : Math.sign(coefficient) * size);
  };

  /** lt, le, gt, ge: what is positive in the difference stands on one side, what is negative on the other, inputs
   * on the left. */
  const arranged = (node: Expr, a: Expr, b: Expr): Sum => {
    const [x, y] = [tidy(a), tidy(b)];
    const difference = algebra.add(sumOf(x), scale(sumOf(y), -1));
    const packed = pack(difference);
    if (packed.factors.size === 0) return number(opRow(node.op).kind === "elementwise" ? compare[node.op as "lt"](packed.coefficient) : 0);
    const open = packed.coefficient < 0 ? scale(difference, 1) : difference;
    const left = algebra.expr(open.filter(({ coefficient }) => coefficient > 0));
    const right = algebra.expr(scale(open.filter(({ coefficient }) => coefficient < 0), -1));
    const swap = valueOf(left) === 0 || (!isInput(left) && isInput(right));
    return atom(make(swap ? mirrored[node.op as "lt"] : node.op, swap ? [right, left] : [left, right]));
  };

  /** What depends on an axis and what does not, in a term. */
  const split = ({ coefficient, factors }: Term, axis: string): [outside: Term, inside: Term] => {
    const list = [...factors];
    const over = ([base, exponent]: [Expr, Expr]) => base.axes.includes(axis) || exponent.axes.includes(axis);
    return [
      { coefficient, factors: new Map(list.filter((each) => !over(each))) },
      { coefficient: 1, factors: new Map(list.filter(over)) },
    ];
  };

  const total = (node: Expr, sum: Sum): Sum => {
    const axis = node.attrs.axis!;
    const results: Sum[] = [];
    const rest: Term[] = [];
    for (const each of sum) {
      const [outside, inside] = split(each, axis);
      const found = [...inside.factors.keys()].map((base) => [base, picked(base, axis)] as const).find(([, index]) => index);
      if (inside.factors.size === 0) results.push(algebra.multiply([outside], atom(size(axis))));
      else if (found) {
        const factors = new Map(inside.factors);
        factors.delete(found[0]);
        const value = moved(algebra.expr([{ coefficient: 1, factors }]), axis, found[1]!, (inner) => make("take", [inner, found[1]!], { axis }));
        results.push(algebra.multiply([outside], sumOf(value)));
      } else rest.push(each);
    }
    if (rest.length) {
      const [outside, inside] = split(pack(rest), axis);
      const [[base, n] = [], more] = inside.factors;
      let value = algebra.expr([inside]).sum(axis);
      if (!more && base!.op === "softmax" && base!.attrs.axis === axis && n === one) value = one;
      else if (!more && n && isVector(axis) && valueOf(n) === 2) value = base!.norm(axis).square();
      else if (axis === "d" && inside.factors.size === 2 && [...inside.factors.values()].every((n) => n === one)) {
        const [x, y] = [...inside.factors.keys()];
        value = x.contract(y, axis);
      }
      results.push(algebra.multiply([outside], value.op === "sum" ? atom(value) : sumOf(value)));
    }
    return algebra.add(...results);
  };

  /** Arguments of a bilinear or homogeneous reduction, their factors without the axis taken out. */
  const reduced = (node: Expr, args: readonly Expr[], size: (outside: Term) => Sum): Sum => {
    const pieces = args.map((arg) => split(pack(sumOf(arg)), node.attrs.axis!));
    const inner = make(node.op, pieces.map(([, inside]) => algebra.expr([inside])), node.attrs);
    return pieces.reduce((product: Sum, [outside]) => algebra.multiply(product, size(outside)), atom(inner));
  };

  /** A lookup along an axis, moved inwards as far as it goes. */
  const looked = (node: Expr, index: Expr, place: (inner: Expr) => Expr): Sum => {
    const { axis } = node.attrs;
    const result = moved(tidy(node.args[0]), axis!, index, place);
    return result === node ? atom(node) : result.op === node.op ? atom(result) : sumOf(result);
  };

  type Row = (node: Expr, a: Expr, b: Expr, c: Expr) => Sum | undefined;
  const rows: { readonly [K in Op]?: Row } = {
    constant: (node) => number(valueOf(node)),
    neg: (_, a) => scale(sumOf(a), -1),
    add: (_, a, b) => algebra.add(sumOf(a), sumOf(b)),
    sub: (_, a, b) => algebra.add(sumOf(a), scale(sumOf(b), -1)),
    gap: (_, a, b) => sumOf(a.sub(b)),
    mul: (_, a, b) => algebra.multiply(sumOf(a), sumOf(b)),
    weigh: (_, a, b) => algebra.multiply(sumOf(a), sumOf(b)),
    div: (_, a, b) => algebra.multiply(sumOf(a), power(sumOf(b), minusOne)),
    square: (_, a) => power(sumOf(a), constant(2)),
    sqrt: (_, a) => power(sumOf(a), constant(0.5)),
    pow: (_, a, b) => power(sumOf(a), tidy(b)),
    exp: (_, a) => exponential(sumOf(a)),
    expm1: (_, a) => algebra.add(exponential(sumOf(a)), number(-1)),
    log: (_, a) => logarithm(sumOf(a)),
    log1p: (_, a) => logarithm(algebra.add(number(1), sumOf(a))),
    log1mexp: (_, a) => logarithm(algebra.add(number(1), scale(exponential(sumOf(a)), -1))),
    exprel: (_, a, b) => sumOf(exprel(a, valueOf(b))),
    abs: (_, a) => signed("abs", sumOf(a), true),
    sign: (_, a) => signed("sign", sumOf(a), false),
    step: (_, a) => sumOf(a.gt(0)),
    above: (_, a, b) => sumOf(a.gt(b)),
    lt: arranged,
    le: arranged,
    gt: arranged,
    ge: arranged,
    eq: (_, a, b) => (tidy(a) === tidy(b) ? number(1) : undefined),
    ne: (_, a, b) => (tidy(a) === tidy(b) ? number(0) : undefined),
    not: (_, a) => {
      const inner = tidy(a);
      return atom(negate(inner));
    },
    where: (_, condition, a, b) => {
      const [then, otherwise] = [tidy(a), tidy(b)];
      if (condition.op === "gt" && condition.args[0] === a && valueOf(b) === Number.POSITIVE_INFINITY) return sumOf(then); // a guarded divisor
      if (then === otherwise) return sumOf(then);
      if (valueOf(otherwise) === 0) return algebra.multiply(sumOf(then), sumOf(condition));
      if (valueOf(then) === 0) return algebra.multiply(sumOf(otherwise), sumOf(condition.not()));
      return undefined;
    },
    sum: (node, a) => total(node, sumOf(a)),
    contract: (node, a, b) => {
      if (tidy(a) === tidy(b)) return sumOf(a.norm(node.attrs.axis!).square());
      return reduced(node, [a, b], (outside) => [outside]);
    },
    norm: (node, a) => reduced(node, [a], (outside) => sumOf(algebra.expr([outside]).abs())),
    logSoftmax: (node, a) => sumOf(a.sub(a.logSumExp(node.attrs.axis!))),
    take: (node, _, index) => {
      const inner = tidy(index.op === "max" && valueOf(index.args[1]) === 0 ? index.args[0] : index);
      return looked(node, inner, (values) => make("take", [values, inner], node.attrs));
    },
    at: (node) => looked(node, constant(node.attrs.index!), (inner) => make("at", [inner], node.attrs)),
    rename: (node) => looked(node, make("iota", [], { axis: node.attrs.to! }), (inner) => make("rename", [inner], node.attrs)),
    stopGradient: (_, a) => sumOf(a),
  };

  return Object.assign(tidy, {
    difference(a: Expr, b: Expr) {
      const { coefficient, factors } = pack(algebra.add(sumOf(tidy(a)), scale(sumOf(tidy(b)), -1)));
      const key = [...factors].map(([base, n]) => `${base.id}^${n.id}`).sort().join(" ");
      return { key, sign: Math.sign(coefficient) };
    },
  });
}

const mirrored = { lt: "gt", gt: "lt", le: "ge", ge: "le" } as const;
const compare = {
  lt: (difference: number) => +(difference < 0),
  le: (difference: number) => +(difference <= 0),
  gt: (difference: number) => +(difference > 0),
  ge: (difference: number) => +(difference >= 0),
};

/** The index that [iota = index] singles out along an axis. */
function picked({ op, args: [a, b] }: Expr, axis: string): Expr | undefined {
  return op === "eq" && a.op === "iota" && a.attrs.axis === axis && !b.axes.includes(axis) ? b : undefined;
}

/** An expression seen at `index` of an axis: elementwise operations look up their arguments. */
function moved(expr: Expr, axis: string, index: Expr, place: (inner: Expr) => Expr): Expr {
  if (!expr.axes.includes(axis)) return expr;
  if (expr.op === "iota") return index;
  const { kind } = opRow(expr.op);
  const over = expr.attrs.axis!;
  const through = kind === "elementwise" || ((kind === "reduce" || kind === "row") && over !== axis && !index.axes.includes(over));
  return through ? remake(expr, expr.args.map((arg) => moved(arg, axis, index, place))) : place(expr);
}

/** φ₁(a) = (eᵃ − 1)/a, φ_{k+1}(a) = (φ_k(a) − 1/k!)/a. */
function exprel(a: Expr, order: number): Expr {
  let numerator = a.exp();
  let factorial = 1;
  for (let i = 0; i < order; i++) {
    numerator = numerator.sub(a.pow(i).div(factorial));
    factorial *= i + 1;
  }
  return numerator.div(a.pow(order));
}
