// Routines that make a row of a row in memory: where the largest stands, the second largest …; running sums.

import type { RowRoutine } from "../../passes/lower/ir.ts";
import { type Func, f64, i32, load, make, type Node, select, type Variable } from "./assembler.ts";

const i32s = (name: string, ...args: readonly Node[]): Node => make(`i32.${name}`, args);
const f64s = (name: string, ...args: readonly Node[]): Node => make(`f64.${name}`, args);

/** Addresses of the rows, and how long they are. */
export interface Rows {
  readonly row: Node;
  readonly to: Node;
  readonly spare: Node;
  readonly count: Node;
}

/** By name; `size` is a number's bytes. */
export const rowRoutines: Readonly<Record<RowRoutine["name"], (f: Func, rows: Rows, size: 4 | 8) => void>> = {
  order,
  cumsum,
};

/** Places, the largest number's first; equals keep their order and NaN stands before all. Merges runs of 1, 2, 4 …
 * places, from `to` to `spare` and back. */
function order(f: Func, { row, to, spare, count }: Rows, size: 4 | 8): void {
  const name = size === 4 ? "f32" : "f64";
  const at = (start: Node, index: Node): Node =>
    i32s("add", start, i32s("shl", index, i32(size === 4 ? 2 : 3)));
  const least = (a: Node, b: Node): Node => select(i32s("lt_s", a, b), a, b);
  const key = (place: Node): Variable => f.let(load(`${name}.load`, at(row, place)));
  const [from, into] = [f.variable("i32", to), f.variable("i32", spare)];
  f.for(i32(0), count, 1, (i) => f.store("i32.store", at(from, i), i));
  const width = f.variable("i32", i32(1));
  f.if(i32s("lt_s", width, count), () =>
    f.repeat(() => {
      f.for(i32(0), count, i32s("shl", width, i32(1)), (low) => {
        const middle = f.let(least(i32s("add", low, width), count));
        const high = f.let(least(i32s("add", middle, width), count));
        const [left, right] = [f.variable("i32", low), f.variable("i32", middle)];
        f.for(low, high, 1, (k) => {
          // A side that is used up is read at the run's start, where something stands.
          const leftIsOpen = f.let(i32s("lt_s", left, middle));
          const rightIsOpen = f.let(i32s("lt_s", right, high));
          const read = (isOpen: Node, index: Node): Variable =>
            f.let(load("i32.load", at(from, select(isOpen, index, low))));
          const [a, b] = [read(leftIsOpen, left), read(rightIsOpen, right)];
          const [x, y] = [key(a), key(b)];
          const isFirst = i32s(
            "or",
            make(`${name}.gt`, [y, x]),
            i32s("and", make(`${name}.ne`, [y, y]), make(`${name}.eq`, [x, x])),
          );
          const takesRight = f.let(i32s("and", rightIsOpen, i32s("or", i32s("eqz", leftIsOpen), isFirst)));
          f.store("i32.store", at(into, k), select(takesRight, b, a));
          f.set(right, i32s("add", right, takesRight));
          f.set(left, i32s("add", left, i32s("eqz", takesRight)));
        });
      });
      const held = f.let(from);
      f.set(from, into);
      f.set(into, held);
      f.set(width, i32s("shl", width, i32(1)));
      return i32s("lt_s", width, count);
    }),
  );
  f.for(i32(0), count, 1, (i) => {
    const place = f.let(load("i32.load", at(from, i)));
    f.store(`${name}.store`, at(to, i), make(`${name}.convert_i32_s`, [place]));
  });
}

/** Each number plus all before it, in float64; what each addition loses is kept beside the sum (Neumaier). */
function cumsum(f: Func, { row, to, count }: Rows, size: 4 | 8): void {
  const name = size === 4 ? "f32" : "f64";
  const at = (start: Node, index: Node): Node =>
    i32s("add", start, i32s("shl", index, i32(size === 4 ? 2 : 3)));
  const [sum, lost] = [f.variable("f64", f64(0)), f.variable("f64", f64(0))];
  f.for(i32(0), count, 1, (i) => {
    const stored = load(`${name}.load`, at(row, i));
    const x = f.let(size === 4 ? make("f64.promote_f32", [stored]) : stored);
    const next = f.let(f64s("add", sum, x));
    const isLarger = f64s("ge", f64s("abs", sum), f64s("abs", x));
    const [large, small] = [f.let(select(isLarger, sum, x)), f.let(select(isLarger, x, sum))];
    f.set(lost, f64s("add", lost, f64s("add", f64s("sub", large, next), small)));
    f.set(sum, next);
    // Beyond ∞ the losses are NaN, and the sum is what it is.
    const isPlain = f64s("lt", f64s("abs", lost), f64(Number.POSITIVE_INFINITY));
    const total = select(isPlain, f64s("add", sum, lost), sum);
    f.store(`${name}.store`, at(to, i), size === 4 ? make("f32.demote_f64", [total]) : total);
  });
}
