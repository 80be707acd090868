import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Asymmetric loss: focal cross-entropy that treats negatives more mildly than positives, and drops the easiest.
 *
 * For labels of which few are positive at once. A negative with probability below `clip` has gradient 0; a positive's
 * never dies. The gradient runs through the focusing factors, which published code holds constant. */
export const asymmetric = defineLoss({
  name: "asymmetric",
  family: "binary",
  inputs: { logits: "...", target: { axes: "...", kind: "binary", posWeight: true } },
  params: {
    gammaPos: { default: 1, min: 0, doc: "How strongly easy positives are scaled down." },
    gammaNeg: { default: 4, min: 0, doc: "How strongly easy negatives are scaled down." },
    clip: {
      default: 0.05,
      min: 0,
      below: 1,
      static: true,
      doc: "What is taken off the probability of negatives.",
    },
  },
  arithmetic: "float64",
  references: ["Ridnik et al. 2021, Asymmetric Loss For Multi-Label Classification, eq. 7"],
  check: {
    inputs: { logits: [0, 1], target: [1, 0] },
    options: { reduction: "sum" },
    value: 0.5924338149560552,
  },
  expr({ logits, target, gammaPos, gammaNeg, clip }) {
    const wrong = logits.neg().sigmoid();
    const shifted = clip > 0 ? logits.sigmoid().sub(clip).relu() : logits.sigmoid();
    // 1 − p after the shift is what was wrong before it, and the clip.
    const clipped = constant(1)
      .sub(shifted)
      .log()
      .neg()
      .computedAs(shifted.div(wrong.add(clip)).log1p());
    const surprise = clip > 0 ? clipped : logits.softplus();
    return target.expect(
      wrong.pow(gammaPos).mul(logits.neg().softplus()),
      shifted.pow(gammaNeg).mul(surprise),
    );
  },
});
