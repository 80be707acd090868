// Stores of a vector of which only the first lanes are wanted.

import { type Func, i32, lane, make, type Node } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";

/** Stores the first `count` lanes, fewer than all, as numbers of so many bytes: none where it is 0 or below. */
export function storeLanes(
  f: Func,
  v: Lanes,
  address: Node,
  value: Node,
  count: Node,
  bytes: number = v.size,
): void {
  const { precision, size, width, pool } = v;
  const index = pool.helpers.index(`storeLanes ${precision} ${bytes}`, ["i32", "v128", "i32"], (g) => {
    const [at, vector, wanted] = g.params;
    const { shape } = v.format;
    for (let i = 0; i < width - 1; i++) {
      const number = lane(`${shape}.extract_lane`, [vector], i);
      g.if(make("i32.gt_s", [wanted, i32(i)]), () =>
        g.store(
          bytes === 4 ? "f32.store" : "f64.store",
          at,
          bytes === size ? number : make("f32.demote_f64", [number]),
          i * bytes,
        ),
      );
    }
  });
  f.do(index, [address, value, count]);
}
