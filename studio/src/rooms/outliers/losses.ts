// Which losses fit a line to points: those of a prediction and its target alone.

import type { AnyLoss } from "lossc";

export const fits = ({ family, inputs }: AnyLoss): boolean =>
  family === "regression" &&
  Object.entries(inputs).every(
    ([name, { domain }]) => (name === "prediction" || name === "target") && !domain,
  );

/** A line's height at x: its parameters are the height in the plane's middle and the rise from there to its edge. */
export const height = ([middle, rise]: readonly number[], x: number): number => middle + (rise * (x - 5)) / 5;
