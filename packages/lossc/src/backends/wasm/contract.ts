// Contractions: to[rows, columns] (+)= Σ left · right, in a register-tiled function that every contraction of the same
// kind in a module calls.
//
// Where one side lies along what the result lies along, vectors are columns: every number of the left side meets vectors
// of the right. Where both lie along the summed axis, vectors are that axis, and lanes are added at the end. Sums stay
// in the kernel's precision, each in order. At an edge a tile computes its last row or column again and stores it once.

import type { Contract, Operand } from "../../passes/lower/ir.ts";
import { asNode, bytesOf, least, minus, plus, times } from "./addresses.ts";
import { type Func, i32, load, make, type Node, type Variable } from "./assembler.ts";
import { distanceRoots } from "./distances.ts";
import { Lanes } from "./lanes.ts";
import { storeLanes } from "./tails.ts";
import type { Writer } from "./writer.ts";

type Direction = "rows" | "columns" | "over";

/** One operand: where [0, 0] would lie, and bytes from one index to the next along each axis it has. */
export interface Side {
  readonly address: Node;
  readonly stride: Readonly<Record<Direction, Node>>;
}
export interface Span {
  readonly start: Node;
  readonly end: Node;
}
/** A contraction as its function sees it. */
export interface Task {
  readonly f: Func;
  readonly v: Lanes;
  readonly left: Side;
  readonly right: Side;
  readonly result: Side;
  readonly rows: Span;
  readonly columns: Span;
  readonly over: Span;
  readonly accumulate: boolean;
  /** Whether the columns of the result lie side by side. */
  readonly isDense: boolean;
  readonly term: (sum: Node, left: Node, right: Node) => Node;
}

type Body = (task: Task) => void;
type Way = "alongColumns" | "alongOver" | "oneByOne";
const ways: Readonly<Record<Way, Body>> = { alongColumns, alongOver, oneByOne };

export function contract(w: Writer, statement: Contract): void {
  const { way, isDense, turned } = wayOf(statement);
  const { over, of, accumulate } = statement;
  const [rows, columns] = turned ? [statement.columns, statement.rows] : [statement.rows, statement.columns];
  const [left, right] = turned ? [statement.right, statement.left] : [statement.left, statement.right];
  const side = (operand: Operand, axes: readonly string[]): Node[] =>
    addressAndStrides(w, statement, operand, axes);
  const { precision } = w.shared;
  const write = (key: string, body: Body): void => {
    const index = w.shared.pool.helpers.index(key, new Array(16).fill("i32"), (f) =>
      body(taskOf(f, new Lanes(precision, w.shared.pool, f.params[0]), statement, isDense)),
    );
    w.f.do(index, [
      w.params[0],
      ...side(left, [rows, over]),
      ...side(right, [columns, over]),
      ...side(statement.to, [rows, columns]),
      ...[rows, columns, over].flatMap((axis) => [w.range(axis).start, w.range(axis).end]),
    ]);
  };
  write(["contract", of, way, accumulate, isDense].join(), ways[way]);
  if (of === "distance") write("distance roots", distanceRoots);
}

/** How a contraction is computed, and whether its two sides change places for it. */
function wayOf({ rows, columns, over, left, right, to }: Contract): {
  readonly way: Way;
  readonly isDense: boolean;
  readonly turned: boolean;
} {
  const lies = ({ at }: Operand, axis: string): boolean => at.at(-1) === axis;
  for (const turned of [false, true]) {
    const [side, axis] = turned ? [left, rows] : [right, columns];
    if (lies(side, axis) && lies(to, axis)) return { way: "alongColumns", isDense: true, turned };
  }
  if (!lies(left, over) || !lies(right, over)) return { way: "oneByOne", isDense: false, turned: false };
  const turned = lies(to, rows);
  return { way: "alongOver", isDense: turned || lies(to, columns), turned };
}

function addressAndStrides(
  w: Writer,
  { rows, columns, over }: Contract,
  { buffer, at }: Operand,
  axes: readonly string[],
): Node[] {
  const strides = w.places.strides(buffer);
  const moving = (place: unknown): boolean => place === rows || place === columns || place === over;
  const stride = (axis: string): Node => asNode(strides[at.indexOf(axis)]);
  return [w.places.address(buffer, at, moving), ...axes.map(stride)];
}

