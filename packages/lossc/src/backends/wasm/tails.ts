// Stores of a vector of which only the first lanes are wanted.

import { type Func, i32, lane, make, type Node } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";

/** Stores the first `count` lanes, fewer than all: none where it is 0 or below. */
export function storeLanes(f: Func, v: Lanes, address: Node, value: Node, count: Node): void {
  const { precision, size, width, pool } = v;
  const index = pool.helpers.index(`storeLanes ${precision}`, ["i32", "v128", "i32"], (g) => {
    const [at, vector, wanted] = g.params;
    const { shape } = v.format;
    for (let i = 0; i < width - 1; i++) {
      g.if(make("i32.gt_s", [wanted, i32(i)]), () =>
        g.store(
          size === 4 ? "f32.store" : "f64.store",
          at,
          lane(`${shape}.extract_lane`, [vector], i),
          i * size,
        ),
      );
    }
  });
  f.do(index, [address, value, count]);
}
