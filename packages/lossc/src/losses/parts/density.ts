// Gradient density: how many samples of a batch have a gradient of about the same size, kept over batches.

import { constant, type Expr, iota, size, where } from "../../language/expr.ts";

/** The parameters of gradient harmonizing, with a paper's own bins and momentum. */
export const densityParams = <B extends number, M extends number>(bins: B, momentum: M) =>
  ({
    bins: {
      default: bins,
      integer: true,
      min: 1,
      sizeOf: "bins",
      doc: "Into how many equal bins the gradient's size, 0 to 1, is sorted; the last is closed.",
    },
    momentum: { default: momentum, min: 0, below: 1, doc: "How much of the earlier counts is kept." },
    biasCorrection: {
      default: true,
      doc: "Divide by what the running averages lack after few updates; false is the published code.",
    },
  }) as const;

const perBin = { axes: "bins", role: "data", optional: true, domain: "nonNegative" } as const;
/** The running averages of the counts and how often each was updated, as the last call's `state` gave them. */
export const runningCounts = { averages: perBin, updates: perBin } as const;

interface Running {
  readonly bins: Expr;
  readonly momentum: Expr;
  readonly biasCorrection: boolean;
  readonly averages: Expr | undefined;
  readonly updates: Expr | undefined;
}

/** β = N / (density of the sample's bin · bins that are not empty), constant in the gradient, and the next state.
 * Li, Liu & Wang 2019, eq. 7 and 9; as in the published code only bins that are not empty are updated. */
export function harmonized(
  loss: Expr,
  gradientSize: Expr,
  { bins, momentum, biasCorrection, averages, updates }: Running,
): { readonly loss: Expr; readonly state: Readonly<Record<string, Expr>> } {
  const bin = gradientSize.mul(bins).floor().min(bins.sub(1));
  const place = where(bin.ge(0), bin, 0); // a NaN has no bin; its loss is NaN anyway
  const counts = place.ge(0).segmentSum(place, "...", "bins");
  const filled = counts.gt(0);
  const none = iota("bins").mul(0);
  const before = averages ?? none;
  const average = where(filled, momentum.mul(before).add(constant(1).sub(momentum).mul(counts)), before);
  const times = (updates ?? none).add(filled);
  // Averages that come without their number of updates are taken as they are.
  const corrects = biasCorrection && (updates !== undefined || averages === undefined);
  const density = corrects ? average.div(constant(1).sub(momentum.pow(times))) : average;
  const beta = size("...")
    .div(density.take(place, "bins").mul(filled.sum("bins")))
    .stopGradient();
  return { loss: beta.mul(loss), state: { averages: average, updates: times } };
}
