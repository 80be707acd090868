// Samples and their weights: what of a summand is added up, and whether samples see one another.

import { constant, type Expr, input, rebuild, topological, where } from "../language/expr.ts";
import { optionLeaf, type Part, type Variant } from "./variant.ts";

export const sumOver = (expr: Expr, axes: readonly string[]): Expr =>
  axes.reduce((sum, axis) => sum.sum(axis), expr);

/** A summand with its samples weighed. */
export interface Weighed {
  readonly axes: readonly string[];
  /** w·ℓ of every sample. */
  readonly weighted: Expr;
  /** w of every sample, 0 where it does not count. */
  readonly weight: Expr;
  /** Σ w·ℓ, or the penalty itself. */
  readonly total: Expr;
  readonly weightSum: Expr;
  readonly count: Expr;
}

/** Weighs a summand's samples. One without sample axes is a penalty: weights and reductions leave it alone. */
export function weighSamples(part: Part, variant: Variant): Weighed {
  const axes = part.loss.axes;
  const one = constant(1);
  if (axes.length === 0)
    return { axes, weighted: part.loss, weight: one, total: part.loss, weightSum: one, count: one };
  const weights = variant.given.weight
    ? [input(optionLeaf.weight, axes), ...part.weights]
    : [...part.weights];
  const keeps = variant.given.mask ? [input(optionLeaf.mask, axes).ne(0), ...part.keeps] : [...part.keeps];
  if (weights.length === 0 && keeps.length === 0) {
    const count = sumOver(one, axes);
    const total = sumOver(part.loss, axes);
    return { axes, weighted: part.loss, weight: one, total, weightSum: count, count };
  }
  const product = weights.reduce((a, b) => a.mul(b), one);
  const weight = keeps.length
    ? where(
        keeps.reduce((a, b) => a.and(b)),
        product,
        0,
      )
    : product;
  const counted = weight.ne(0);
  const loss = mixesSamples(part.loss) ? part.loss : withoutUncounted(part.loss, counted);
  const weighted = weight.weigh(loss);
  const all = (expr: Expr) => sumOver(expr, axes);
  return { axes, weighted, weight, total: all(weighted), weightSum: all(weight), count: all(counted) };
}

/** A loss as people read it: the loss of one sample; where summands have samples of different kinds (rows and pairs),
 * of which no one sample has a loss, the sum of their means. */
export function sumOfParts(parts: readonly Part[]): Expr {
  if (parts.length === 1) return parts[0].formula;
  const kinds = new Set(parts.map(({ loss }) => loss.axes.join()).filter((axes) => axes !== ""));
  return parts
    .map((part) => part.coefficient.mul(kinds.size > 1 ? meanOf(part) : part.formula))
    .reduce((a, b) => a.add(b));
}

/** A summand's mean over the samples that count. */
function meanOf({ formula, loss: { axes }, keeps }: Part): Expr {
  if (axes.length === 0) return formula;
  if (keeps.length === 0) return sumOver(formula, axes).div(sumOver(constant(1), axes));
  const counted = keeps.reduce((a, b) => a.and(b));
  return sumOver(where(counted, formula, 0), axes).div(sumOver(where(counted, 1, 0), axes));
}

/** Whether samples see one another: an axis of theirs has a second name, or is reduced on the way. */
export function mixesSamples(loss: Expr): boolean {
  return topological([loss]).some(
    ({ op, kind, attrs }) => kind !== "leaf" && op !== "take" && loss.axes.includes(attrs.axis!),
  );
}

/** A sample that does not count must not reach the result, whatever stands in its place (NaN padding, say). */
function withoutUncounted(loss: Expr, counted: Expr): Expr {
  const [result] = rebuild([loss], (expr) =>
    expr.op === "input" && loss.axes.every((axis) => expr.axes.includes(axis))
      ? where(counted, expr, 0)
      : expr,
  );
  return result;
}
