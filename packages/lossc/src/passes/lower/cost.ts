// What it costs to compute something again rather than to keep it: the rule that decides what rows are stored.

import type { Expr } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";

/** In units of an addition; ops without a row cost 1. */
const costs: { readonly [K in Op]?: number } = {
  div: 4,
  sqrt: 4,
  pow: 30,
  weigh: 3,
  gap: 3,
  above: 4,
  sign: 2,
  exp: 14,
  expm1: 16,
  log: 14,
  log1p: 16,
  log1mexp: 20,
  softplus: 25,
  sigmoid: 14,
  tanh: 16,
  sin: 16,
  cos: 16,
  atan: 16,
  atan2: 20,
  lgamma: 40,
  digamma: 40,
  trigamma: 40,
  geometric: 40,
  exprel: 40,
};

/** Anything computed along an axis: never cheap. */
const ROW = 1000;
/** From here on a value is kept where it can be. */
export const WORTH_KEEPING = 12;
/** From here on a loop is not run a second time for it. */
export const WORTH_ONE_THREAD = 60;

/** What an expression costs but for what it is made of. */
export const ownCost = ({ op, kind }: Expr): number =>
  kind === "reduce" || kind === "row" || op === "segmentSum" ? ROW : (costs[op] ?? 1);
