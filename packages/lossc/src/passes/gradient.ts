// Reverse-mode differentiation. In: a scalar expression and the inputs to differentiate by. Out: one expression
// per input, in the same language, so it can be differentiated again.
//
// Local slopes that can be infinite are multiplied by `weigh`: a gradient of 0 from above stays 0.

import { LossError } from "../errors.ts";
import { constant, type Expr, iota, topological, where } from "../language/expr.ts";
import type { Op } from "../language/ops.ts";
import { phrase } from "../phrase.ts";

/** `gradient` of the node, the node, its arguments → the gradient that each argument receives. */
type Rule = (gradient: Expr, node: Expr, a: Expr, b: Expr, c: Expr) => readonly (Expr | null)[];

const none: Rule = () => [null, null, null];
/** For ops that other passes take out or bring in, and for those that are used as constants. */
const late: Rule = (_, node) => {
  throw new LossError("definition", phrase`${node.op} has no derivative.`, {
    op: node.op,
    note: phrase`Hold it constant with stopGradient, or differentiate before the other passes.`,
  });
};

/** One row per op; the comment is the mathematics, dx being what flows to x. */
const rules: { readonly [K in Op]: Rule } = {
  input: none,
  param: none,
  constant: none,
  size: none,
  iota: none,

  neg: (g) => [g.neg()],
  abs: (g, _, a) => [g.mul(a.sign())], //                                d|a| = sign(a), 0 at 0
  sign: none,
  step: none,
  relu: (g, _, a) => [g.weigh(a.step())], //                               0 at 0
  square: (g, _, a) => [g.weigh(a).mul(2)],
  sqrt: (g, node) => [g.weigh(constant(0.5).div(node))], //              1 / (2√a)
  exp: (g, node) => [g.weigh(node)],
  expm1: (g, _, a) => [g.weigh(a.exp())],
  log: (g, _, a) => [g.weigh(constant(1).div(a))],
  log1p: (g, _, a) => [g.weigh(constant(1).div(a.add(1)))],
  log1mexp: (g, _, a) => [g.weigh(a.exp().div(a.expm1()))], // −eᵃ/(1 − eᵃ)
  softplus: (g, _, a) => [g.mul(a.sigmoid())],
  sigmoid: (g, node, a) => [g.weigh(node.mul(a.neg().sigmoid()))], //      σ(a)σ(−a): no 1 − σ to cancel
  tanh: (g, _, a) => [g.mul(a.mul(2).sigmoid().mul(a.mul(-2).sigmoid()).mul(4))], // 4σ(2a)σ(−2a)
  sin: (g, _, a) => [g.mul(a.cos())],
  cos: (g, _, a) => [g.mul(a.sin()).neg()],
  atan: (g, _, a) => [g.div(a.square().add(1))],
  floor: none,
  lgamma: (g, _, a) => [g.weigh(a.digamma())],
  digamma: (g, _, a) => [g.weigh(a.trigamma())],
  trigamma: late,

  add: (g) => [g, g],
  sub: (g) => [g, g.neg()],
  mul: (g, _, a, b) => [g.weigh(b), g.weigh(a)],
  div: (g, node, _, b) => [g.weigh(constant(1).div(b)), g.weigh(node.div(b)).neg()], // 1/b, −(a/b)/b
  // (b da − a db)/(a² + b²), 0 at the origin; in units of the larger, so that no square leaves the range
  atan2: (g, _, a, b) => {
    const larger = a.abs().max(b.abs());
    const [x, y] = [b, a].map((side) => side.div(where(larger.eq(0), 1, larger)));
    const scaled = g
      .div(where(larger.eq(0), Number.POSITIVE_INFINITY, larger))
      .div(x.square().add(y.square()).max(1));
    return [scaled.mul(x), scaled.mul(y).neg()];
  },
  pow: (g, node, a, b) => [
    g.weigh(b.weigh(a.pow(b.sub(1)))),
    g.weigh(where(a.gt(0), node.weigh(a.log()), 0)),
  ],
  min: (g, _, a, b) => [g.mul(b.above(a)), g.mul(a.above(b))], //        ½ each at a tie
  max: (g, _, a, b) => [g.mul(a.above(b)), g.mul(b.above(a))],
  above: none,
  weigh: (g, _, a, b) => [g.weigh(b), g.weigh(a)],
  gap: late,
  geometric: late,
  exprel: (g, node, a, b) => [g.weigh(node.sub(b.mul(a.exprel(b.add(1))))), null], // φ_k′ = φ_k − k φ_{k+1}

  lt: none,
  le: none,
  gt: none,
  ge: none,
  eq: none,
  ne: none,
  and: none,
  or: none,
  not: none,
  where: (g, _, condition) => [null, where(condition, g, 0), where(condition, 0, g)],

  sum: (g) => [g],
  reduceMax: (g, node, a) => [first(g, a, a.argmax(node.attrs.axis!), node)], // the first largest takes it
  reduceMin: (g, node, a) => [first(g, a, a.argmin(node.attrs.axis!), node)],
  argmax: none,
  argmin: none,
  norm: (g, node, a) => [g.mul(a.unit(node.attrs.axis!))], //            a/‖a‖, 0 at 0
  logSumExp: (g, node, a) => [g.mul(a.softmax(node.attrs.axis!))],
  expRest: late,
  quantile: late, //                                                     used as a constant: stopGradient it
  contract: (g, _, a, b) => [g.mul(b), g.mul(a)],
  softmax: (g, node) => [node.mul(g.sub(node.mul(g).sum(node.attrs.axis!)))],
  logSoftmax: (g, node, a) => {
    const axis = node.attrs.axis!;
    const total = g.sum(axis);
    const formula = g.sub(a.softmax(axis).mul(total)); //                g − p Σg
    // Where p is near 1 that loses its digits: (1 − p)Σg − Σ of the others keeps them, and 1 − p of the row's largest,
    // the only one that can be near 1, is expRest/(1 + expRest).
    const rest = a.expRest(axis);
    const largest = iota(axis).eq(a.argmax(axis));
    const others = where(largest, 0, g).sum(axis);
    const atLargest = total.mul(rest.div(rest.add(1))).sub(others);
    return [formula.computedAs(where(largest, atLargest, formula))];
  },

  // (g − u⟨u, g⟩)/‖a‖: what lengthens is taken out before the division, which may leave the range
  unit: (g, node, a) => {
    const axis = node.attrs.axis!;
    const length = a.norm(axis);
    const turning = g.sub(node.mul(node.mul(g).sum(axis)));
    return [turning.div(where(length.gt(0), length, Number.POSITIVE_INFINITY))];
  },
  cumsum: (g, { attrs: { axis } }) => [g.sum(axis!).sub(g.cumsum(axis!)).add(g)], // Σ of g from here on
  order: none,

  take: (g, { attrs: { axis } }, values, index) => {
    const along = index.axes.filter((name) => !values.axes.includes(name));
    // Looked up by one axis of its own: summed back into the bins. Per row of the values: one hot.
    if (along.length === 1) return [g.segmentSum(index, along[0], axis!), null];
    return [where(iota(axis!).eq(index), g, 0), null];
  },
  segmentSum: (g, { attrs: { to } }, _, index) => [g.take(index, to!), null],
  at: (g, { attrs: { axis, index } }) => [where(iota(axis!).eq(index!), g, 0)],
  rename: (g, { attrs: { axis, to } }) => [g.rename(to!, axis!)],
  stopGradient: none,
  computedAs: (g) => [g, null], //                                      that of the formula
};

