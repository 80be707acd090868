// Sums of alike parts. In: expressions after scalars were taken out. Out: equal ones with fewer products and choices.
//
// Slopes are such sums: d(p·q) is q dp + p dq, and where p is a power both sides still have it; what flows through a
// choice comes back as two, each with 0 on the other's side.

import { constant, type Expr, nodesOf, where } from "../../language/expr.ts";
import { type Rewrite, type Rule, rewriting } from "../../language/rewrite.ts";
import { pairOf } from "./commute.ts";

const one = constant(1);
const zero = constant(0);

const isProduct = ({ op, type }: Expr): boolean => (op === "mul" || op === "weigh") && type === "float";

/** `weighed`: where it stands 0 wins, over it and in it. */
interface Factor {
  readonly expr: Expr;
  readonly weighed: boolean;
}

/** The factors of a product in their order; of anything else itself. */
function factorsOf(expr: Expr): readonly Factor[] {
  if (!isProduct(expr)) return [{ expr, weighed: false }];
  const a = factorsOf(expr.args[0]);
  const b = factorsOf(expr.args[1]);
  return [...a, ...(expr.op === "weigh" ? b.map((factor) => ({ ...factor, weighed: true })) : b)];
}

/** Those elements of a list that another has too, each as often as both have it, and the others of both. */
function shared(
  a: readonly Factor[],
  b: readonly Factor[],
): readonly [both: Factor[], a: Factor[], b: Factor[]] {
  const left = [...b];
  const [both, rest]: [Factor[], Factor[]] = [[], []];
  for (const factor of a) {
    const at = left.findIndex(({ expr }) => expr === factor.expr);
    if (at < 0) rest.push(factor);
    else {
      both.push({ ...factor, weighed: factor.weighed || left[at].weighed });
      left.splice(at, 1);
    }
  }
  return [both, rest, left];
}

/** What is the same along an axis is multiplied first: once for all of it. */
const byAxes = (a: Factor, b: Factor): number => a.expr.axes.length - b.expr.axes.length;

/** Their product. Where the first is a weighed one, it came before what it weighs, and so all are weighed. */
function productOf(factors: readonly Factor[]): Expr {
  const [first, ...others] = [...factors].sort(byAxes);
  if (!first) return one;
  return others.reduce(
    (x, { expr, weighed }) => (weighed || first.weighed ? x.weigh(expr) : x.mul(expr)),
    first.expr,
  );
}

/** f·x ± f·y = f·(x ± y), for an f that is each element's own: what is the same for many stands outside anyway. */
function factored(node: Expr, a: Expr, b: Expr): Expr | undefined {
  if (!isProduct(a) || !isProduct(b)) return undefined;
  const [ofA, ofB] = [factorsOf(a), factorsOf(b)];
  const [both, restA, restB] = shared(ofA, ofB);
  if (!both.some(({ expr }) => expr.axes.length === node.axes.length)) return undefined;
  const [x, y] = [productOf(restA), productOf(restB)];
  const sum = node.op === "add" ? x.add(y) : x.sub(y);
  const weighed = [...ofA, ...ofB].some((factor) => factor.weighed);
  return weighed ? productOf(both).weigh(sum) : productOf(both).mul(sum);
}

/** (c ? x : 0) ± (c ? 0 : y) is c ? x : ±y. */
function eitherOr(node: Expr, a: Expr, b: Expr): Expr | undefined {
  if (a.op !== "where" || b.op !== "where" || a.args[0] !== b.args[0]) return undefined;
  const [condition, x, otherwise] = a.args;
  const [, first, y] = b.args;
  const signed = (side: Expr): Expr => (node.op === "add" ? side : side.neg());
  if (otherwise === zero && first === zero) return where(condition, x, signed(y));
  return x === zero && y === zero ? where(condition, signed(first), otherwise) : undefined;
}

const joined: Rule = (node, a, b) => factored(node, a, b) ?? eitherOr(node, a, b);
const joinSums = rewriting({ add: joined, sub: joined });

/** w·(p·x) as (w·p)·x where w·p is there for another and p·x is not: a value and its slope have such products. */
const shareProducts: Rewrite = (roots) => {
  const nodes = nodesOf(roots);
  const products = new Map<number, Expr>();
  /** How often each product is used. */
  const uses = new Map<Expr, number>();
  for (let i = 0; i < nodes.length; i++) {
    const { args } = nodes[i];
    for (let k = 0; k < args.length; k++) {
      const used = uses.get(args[k]);
      if (used !== undefined) uses.set(args[k], used + 1);
    }
    if (!isProduct(nodes[i])) continue;
    uses.set(nodes[i], 0);
    products.set(pairOf(args[0], args[1]), nodes[i]);
  }
  for (const root of roots) if (uses.has(root)) uses.set(root, uses.get(root)! + 1);
  const shared: Rule = (node) => {
    if (!isProduct(node)) return undefined;
    for (let i = 0; i < 2; i++) {
      const w = node.args[i];
      const inner = node.args[1 - i];
      if (!isProduct(inner) || uses.get(inner) !== 1) continue;
      for (let k = 0; k < 2; k++) {
        const p = inner.args[k];
        const known = products.get(pairOf(w, p));
        if (!known || known === node || p.axes.length < node.axes.length) continue;
        const isWeighed = node.op === "weigh" || inner.op === "weigh" || known.op === "weigh";
        const x = inner.args[1 - k];
        return isWeighed ? known.weigh(x) : known.mul(x);
      }
    }
    return undefined;
  };
  return rewriting({ mul: shared, weigh: shared })(roots);
};

export const joinAlike: Rewrite = (roots) => shareProducts(joinSums(roots));
