// The q-th quantile of a row in memory, linear between order statistics: Hoare's selection, which reorders the row.

import { type Func, f64, i32, load, make, type Node, select, type Variable } from "./assembler.ts";

const f64s = (name: string, ...args: readonly Node[]): Node => make(`f64.${name}`, args);
const i32s = (name: string, ...args: readonly Node[]): Node => make(`i32.${name}`, args);

/** A float64 number; NaN where the row is empty or holds a NaN. `size` is a number's bytes. */
export function quantile(f: Func, row: Node, count: Node, q: Node, size: 4 | 8): Variable {
  const name = size === 4 ? "f32" : "f64";
  const at = (index: Node): Node => i32s("add", row, i32s("shl", index, i32(size === 4 ? 2 : 3)));
  const read = (index: Node): Variable => f.let(load(`${name}.load`, at(index)));
  const wide = (x: Node): Node => (size === 4 ? make("f64.promote_f32", [x]) : x);
  const result = f.variable("f64", f64(Number.NaN));
  const plain = f.variable("i32", i32s("gt_s", count, i32(0)));
  f.for(i32(0), count, 1, (i) => {
    const x = read(i);
    f.set(plain, i32s("and", plain, make(`${name}.eq`, [x, x])));
  });
  f.if(plain, () => {
    const place = f.let(f64s("mul", q, make("f64.convert_i32_s", [i32s("sub", count, i32(1))])));
    const below = f.let(f64s("floor", place));
    const k = f.let(make("i32.trunc_sat_f64_s", [below]));
    const low = f.variable("i32", i32(0));
    const high = f.variable("i32", i32s("sub", count, i32(1)));
    f.if(i32s("lt_s", low, high), () => {
      f.repeat(() => {
        const pivot = read(k);
        const i = f.variable("i32", low);
        const j = f.variable("i32", high);
        f.repeat(() => {
          skip(f, i, 1, () => make(`${name}.lt`, [load(`${name}.load`, at(i)), pivot]));
          skip(f, j, -1, () => make(`${name}.lt`, [pivot, load(`${name}.load`, at(j))]));
          f.if(i32s("le_s", i, j), () => {
            const [a, b] = [read(i), read(j)];
            f.store(`${name}.store`, at(i), b);
            f.store(`${name}.store`, at(j), a);
            f.set(i, i32s("add", i, i32(1)));
            f.set(j, i32s("sub", j, i32(1)));
          });
          return i32s("le_s", i, j);
        });
        f.if(i32s("lt_s", j, k), () => f.set(low, i));
        f.if(i32s("lt_s", k, i), () => f.set(high, j));
        return i32s("lt_s", low, high);
      });
    });
    // What stands after the k-th is no smaller: the smallest of it comes next.
    const value = f.let(wide(read(k)));
    const next = f.variable("f64", value);
    const following = f.let(i32s("add", k, i32(1)));
    f.if(i32s("lt_s", following, count), () => {
      f.set(next, f64(Number.POSITIVE_INFINITY));
      f.for(following, count, 1, (i) => f.set(next, f64s("min", next, wide(load(`${name}.load`, at(i))))));
    });
    const share = f64s("sub", place, below);
    const between = f64s("add", value, f64s("mul", f64s("sub", next, value), share));
    f.set(result, select(f64s("eq", place, below), value, between));
  });
  return result;
}

/** Moves an index on while a condition holds. */
function skip(f: Func, index: Variable, step: 1 | -1, condition: () => Node): void {
  f.if(condition(), () => {
    f.repeat(() => {
      f.set(index, i32s("add", index, i32(step)));
      return condition();
    });
  });
}
