// Rewrites expressions into equal ones that keep their digits over the whole float range, and composite row
// operations into the few that engines have. In: expressions, differentiated if need be. Out: expressions
// without logSumExp, softmax, logSoftmax, and without a logarithm or a difference that cancels.

import { type Expr, make, where } from "../language/expr.ts";
import type { Op } from "../language/ops.ts";
import { type Rewrite, type Rules, rewriting } from "../language/rewrite.ts";

const isOne = (expr: Expr): boolean => expr.op === "constant" && expr.attrs.value === 1;
const argOf = (expr: Expr, op: Op): Expr | undefined => (expr.op === op ? expr.args[0] : undefined);

/** The x of 1 + x or x + 1. */
const onePlus = (expr: Expr): Expr | undefined =>
  expr.op !== "add"
    ? undefined
    : isOne(expr.args[0])
      ? expr.args[1]
      : isOne(expr.args[1])
        ? expr.args[0]
        : undefined;
/** The x of 1 − x. */
const oneMinus = (expr: Expr): Expr | undefined =>
  expr.op === "sub" && isOne(expr.args[0]) ? expr.args[1] : undefined;

/** `then` applied to what was found, nothing where nothing was. */
const found = (x: Expr | undefined, then: (x: Expr) => Expr | undefined): Expr | undefined =>
  x ? then(x) : undefined;

/** Bottom-up: a rule sees its arguments rewritten already. */
const nodes: Rules = {
  log: (_, a) => {
    const { op, args } = a;
    if (op === "add") {
      const x = onePlus(a);
      return x && (argOf(x, "exp")?.softplus() ?? x.log1p()); //                              log(1 + eˣ), log(1 + x)
    }
    if (op === "neg") return argOf(args[0], "expm1")?.log1mexp(); //                          log(1 − eˣ), see sub
    if (op === "mul") return args[1].op === "geometric" ? restOfPower(a) : undefined; //      log(1 − pⁿ)
    if (op === "sub") return oneMinus(a)?.neg().log1p(); //                                   log(1 − x)
    if (op === "sigmoid") return args[0].neg().softplus().neg(); //                           log σ(x)
    if (op === "softmax") return args[0].logSoftmax(a.attrs.axis!);
    if (op === "sum") return argOf(args[0], "exp")?.logSumExp(a.attrs.axis!);
    return argOf(a, "exp");
  },
  add: (_, a, b) => interpolated(a, b) ?? interpolated(b, a),
  exp: (_, a) => (a.op === "logSoftmax" ? a.args[0].softmax(a.attrs.axis!) : argOf(a, "log")),
  sub: (_, a, b) => {
    if (isOne(a)) return complement(b) ?? oneMinusCube(b) ?? shiftedBy(a, b); //              1 − x, 1 − (1 − w)³
    return (isOne(b) ? argOf(a, "exp")?.expm1() : undefined) ?? shiftedBy(a, b); //           eˣ − 1, z − logSumExp z
  },
};

/** 1 − x, where x is a probability in one of its forms. */
function complement(x: Expr): Expr | undefined {
  if (x.op === "sigmoid") return x.args[0].neg().sigmoid(); //                     1 − σ(x) = σ(−x)
  if (x.op === "exp") return x.args[0].expm1().neg(); //                           1 − eˣ
  if (x.op === "softmax") return x.args[0].logSoftmax(x.attrs.axis!).expm1().neg();
  //                                              1 − pⁿ = (1 − p)(1 + p + p² + …)
  if (x.op === "pow") return found(complement(x.args[0]), (rest) => rest.mul(series(rest, x.args)));
  // What only moves elements: 1 − it is it of 1 − its argument.
  const [values, ...others] = x.args;
  if (x.op !== "take" && x.op !== "rename" && x.op !== "at") return undefined;
  return found(complement(values), (rest) => make(x.op, [rest, ...others], x.attrs));
}

/** 1 + p + p² + … to n terms, of 1 − p, p and n. */
const series = (rest: Expr, [p, n]: readonly Expr[]): Expr => make("geometric", [rest, n, p]);

