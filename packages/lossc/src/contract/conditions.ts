// What the numbers of an input must be, as conditions of the language and as intervals: `checks.ts` says the same in
// sentences, for data in memory. Here a database asks it of its rows.

import type { Ordinary } from "../backends/sql/index.ts";
import { constant, type Expr } from "../language/expr.ts";
import type { FullInput } from "./spec.ts";
import type { Domain } from "./types.ts";

export interface Situation {
  readonly params: Readonly<Record<string, unknown>>;
  readonly encoding: "sign" | "binary";
  /** How many classes labels count, where they do. */
  readonly classes: number | undefined;
  /** Infinite numbers are refused although the input's domain allows them. */
  readonly finite: boolean;
}

const all = (conditions: readonly Expr[]): Expr => conditions.reduce((a, b) => a.and(b));
const between = (x: Expr, low: number, high: number): Expr => x.ge(low).and(x.le(high));
/** Sums of float32 and float16 probabilities are this far from 1. */
const SUM_TOLERANCE = 1e-3;
const infinity = Number.POSITIVE_INFINITY;
const isNumber = (x: Expr): Expr => x.eq(x);

type Row = (elements: readonly Expr[], situation: Situation) => Expr;
const each =
  (good: (x: Expr) => Expr): Row =>
  (elements) =>
    all(elements.map(good));

const distribution: Row = (elements) =>
  all([
    ...elements.map((p) => p.ge(0)),
    elements
      .reduce((a, b) => a.add(b))
      .sub(1)
      .abs()
      .le(SUM_TOLERANCE),
  ]);

const sides: Readonly<Record<string, (four: readonly Expr[]) => Expr>> = {
  xyxy: ([x1, y1, x2, y2]) => x2.ge(x1).and(y2.ge(y1)),
  xywh: ([, , width, height]) => width.ge(0).and(height.ge(0)),
  cxcywh: ([, , width, height]) => width.ge(0).and(height.ge(0)),
};

const domains: { readonly [K in Domain]: Row } = {
  probability: each((p) => between(p, 0, 1)),
  positive: each((x) => x.gt(0)),
  nonNegative: each((x) => x.ge(0)),
  nonZero: each((x) => isNumber(x).and(x.ne(0))),
  mask: each((x) => x.eq(0).or(x.eq(1))),
  aboveMinusOne: each((x) => x.gt(-1)),
  distribution,
  logDistribution: each((x) => x.le(SUM_TOLERANCE)),
  box: (four, { params }) =>
    all([...four.map(isNumber), sides[String(params.format)]?.(four) ?? constant(0).le(0)]),
};

const kinds: { readonly [K in FullInput["kind"]]?: Row } = {
  binary: each((t) => between(t, 0, 1)),
  sign: (elements, { encoding }) =>
    each((y) => y.eq(encoding === "binary" ? 0 : -1).or(y.eq(1)))(elements, { encoding } as Situation),
  index: each((x) => x.eq(x.floor())),
  classes: (elements, situation) =>
    elements.length > 1
      ? distribution(elements, situation)
      : each((label) => label.eq(label.floor()).and(between(label, 0, situation.classes! - 1)))(
          elements,
          situation,
        ),
};

const domainOf = (spec: FullInput, params: Situation["params"]): Domain | undefined =>
  typeof spec.domain === "function" ? spec.domain(params) : spec.domain;

/** Whether a row's elements of an input can be used. */
export function usableIf(spec: FullInput, elements: readonly Expr[], situation: Situation): Expr {
  const domain = domainOf(spec, situation.params);
  const row = kinds[spec.kind] ?? (domain === undefined ? each(isNumber) : domains[domain]);
  const condition = row(elements, situation);
  const finite = situation.finite && spec.kind === "float" && domain !== "probability";
  return finite ? condition.and(all(elements.map((x) => x.abs().lt(infinity)))) : condition;
}

export const weightUsable = (weight: Expr): Expr => weight.ge(0).and(weight.lt(infinity));

/** Below 1 by one unit in the last place. */
const ALMOST_ONE = 1 - 2 ** -53;

/** Ordinary numbers of an input, no larger than `bound`; nothing where ordinary has no such form. */
export function ordinary(spec: FullInput, situation: Situation, bound: number): Ordinary | undefined {
  const { encoding, classes, params } = situation;
  const domain = domainOf(spec, params);
  const byKind: { readonly [K in FullInput["kind"]]?: Ordinary | undefined } = {
    binary: { low: 0, high: 1 },
    sign: { low: encoding === "binary" ? 0 : -1, high: 1, values: [encoding === "binary" ? 0 : -1, 1] },
    classes:
      classes === undefined ? undefined : { low: 0, high: classes - 1, values: [...Array(classes).keys()] },
  };
  if (spec.kind !== "float") return byKind[spec.kind];
  const byDomain: { readonly [K in Domain]?: Ordinary } = {
    probability: { low: 1e-300, high: ALMOST_ONE },
    positive: { low: 1 / bound, high: bound },
    nonNegative: { low: 0, high: bound },
    aboveMinusOne: { low: -ALMOST_ONE, high: bound },
    mask: { low: 0, high: 1, values: [0, 1] },
  };
  return domain === undefined ? { low: -bound, high: bound } : byDomain[domain];
}
