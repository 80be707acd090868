// The Lovász extension of the Jaccard loss: what each error costs, the largest first.

import { constant, type Expr, iota, where } from "../../language/expr.ts";

/** Σ over `axis` of the errors, largest first, times the growth of 1 − Jaccard as each joins the wrong pixels. The
 * growth is constant in the gradient. `truth` is 1 in the mask, else 0. Berman et al. 2018, alg. 1. */
export function lovaszOf(errors: Expr, truth: Expr, axis: string): Expr {
  const order = errors.order(axis);
  const inMask = truth.inOrder(order, axis, "place");
  const size = truth.sum(axis);
  const outside = constant(1).sub(inMask).cumsum("place"); // false alarms so far, this one included
  const left = size.sub(inMask.cumsum("place")); //           of the mask, what is still right
  const union = size.add(outside);
  // A miss takes 1/union off the intersection; a false alarm lets the union grow by one.
  const falseAlarm = left.div(union.mul(union.sub(1)));
  const growth = where(
    size.eq(0),
    iota("place").eq(0),
    where(inMask.gt(0), constant(1).div(union), falseAlarm),
  );
  return errors.inOrder(order, axis, "place").mul(growth).sum("place");
}
