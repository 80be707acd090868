// What a definition gets for a target that may come in several forms: it says once what the loss is when the
// truth is a given class, and the target takes the expectation over the truth.

import { type Expr, iota, type Operand, toExpr, where } from "./expr.ts";

/** One way the truth can be. */
export interface Truth {
  /** The entry of the true class along the class axis. */
  at(values: Expr): Expr;
  /** Along the class axis: whether this is the true class. */
  readonly is: Expr;
  /** The true class's index; negative where the truth is none of the classes. */
  readonly label: Expr;
}

export interface ClassTarget {
  /** The truth as the label says; only where the target holds labels. */
  readonly truth: Truth;
  /** Which labels are not ignored; only where some are. For losses in which samples meet. */
  readonly kept?: Expr | undefined;
  /** The loss expected under the target: `loss(truth)` is the loss where the truth is known. */
  expect(loss: (truth: Truth) => Expr): Expr;
}

export interface BinaryTarget {
  /** The target itself, smoothed. */
  readonly value: Expr;
  /** target · positive + (1 − target) · negative; a part with coefficient 0 adds 0 even if it is infinite. */
  expect(positive: Expr, negative: Expr): Expr;
  /** What is expected of a loss that rises with the logit of the wrong class: target · loss(−logit) + (1 − target) ·
   * loss(logit), each side times its weight if there are any. Computed of |logit|, so that both sides share their parts. */
  expectOf(logit: Expr, loss: (logit: Expr) => Expr, options?: ExpectOptions): Expr;
}

export interface ExpectOptions {
  readonly weights?: SideWeights;
  /** loss(x) − loss(−x) for x ≥ 0, where that is less to compute than loss(x). */
  readonly rise?: (size: Expr) => Expr;
}

/** What the loss of positives and that of negatives is multiplied by: finite numbers. */
export interface SideWeights {
  readonly positive: Expr;
  readonly negative: Expr;
}

/** What the target of a classification turns on. */
export interface ClassTargetForm {
  readonly target: Expr;
  readonly over: string;
  /** Whether `target` holds a label per sample or a probability per class. */
  readonly form: "index" | "distribution";
  /** Which labels are not ignored. */
  readonly kept?: Expr | undefined;
  /** Whether labels may be negative: none of the classes. */
  readonly none?: boolean | undefined;
  /** ε of label smoothing. */
  readonly smoothing?: Expr | undefined;
  /** Along the class axis: the classes that smoothing may give probability to. */
  readonly allowed?: Expr | undefined;
}

export function classTarget({
  target,
  over,
  form,
  kept,
  none,
  smoothing,
  allowed,
}: ClassTargetForm): ClassTarget {
  const each = `${over}'`; // a second name of the class axis, for the truth to run along
  const hard: Truth = {
    at: (values) => values.take(none ? target.max(0) : target, over),
    is: iota(over).eq(target),
    label: target,
  };
  const soft: Truth = {
    at: (values) => values.rename(over, each),
    is: iota(over).eq(iota(each)),
    label: iota(each),
  };
  const uniform = () => {
    const share = allowed ? allowed.weigh(toExpr(1).div(allowed.sum(over))) : oneOver(over);
    return share.rename(over, each);
  };
  return {
    truth: hard,
    kept,
    expect(loss) {
      if (form === "distribution") {
        const given = target.rename(over, each);
        const probability = smoothing
          ? toExpr(1).sub(smoothing).mul(given).add(smoothing.mul(uniform()))
          : given;
        return probability.weigh(loss(soft)).sum(each);
      }
      if (!smoothing) return loss(hard);
      const spread = uniform().weigh(loss(soft)).sum(each);
      return toExpr(1).sub(smoothing).mul(loss(hard)).add(smoothing.weigh(spread));
    },
  };
}

/** 1 / size, laid along the axis. */
const oneOver = (axis: string): Expr => iota(axis).ge(0).div(iota(axis).ge(0).sum(axis));

export function binaryTarget(
  target: Expr,
  { smoothing, posWeight }: { smoothing?: Expr | undefined; posWeight?: Operand | undefined } = {},
): BinaryTarget {
  const smooth = smoothing ? target.mul(toExpr(1).sub(smoothing)).add(smoothing.mul(0.5)) : target;
  const positiveShare = posWeight === undefined ? smooth : smooth.mul(posWeight);
  const negativeShare = toExpr(1).sub(smooth);
  const expect = (positive: Expr, negative: Expr): Expr =>
    positiveShare.weigh(positive).add(negativeShare.weigh(negative));
  return {
    value: smooth,
    expect,
    expectOf(logit, loss, { weights, rise } = {}) {
      const weigh = (side: keyof SideWeights, x: Expr): Expr => (weights ? weights[side].mul(x) : x);
      const formula = expect(weigh("positive", loss(logit.neg())), weigh("negative", loss(logit)));
      const [positive, negative] = [weigh("positive", positiveShare), weigh("negative", negativeShare)];
      const isPositive = logit.ge(0);
      const size = where(isPositive, logit, logit.neg());
      // The side of the class that the logit's sign says, and that of the one it denies.
      const said = loss(size.neg());
      const denied = where(isPositive, negative, positive);
      if (!rise)
        return formula.computedAs(
          where(isPositive, positive, negative)
            .weigh(said)
            .add(denied.weigh(loss(size))),
        );
      const isOne = weights === undefined && posWeight === undefined;
      const both = isOne ? said : positive.add(negative).mul(said);
      return formula.computedAs(both.add(denied.weigh(rise(size))));
    },
  };
}
