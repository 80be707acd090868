// Losses of a logit and a hard binary target that depend on their margin alone: half of the work is to be saved there.

import { constant, type Expr, rebuild, topological } from "../language/expr.ts";
import { simplify } from "../passes/index.ts";
import type { FullInput } from "./spec.ts";

export interface OfMargin {
  /** The loss for targets 0 and 1. */
  readonly loss: Expr;
  readonly target: string;
}

/** Where the loss of target 1 at a logit z is, but for a factor, the loss of target 0 at −z, it is the latter at
 * z(1 − 2·target), times the target's factor. */
export function ofMargin(loss: Expr, specs: readonly FullInput[]): OfMargin | undefined {
  const target = specs.find(({ kind }) => kind === "binary");
  const logit = specs.find(({ kind }) => kind === "float");
  if (!target || !logit || specs.length !== 2) return undefined;
  const replaced = (from: Expr, leaf: string, by: (leaf: Expr) => Expr): Expr =>
    simplify(
      rebuild([from], (expr) => (expr.op === "input" && expr.attrs.name === leaf ? by(expr) : expr)),
    )[0];
  const one = factored(replaced(loss, target.name, () => constant(1)));
  const zero = factored(replaced(loss, target.name, () => constant(0)));
  if (replaced(one.rest, logit.name, (z) => z.neg()) !== zero.rest) return undefined;
  const truth = topological([loss]).find(({ op, attrs }) => op === "input" && attrs.name === target.name);
  if (!truth) return undefined;
  const sign = constant(1).sub(truth.mul(2)); // 1 for target 0, −1 for target 1
  const factor = sign.mul((zero.factor - one.factor) / 2).add((zero.factor + one.factor) / 2);
  const atMargin = replaced(zero.rest, logit.name, (z) => z.mul(sign));
  return { loss: factor.mul(atMargin), target: target.name };
}

const factored = (expr: Expr): { factor: number; rest: Expr } =>
  expr.op === "mul" && expr.args[0].op === "constant"
    ? { factor: expr.args[0].attrs.value!, rest: expr.args[1] }
    : { factor: 1, rest: expr };
