// Rewrites an expression the way a person writes mathematics. In: an expression of the language, differentiated
// or not. Out: an equal one without the forms that only serve accuracy (expm1, weigh, gap …), with like terms
// collected, comparisons arranged, and lookups moved to what is looked up.

import { constant, type Expr, make, size } from "../../language/expr.ts";
import { type Op, opRow } from "../../language/ops.ts";
import { negate, numberOf, rank } from "./nodes.ts";
import { algebraOf, atom, e, number, one, type Sum, scale, type Term, term } from "./polynomial.ts";
import { isVector } from "./symbols.ts";

export interface Difference {
  readonly key: string;
  readonly sign: number;
  readonly rest: number;
}

export interface Tidy {
  (expr: Expr): Expr;
  /** What two expressions differ by: ± a positive number times (what `key` says + `rest`). */
  difference(a: Expr, b: Expr): Difference;
}

const neverNegative: ReadonlySet<Op> = new Set<Op>(["iota", "size", "relu", "abs", "norm", "square", "exp"]);

/** Whether it is infinite in some case; a truth value times it would not be 0. */
const isInfinite = (expr: Expr): boolean =>
  Math.abs(numberOf(expr)) === Number.POSITIVE_INFINITY ||
  (expr.op === "where" && expr.args.slice(1).some(isInfinite));

const minusOne = constant(-1);
const isInput = (expr: Expr): boolean => expr.op === "input" || expr.args.some(isInput);

/** A node with new arguments, of which a condition may be known. */
export function remake(node: Expr, args: readonly Expr[]): Expr {
  if (args.length === 0) return node;
  const { op, attrs } = node;
  const row = opRow(op);
  const [a, b, c] = args;
  const [x, y] = args.map(numberOf);
  if (op === "where" && a.op === "constant") return x ? b : c;
  if (op === "and" && !(x > 0 && y > 0)) {
    if (x === 0 || y === 0) return constant(0);
    if (x === 1 || y === 1) return x === 1 ? b : a;
  }
  if (op === "or" && (x >= 0 || y >= 0)) return x === 1 || y === 1 ? one : x === 0 ? b : a;
  if (row.kind === "elementwise" && args.every((arg) => arg.op === "constant")) {
    return constant(row.apply(x, y, numberOf(c ?? a)));
  }
  return make(op, args, attrs);
}