/** The parameters in the order that `contract` gives them. */
function taskOf(f: Func, v: Lanes, { of, accumulate }: Contract, isDense: boolean): Task {
  const [, a, aRows, aOver, b, bColumns, bOver, c, cRows, cColumns, ...ends] = f.params;
  const none = i32(0);
  const spans = [0, 2, 4].map((i): Span => ({ start: ends[i], end: ends[i + 1] }));
  const difference = (x: Node, y: Node): Node => {
    const d = v.sub(x, y);
    return v.mul(d, d);
  };
  const product = of === "product" ? (x: Node, y: Node): Node => v.mul(x, y) : difference;
  return {
    f,
    v,
    left: { address: a, stride: { rows: aRows, over: aOver, columns: none } },
    right: { address: b, stride: { columns: bColumns, over: bOver, rows: none } },
    result: { address: c, stride: { rows: cRows, columns: cColumns, over: none } },
    rows: spans[0],
    columns: spans[1],
    over: spans[2],
    accumulate,
    isDense,
    term: (sum, x, y) => make(`${v.format.shape}.add`, [sum, product(x, y)]),
  };
}

/** The address of an index along an axis. */
const at = (f: Func, side: Side, direction: Direction, index: Node): Variable =>
  f.let(plus(side.address, times(index, side.stride[direction])));
/** The index `more` further on, or the last. */
const further = (index: Node, more: number, { end }: Span): Node =>
  more === 0 ? index : least(plus(index, i32(more)), minus(end, i32(1)));
const grid = (rows: number, columns: number, make: () => Variable): Variable[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, make));
const list = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** Does something for a row of a tile unless it is beyond the end. */
function forRow(f: Func, row: Node, r: number, { end }: Span, write: () => void): void {
  if (r === 0) write();
  else f.if(make("i32.lt_s", [plus(row, i32(r)), end]), write);
}

/** Vectors of columns: tiles of two rows and four vectors. The right side's part of a tile stays in the cache for all rows. */
function alongColumns(task: Task): void {
  const { f, v, left, right, result, rows, columns, over, accumulate, term } = task;
  const [ROWS, VECTORS] = [2, 4];
  const leftTop = f.let(plus(left.address, times(over.start, left.stride.over)));
  const rightTop = f.let(plus(right.address, times(over.start, right.stride.over)));
  f.for(columns.start, columns.end, VECTORS * v.width, (column) => {
    const bytes = f.let(bytesOf(column, v.size));
    const fromTop = f.let(plus(rightTop, bytes));
    f.for(rows.start, rows.end, ROWS, (row) => {
      const sums = grid(ROWS, VECTORS, () => f.variable("v128", v.constant(0)));
      const fromLeft = list(ROWS, (r) =>
        f.variable("i32", plus(leftTop, times(further(row, r, rows), left.stride.rows))),
      );
      const fromRight = f.variable("i32", fromTop);
      f.for(over.start, over.end, 1, () => {
        const vectors = list(VECTORS, (c) => v.load(f, fromRight, c * 16));
        for (let r = 0; r < ROWS; r++) {
          const number = v.loadSplat(f, fromLeft[r]);
          for (let c = 0; c < VECTORS; c++) f.set(sums[r][c], term(sums[r][c], number, vectors[c]));
          f.set(fromLeft[r], plus(fromLeft[r], left.stride.over));
        }
        f.set(fromRight, plus(fromRight, right.stride.over));
      });
      for (let r = 0; r < ROWS; r++)
        forRow(f, row, r, rows, () =>
          storeRow(task, plus(at(f, result, "rows", plus(row, i32(r))), bytes), sums[r], column, accumulate),
        );
    });
  });
}

/** Stores a row of a tile: neighbouring vectors of columns. */
function storeRow(
  { f, v, columns }: Task,
  address: Node,
  vectors: readonly Node[],
  column: Node,
  accumulate: boolean,
): void {
  const start = f.let(address);
  const room = f.let(minus(columns.end, column));
  const sum = (vector: Node, i: number): Node =>
    accumulate ? v.add(v.load(f, start, i * 16), vector) : vector;
  f.if(
    make("i32.ge_s", [room, i32(vectors.length * v.width)]),
    () => {
      for (const [i, vector] of vectors.entries()) f.store("v128.store", start, sum(vector, i), i * 16);
    },
    () => {
      for (const [i, vector] of vectors.entries()) {
        const left = f.let(minus(room, i32(i * v.width)));
        f.if(
          make("i32.ge_s", [left, i32(v.width)]),
          () => f.store("v128.store", start, sum(vector, i), i * 16),
          () => storeLanes(f, v, plus(start, i32(i * 16)), f.let(sum(vector, i)), left),
        );
      }
    },
  );
}

/** Vectors along the summed axis: tiles of two rows and four columns, whose part of the right side stays in the cache for
 * all rows. */
