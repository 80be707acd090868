// The samples: a wide crowd of negatives and a few positives, the same for the same seed.

import { random } from "../../training/random.ts";
import { NEGATIVES } from "./room.ts";

export interface Groups {
  readonly px: number;
  readonly py: number;
  readonly nx: number;
  readonly ny: number;
  readonly positives: number;
  readonly seed: number;
}
/** Positives first. */
export interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly target: Float64Array;
}

const SPREAD = { positives: 0.9, negatives: 1.2 };

export function samplesOf({ px, py, nx, ny, positives, seed }: Groups): Samples {
  const { normal } = random(seed);
  const count = positives + NEGATIVES;
  const [x, y, target] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const isPositive = i < positives;
    const spread = isPositive ? SPREAD.positives : SPREAD.negatives;
    x[i] = (isPositive ? px : nx) + spread * normal();
    y[i] = (isPositive ? py : ny) + spread * normal();
    target[i] = isPositive ? 1 : 0;
  }
  return { x, y, target };
}
