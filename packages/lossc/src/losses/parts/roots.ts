// Functions of √(1 + u²) and log(1 + u²) that keep their digits and their range: u² alone loses both.

import { constant, type Expr, where } from "../../language/expr.ts";

/** From here on the 1 beside u², and beside |u|, is below the last bit. Even in float32 its square is in range. */
const FAR = 1e17;

/** √(1 + u²): far off |u|. */
export function rootOfOnePlusSquare(u: Expr): Expr {
  const root = u.square().add(1).sqrt();
  return root.computedAs(where(u.abs().lt(FAR), root, u.abs()));
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

/** log(1 + u²): far off 2 log(1 + |u|), so that one logarithm serves both. */
export function logOnePlusSquare(u: Expr): Expr {
  const isNear = u.abs().lt(FAR);
  return constant(1)
    .add(u.square())
    .log()
    .computedAs(
      where(isNear, u.square(), u.abs())
        .log1p()
        .mul(where(isNear, 1, 2)),
    );
}