function alongOver(task: Task): void {
  const { f, v, left, right, result, rows, columns, over, accumulate, term } = task;
  const [ROWS, COLUMNS] = [2, 4];
  const start = f.let(bytesOf(over.start, v.size));
  const length = f.let(minus(over.end, over.start));
  const whole = f.let(bytesOf(make("i32.and", [length, i32(-v.width)]), v.size));
  const rest = f.let(make("i32.and", [length, i32(v.width - 1)]));
  const inRest = f.let(
    v.gt(v.splat(make(`f${v.size * 8}.convert_i32_s`, [rest])), v.vector(list(v.width, (i) => i))),
  );
  f.for(columns.start, columns.end, COLUMNS, (column) => {
    const fromRight = list(COLUMNS, (c) =>
      f.let(plus(at(f, right, "columns", further(column, c, columns)), start)),
    );
    f.for(rows.start, rows.end, ROWS, (row) => {
      const sums = grid(ROWS, COLUMNS, () => f.variable("v128", v.constant(0)));
      const fromLeft = list(ROWS, (r) => f.let(plus(at(f, left, "rows", further(row, r, rows)), start)));
      const step = (bytes: Node, mask?: Node): void => {
        const read = (from: Node): Node => {
          const vector = v.load(f, plus(from, bytes));
          return mask ? f.let(v.and(vector, mask)) : vector;
        };
        const vectors = fromLeft.map(read);
        for (let c = 0; c < COLUMNS; c++) {
          const others = read(fromRight[c]);
          for (let r = 0; r < ROWS; r++) f.set(sums[r][c], term(sums[r][c], vectors[r], others));
        }
      };
      f.for(i32(0), whole, 16, (bytes) => step(bytes));
      f.if(rest, () => step(whole, inRest));
      for (let r = 0; r < ROWS; r++)
        forRow(f, row, r, rows, () => {
          const toRow = at(f, result, "rows", plus(row, i32(r)));
          const vectors = laneSums(v, sums[r]).map((vector) => f.let(vector));
          if (task.isDense) storeRow(task, plus(toRow, bytesOf(column, v.size)), vectors, column, accumulate);
          else scatterRow(task, toRow, vectors, column);
        });
    });
  });
}

/** The sum of the lanes of each of four vectors, side by side. */
function laneSums(v: Lanes, [a, b, c, d]: readonly Node[]): Node[] {
  if (v.width === 2) {
    const pair = (x: Node, y: Node): Node => v.add(v.lanes(x, y, [0, 2]), v.lanes(x, y, [1, 3]));
    return [pair(a, b), pair(c, d)];
  }
  const half = (x: Node, y: Node): Node => v.add(v.lanes(x, y, [0, 4, 1, 5]), v.lanes(x, y, [2, 6, 3, 7]));
  const [ab, cd] = [half(a, b), half(c, d)];
  return [v.add(v.lanes(ab, cd, [0, 1, 4, 5]), v.lanes(ab, cd, [2, 3, 6, 7]))];
}

/** Stores a row of a tile whose columns do not lie side by side. */
function scatterRow(
  { f, v, result, columns, accumulate }: Task,
  toRow: Node,
  vectors: readonly Node[],
  column: Node,
): void {
  const name = v.size === 4 ? "f32" : "f64";
  for (let c = 0; c < 4; c++) {
    f.if(make("i32.lt_s", [plus(column, i32(c)), columns.end]), () => {
      const address = f.let(plus(toRow, times(plus(column, i32(c)), result.stride.columns)));
      const sum = v.extract(vectors[Math.floor(c / v.width)], c % v.width);
      f.store(
        `${name}.store`,
        address,
        accumulate ? make(`${name}.add`, [load(`${name}.load`, address), sum]) : sum,
      );
    });
  }
}

/** Any layout: a number at a time. */
function oneByOne({ f, v, left, right, result, rows, columns, over, accumulate, term }: Task): void {
  const name = v.size === 4 ? "f32" : "f64";
  f.for(rows.start, rows.end, 1, (row) => {
    const [fromLeft, toRow] = [at(f, left, "rows", row), at(f, result, "rows", row)];
    f.for(columns.start, columns.end, 1, (column) => {
      const sum = f.variable("v128", v.constant(0));
      const fromRight = at(f, right, "columns", column);
      f.for(over.start, over.end, 1, (index) => {
        const a = v.loadSplat(f, plus(fromLeft, times(index, left.stride.over)));
        const b = v.loadSplat(f, plus(fromRight, times(index, right.stride.over)));
        f.set(sum, term(sum, a, b));
      });
      const address = f.let(plus(toRow, times(column, result.stride.columns)));
      const first = v.extract(sum, 0);
      f.store(
        `${name}.store`,
        address,
        accumulate ? make(`${name}.add`, [load(`${name}.load`, address), first]) : first,
      );
    });
  });
}
