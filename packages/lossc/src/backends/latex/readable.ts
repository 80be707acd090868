// From the expression that engines can trust to the one that people read. In: a definition's expression. Out: one
// that is equal wherever a formula means something, without guards and floors.

import { constant, type Expr, input, rebuild, topological } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { costOf, numberOf, occurrences } from "./nodes.ts";
import type { Tidy } from "./tidy.ts";

type Rule = (node: Expr, a: Expr, b: Expr, c: Expr) => Expr | undefined;

const isNode = (expr: Expr): boolean => expr.args.length > 0 && expr.type === "float";
/** x = 0 for a computed x: what happens at a single point is said in words. */
const isGuard = ({ op, args: [a, b] }: Expr): boolean =>
  (op === "eq" || op === "ne") && isNode(a) && numberOf(b) === 0;

const guards: { readonly [K in Op]?: Rule } = {
  computedAs: (_, formula) => formula,
  // Above an axis an angle is below π, whatever the sign of b; else b is a positive length.
  atan2: (_, a, b) => (a.op === "sqrt" ? constant(Math.PI / 2).sub(b.div(a).atan()) : a.div(b).atan()),
  neg: (_, a) => (a.op === "neg" ? a.args[0] : undefined),
  sqrt: (_, a) => (a.op === "relu" ? a.args[0].sqrt() : undefined), //                       1 − cos² ≥ 0 but for rounding
  max: (_, a, b) => (numberOf(b) > 0 && numberOf(b) <= 1e-6 ? a : undefined), //            a floor
  where: (_, condition, a, b) => {
    if (isGuard(condition)) return condition.op === "eq" ? b : a;
    if (condition.op === "ge" && condition.args[0] === a && numberOf(condition.args[1]) === 0)
      if (numberOf(b) === 0) return a.relu();
    const divisor = condition.op === "gt" && condition.args[0] === a && numberOf(condition.args[1]) === 0;
    return divisor && numberOf(b) === Number.POSITIVE_INFINITY ? a : undefined;
  },
};

export const readable = (expr: Expr): Expr =>
  rebuild([expr], (node) => guards[node.op]?.(node, node.args[0], node.args[1], node.args[2]) ?? node)[0];

const sigmoids: ReadonlySet<Op> = new Set<Op>(["sigmoid", "softplus"]);
const softmaxes: ReadonlySet<Op> = new Set<Op>(["softmax", "logSoftmax"]);

/** Writes σ(x), log(1 + eˣ), softmax z in terms of the probability p where that is all there is, and clearer. */
export function probabilities(expr: Expr, tidy: Tidy, name: (meaning: Expr) => Expr): Expr {
  let best = tidy(expr);
  // Inside another sum, or a power, p reads better.
  const nested = topological([best]).some(
    ({ op, args: [a] }) =>
      (op === "sum" && topological([a]).some((node) => node.op === "logSumExp")) ||
      (op === "pow" && (a.op === "take" ? a.args[0] : a).op === "softmax"),
  );
  const plain = costOf(best) + (nested ? 4 : 0);
  for (const node of topological([expr])) {
    const pointwise = sigmoids.has(node.op);
    if (!pointwise && !softmaxes.has(node.op)) continue;
    const x = node.args[0].op === "neg" ? node.args[0].args[0] : node.args[0];
    const meaning = pointwise ? x.sigmoid() : x.softmax(node.attrs.axis!);
    const p = input(pointwise ? "p" : `softmax ${node.attrs.axis}`, meaning.axes);
    const [rewritten] = rebuild([expr], (each) => {
      if (pointwise ? !sigmoids.has(each.op) : !softmaxes.has(each.op) || each.attrs.axis !== node.attrs.axis)
        return each;
      const minus = each.args[0].op === "neg" && each.args[0].args[0] === x;
      if (!minus && each.args[0] !== x) return each;
      if (each.op === "softmax") return p;
      if (each.op === "logSoftmax") return p.log();
      if (each.op === "sigmoid") return minus ? constant(1).sub(p) : p;
      return (minus ? p : constant(1).sub(p)).log().neg(); // log(1 + e⁻ˣ) = −log p
    });
    const next = tidy(rewritten);
    const count = occurrences([next]).get(p) ?? 0;
    const logs = topological([next]).some(
      ({ op, args: [a] }) => (op === "log" || op === "pow") && topological([a]).includes(p),
    );
    // One p alone stands in full, if not below a logarithm.
    const [written] = count > 1 || logs ? [next] : rebuild([next], (each) => (each === p ? meaning : each));
    const defined = count > 1 ? -1 : logs ? costOf(meaning) + 2 : 0;
    const bare = topological([next]).includes(x);
    if (count > 0 && !bare && costOf(written) + defined < plain) {
      const named = name(meaning);
      best = defined ? tidy(rebuild([next], (each) => (each === p ? named : each))[0]) : written;
      return defined ? best : written;
    }
  }
  return best;
}
