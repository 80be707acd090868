// Sums of alike parts. In: expressions after scalars were taken out. Out: equal ones with fewer products and choices.
//
// Slopes are such sums: d(p·q) is q dp + p dq, and where p is a power both sides still have it; what flows through a
// choice comes back as two, each with 0 on the other's side.

import { constant, type Expr, nodesOf, rebuild, where } from "../../language/expr.ts";
import { type Rewrite, type Rules, rewriting } from "../../language/rewrite.ts";

const one = constant(1);
const zero = constant(0);

const isProduct = (expr: Expr): boolean =>
  expr.type === "float" && (expr.op === "mul" || expr.op === "weigh");

/** `weighed`: where it stands 0 wins, over it and in it. */
interface Factor {
  readonly expr: Expr;
  readonly weighed: boolean;
}

/** The factors of a product in their order; of anything else itself. */
function factorsOf(expr: Expr): readonly Factor[] {
  if (!isProduct(expr)) return [{ expr, weighed: false }];
  const [a, b] = expr.args.map(factorsOf);
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

const joined: Rules["add"] = (node, a, b) => factored(node, a, b) ?? eitherOr(node, a, b);
const joinSums = rewriting({ add: joined, sub: joined });

/** w·(p·x) as (w·p)·x where w·p is there for another and p·x is not: a value and its slope have such products. */
function shareProducts(roots: readonly Expr[]): readonly Expr[] {
  const nodes = nodesOf(roots);
  const products = nodes.filter(isProduct);
  const pairs = new Map(products.map((node) => [pairOf(node.args[0], node.args[1]), node]));
  const uses = new Map<Expr, number>();
  for (const arg of [...roots, ...nodes.flatMap(({ args }) => args)]) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  return rebuild(roots, (node) => {
    if (!isProduct(node)) return node;
    for (const [w, inner] of bothWays(node)) {
      if (!isProduct(inner) || uses.get(inner) !== 1) continue;
      for (const [p, x] of bothWays(inner)) {
        const known = pairs.get(pairOf(w, p));
        if (!known || known === node || p.axes.length < node.axes.length) continue;
        const isWeighed = [node, inner, known].some(({ op }) => op === "weigh");
        return isWeighed ? known.weigh(x) : known.mul(x);
      }
    }
    return node;
  });
}
const bothWays = ({ args: [a, b] }: Expr): readonly (readonly [Expr, Expr])[] => [
  [a, b],
  [b, a],
];
/** A name for the product of two, in either order. */
const pairOf = (a: Expr, b: Expr): string => (a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`);

export const joinAlike: Rewrite = (roots) => shareProducts(joinSums(roots));
