// Four numbers of consecutive samples, as they lie in memory, to and from one vector per number.

import type { Node } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";

/** The 4 × 4 transposition of float32, its own inverse; for float64 two samples of four numbers, or back with `inverse`. */
export function transposed(v: Lanes, [a, b, c, d]: readonly Node[], inverse = false): Node[] {
  if (v.precision === "float32") {
    const [ab, cd] = [v.lanes(a, b, [0, 4, 1, 5]), v.lanes(c, d, [0, 4, 1, 5])];
    const [AB, CD] = [v.lanes(a, b, [2, 6, 3, 7]), v.lanes(c, d, [2, 6, 3, 7])];
    return [
      v.lanes(ab, cd, [0, 1, 4, 5]),
      v.lanes(ab, cd, [2, 3, 6, 7]),
      v.lanes(AB, CD, [0, 1, 4, 5]),
      v.lanes(AB, CD, [2, 3, 6, 7]),
    ];
  }
  if (inverse)
    return [v.lanes(a, b, [0, 2]), v.lanes(c, d, [0, 2]), v.lanes(a, b, [1, 3]), v.lanes(c, d, [1, 3])];
  return [v.lanes(a, c, [0, 2]), v.lanes(a, c, [1, 3]), v.lanes(b, d, [0, 2]), v.lanes(b, d, [1, 3])];
}
