// Contractions: to[rows, columns] (+)= Σ left · right, in a register-tiled kernel.
//
// Where the right side lies along the columns, vectors are columns: every number of the left side meets vectors of
// the right. Where both lie along the summed axis, vectors are that axis, and lanes are added at the end. Sums
// stay in the kernel's precision: eight accumulators, each in order.

import type { Contract, Operand } from "../../passes/lower/ir.ts";
import { f64, i32, lane, load, make, type Node, type Variable } from "./assembler.ts";
import type { Writer } from "./writer.ts";

const add = (a: Node, b: Node): Node => make("i32.add", [a, b]);
const times = (a: Node, b: Node): Node => make("i32.mul", [a, b]);

/** One operand: where [0, 0] would lie, and bytes from one index to the next along each axis. */
interface Side {
  readonly address: Node;
  readonly stride: (axis: string) => Node;
  /** Whether neighbours along an axis lie side by side. */
  readonly isDense: (axis: string) => boolean;
}

/** Rows and vectors (or columns) of a register tile. */
const ROWS = 4;
const COLUMNS = 2;

type Term = (sum: Node, left: Node, right: Node) => Node;

export function contract(w: Writer, statement: Contract): void {
  const { rows, columns, over, to } = statement;
  const [left, right, result] = [statement.left, statement.right, to].map((operand) =>
    sideOf(w, statement, operand),
  );
  const { v } = w;
  const term: Term =
    statement.of === "product"
      ? (sum, a, b) => make(`${v.format.shape}.add`, [sum, v.mul(a, b)])
      : (sum, a, b) => {
          const difference = v.sub(a, b);
          return make(`${v.format.shape}.add`, [sum, v.mul(difference, difference)]);
        };
  const kernel: Kernel =
    right.isDense(columns) && result.isDense(columns)
      ? alongColumns(w, statement, left, right, result, term)
      : left.isDense(over) && right.isDense(over)
        ? alongOver(w, statement, left, right, result, term)
        : oneByOne(w, statement, left, right, result, term);
  const { f } = w;
  const [rowRange, columnRange] = [w.range(rows), w.range(columns)];
  /** All whole tiles of `size`, then what is left in ones. */
  const tiled = (
    range: { start: Node; end: Node },
    size: number,
    unit: number,
    body: (index: Variable, size: number) => void,
  ): void => {
    const span = make("i32.sub", [range.end, range.start]);
    const length = size * unit;
    const whole = f.let(add(range.start, make("i32.and", [span, i32(-length)])));
    f.for(range.start, whole, length, (index) => body(index, size));
    f.for(whole, range.end, unit, (index) => body(index, 1));
  };
  tiled(rowRange, kernel.rows, 1, (row, rowCount) => {
    tiled(columnRange, kernel.columns, kernel.unit, (column, columnCount) =>
      kernel.tile(row, rowCount, column, columnCount),
    );
  });
  if (statement.of === "distance") roots(w, statement, left, right, result);
}

interface Kernel {
  readonly rows: number;
  readonly columns: number;
  /** Columns that one of its columns stands for. */
  readonly unit: number;
  tile(row: Node, rows: number, column: Node, columns: number): void;
}

function sideOf(w: Writer, { rows, columns, over }: Contract, { buffer, at }: Operand): Side {
  const moving = (place: unknown): boolean => place === rows || place === columns || place === over;
  const strides = w.memory.strides(buffer);
  const address = w.memory.address(buffer, at, moving);
  const byAxis = new Map<string, Node>();
  at.forEach((place, i) => {
    if (typeof place === "string" && moving(place))
      byAxis.set(place, w.f.let(times(strides[i], i32(w.memory.elementSize))));
  });
  return {
    address,
    stride: (axis) => {
      const stride = byAxis.get(axis);
      if (!stride) throw new Error(`${buffer.name} has no place for ${axis} in a contraction`);
      return stride;
    },
    isDense: (axis) => at.at(-1) === axis,
  };
}

const offset = (w: Writer, side: Side, axis: string, index: Node): Node =>
  w.f.let(add(side.address, times(index, side.stride(axis))));