export function tidier(): Tidy {
  const done = new Map<Expr, Expr>();
  const sums = new Map<Expr, Sum>();
  const differences = new Map<string, Difference>();
  const { add, difference, expr: written, multiply, power: powerOf, product, ...algebra } = algebraOf(tidy);
  const pack = (sum: Sum): Term => algebra.pack(sum, true);

  function tidy(expr: Expr): Expr {
    let result = done.get(expr);
    if (!result) {
      result = written(sumOf(expr));
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
    return next.op === "constant"
      ? number(numberOf(next))
      : next === expr || next.op === expr.op
        ? atom(next)
        : sumOf(next);
  }

  const power = (base: Sum, exponent: Expr): Sum => [powerOf(pack(base), exponent)];
  const exponential = (sum: Sum): Sum => {
    let result: Term = term(1);
    const rest: Term[] = [];
    for (const each of sum) {
      const log = [...each.factors].find(([base, n]) => base.op === "log" && n === one)?.[0];
      if (!log) rest.push(each);
      else {
        const factors = new Map(each.factors);
        factors.delete(log);
        const exponent = tidy(written([{ ...each, factors }]));
        result = product(result, powerOf(pack(sumOf(log.args[0])), exponent));
      }
    }
    return [rest.length ? product(result, term(1, [e, written(rest)])) : result];
  };
  const logarithm = (sum: Sum): Sum => {
    const { coefficient, factors } = pack(sum);
    const [[base, exponent] = [], more] = factors;
    if (base && !more && coefficient === 1) {
      if (base === e) return sumOf(exponent!);
      if (exponent !== one) return multiply(sumOf(exponent!), atom(base.log()));
    }
    const inner = written(sum);
    return inner.op === "constant" ? number(Math.log(numberOf(inner))) : atom(inner.log());
  };

  /** f of an argument whose sign can be taken out: `even` drops it, else it goes in front. */
  const signed = (op: Op, sum: Sum, even: boolean): Sum => {
    const { coefficient, factors } = pack(sum);
    if (factors.size === 0) return number(op === "sign" ? Math.sign(coefficient) : Math.abs(coefficient));
    const size = op === "sign" ? 1 : Math.abs(coefficient);
    const inner = written([{ coefficient: 1, factors }]);
    if (
      inner.op === op ||
      (op === "abs" && ["exp", "norm", "square", "softmax", "sigmoid"].includes(inner.op))
    ) {
      return scale(atom(inner), size);
    }
    return scale(atom(make(op, [inner])), even ? size : Math.sign(coefficient) * size);
  };

  /** lt, le, gt, ge: what is positive in the difference stands on one side, what is negative on the other, inputs
   * on the left. */
  const arranged = (node: Expr, a: Expr, b: Expr): Sum => {
    const [x, y] = [tidy(a), tidy(b)];
    const known = numberOf(y) === 0 && neverNegative.has(x.op);
    if (known && (node.op === "ge" || node.op === "lt")) return number(+(node.op === "ge"));
    if (x.type === "bool" && numberOf(y) === 0 && node.op === "gt") return atom(x);
    if (x.type === "bool" && numberOf(y) === 0 && node.op === "le") return atom(negate(x));
    const apart = difference(sumOf(x), sumOf(y));
    const fixed = apart.length ? numberOf(written(apart)) : 0;
    if (!Number.isNaN(fixed)) return number(compare[node.op as "lt"](fixed));
    const plus = apart.filter(({ coefficient }) => coefficient > 0);
    const oneSided = plus.length === 0 || plus.length === apart.length;
    const belongs = (each: Term) =>
      oneSided ? [...each.factors.keys()].some(isInput) : each.coefficient > 0;
    const left = written(apart.filter(belongs));
    const right = written(
      scale(
        apart.filter((each) => !belongs(each)),
        -1,
      ),
    );
    if (oneSided && plus.length === 0) {
      return atom(make(mirrored[node.op as "lt"], [tidy(left.neg()), tidy(right.neg())]));
    }
    const swap = numberOf(left) === 0 || (!isInput(left) && isInput(right));
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
      const found = [...inside.factors.keys()]
        .map((base) => [base, picked(base, axis)] as const)
        .find(([, index]) => index);
      if (inside.factors.size === 0) results.push(multiply([outside], atom(size(axis))));
      else if (found) {
        const factors = new Map(inside.factors);
        factors.delete(found[0]);
        const value = moved(written([{ coefficient: 1, factors }]), axis, found[1]!, (inner) =>
          make("take", [inner, found[1]!], { axis }),
        );
        results.push(multiply([outside], sumOf(value)));
      } else rest.push(each);
    }
    if (rest.length) {
      const [outside, inside] = split(pack(rest), axis);
      const [[base, n] = [], more] = inside.factors;
      let value = written([inside]).sum(axis);
      if (!more && n === one && isDistribution(base!, axis)) value = one;
      else if (!more && n && isVector(axis) && numberOf(n) === 2) value = base!.norm(axis).square();
      else if (
        axis === "d" &&
        inside.factors.size === 2 &&
        [...inside.factors.values()].every((n) => n === one)
      ) {
        const [x, y] = [...inside.factors.keys()];
        value = x.contract(y, axis);
      }
      results.push(multiply([outside], value.op === "sum" ? atom(value) : sumOf(value)));
    }
    return add(...results);
  };

  /** Arguments of a bilinear or homogeneous reduction, their factors without the axis taken out. */
  const reduced = (node: Expr, args: readonly Expr[], size: (outside: Term) => Sum): Sum => {
    const pieces = args.map((arg) => split(pack(sumOf(arg)), node.attrs.axis!));
    const insides = pieces.map(([, inside]) => written([inside])).sort((x, y) => rank(x) - rank(y));
    const inner = make(node.op, insides, node.attrs);
    return pieces.reduce((product: Sum, [outside]) => multiply(product, size(outside)), atom(inner));
  };

  /** A lookup along an axis, moved inwards as far as it goes. */
  const looked = (node: Expr, index: Expr, place: (inner: Expr) => Expr): Sum => {
    const { axis } = node.attrs;
    const result = moved(tidy(node.args[0]), axis!, index, place);
    return result === node ? atom(node) : result.op === node.op ? atom(result) : sumOf(result);
  };

  /** One of two, where it is known which: min(x, x + 1). */
  const decided = (condition: Expr, then: Expr, otherwise: Expr): Sum | undefined => {
    const holds = numberOf(tidy(condition));
    return Number.isNaN(holds) ? undefined : sumOf(holds === 1 ? then : otherwise);
  };

  type Row = (node: Expr, a: Expr, b: Expr, c: Expr) => Sum | undefined;
  const rows: { readonly [K in Op]?: Row } = {
    constant: (node) => number(numberOf(node)),
    neg: (_, a) => scale(sumOf(a), -1),
    add: (_, a, b) => add(sumOf(a), sumOf(b)),
    sub: (_, a, b) => add(sumOf(a), scale(sumOf(b), -1)),
    gap: (_, a, b) => sumOf(a.sub(b)),
    min: (_, a, b) => decided(a.le(b), a, b),
    // a label, kept in range
    max: (_, a, b) => (a.type === "int" && numberOf(b) === 0 ? sumOf(a) : decided(a.ge(b), a, b)),
    relu: (_, a) => decided(a.gt(0), a, constant(0)),

    mul: (_, a, b) => multiply(sumOf(a), sumOf(b)),
    weigh: (_, a, b) => multiply(sumOf(a), sumOf(b)),
    div: (_, a, b) => multiply(sumOf(a), power(sumOf(b), minusOne)),
    square: (_, a) => power(sumOf(a), constant(2)),
    sqrt: (_, a) => power(add(sumOf(a)), constant(0.5)),
    pow: (_, a, b) => power(sumOf(a), tidy(b)),
    exp: (_, a) => exponential(sumOf(a)),
    expm1: (_, a) => add(exponential(sumOf(a)), number(-1)),
    log: (_, a) => logarithm(sumOf(a)),
    log1p: (_, a) => logarithm(add(number(1), sumOf(a))),
    log1mexp: (_, a) => logarithm(add(number(1), scale(exponential(sumOf(a)), -1))),
    exprel: (_, a, b) => sumOf(exprel(a, numberOf(b))),
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
      if (condition.op === "gt" && condition.args[0] === a && numberOf(b) === Number.POSITIVE_INFINITY)
        return sumOf(then); // a guarded divisor
      if (then === otherwise) return sumOf(then);
      if (isInfinite(then) || isInfinite(otherwise)) return undefined;
      if (numberOf(otherwise) === 0) return multiply(sumOf(then), sumOf(condition));
      if (numberOf(then) === 0) return multiply(sumOf(otherwise), sumOf(condition.not()));
      return undefined;
    },
    segmentSum: (_, a) => (numberOf(tidy(a)) === 0 ? number(0) : undefined),
    sum: (node, a) => total(node, sumOf(a)),
    contract: (node, a, b) => {
      if (tidy(a) === tidy(b)) return sumOf(a.norm(node.attrs.axis!).square());
      return reduced(node, [a, b], (outside) => [outside]);
    },
    norm: (node, a) => reduced(node, [a], (outside) => sumOf(written([outside]).abs())),
    logSoftmax: (node, a) => sumOf(a.sub(a.logSumExp(node.attrs.axis!))),
    take: (node, _, index) => {
      const inner = tidy(index);
      return looked(node, inner, (values) => make("take", [values, inner], node.attrs));
    },
    at: (node) => looked(node, constant(node.attrs.index!), (inner) => make("at", [inner], node.attrs)),
    rename: (node) =>
      looked(node, make("iota", [], { axis: node.attrs.to! }), (inner) =>
        make("rename", [inner], node.attrs),
      ),
    stopGradient: (_, a) => sumOf(a),
    computedAs: (_, a) => sumOf(a),
  };

  return Object.assign(tidy, {
    difference(a: Expr, b: Expr) {
      const pair = `${a.id} ${b.id}`;
      const known = differences.get(pair);
      if (known) return known;
      const sum = difference(sumOf(tidy(a)), sumOf(tidy(b)));
      const parts = sum
        .filter(({ factors }) => factors.size > 0)
        .map(({ coefficient, factors }) => ({
          coefficient,
          key: [...factors]
            .map(([base, n]) => `${base.id}^${n.id}`)
            .sort()
            .join(" "),
        }))
        .sort((x, y) => (x.key < y.key ? -1 : 1));
      const lead = parts[0]?.coefficient ?? 1;
      const rest = sum.find(({ factors }) => factors.size === 0)?.coefficient ?? 0;
      const key = parts.map((each) => `${(each.coefficient / lead).toPrecision(10)} ${each.key}`).join();
      const result = { key, sign: Math.sign(lead), rest: rest / lead };
      differences.set(pair, result);
      return result;
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

/** Whether it sums to 1 along an axis: a softmax, or the name that stands for one. */
const isDistribution = ({ op, attrs }: Expr, axis: string): boolean =>
  (op === "softmax" && attrs.axis === axis) || attrs.name === `softmax ${axis}`;

/** The index that [iota = index] singles out along an axis. */
function picked({ op, args: [a, b] }: Expr, axis: string): Expr | undefined {
  return op === "eq" && a.op === "iota" && a.attrs.axis === axis && !b.axes.includes(axis) ? b : undefined;
}

/** An expression seen at `index` of an axis: elementwise operations look up their arguments. */
function moved(expr: Expr, axis: string, index: Expr, place: (inner: Expr) => Expr): Expr {
  if (!expr.axes.includes(axis)) return expr;
  if (expr.op === "iota") return index;
  const { kind } = expr;
  const over = expr.attrs.axis!;
  const through =
    kind === "elementwise" ||
    ((kind === "reduce" || kind === "row") && over !== axis && !index.axes.includes(over));
  return through
    ? remake(
        expr,
        expr.args.map((arg) => moved(arg, axis, index, place)),
      )
    : place(expr);
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
