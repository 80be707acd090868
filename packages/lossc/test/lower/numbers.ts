// Inputs for tests of lowering: the same in every run.

import { tensor } from "../../src/index.ts";

/** Numbers between −2 and 2 that look random and are the same in every run. */
export function noise(length: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return (state / 2 ** 32) * 4 - 2;
  });
}
export const table = (seed: number, ...shape: number[]) =>
  tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );
export const positive = (seed: number, ...shape: number[]) =>
  tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ).map(Math.abs),
    shape,
  );
export const labels = (n: number, classes: number) =>
  Int32Array.from({ length: n }, (_, i) => (i * 7 + (i >> 2)) % classes);
