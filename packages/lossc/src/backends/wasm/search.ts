// Where a row's extreme stands, when the row can be read again: first the extreme alone, then its place.
//
// Carrying places along costs three times as much as the extreme; looking for what is known stops half way on average.

import { applied, i32, make, type Node } from "./assembler.ts";
import type { Accumulator, Row, Site } from "./folds.ts";
import { acrossLanes, pairwise } from "./lanefolds.ts";

/** Vectors looked at before a branch. */
const STRIDE = 8;

/** The accumulator of "argmax" (`pmax`) or "argmin" over a row that can be read again. Vectors may be read beyond its end:
 * what is looked for stands before. */
export function searched(site: Site, name: "pmax" | "pmin", { start, end, read }: Row): Accumulator {
  const { f, v, copies } = site;
  const neutral = v.constant(name === "pmax" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  const best = Array.from({ length: copies }, () => f.variable("v128", neutral));
  // `pmax` keeps its first argument where the second is NaN. A sum keeps NaN, and makes one of ∞ − ∞: what it says is looked up.
  const sums = Array.from({ length: copies }, () => f.variable("v128", v.constant(0)));
  const join = (a: Node, b: Node): Node => make(`${v.format.shape}.${name}`, [a, b]);
  const bitmask = (mask: Node): Node => applied(v.format.integers.bitmask, [mask]);

  /** The first index at which one of the lanes is what is looked for. */
  const first = (isIt: (x: Node) => Node): Node => {
    const index = f.variable("i32", start);
    const bits = f.variable("i32", i32(0));
    f.repeat(() => {
      const masks = Array.from({ length: STRIDE }, (_, i) => f.let(isIt(read(index, i))));
      f.if(make("v128.any_true", [pairwise<Node>(masks, (a, b) => make("v128.or", [a, b]))]), () => {
        const shifted = masks.map((mask, i) => make("i32.shl", [bitmask(mask), i32(i * v.width)]));
        f.set(
          bits,
          pairwise(shifted, (a, b) => make("i32.or", [a, b])),
        );
      });
      f.set(index, make("i32.add", [index, i32(STRIDE * v.width)]));
      return make("i32.and", [make("i32.eqz", [bits]), make("i32.lt_s", [index, end])]);
    });
    return make("i32.add", [make("i32.sub", [index, i32(STRIDE * v.width)]), make("i32.ctz", [bits])]);
  };

  let found: { readonly value: Node; readonly index: Node } | undefined;
  const find = (): { readonly value: Node; readonly index: Node } => {
    if (found) return found;
    const [all] = acrossLanes(v, f, [pairwise<Node>(best, join)], ([a], [b]) => [join(a, b)]);
    const sum = f.let(pairwise<Node>(sums, (a, b) => make(`${v.format.shape}.add`, [a, b])));
    const index = f.variable("i32", end);
    const value = f.variable("v128", all);
    f.if(make("v128.any_true", [make(`${v.format.shape}.ne`, [sum, sum])]), () =>
      f.set(
        index,
        first((x) => make(`${v.format.shape}.ne`, [x, x])),
      ),
    );
    f.if(
      make("i32.lt_s", [index, end]),
      () => f.set(value, v.constant(Number.NaN)),
      () =>
        f.set(
          index,
          first((x) => make(`${v.format.shape}.eq`, [x, all])),
        ),
    );
    found = { value, index };
    return found;
  };
  return {
    add: (terms, mask) =>
      terms.forEach(({ x }, copy) => {
        f.set(best[copy], join(best[copy], mask ? v.select(mask, x, neutral) : x));
        f.set(sums[copy], make(`${v.format.shape}.add`, [sums[copy], mask ? v.and(x, mask) : x]));
      }),
    cells: () => {
      throw new Error("a row's search leaves no cells");
    },
    result: () =>
      f.let(
        v.precision === "float32"
          ? make("f32x4.splat", [make("f32.convert_i32_s", [find().index])])
          : make("f64x2.splat", [make("f64.convert_i32_s", [find().index])]),
      ),
    best: () => find().value,
  };
}
