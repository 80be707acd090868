// What a row of the table of views makes: a view, and the inputs of one sample at every x.

import { LossError } from "../../errors.ts";
import type { Place, Sizes, Structure } from "../structure.ts";
import type { View } from "../types.ts";

/** A number that x moves, with its first and second derivative by x; or one that it does not. */
export type Moved = number | readonly [value: number, first: number, second: number];
/** x itself plus something. */
export const along = (value: number, first = 1, second = 0): Moved => [value, first, second];

export type Row = Readonly<Record<string, readonly Moved[]>>;

export interface PlacedView extends View {
  /** The numbers of one sample by input, row-major; of a whole batch where `batch` says so. */
  readonly sample: (x: number) => Row;
  /** Inputs that all samples share. */
  readonly shared?: Readonly<Record<string, readonly number[]>>;
  /** The axis that samples lie along. */
  readonly samples: string;
  /** Sizes of other axes. */
  readonly sizes: Sizes;
  readonly batch?: true;
  /** The view makes sense only if the two samples of each pair have the same loss. */
  readonly sameFor?: readonly (readonly [Row, Row])[];
  /** The view makes sense only if these do not all have. */
  readonly differsFor?: readonly (readonly [Row, Row])[];
  /** Where the model begins to be wrong, on the side that is; without it, away from the loss's least value. */
  readonly wrongFrom?: number;
  /** The probability of the truth that the model gives at x, where x says one. */
  readonly probability?: (x: number) => number;
  /** x is an angle: its end is no outlier. */
  readonly closed?: true;
  /** Beyond this, and below this, the inputs lose x to rounding: by default nothing does. */
  readonly reach?: number;
  readonly resolution?: number;
}

/** The views a row finds in a loss's inputs; none where they do not fit. */
export type ViewRow = (structure: Structure) => readonly PlacedView[];

export const INFINITE: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
export const UNIT: readonly [number, number] = [0, 1];
export const HALF_LINE: readonly [number, number] = [0, Number.POSITIVE_INFINITY];

/** One number per sample, of whatever shape samples have: `...`, or columns of samples. */
export const isPointwise = ({ words }: Place): boolean =>
  words.length > 0 && words.slice(1).every(({ many }) => many) && (words.length > 1 || words[0].many);
export const sameAxes = (a: Place, b: Place): boolean => a.axes === b.axes;
export const isFloat = ({ kind }: Place): boolean => kind === "float";
/** The only one, where there is only one. */
export const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
/** Vectors: samples, then their coordinates, each one dimension. */
export const isVectors = ({ words, kind, domain }: Place): boolean =>
  words.length === 2 &&
  kind === "float" &&
  domain === undefined &&
  words.every(({ many, size }) => !many && size === undefined);

/** 1 / (1 + e^−x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The truth that was asked for, or a default; throws where the input cannot hold it. */
export function truthOf(
  { loss, target }: Structure,
  normal: number,
  fits: (target: number) => boolean,
  expected: string,
): number {
  if (target === undefined || fits(target)) return target ?? normal;
  throw new LossError("bad-option", `"target" is ${target}; it must be ${expected}.`, {
    loss,
    option: "target",
  });
}