/** The gradient `g` of an argument along `axis`, given to the element `index` alone. */
function first(g: Expr, argument: Expr, index: Expr, node: Expr): Expr {
  const axis = node.attrs.axis!;
  return argument.axes.includes(axis) ? where(iota(axis).eq(index), g, 0) : g;
}

/** The axes an op runs over for each element of an argument, where its rule does not move elements itself. */
function axesRunOver(node: Expr): readonly string[] {
  const { kind } = node;
  if (kind === "shape" || node.op === "reduceMax" || node.op === "reduceMin") return [];
  return kind === "reduce" ? [...node.axes, node.attrs.axis!] : node.axes;
}

/** Sums over the axes the argument lacks: the adjoint of broadcasting, and of reducing a constant. */
function toAxesOf(argument: Expr, local: Expr, node: Expr): Expr {
  const over = axesRunOver(node);
  let result = local;
  for (let i = 0; i < over.length; i++) if (!argument.axes.includes(over[i])) result = result.sum(over[i]);
  const { axes } = local;
  for (let i = 0; i < axes.length; i++) {
    if (!argument.axes.includes(axes[i]) && !over.includes(axes[i])) result = result.sum(axes[i]);
  }
  return result;
}

/** d root / d each of `wrt`: `root` has no axes. An input that does not appear has gradient 0. */
export function gradient(root: Expr, wrt: readonly Expr[]): Expr[] {
  if (root.axes.length > 0) {
    throw new LossError(
      "definition",
      phrase`gradient takes an expression without axes, not one over ${root.axes.join()}.`,
    );
  }
  const received = new Map<Expr, Expr>([[root, constant(1)]]);
  const nodes = topological([root]);
  const reaches = reaching(wrt, nodes);
  for (let k = nodes.length - 1; k >= 0; k--) {
    const node = nodes[k];
    const incoming = received.get(node);
    if (!incoming || !reaches.has(node)) continue;
    const { args } = node;
    const locals = rules[node.op](incoming, node, args[0], args[1], args[2]);
    for (let i = 0; i < args.length; i++) {
      const argument = args[i];
      const local = locals[i];
      if (!local || !reaches.has(argument)) continue;
      const before = received.get(argument);
      const share = toAxesOf(argument, local, node);
      received.set(argument, before ? before.add(share) : share);
    }
  }
  return wrt.map((input) => received.get(input) ?? constant(0));
}

/** Those of some nodes that are made of what the gradient is asked for. */
function reaching(wrt: readonly Expr[], nodes: readonly Expr[]): ReadonlySet<Expr> {
  const reaches = new Set<Expr>();
  for (let k = 0; k < nodes.length; k++) {
    const { args } = nodes[k];
    let is = wrt.includes(nodes[k]);
    for (let i = 0; !is && i < args.length; i++) is = reaches.has(args[i]);
    if (is) reaches.add(nodes[k]);
  }
  return reaches;
}