/** Vectors of columns. */
function alongColumns(
  w: Writer,
  { rows, columns, over, accumulate }: Contract,
  left: Side,
  right: Side,
  result: Side,
  term: Term,
): Kernel {
  const { f, v } = w;
  const end = w.range(columns).end;
  return {
    rows: ROWS,
    columns: COLUMNS,
    unit: v.width,
    tile: (row, rowCount, column, columnCount) => {
      const sums = grid(rowCount, columnCount, () => f.variable("v128", v.constant(0)));
      const range = w.range(over);
      const fromLeft = Array.from({ length: rowCount }, (_, r) =>
        f.variable(
          "i32",
          add(offset(w, left, rows, add(row, i32(r))), times(range.start, left.stride(over))),
        ),
      );
      const fromRight = f.variable(
        "i32",
        add(add(right.address, times(column, i32(v.size))), times(range.start, right.stride(over))),
      );
      f.for(range.start, range.end, 1, () => {
        const vectors = Array.from({ length: columnCount }, (_, c) => v.load(f, fromRight, c * 16));
        for (let r = 0; r < rowCount; r++) {
          const number = v.loadSplat(f, fromLeft[r]);
          for (let c = 0; c < columnCount; c++) f.set(sums[r][c], term(sums[r][c], number, vectors[c]));
          f.set(fromLeft[r], add(fromLeft[r], left.stride(over)));
        }
        f.set(fromRight, add(fromRight, right.stride(over)));
      });
      const room = f.let(make("i32.sub", [end, column]));
      for (let r = 0; r < rowCount; r++) {
        const address = f.let(add(offset(w, result, rows, add(row, i32(r))), times(column, i32(v.size))));
        for (let c = 0; c < columnCount; c++) {
          const sum = f.let(accumulate ? v.add(v.load(f, address, c * 16), sums[r][c]) : sums[r][c]);
          if (columnCount > 1) f.store("v128.store", address, sum, c * 16);
          else storeSome(w, address, sum, room);
        }
      }
    },
  };
}

/** Stores as many lanes as there is room for. */
function storeSome(w: Writer, address: Node, sum: Node, room: Node): void {
  const { f, v } = w;
  const one = (i: number): void =>
    f.store(
      v.size === 4 ? "f32.store" : "f64.store",
      address,
      lane(`${v.format.shape}.extract_lane`, [sum], i),
      i * v.size,
    );
  f.if(
    make("i32.ge_s", [room, i32(v.width)]),
    () => f.store("v128.store", address, sum),
    () => {
      one(0);
      for (let i = 1; i < v.width - 1; i++) f.if(make("i32.gt_s", [room, i32(i)]), () => one(i));
    },
  );
}

/** Vectors along the summed axis. */
function alongOver(
  w: Writer,
  { rows, columns, over, accumulate }: Contract,
  left: Side,
  right: Side,
  result: Side,
  term: Term,
): Kernel {
  const { f, v } = w;
  return {
    rows: ROWS,
    columns: COLUMNS,
    unit: 1,
    tile: (row, rowCount, column, columnCount) => {
      const sums = grid(rowCount, columnCount, () => f.variable("v128", v.constant(0)));
      const range = w.range(over);
      const fromLeft = Array.from({ length: rowCount }, (_, r) => offset(w, left, rows, add(row, i32(r))));
      const fromRight = Array.from({ length: columnCount }, (_, c) =>
        offset(w, right, columns, add(column, i32(c))),
      );
      const step = (index: Node, mask?: Node): void => {
        const bytes = f.let(times(index, i32(v.size)));
        const read = (from: Node): Node => {
          const vector = v.load(f, add(from, bytes));
          return mask ? f.let(v.and(vector, mask)) : vector;
        };
        const vectors = fromRight.map(read);
        for (let r = 0; r < rowCount; r++) {
          const number = read(fromLeft[r]);
          for (let c = 0; c < columnCount; c++) f.set(sums[r][c], term(sums[r][c], number, vectors[c]));
        }
      };
      const whole = f.let(
        add(range.start, make("i32.and", [make("i32.sub", [range.end, range.start]), i32(-v.width)])),
      );
      f.for(range.start, whole, v.width, (index) => step(index));
      f.if(make("i32.lt_s", [whole, range.end]), () => {
        const left = w.scalarToLanes(make("i32.sub", [range.end, whole]));
        step(whole, f.let(v.gt(left, v.vector(Array.from({ length: v.width }, (_, i) => i)))));
      });
      const name = v.size === 4 ? "f32" : "f64";
      for (let r = 0; r < rowCount; r++) {
        const address = offset(w, result, rows, add(row, i32(r)));
        for (let c = 0; c < columnCount; c++) {
          const at = f.let(add(address, times(add(column, i32(c)), result.stride(columns))));
          const lanes = Array.from({ length: v.width }, (_, i) =>
            lane(`${v.format.shape}.extract_lane`, [sums[r][c]], i),
          );
          const sum =
            v.width === 4
              ? make("f32.add", [
                  make("f32.add", [lanes[0], lanes[2]]),
                  make("f32.add", [lanes[1], lanes[3]]),
                ])
              : make("f64.add", lanes);
          f.store(
            `${name}.store`,
            at,
            accumulate ? make(`${name}.add`, [load(`${name}.load`, at), sum]) : sum,
          );
        }
      }
    },
  };
}