/** log(1 − pⁿ) of q g, q = 1 − p and g the series: log q + log g, and log1p(−pⁿ) where that is near 0. */
function restOfPower(product: Expr): Expr {
  const [q, sum] = product.args;
  const [, n, p] = sum.args;
  const power = p.pow(n);
  const isLikely = power.gt(0.5);
  const log = q.op === "sigmoid" ? q.args[0].neg().softplus().neg() : q.log();
  const share = where(isLikely, sum.sub(1), power.min(0.5).neg()).log1p();
  return share.add(where(isLikely, log, 0));
}

/** 1 − (1 − w)³ = w(1 + (1 − w) + (1 − w)²), which keeps the digits of a small w; the slope has the square as well. */
function oneMinusCube(x: Expr): Expr | undefined {
  if (x.op !== "pow" || x.args[1].attrs.value !== 3) return undefined;
  const [rest] = x.args;
  return found(oneMinus(rest), (w) => w.mul(rest.square().add(rest).add(1)));
}

/** z − logSumExp z is logSoftmax z; logSumExp z − z[y] is −logSoftmax z at y. */
function shiftedBy(a: Expr, b: Expr): Expr | undefined {
  if (b.op === "logSumExp" && b.args[0] === a) return a.logSoftmax(b.attrs.axis!);
  if (b.op === "logSumExp" && a.op === "take" && a.args[0] === b.args[0] && a.attrs.axis === b.attrs.axis) {
    return b.args[0].logSoftmax(b.attrs.axis!).take(a.args[1], b.attrs.axis!);
  }
  if (a.op === "logSumExp") return shiftedBy(b, a)?.neg();
  return undefined;
}

/** h·(x − y) + y = h·x + (1 − h)·y for a slope h of min or max: the left side loses an x much smaller than y. */
function interpolated(y: Expr, product: Expr): Expr | undefined {
  if (product.op !== "mul") return undefined;
  const [h, difference] = product.args[0].op === "above" ? product.args : [product.args[1], product.args[0]];
  if (h.op !== "above" || difference.op !== "sub" || difference.args[1] !== y) return undefined;
  const [x] = difference.args;
  // Where h is the slope of a smaller or larger one that is x itself, x is y wherever h is 0.
  const [smaller, other] = withoutFactor(x, y);
  const own = smaller.op === "min" ? h.args[0] : smaller.op === "max" ? h.args[1] : undefined;
  if (own === other && h.args.every((side) => smaller.args.includes(side))) return x;
  return h.mul(x).add(h.args[1].above(h.args[0]).mul(y));
}

/** Two expressions without the divisor or the factor that they share. */
function withoutFactor(x: Expr, y: Expr): readonly [Expr, Expr] {
  if (x.op !== y.op) return [x, y];
  if (x.op === "div" && x.args[1] === y.args[1]) return [x.args[0], y.args[0]];
  const shared = x.op === "mul" ? x.args.find((factor) => y.args.includes(factor)) : undefined;
  const rest = (product: Expr): Expr => (product.args[0] === shared ? product.args[1] : product.args[0]);
  return shared ? [rest(x), rest(y)] : [x, y];
}

/** Composite row operations, in terms of the row's largest and the sum of exponentials of all others. */
const expansions: Rules = {
  // largest + log(1 + rest): what is small stays small
  logSumExp: ({ attrs }, z) => {
    const axis = attrs.axis!;
    return z.max(axis).add(z.expRest(axis).log1p());
  },
  logSoftmax: ({ attrs }, z) => {
    const axis = attrs.axis!;
    return z.gap(z.max(axis)).sub(z.expRest(axis).log1p());
  },
  unit: ({ attrs }, z) => {
    const length = z.norm(attrs.axis!);
    return z.div(where(length.gt(0), length, Number.POSITIVE_INFINITY));
  },
  softmax: ({ attrs }, z) => {
    const axis = attrs.axis!;
    return z.gap(z.max(axis)).exp().div(z.expRest(axis).add(1));
  },
};

const rewritten = rewriting(nodes);
const expanded = rewriting(expansions);

export const stabilize: Rewrite = (roots) => expanded(rewritten(roots));
