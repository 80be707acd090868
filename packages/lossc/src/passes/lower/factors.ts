// Scalars are taken out of products. In: expressions. Out: equal ones in which a number that is the same for all
// elements (1/size, a parameter) multiplies once and as late as it can, what two products share is the same node,
// and a division by such a number, or by a number of the row, is a multiplication by its reciprocal.

import { constant, type Expr, make, nodesOf, where } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";

/** `core` times each of `scales`, none of which has axes; `weighed` if 0 has to win over ∞ in that. */
interface Scaled {
  readonly core: Expr;
  readonly scales: readonly Expr[];
  readonly weighed: boolean;
}

const one = constant(1);
const zero = constant(0);

/** Neither 0 nor infinite, so that 0 · ∞ cannot arise: then `weigh` is a plain product. */
function isSafe(expr: Expr): boolean {
  if (expr.op === "constant") return Number.isFinite(expr.attrs.value) && expr.attrs.value !== 0;
  return expr.op === "size" || ((expr.op === "mul" || expr.op === "div") && expr.args.every(isSafe));
}

/** A number to multiply by late: the reciprocal of a parameter is not, for two of them may overflow where each is fine. */
function isScale(expr: Expr): boolean {
  if (expr.op === "div") return isScale(expr.args[0]) && isSafe(expr.args[1]);
  return scaleOps.has(expr.op) && expr.args.every(isScale);
}
const scaleOps: ReadonlySet<Op> = new Set<Op>([
  "constant",
  "size",
  "param",
  "neg",
  "add",
  "sub",
  "mul",
  "weigh",
  "square",
  "cos",
  "sin",
]);

const notNegative: { readonly [K in Op]?: (expr: Expr) => boolean } = {
  constant: ({ attrs }) => attrs.value! >= 0,
  size: () => true,
  exp: () => true,
  abs: () => true,
  square: () => true,
  sum: ({ args: [a] }) => isNotNegative(a),
  where: ({ args: [, a, b] }) => isNotNegative(a) && isNotNegative(b),
};
const isNotNegative = (expr: Expr): boolean => notNegative[expr.op]?.(expr) ?? false;

/** A divisor whose reciprocal neither overflows nor loses digits: not a norm, which may be tiny. */
function hasReciprocal(expr: Expr): boolean {
  if (expr.op === "param" || isSafe(expr)) return true;
  return (
    expr.op === "add" &&
    expr.args.some((arg) => arg.op === "constant" && arg.attrs.value! >= 1) &&
    expr.args.every(isNotNegative)
  );
}

const times = (a: Expr, b: Expr, weighed: boolean): Expr => {
  if (a === one || b === one) return a === one ? b : a;
  if (!weighed || isSafe(a) || isSafe(b)) return a.mul(b);
  return chosen(a, b) ?? chosen(b, a) ?? a.weigh(b);
};
/** What is weighed by 0 or 1 is chosen. */
function chosen({ op, args: [condition, then, otherwise] }: Expr, x: Expr): Expr | undefined {
  if (op !== "where") return undefined;
  if (then === zero && otherwise === one) return where(condition, 0, x);
  return then === one && otherwise === zero ? where(condition, x, 0) : undefined;
}
const noScales: readonly Expr[] = [];
const plain = (core: Expr): Scaled => ({ core, scales: noScales, weighed: false });
function whole({ core, scales, weighed }: Scaled): Expr {
  if (scales.length === 0) return core;
  const scale = scales.reduce((a, b) => times(a, b, weighed), one);
  // The row's own factor takes the scale, so that an element is multiplied once.
  const perRow =
    core.op === "mul" &&
    isSafe(scale) &&
    core.args[1].axes.length < core.axes.length &&
    (core.args[1].op === "div" || isShare(core.args[0]));
  return perRow ? core.args[0].mul(times(core.args[1], scale, weighed)) : times(core, scale, weighed);
}
/** A node of what became of its arguments. */
function made(node: Expr, args: readonly Scaled[]): Expr {
  let same = true;
  for (let i = 0; same && i < args.length; i++)
    same = args[i].scales.length === 0 && args[i].core === node.args[i];
  return same ? node : make(node.op, args.map(whole), node.attrs);
}

/** Between 0 and 1 by its form. */
function isShare({ op, args }: Expr): boolean {
  if (op === "exp") return args[0].op === "gap" || (args[0].op === "neg" && args[0].args[0].op === "abs");
  return op === "div" && args[0] === one && args[1].op === "add" && hasReciprocal(args[1]);
}

/** A share times a row's share, times another number of the row: the row's are multiplied first. What underflows in that
 * underflows in any order. */