/** Any layout: a number at a time. */
function oneByOne(
  w: Writer,
  { rows, columns, over, accumulate }: Contract,
  left: Side,
  right: Side,
  result: Side,
  term: Term,
): Kernel {
  const { f, v } = w;
  const name = v.size === 4 ? "f32" : "f64";
  return {
    rows: 1,
    columns: 1,
    unit: 1,
    tile: (row, _, column) => {
      const sum = f.variable("v128", v.constant(0));
      const range = w.range(over);
      const [fromLeft, fromRight] = [offset(w, left, rows, row), offset(w, right, columns, column)];
      f.for(range.start, range.end, 1, (index) => {
        const a = v.loadSplat(f, add(fromLeft, times(index, left.stride(over))));
        const b = v.loadSplat(f, add(fromRight, times(index, right.stride(over))));
        f.set(sum, term(sum, a, b));
      });
      const at = f.let(add(offset(w, result, rows, row), times(column, result.stride(columns))));
      const first = lane(`${v.format.shape}.extract_lane`, [sum], 0);
      f.store(
        `${name}.store`,
        at,
        accumulate ? make(`${name}.add`, [load(`${name}.load`, at), first]) : first,
      );
    },
  };
}

/** Square roots of the sums; where squares may have over- or underflowed the sum is taken again, scaled. */
function roots(w: Writer, { rows, columns, over }: Contract, left: Side, right: Side, result: Side): void {
  const { f, v } = w;
  const name = v.size === 4 ? "f32" : "f64";
  const number = v.size === 4 ? (value: number): Node => make("f32.demote_f64", [f64(value)]) : f64;
  const [least, most] = v.size === 4 ? [2 ** -90, 2 ** 126] : [2 ** -900, 2 ** 1022];
  const [rowRange, columnRange, range] = [w.range(rows), w.range(columns), w.range(over)];
  f.for(rowRange.start, rowRange.end, 1, (row) => {
    const [rowAt, fromLeft] = [offset(w, result, rows, row), offset(w, left, rows, row)];
    f.for(columnRange.start, columnRange.end, 1, (column) => {
      const at = f.let(add(rowAt, times(column, result.stride(columns))));
      const sum = f.let(load(`${name}.load`, at));
      const isPlain = make("i32.and", [
        make(`${name}.gt`, [sum, number(least)]),
        make(`${name}.lt`, [sum, number(most)]),
      ]);
      f.if(
        isPlain,
        () => f.store(`${name}.store`, at, make(`${name}.sqrt`, [sum])),
        () => {
          const fromRight = offset(w, right, columns, column);
          const wide = (x: Node): Node => (v.size === 4 ? make("f64.promote_f32", [x]) : x);
          const difference = (index: Node): Variable =>
            f.let(
              wide(
                make(`${name}.sub`, [
                  load(`${name}.load`, add(fromLeft, times(index, left.stride(over)))),
                  load(`${name}.load`, add(fromRight, times(index, right.stride(over)))),
                ]),
              ),
            );
          const scale = f.variable("f64", f64(0));
          f.for(range.start, range.end, 1, (index) =>
            f.set(scale, make("f64.max", [scale, make("f64.abs", [difference(index)])])),
          );
          // 0, ∞ and NaN are themselves.
          const isScalable = make("i32.and", [
            make("f64.gt", [scale, f64(0)]),
            make("f64.lt", [scale, f64(Number.POSITIVE_INFINITY)]),
          ]);
          f.if(isScalable, () => {
            const total = f.variable("f64", f64(0));
            f.for(range.start, range.end, 1, (index) => {
              const share = f.let(make("f64.div", [difference(index), scale]));
              f.set(total, make("f64.add", [total, make("f64.mul", [share, share])]));
            });
            f.set(scale, make("f64.mul", [scale, make("f64.sqrt", [total])]));
          });
          f.store(`${name}.store`, at, v.size === 4 ? make("f32.demote_f64", [scale]) : scale);
        },
      );
    });
  });
}

const grid = (rows: number, columns: number, make: () => Variable): Variable[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, make));
