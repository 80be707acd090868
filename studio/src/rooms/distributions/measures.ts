// What two distributions have to say of one another, as the library says it.

import { catalogue } from "lossc";

export const units = { bits: 2, nats: Math.E } as const;
export type Unit = keyof typeof units;

/** Shares brought to the sum 1; equal ones where all are 0. */
export function normalised(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => (total === 0 ? 1 / shares.length : share / total));
}

/** One share set to a value in [0, 1]; the others share the rest as they did before. */
export function withShare(shares: readonly number[], index: number, wanted: number): number[] {
  const value = Math.round(Math.min(1, Math.max(0, wanted)) * 1000) / 1000;
  const others = normalised(shares.map((share, i) => (i === index ? 0 : share)));
  const alone = shares.every((share, i) => i === index || share === 0);
  return others.map((share, i) => {
    if (i === index) return value;
    return (alone ? 1 / (shares.length - 1) : share) * (1 - value);
  });
}

export const measureNames = ["entropy", "crossEntropy", "forward", "reverse", "jensenShannon"] as const;
export type Measure = (typeof measureNames)[number];

/** Entropy of the truth, its cross-entropy with the prediction, and their divergences; `slope` is the cross-entropy's by
 * the prediction's logits. */
export function measured(
  truth: readonly number[],
  predicted: readonly number[],
  unit: Unit,
): Readonly<Record<Measure, number>> & { readonly slope: readonly number[] } {
  const base = units[unit];
  const from = "probabilities";
  const call = (name: string, inputs: Record<string, unknown>, options: Record<string, unknown>) =>
    catalogue.get(name)!(inputs as never, options) as number;
  const divergence = (name: string, of: readonly number[], by: readonly number[]) =>
    call(name, { prediction: [by], target: [of] }, { from }) / Math.log(base);
  const slope = catalogue
    .get("crossEntropy")!
    .valueAndGrad({ logits: [predicted.map(Math.log)], target: [[...truth]] }, { base }).grads.logits;
  return {
    entropy: call("entropy", { prediction: [truth] }, { from, base }),
    crossEntropy: call("categoricalCrossEntropy", { probability: [predicted], target: [truth] }, { base }),
    forward: divergence("klDivergence", truth, predicted),
    reverse: divergence("klDivergence", predicted, truth),
    jensenShannon: divergence("jsDivergence", truth, predicted),
    slope: [...slope.data],
  };
}

/** The length of each class's code: minus the logarithm of its probability. */
export const codeLengths = (shares: readonly number[], unit: Unit): number[] =>
  shares.map((share) => -Math.log(share) / Math.log(units[unit]) + 0); // + 0 makes −0 plain
