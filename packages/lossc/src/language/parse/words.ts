// The words that may be called, by what they take. Every elementwise operation is one; the others are rows here.

import { type AxisOp, opNames, opRow } from "../ops.ts";

/** What stands at a place of a call: an expression, or the name of an axis, which may be left out where there is one. */
export type Place = "value" | "axis";

export interface Word {
  readonly takes: readonly Place[];
  /** The method of an expression that it is; its own name if that is the same. */
  readonly method?: string;
  /** A function, not a method of its first argument. */
  readonly isFree?: true;
}

const along: Word = { takes: ["value", "axis"] };
/** Typed by the ops that reduce a row or keep it: a new one does not compile until it has a row. */
const axisWords: Readonly<Record<AxisOp, Word>> = {
  sum: along,
  reduceMax: along,
  reduceMin: along,
  argmax: along,
  argmin: along,
  norm: along,
  logSumExp: along,
  expRest: along,
  softmax: along,
  logSoftmax: along,
  unit: along,
  cumsum: along,
  order: along,
};

const otherWords: Readonly<Record<string, Word>> = {
  mean: along,
  median: along,
  count: along,
  any: along,
  ln: { takes: ["value"], method: "log" },
  xlogy: { takes: ["value", "value"] },
  clamp: { takes: ["value", "value", "value"] },
  where: { takes: ["value", "value", "value"] },
  take: { takes: ["value", "value", "axis"] },
  stopGradient: { takes: ["value"] },
  oneHot: { takes: ["value", "axis"], isFree: true },
  size: { takes: ["axis"], isFree: true },
  iota: { takes: ["axis"], isFree: true },
};

/** Two of them, or the largest of a row. */
export const extremes: Readonly<Record<string, { readonly two: string; readonly row: string }>> = {
  max: { two: "max", row: "reduceMax" },
  min: { two: "min", row: "reduceMin" },
};

const elementwise = opNames.flatMap((op): [string, Word][] => {
  const { kind, arity } = opRow(op);
  return kind === "elementwise" ? [[op, { takes: Array.from({ length: arity }, () => "value") }]] : [];
});

export const words: ReadonlyMap<string, Word> = new Map<string, Word>([
  ...elementwise,
  ...Object.entries(axisWords),
  ...Object.entries(otherWords),
]);

/** Numbers with a name. */
export const numbers: Readonly<Record<string, number>> = { pi: Math.PI, infinity: Number.POSITIVE_INFINITY };
