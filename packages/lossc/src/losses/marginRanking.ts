import { defineLoss } from "../contract/define.ts";

/** Margin ranking: how far the preferred of two scores falls short of leading by a margin.
 *
 * For learning an order from comparisons. The gradient is ±1 on both scores while the margin is not held, 0 beyond. */
export const marginRanking = defineLoss({
  name: "marginRanking",
  family: "ranking",
  inputs: { first: "...", second: "...", target: { axes: "...", kind: "sign" } },
  params: {
    margin: { default: 0, doc: "By how much the preferred score should lead; target +1 prefers `first`." },
  },
  references: ["Herbrich, Graepel & Obermayer 2000, Large Margin Rank Boundaries for Ordinal Regression"],
  check: {
    inputs: { first: [1, 2], second: [3, 0.5], target: [1, 1] },
    options: { margin: 1, reduction: "sum" },
    value: 3,
  },
  expr({ first, second, target, margin }) {
    return margin.sub(target.mul(first.sub(second))).relu(); // 0 at the kink
  },
});
