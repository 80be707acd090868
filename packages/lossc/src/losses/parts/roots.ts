// Functions of √(1 + u²) and log(1 + u²) that keep their digits and their range: u² alone loses both.

import { constant, type Expr, where } from "../../language/expr.ts";

/** √(1 + u²), in units of the larger of 1 and |u|. */
export function rootOfOnePlusSquare(u: Expr): Expr {
  const [larger, smaller] = [u.abs().max(1), u.abs().min(1)];
  return u
    .square()
    .add(1)
    .sqrt()
    .computedAs(larger.mul(smaller.div(larger).square().add(1).sqrt()));
}

/** √(1 + u²) − 1 = u²/(1 + √(1 + u²)), which does not cancel at small u. */
export function rootExcess(u: Expr): Expr {
  return u
    .square()
    .add(1)
    .sqrt()
    .sub(1)
    .computedAs(u.mul(u.div(rootOfOnePlusSquare(u).add(1))));
}

/** log(1 + u²); from |u| = 1e8 on the 1 is below the last bit, and u² may be out of range. */
export function logOnePlusSquare(u: Expr): Expr {
  const square = u.square();
  return constant(1)
    .add(square)
    .log()
    .computedAs(where(u.abs().lt(1e8), square.log1p(), u.abs().log().mul(2)));
}
