// Row operations in terms of plain folds. In: expressions after all passes. Out: expressions whose reductions are
// the folds a loop can do, without marks that only matter to the gradient.

import { constant, type Expr, iota, make, size, where } from "../../language/expr.ts";
import { type Rule, type Rules, rewriting } from "../../language/rewrite.ts";
import { fading, isSize, isSizeBelow } from "../magnitude.ts";

const rows: Rules = {
  stopGradient: (_, a) => a,
  computedAs: (_, __, stable) => stable,
  contract: ({ attrs }, a, b) => a.mul(b).sum(attrs.axis!),
  // Σ e^(a − largest) but for the first largest; `gap` makes ∞ − ∞ 0
  expRest: ({ attrs }, a) => {
    const axis = attrs.axis!;
    const others = where(iota(axis).eq(a.argmax(axis)), 0, a.gap(a.max(axis)).exp());
    return others.sum(axis);
  },
  // All of a logit's functions from one e^−|x|, which loops share: none of them overflows or cancels.
  softplus: (_, a) => {
    const rest = fading(a).log1p();
    return isSize(a) ? a.add(rest) : isSizeBelow(a) ? rest : a.relu().add(rest);
  },
  sigmoid: (_, a) => {
    const share = constant(1).div(fading(a).add(1));
    const faded = fading(a).mul(share);
    if (a.op === "neg") return isSize(a.args[0]) ? faded : where(a.args[0].ge(0), faded, share); // one condition for ±x
    return isSize(a) ? share : where(a.ge(0), share, faded);
  },
  // Along an axis the argument lacks it is constant.
  sum: (node, a) => (a.axes.includes(node.attrs.axis!) ? node : a.mul(size(node.attrs.axis!))),
  norm: (node, a) => (a.axes.includes(node.attrs.axis!) ? node : a.abs().mul(size(node.attrs.axis!).sqrt())),
  argmax: (node, a) => (a.axes.includes(node.attrs.axis!) ? node : constant(0)),
  argmin: (node, a) => (a.axes.includes(node.attrs.axis!) ? node : constant(0)),
};

export const expand = rewriting(rows);

/** Of an axis whose name is its size: others begin with a letter or a dot. */
export function fixedSize(axis: string): number | undefined {
  const first = axis.charCodeAt(0);
  return first >= 48 && first <= 57 ? Number(axis) : undefined;
}

const each = (x: Expr, axis: string): Expr[] => Array.from({ length: Number(axis) }, (_, i) => x.at(axis, i));

/** Folds along an axis of fixed size are written out. */
const whereFixed =
  (unrolled: (x: Expr, axis: string) => Expr): Rule =>
  ({ attrs }, x) =>
    fixedSize(attrs.axis!) === undefined ? undefined : unrolled(x, attrs.axis!);

/** Reductions over axes of fixed size become arithmetic, their sizes numbers. */
export const unroll = rewriting({
  size: whereFixed((_, axis) => constant(Number(axis))),
  sum: whereFixed((x, axis) => each(x, axis).reduce((a, b) => make("add", [a, b]))),
  reduceMax: whereFixed((x, axis) => each(x, axis).reduce((a, b) => a.max(b))),
  reduceMin: whereFixed((x, axis) => each(x, axis).reduce((a, b) => a.min(b))),
  norm: whereFixed((x, axis) =>
    each(x.square(), axis)
      .reduce((a, b) => a.add(b))
      .sqrt(),
  ),
});
