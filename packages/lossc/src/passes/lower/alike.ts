// Sums of alike parts. In: expressions after scalars were taken out. Out: equal ones with fewer products and choices.
//
// Slopes are such sums: d(p·q) is q dp + p dq, and where p is a power both sides still have it; what flows through a
// choice comes back as two, each with 0 on the other's side.

import { constant, type Expr, rebuild, where } from "../../language/expr.ts";

const one = constant(1);
const zero = constant(0);

const isProduct = (expr: Expr): boolean =>
  expr.type === "float" && (expr.op === "mul" || expr.op === "weigh");

/** The factors of a product in their order; of anything else itself. */
const factorsOf = (expr: Expr): readonly Expr[] => (isProduct(expr) ? expr.args.flatMap(factorsOf) : [expr]);

/** Whether 0 has to win in a product. */
const isWeighed = (expr: Expr): boolean =>
  expr.op === "weigh" || (expr.op === "mul" && expr.args.some(isWeighed));

/** Those elements of a list that another has too, each as often as both have it, and the others of both. */
function shared(a: readonly Expr[], b: readonly Expr[]): readonly [both: Expr[], a: Expr[], b: Expr[]] {
  const left = [...b];
  const [both, rest]: [Expr[], Expr[]] = [[], []];
  for (const expr of a) {
    const at = left.indexOf(expr);
    if (at < 0) rest.push(expr);
    else {
      both.push(expr);
      left.splice(at, 1);
    }
  }
  return [both, rest, left];
}

/** What is the same along an axis is multiplied first: once for all of it. */
const byAxes = (a: Expr, b: Expr): number => a.axes.length - b.axes.length;

/** f·x ± f·y = f·(x ± y). */
function factored(node: Expr, a: Expr, b: Expr): Expr | undefined {
  if (!isProduct(a) || !isProduct(b)) return undefined;
  const [both, ofA, ofB] = shared(factorsOf(a), factorsOf(b));
  if (both.length === 0) return undefined;
  const weighed = isWeighed(a) || isWeighed(b);
  const times = (x: Expr, y: Expr): Expr => (weighed ? x.weigh(y) : x.mul(y));
  const product = (factors: readonly Expr[]): Expr =>
    factors.length === 0 ? one : [...factors].sort(byAxes).reduce(times);
  const [x, y] = [product(ofA), product(ofB)];
  return times(product(both), node.op === "add" ? x.add(y) : x.sub(y));
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

export function joinAlike(roots: readonly Expr[]): Expr[] {
  return rebuild(roots, (node) => {
    if (node.op !== "add" && node.op !== "sub") return node;
    const [a, b] = node.args;
    return factored(node, a, b) ?? eitherOr(node, a, b) ?? node;
  });
}
