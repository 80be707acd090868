// Short rows: a sample in each lane. In a row of ten numbers most lanes of the last vector are empty, and everything between
// a row's loops is computed for that row alone. With four rows side by side all of it is computed once for four.
//
// A row's loops then run over columns, four copies of them at a time, then two and one: four numbers of each row are loaded
// together and transposed. Lanes beyond the last sample do that sample again, and what they make is stored over the same.

import type { Buffer, Loop, Place, Statement, Value } from "../../passes/lower/ir.ts";
import { anything } from "../../passes/ranges.ts";
import { bytesOf, least, minus, plus, times } from "./addresses.ts";
import { i32, lane, loadLane, make, type Node } from "./assembler.ts";
import { type Accumulator, accumulatorsOf } from "./folds.ts";
import { isSingle } from "./layout.ts";
import { lengthOf } from "./shared.ts";
import { transposed } from "./transpose.ts";
import type { Writer } from "./writer.ts";

/** Rows up to this length are short: of longer ones more lanes are full than a transposition costs. */
const SHORT = 32;
/** What a scratch row must have room for: a vector for each number of a short row. */
export const SHORT_ROW_BYTES = 16 * SHORT;
const COPIES = 4;
/** About how many instructions a body may have for two copies of it to stand beside four and one. */
const LONG = 45;

export type LoadStore = Extract<Statement, { kind: "load" | "store" }>;

/** Axes of rows that are short, for these sizes. */
export function shortAxes(body: readonly Statement[], sizeOf: (axis: string) => number): Set<string> {
  const loops = body.filter((statement) => statement.kind === "loop" && fitsLanes(statement)) as Loop[];
  return new Set(loops.flatMap(rowAxes).filter((axis) => sizeOf(axis) <= SHORT));
}

/** Whether a loop over samples is written in lanes where these axes are short. */
export const standsInLanes = (loop: Loop, short: ReadonlySet<string>): boolean =>
  fitsLanes(loop) && rowAxes(loop).every((axis) => short.has(axis));

const rowAxes = ({ body }: Loop): string[] =>
  body.flatMap((statement) => (statement.kind === "loop" ? [statement.axis] : []));

/** Whether all that a loop over samples holds has a form in lanes. */
export function fitsLanes({ role, axis, block, body, reductions }: Loop): boolean {
  const rows = body.filter((statement) => statement.kind === "loop");
  return (
    role === "samples" &&
    block === undefined &&
    rows.length > 0 &&
    reductions.every(({ fold }) => fold === "sum") &&
    body.every((statement) =>
      statement.kind === "loop" ? isRowLoop(statement, axis) : isPlain(statement, axis),
    )
  );
}

const isRowLoop = ({ role, block, body, reductions }: Loop, axis: string): boolean =>
  role === "inner" &&
  block === undefined &&
  reductions.every(({ fold }) => fold !== "norm") &&
  body.every((statement) => isPlain(statement, axis)) &&
  // Stores wait for the end of the body.
  body.every(
    (load, i) =>
      load.kind !== "load" ||
      body.slice(0, i).every((before) => before.kind !== "store" || before.buffer !== load.buffer),
  );

function isPlain(statement: Statement, axis: string): boolean {
  const { kind } = statement;
  if (kind === "load" || kind === "store")
    return isSingle(statement.buffer) || formOf(statement, axis) !== undefined;
  if (kind === "index") return statement.axis !== axis;
  return kind === "constant" || kind === "size" || kind === "param" || kind === "compute";
}

/** How an access moves: with the sample alone, along its row, to a place of its row or of a table, or for all lanes alike. */
function formOf(
  { kind, buffer, at }: LoadStore,
  axis: string,
): "sample" | "row" | "own place" | "scratch" | "place" | "shared" | undefined {
  const [first, second] = at;
  if (buffer.tiled?.length || at.length > 2) return undefined;
  if (at.length === 2) {
    if (first !== axis || second === axis) return undefined;
    return typeof second === "string" ? "row" : "own place";
  }
  if (first === axis) return "sample";
  if (buffer.role === "scratch") return typeof first === "string" ? "scratch" : undefined;
  if (kind === "store" || at.length === 0) return undefined;
  return typeof first === "object" ? "place" : "shared";
}

/** Writes a loop over samples with a sample in each lane. */
export function writeInLanes(
  w: Writer,
  loop: Loop,
  start: Node,
  end: Node,
  finish: (accumulators: readonly Accumulator[]) => unknown,
): void {
  const { f, v } = w;
  const site = { f, v, copies: 1, isVector: true, mayOverflow: false };
  const accumulators = accumulatorsOf(site, loop.reductions);
  f.for(start, end, v.width, (index) => {
    const last = f.let(minus(end, i32(1)));
    const samples = Array.from({ length: v.width }, (_, i) => f.let(least(plus(index, i32(i)), last)));
    w.vector = { axis: loop.axis, index, end, copies: 1, accesses: new Map(), groups: new Map() };
    w.lanes = new LaneRows(w, loop, samples);
    w.list(loop.body);
    const order = v.vector(Array.from({ length: v.width }, (_, i) => i));
    const isThere = f.let(v.gt(w.scalarToLanes(minus(end, index)), order));
    for (const [i, { value }] of loop.reductions.entries()) {
      const range = w.known.get(value.id)?.range ?? anything;
      accumulators[i].add([{ x: w.number(value, 0), range, index: () => order }], isThere);
    }
    w.vector = undefined;
    w.lanes = undefined;
  });
  finish(accumulators);
}