function perRow(product: Expr, factor: Expr): Expr | undefined {
  const [share, row] = product.args;
  const isSameForRow = (part: Expr): boolean => part.axes.length < product.axes.length;
  if (product.op !== "mul" || !isShare(share) || !isSameForRow(row) || !isSameForRow(factor))
    return undefined;
  return factor.axes.every((axis) => product.axes.includes(axis)) ? share.mul(row.mul(factor)) : undefined;
}

/** `isShared`: whether several are divided by it. */
type Row = (node: Expr, args: readonly Scaled[], isShared: (divisor: Expr) => boolean) => Scaled;

const product: Row = ({ op }, [a, b]) => {
  const scales = both(a.scales, b.scales);
  const weighed = (op === "weigh" || a.weighed || b.weighed) && !scales.every(isSafe);
  const grouped = op === "mul" ? (perRow(a.core, b.core) ?? perRow(b.core, a.core)) : undefined;
  return { core: grouped ?? times(a.core, b.core, op === "weigh"), scales, weighed };
};
const both = (a: readonly Expr[], b: readonly Expr[]): readonly Expr[] =>
  a.length === 0 ? b : b.length === 0 ? a : [...a, ...b];

const negated = ({ args: [share, row] }: Expr): Expr => share.mul(row.neg());

/** What all parts are scaled by is taken out of their sum or choice. */
const joined: Row = (node, args) => {
  // A condition only chooses; a truth value in a sum is a number, which has its scales.
  const isPart = (i: number): boolean => args[i].core !== zero && !(node.op === "where" && i === 0);
  let shared: readonly Expr[] | undefined;
  let weighed = false;
  for (let i = 0; i < args.length; i++) {
    if (!isPart(i)) continue;
    shared = shared === undefined ? args[i].scales : common(shared, args[i].scales);
    weighed ||= args[i].weighed;
  }
  if (shared === undefined || shared.length === 0) return plain(made(node, args));
  const taken = shared;
  const rest = (part: Scaled, i: number): Expr =>
    isPart(i) ? whole({ ...part, scales: without(part.scales, taken) }) : part.core;
  return {
    core: make(node.op, args.map(rest), node.attrs),
    scales: shared,
    weighed: weighed && !shared.every(isSafe),
  };
};

/** What only moves elements moves the core. */
function moved(node: Expr, [values, ...indices]: readonly Scaled[]): Scaled {
  return { ...values, core: make(node.op, [values.core, ...indices.map(whole)], node.attrs) };
}

/** The elements of both lists, as often as both have them. */
function common(a: readonly Expr[], b: readonly Expr[]): readonly Expr[] {
  return a.length === 0 || b.length === 0 ? noScales : without(a, without(a, b));
}
function without(list: readonly Expr[], taken: readonly Expr[]): readonly Expr[] {
  const left = [...taken];
  return list.filter((expr) => {
    const at = left.indexOf(expr);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const rows: { readonly [K in Op]?: Row } = {
  mul: product,
  weigh: product,
  neg: (_, [a]) => ({ ...a, core: perRow(a.core, one) ? negated(a.core) : a.core.neg() }),
  div: (node, [a, b], isShared) => {
    const divisor = whole(b);
    const reciprocal = one.div(divisor);
    if (!hasReciprocal(divisor) || a.core === one) return { ...a, core: a.core.div(divisor) };
    if (isSafe(divisor))
      return product(node, [a, { core: one, scales: [reciprocal], weighed: false }], isShared);
    const saves = divisor.axes.length < node.axes.length || isShared(node.args[1]);
    return { ...a, core: saves ? a.core.mul(reciprocal) : a.core.div(divisor) };
  },
  rename: moved,
  take: moved,
  add: joined,
  sub: joined,
  where: joined,
  sum: joined,
};

export function takeOutScalars(roots: readonly Expr[]): Expr[] {
  const split = new Map<Expr, Scaled>();
  const nodes = nodesOf(roots);
  const divisions = new Map<Expr, number>();
  for (let i = 0; i < nodes.length; i++) {
    const { op, args } = nodes[i];
    if (op === "div") divisions.set(args[1], (divisions.get(args[1]) ?? 0) + 1);
  }
  const isShared = (divisor: Expr): boolean => (divisions.get(divisor) ?? 0) > 1;
  const splitOf = (expr: Expr): Scaled => split.get(expr)!;
  const scaled = (node: Expr): Scaled => {
    const args = node.args.map(splitOf);
    const row = rows[node.op];
    if (node.axes.length === 0 && node.op !== "sum") {
      // A scalar is a scale as it is, whatever it is made of.
      const own = made(node, args);
      return node.op === "constant" || !isScale(own)
        ? plain(own)
        : { core: one, scales: [own], weighed: false };
    }
    return row && node.type === "float" ? row(node, args, isShared) : plain(made(node, args));
  };
  for (let i = 0; i < nodes.length; i++) split.set(nodes[i], scaled(nodes[i]));
  return roots.map((root) => whole(splitOf(root)));
}
