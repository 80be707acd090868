// The second half of a contraction to distances: roots of the sums of squares.

import { plus, times } from "./addresses.ts";
import { f64, load, make, type Node, type Variable } from "./assembler.ts";
import type { Task } from "./contract.ts";

/** Square roots of the sums; where squares may have over- or underflowed the sum is taken again, scaled. */
export function distanceRoots({ f, v, left, right, result, rows, columns, over }: Task): void {
  const name = v.size === 4 ? "f32" : "f64";
  const number = v.size === 4 ? (value: number): Node => make("f32.demote_f64", [f64(value)]) : f64;
  const [small, large] = v.size === 4 ? [2 ** -90, 2 ** 126] : [2 ** -900, 2 ** 1022];
  const wide = (x: Node): Node => (v.size === 4 ? make("f64.promote_f32", [x]) : x);
  f.for(rows.start, rows.end, 1, (row) => {
    const rowAt = f.let(plus(result.address, times(row, result.stride.rows)));
    const fromLeft = f.let(plus(left.address, times(row, left.stride.rows)));
    f.for(columns.start, columns.end, 1, (column) => {
      const at = f.let(plus(rowAt, times(column, result.stride.columns)));
      const sum = f.let(load(`${name}.load`, at));
      const isPlain = make("i32.and", [
        make(`${name}.gt`, [sum, number(small)]),
        make(`${name}.lt`, [sum, number(large)]),
      ]);
      const again = (): void => {
        const fromRight = f.let(plus(right.address, times(column, right.stride.columns)));
        const read = (side: Task["left"], from: Node, index: Node): Node =>
          load(`${name}.load`, plus(from, times(index, side.stride.over)));
        const difference = (index: Node): Variable =>
          f.let(wide(make(`${name}.sub`, [read(left, fromLeft, index), read(right, fromRight, index)])));
        const scale = f.variable("f64", f64(0));
        f.for(over.start, over.end, 1, (index) =>
          f.set(scale, make("f64.max", [scale, make("f64.abs", [difference(index)])])),
        );
        // 0, ∞ and NaN are themselves.
        const isScalable = make("i32.and", [
          make("f64.gt", [scale, f64(0)]),
          make("f64.lt", [scale, f64(Number.POSITIVE_INFINITY)]),
        ]);
        f.if(isScalable, () => {
          const total = f.variable("f64", f64(0));
          f.for(over.start, over.end, 1, (index) => {
            const share = f.let(make("f64.div", [difference(index), scale]));
            f.set(total, make("f64.add", [total, make("f64.mul", [share, share])]));
          });
          f.set(scale, make("f64.mul", [scale, make("f64.sqrt", [total])]));
        });
        f.store(`${name}.store`, at, v.size === 4 ? make("f32.demote_f64", [scale]) : scale);
      };
      f.if(isPlain, () => f.store(`${name}.store`, at, make(`${name}.sqrt`, [sum])), again);
    });
  });
}