/** Loads, stores and row loops while each lane holds a sample. */
export class LaneRows {
  readonly #w: Writer;
  readonly #axis: string;
  readonly #samples: readonly Node[];
  /** Where the samples' rows begin. */
  readonly #rows = new Map<Buffer, readonly Node[]>();
  /** Of the open row loop: its index, the numbers loaded together, and stores that wait for all copies. */
  #column: Node = i32(0);
  #columnInLanes: Node = i32(0);
  readonly #loaded = new Map<Buffer, readonly Node[]>();
  readonly #waiting = new Map<Buffer, readonly Node[]>();

  constructor(w: Writer, { axis, body }: Loop, samples: readonly Node[]) {
    this.#w = w;
    this.#axis = axis;
    this.#samples = samples;
    const accesses = body.flatMap((statement) => (statement.kind === "loop" ? statement.body : [statement]));
    for (const statement of accesses) {
      if (statement.kind !== "load" && statement.kind !== "store") continue;
      const { buffer, at } = statement;
      if (at.length !== 2 || this.#rows.has(buffer)) continue;
      const bytes = bytesOf(w.size(buffer.axes[1]), w.v.size);
      const rows = samples.map((sample) => w.f.let(plus(w.start(buffer), times(sample, bytes))));
      this.#rows.set(buffer, rows);
    }
  }

  /** A loop over the columns of all lanes' rows; gives what it folds, lane by lane. */
  loop(loop: Loop): Accumulator[] {
    const { f, v, shared } = this.#w;
    const { end } = this.#w.range(loop.axis);
    const copies = Math.min(COPIES, shared.copies(loop));
    const site = { f, v, copies, isVector: false, inLanes: true, mayOverflow: false };
    const accumulators = accumulatorsOf(site, loop.reductions);
    const whole = f.let(make("i32.and", [end, i32(-copies)]));
    const columns = (index: Node, count: number): void => this.#columns(loop, index, count, accumulators);
    f.for(i32(0), whole, copies, (index) => columns(index, copies));
    if (lengthOf(loop) > LONG) f.for(whole, end, 1, (index) => columns(index, 1));
    else
      for (let count = copies >> 1; count > 0; count >>= 1) {
        const index = f.let(make("i32.and", [end, i32(-2 * count)]));
        f.if(make("i32.and", [end, i32(count)]), () => columns(index, count));
      }
    return accumulators;
  }

  #columns(loop: Loop, index: Node, copies: number, accumulators: readonly Accumulator[]): void {
    const w = this.#w;
    const outer = w.vector!;
    w.vector = { ...outer, copies };
    w.open.set(loop.axis, index);
    this.#column = index;
    this.#columnInLanes = w.scalarToLanes(index);
    this.#loaded.clear();
    w.list(loop.body);
    for (const [buffer, values] of this.#waiting) this.#storeColumns(buffer, values);
    this.#waiting.clear();
    for (const [i, { value }] of loop.reductions.entries()) {
      const range = w.known.get(value.id)?.range ?? anything;
      const terms = Array.from({ length: copies }, (_, copy) => ({
        x: w.number(value, copy),
        range,
        index: () => this.column(copy),
      }));
      accumulators[i].add(terms, undefined);
    }
    w.open.delete(loop.axis);
    w.vector = outer;
  }

  /** The column of a copy, the same in all lanes. */
  column(copy: number): Node {
    const { v } = this.#w;
    return copy === 0 ? this.#columnInLanes : v.add(this.#columnInLanes, v.constant(copy));
  }

  load(statement: LoadStore & { kind: "load" }): void {
    const w = this.#w;
    const { f, v } = w;
    const { result, buffer } = statement;
    const read = (copy: number): Node => {
      const number = this.#read(statement, copy);
      return result.type === "bool" ? f.let(v.ne(number, v.constant(0))) : number;
    };
    w.define(result, read, w.shared.rangeIn(buffer));
  }

  #read(statement: LoadStore, copy: number): Node {
    const { f, v } = this.#w;
    const { buffer, at } = statement;
    const form = formOf(statement, this.#axis)!;
    const start = this.#w.start(buffer);
    if (form === "sample")
      return this.#gather(this.#samples.map((sample) => plus(start, bytesOf(sample, v.size))));
    if (form === "scratch") return v.load(f, this.#scratch(start), 16 * copy);
    if (form === "shared") {
      const place = typeof at[0] === "number" ? i32(at[0]) : plus(this.#column, i32(copy));
      return v.loadSplat(f, plus(start, bytesOf(place, v.size)));
    }
    if (form === "row") {
      if (this.#w.copies > 1 && v.width === 4) return this.#loadColumns(buffer)[copy];
      return this.#gather(this.#rowAddresses(buffer, copy));
    }
    const { places, isInside } = this.#places(buffer, at[at.length - 1]);
    const rows = form === "place" ? this.#samples.map(() => start) : this.#rows.get(buffer)!;
    const found = this.#gather(rows.map((row, i) => plus(row, bytesOf(places[i], v.size))));
    // A label that is none finds a NaN: all bits set are one.
    return isInside ? f.let(v.or(found, v.not(isInside))) : found;
  }

  store(statement: LoadStore & { kind: "store" }): void {
    const w = this.#w;
    const { f, v } = w;
    const { buffer, at, value } = statement;
    const form = formOf(statement, this.#axis)!;
    const start = w.start(buffer);
    const numbers = Array.from({ length: w.copies }, (_, copy) => w.number(value, copy));
    if (form === "row") this.#waiting.set(buffer, numbers);
    else if (form === "scratch")
      numbers.forEach((number, copy) => {
        f.store("v128.store", this.#scratch(start), number, 16 * copy);
      });
    else if (form === "sample")
      this.#scatter(
        this.#samples.map((sample) => plus(start, bytesOf(sample, v.size))),
        numbers[0],
      );
    else {
      const { places } = this.#places(buffer, at[1]);
      const addressesOf = this.#rows.get(buffer)!.map((row, i) => plus(row, bytesOf(places[i], v.size)));
      this.#scatter(addressesOf, numbers[0]);
    }
  }

  #rowAddresses(buffer: Buffer, copy: number): Node[] {
    const offset = bytesOf(plus(this.#column, i32(copy)), this.#w.v.size);
    return this.#rows.get(buffer)!.map((row) => plus(row, offset));
  }

  /** What stands beyond the row's end, where only two columns are left, is read and not used. */
  #loadColumns(buffer: Buffer): readonly Node[] {
    const { f, v } = this.#w;
    let columns = this.#loaded.get(buffer);
    if (!columns) {
      const rows = this.#rowAddresses(buffer, 0).map((address) => v.load(f, address));
      columns = transposed(v, rows)
        .slice(0, this.#w.copies)
        .map((node) => f.let(node));
      this.#loaded.set(buffer, columns);
    }
    return columns;
  }

  #storeColumns(buffer: Buffer, values: readonly Node[]): void {
    const { f, v } = this.#w;
    const addresses = this.#rowAddresses(buffer, 0);
    const [a, b] = values;
    if (v.width === 4 && values.length === COPIES)
      for (const [i, row] of transposed(v, values).entries()) f.store("v128.store", addresses[i], row);
    else if (v.width === 4 && values.length === 2)
      for (const i of [0, 2]) {
        const rows = f.let(v.lanes(a, b, [i, i + 4, i + 1, i + 5]));
        for (const half of [0, 1]) f.store("v128.store64_lane", addresses[i + half], rows, 0, half);
      }
    else for (const [copy, value] of values.entries()) this.#scatter(this.#rowAddresses(buffer, copy), value);
  }

  /** A scratch row holds a vector for each column. */
  #scratch(start: Node): Node {
    return plus(start, make("i32.shl", [this.#column, i32(4)]));
  }

  /** One number from each address. */
  #gather([first, ...others]: readonly Node[]): Node {
    const { f, v } = this.#w;
    const name = v.size === 4 ? "v128.load32_lane" : "v128.load64_lane";
    return others.reduce<Node>(
      (all, address, i) => f.let(loadLane(name, address, all, i + 1)),
      v.loadSplat(f, first),
    );
  }

  #scatter(addresses: readonly Node[], value: Node): void {
    const { f, v } = this.#w;
    const kept = f.let(value);
    const name = v.size === 4 ? "v128.store32_lane" : "v128.store64_lane";
    for (const [i, address] of addresses.entries()) f.store(name, address, kept, 0, i);
  }

  /** The places that lanes ask for along a buffer's last axis, 0 where there is no such place. */
  #places(buffer: Buffer, place: Place): { readonly places: readonly Node[]; readonly isInside?: Node } {
    if (typeof place !== "object") return { places: this.#samples.map(() => i32(place as number)) };
    return this.#lookup(place, this.#w.size(buffer.axes[buffer.axes.length - 1]));
  }

  #lookup(place: Value, size: Node): { readonly places: readonly Node[]; readonly isInside: Node } {
    const { v, f } = this.#w;
    const number = this.#w.number(place, 0);
    // As many whole numbers are inside as numbers above −1; a NaN is not.
    const isInside = v.and(v.gt(number, v.constant(-1)), v.lt(number, this.#w.scalarToLanes(size)));
    const trunc = v.size === 4 ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f64x2_s_zero";
    const whole = f.let(make(trunc, [v.and(number, isInside)]));
    return {
      places: Array.from({ length: v.width }, (_, i) => lane("i32x4.extract_lane", [whole], i)),
      isInside,
    };
  }
}
