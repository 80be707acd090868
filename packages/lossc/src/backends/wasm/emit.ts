// From a loop program to WebAssembly: a function for each step of the kernel, run one after the other.
//
// A step is a run of scalar statements, or a loop at the top with everything in it. A loop without loops in it is
// vectorised: lanes are consecutive indices, the body is unrolled, what is left over is masked. In a loop that
// holds others every lane has the same number, so that inner loops find their scalars ready.

import type { Buffer, Kernel, Loop, Place, Reduction, Statement, Value } from "../../passes/lower/ir.ts";
import { ops } from "../../language/ops.ts";
import { assemble, Func, i32, lane, load, make, type ModuleMemory, type Node, select, type Variable } from "./assembler.ts";
import { contract } from "./contract.ts";
import { type Accumulator, folds, toLanes } from "./folds.ts";
import { Lanes, Pool, type Precision } from "./lanes.ts";
import { everyStatement, fixedSize, isSingle, type Layout, layoutOf } from "./layout.ts";
import { rows } from "./ops.ts";
import { quantile } from "./quantile.ts";
import { anything, exactly, type Range, rangeOf } from "./ranges.ts";
import { transposed } from "./transpose.ts";

export type Step =
  | { readonly kind: "scalars"; readonly name: string }
  | { readonly kind: "clear"; readonly buffer: Buffer }
  | { readonly kind: "loop"; readonly name: string; readonly loop: Loop; readonly vector: boolean };

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  readonly constants: Uint8Array;
  readonly steps: readonly Step[];
}

/** A value in code: one node per unrolled copy, or one for all. */
interface Known {
  readonly nodes: readonly Node[];
  readonly type: Value["type"];
  readonly constant?: number;
  readonly range?: Range;
}

export interface Tile {
  readonly start: Node;
  readonly end: Node;
}

/** The loop being vectorised. */
interface VectorLoop {
  readonly axis: string;
  readonly index: Variable;
  readonly end: Node;
  readonly copies: number;
  /** Which lanes are before the end; none where all are. */
  readonly mask?: Node;
  readonly accesses: ReadonlyMap<Statement, Access>;
  readonly groups: Map<string, Node[][]>;
}

/** How a load or store moves along the vectorised loop. `address` is the part that stays. */
type Access =
  | { readonly kind: "same"; readonly address: Node }
  | { readonly kind: "consecutive"; readonly address: Node }
  | { readonly kind: "quads"; readonly address: Node; readonly which: number; readonly key: string }
  | { readonly kind: "gather"; readonly address: Node; readonly moving: readonly { readonly place: Place; readonly stride: Node; readonly size: Node }[] };

const add = (a: Node, b: Node): Node => make("i32.add", [a, b]);
const times = (a: Node, b: Node): Node => make("i32.mul", [a, b]);

/** `fixed`: parameters whose value the module is made for. */
export function emit(kernel: Kernel, precision: Precision, memory: ModuleMemory, fixed: ReadonlyMap<string, number> = new Map()): Emitted {
  const layout = layoutOf(kernel);
  const pool = new Pool(layout.constants);
  const functions: Record<string, Func> = {};
  const steps: Step[] = [];
  const shared = new Shared(kernel, layout, pool, precision, fixed);
  let scalars: Statement[] = [];
  const flush = (): void => {
    if (scalars.length === 0) return;
    const name = `scalars${steps.length}`;
    functions[name] = new Writer(shared, "float64").scalarStep(scalars);
    steps.push({ kind: "scalars", name });
    scalars = [];
  };
  for (const statement of kernel.body) {
    if (statement.kind === "loop") {
      flush();
      const name = `loop${steps.length}`;
      functions[name] = new Writer(shared, precision).loopStep(statement);
      steps.push({ kind: "loop", name, loop: statement, vector: isVectorisable(statement) });
    } else if (statement.kind === "clear" && !isSingle(statement.buffer)) {
      flush();
      steps.push({ kind: "clear", buffer: statement.buffer });
    } else scalars.push(statement);
  }
  flush();
  return { bytes: assemble(functions, memory), layout, constants: pool.bytes, steps };
}

/** Holds no loop, and adds to no element that another lane may add to. */
function isVectorisable(loop: Loop): boolean {
  if (loop.block !== undefined) return false;
  return loop.body.every((statement) => {
    if (statement.kind === "accumulate") return statement.at.at(-1) === loop.axis && statement.at.indexOf(loop.axis) === statement.at.length - 1;
    return statement.kind !== "loop" && statement.kind !== "contract" && statement.kind !== "routine" && statement.kind !== "clear";
  });
}

/** Values that the statements of a list read from outside of it. */
function valuesRead(list: readonly Statement[]): Set<number> {
  const read = new Set<number>();
  const places = (at: readonly Place[]): void => {
    for (const place of at) if (typeof place === "object") read.add(place.id);
  };
  for (const statement of everyStatement(list)) {
    if (statement.kind === "compute" || statement.kind === "routine") for (const arg of statement.args) read.add(arg.id);
    if (statement.kind === "load") places(statement.at);
    if (statement.kind === "store" || statement.kind === "accumulate") {
      places(statement.at);
      read.add(statement.value.id);
    }
    if (statement.kind === "contract") for (const operand of [statement.left, statement.right, statement.to]) places(operand.at);
    if (statement.kind === "loop") for (const reduction of statement.reductions) read.add(reduction.value.id);
  }
  return read;
}

/** What all steps of a kernel have in common. */
class Shared {
  readonly kernel: Kernel;
  readonly layout: Layout;
  readonly pool: Pool;
  readonly precision: Precision;
  /** Values that any step can make for itself: constants, sizes, parameters. */
  readonly anywhere = new Map<number, Statement & { kind: "constant" | "size" | "param" | "compute" }>();
  /** Values that are numbers known now. */
  readonly constants = new Map<number, number>();
  readonly types = new Map<number, Value["type"]>();

  constructor(kernel: Kernel, layout: Layout, pool: Pool, precision: Precision, fixed: ReadonlyMap<string, number>) {
    this.kernel = kernel;
    this.layout = layout;
    this.pool = pool;
    this.precision = precision;
    for (const statement of everyStatement(kernel.body)) {
      const value = this.#valueOf(statement, fixed);
      if (value !== undefined && "result" in statement) this.constants.set(statement.result.id, value);
      if (statement.kind === "constant" || statement.kind === "size" || statement.kind === "param" || (statement.kind === "compute" && value !== undefined)) {
        this.anywhere.set(statement.result.id, statement);
      }
      if ("result" in statement) this.types.set(statement.result.id, statement.result.type);
      if (statement.kind === "loop") for (const { result } of statement.reductions) this.types.set(result.id, result.type);
    }
  }

  #valueOf(statement: Statement, fixed: ReadonlyMap<string, number>): number | undefined {
    if (statement.kind === "constant") return statement.value;
    if (statement.kind === "param") return fixed.get(statement.name);
    if (statement.kind !== "compute" || statement.result.type === "bool") return undefined;
    const args = statement.args.map(({ id }) => this.constants.get(id));
    if (!args.every((arg) => arg !== undefined)) return undefined;
    return ops[statement.op].apply(args[0]!, args[1]!, args[2]!);
  }
}

type StatementRows = { readonly [K in Statement["kind"]]: (writer: Writer, statement: Extract<Statement, { kind: K }>) => void };

/** Writes the function of one step. */
export class Writer {
  readonly shared: Shared;
  readonly f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  readonly v: Lanes;
  readonly known = new Map<number, Known>();
  readonly open = new Map<string, Node>();
  /** The part of an axis that a tiled loop stands at. */
  readonly tiles = new Map<string, Tile>();
  readonly sizes = new Map<string, Node>();
  readonly addresses = new Map<Buffer, Node>();
  vector: VectorLoop | undefined;

  /** The head, the first and the last index + 1 of the loop, where cells go, and this thread's scratch. */
  get params(): readonly [base: Node, start: Node, end: Node, cells: Node, scratch: Node] {
    const [base, start, end, cells, scratch] = this.f.params;
    return [base, start, end, cells, scratch];
  }

  constructor(shared: Shared, precision: Precision) {
    this.shared = shared;
    this.v = new Lanes(precision, shared.pool, this.f.params[0]);
  }

  // ---- Steps

  scalarStep(statements: readonly Statement[]): Func {
    this.enter(statements);
    this.list(statements);
    for (const statement of statements) {
      if (!("result" in statement) || this.shared.anywhere.has(statement.result.id)) continue;
      const value = make("f64x2.extract_lane", [this.number(statement.result, 0)], [0]);
      this.f.store("f64.store", this.params[0], value, this.shared.layout.scalars.get(statement.result.id)!);
    }
    return this.f;
  }

  loopStep(loop: Loop): Func {
    this.enter([loop]);
    const [, start, end, cells] = this.params;
    const accumulators = this.loop(loop, start, end);
    let place = 0;
    for (const accumulator of accumulators) {
      for (const cell of accumulator.cells()) {
        this.f.store("f64.store", cells, cell, place);
        place += 8;
      }
    }
    return this.f;
  }

  /** Reads sizes, addresses and scalars from the head, once. */
  enter(statements: readonly Statement[]): void {
    const [base, , , , scratch] = this.params;
    const { layout } = this.shared;
    const all = everyStatement(statements);
    const buffers = new Set<Buffer>();
    const axes = new Set<string>();
    for (const statement of all) {
      if (statement.kind === "load" || statement.kind === "store" || statement.kind === "accumulate" || statement.kind === "clear") buffers.add(statement.buffer);
      if (statement.kind === "routine") buffers.add(statement.row);
      if (statement.kind === "contract") for (const { buffer } of [statement.left, statement.right, statement.to]) buffers.add(buffer);
      if (statement.kind === "loop" || statement.kind === "size") axes.add(statement.axis);
    }
    for (const buffer of buffers) for (const axis of buffer.axes) axes.add(axis);
    for (const axis of axes) this.sizes.set(axis, this.f.let(this.size(axis)));
    for (const buffer of buffers) {
      if (isSingle(buffer)) continue;
      const address = load("i32.load", base, layout.addresses.get(buffer)!);
      this.addresses.set(buffer, this.f.let(buffer.role === "scratch" ? add(scratch, address) : address));
    }
    const defined = new Set(all.flatMap((statement) => ("result" in statement ? [statement.result.id] : [])));
    for (const id of valuesRead(statements)) {
      if (defined.has(id) && !this.shared.anywhere.has(id)) continue;
      const type = this.shared.types.get(id);
      if (type === undefined) continue;
      if (this.shared.anywhere.has(id)) this.anywhere(id);
      else if (layout.scalars.has(id) && !definedInLoops(all, id)) this.set(id, this.fromSlot(layout.scalars.get(id)!), type);
    }
  }

  /** How long an axis is: an i32. */
  size(axis: string): Node {
    const fixed = fixedSize(axis);
    return this.sizes.get(axis) ?? (fixed === undefined ? load("i32.load", this.params[0], this.shared.layout.sizes.get(axis)!) : i32(fixed));
  }

  /** What of an axis is to be run over: the tile that stands open, or all. */
  range(axis: string): Tile {
    return this.tiles.get(axis) ?? { start: i32(0), end: this.size(axis) };
  }

  anywhere(id: number): void {
    const statement = this.shared.anywhere.get(id)!;
    if (this.known.has(id)) return;
    const value = this.shared.constants.get(id);
    if (value !== undefined) return this.constant(statement.result, value);
    statements[statement.kind](this, statement as never);
  }

  /** A float64 number of the head in every lane. */
  fromSlot(offset: number): Node {
    const scalar = load("f64.load", this.params[0], offset);
    const wide = this.v.precision === "float64" ? scalar : make("f32.demote_f64", [scalar]);
    return this.f.let(make(`${this.v.format.shape}.splat`, [wide]));
  }

  // ---- Values

  constant({ id, type }: Value, constant: number): void {
    this.set(id, this.v.constant(constant), type);
    this.known.set(id, { ...this.known.get(id)!, constant, range: exactly(constant) });
  }

  /** Notes a number as a value of its type: truth values become masks. */
  set(id: number, node: Node, type: Value["type"]): void {
    this.known.set(id, { nodes: [type === "bool" ? this.f.let(this.v.ne(node, this.v.constant(0))) : node], type });
  }

  node({ id }: Value, copy: number): Node {
    const known = this.known.get(id);
    if (!known) throw new Error(`value ${id} is not defined here`);
    return known.nodes[Math.min(copy, known.nodes.length - 1)];
  }
  number(value: Value, copy: number): Node {
    const node = this.node(value, copy);
    return this.known.get(value.id)!.type === "bool" ? this.v.number(node) : node;
  }
  mask(value: Value, copy: number): Node {
    const node = this.node(value, copy);
    return this.known.get(value.id)!.type === "bool" ? node : this.v.ne(node, this.v.constant(0));
  }

  get copies(): number {
    return this.vector?.copies ?? 1;
  }
  /** Defines a value in every copy. */
  define(result: Value, make: (copy: number) => Node): void {
    this.known.set(result.id, { nodes: Array.from({ length: this.copies }, (_, copy) => make(copy)), type: result.type });
  }

  // ---- Statements

  list(list: readonly Statement[]): void {
    const nested = valuesRead(list.filter((statement) => statement.kind === "loop" || statement.kind === "contract"));
    for (const statement of list) {
      const row = statements[statement.kind] as (writer: Writer, statement: Statement) => void;
      row(this, statement);
      // What inner loops need is computed before them.
      if (!("result" in statement) || !nested.has(statement.result.id)) continue;
      const known = this.known.get(statement.result.id)!;
      this.known.set(statement.result.id, { ...known, nodes: known.nodes.map((node) => this.f.let(node)) });
    }
  }

  /** The loop, and its accumulators; their results are known after it. */
  loop(loop: Loop, start: Node, end: Node): Accumulator[] {
    const { f, v } = this;
    const isVector = !this.vector && isVectorisable(loop);
    const copies = isVector ? unrolling(loop) : 1;
    const accumulators = loop.reductions.map(({ fold }) => folds[fold]({ f, v, copies, isVector }));
    if (isVector) this.vectorised(loop, start, end, copies, accumulators);
    else if (loop.block !== undefined) {
      f.for(start, end, loop.block, (first) => {
        const after = f.let(add(first, i32(loop.block!)));
        this.tiles.set(loop.axis, { start: first, end: f.let(select(make("i32.lt_s", [after, end]), after, end)) });
        this.list(loop.body);
        this.feed(loop.reductions, accumulators, () => this.scalarToLanes(first), undefined);
      });
      this.tiles.delete(loop.axis);
    } else {
      f.for(start, end, 1, (index) => {
        this.open.set(loop.axis, index);
        this.list(loop.body);
        this.feed(loop.reductions, accumulators, () => this.indexVector(index, 0), undefined);
      });
      this.open.delete(loop.axis);
    }
    return accumulators;
  }

  vectorised(loop: Loop, start: Node, end: Node, copies: number, accumulators: readonly Accumulator[]): void {
    const { f, v } = this;
    const accesses = new Map<Statement, Access>();
    for (const statement of loop.body) {
      if (statement.kind !== "load" && statement.kind !== "store" && statement.kind !== "accumulate") continue;
      if (!isSingle(statement.buffer)) accesses.set(statement, this.access(statement.buffer, statement.at, loop));
    }
    const span = copies * v.width;
    const whole = f.let(add(start, make("i32.and", [make("i32.sub", [end, start]), i32(-span)])));
    const body = (index: Variable, count: number, mask?: Node): void => {
      this.vector = { axis: loop.axis, index, end, copies: count, accesses, groups: new Map(), ...(mask && { mask }) };
      this.list(loop.body);
      this.storeQuads();
      this.feed(loop.reductions, accumulators, (copy) => this.indexVector(index, copy), mask);
      this.vector = undefined;
    };
    f.for(start, whole, span, (index) => body(index, copies));
    // The rows of an inner loop are often short: what is left is done in whole vectors before the masked one.
    let rest: Node = whole;
    if (copies > 1 && loop.role === "inner") {
      rest = f.let(add(whole, make("i32.and", [make("i32.sub", [end, whole]), i32(-v.width)])));
      f.for(whole, rest, v.width, (index) => body(index, 1));
    }
    f.for(rest, end, v.width, (index) => {
      const left = this.scalarToLanes(make("i32.sub", [end, index]));
      const mask = f.let(v.gt(left, v.vector(Array.from({ length: v.width }, (_, i) => i))));
      body(index, 1, mask);
    });
  }

  feed(reductions: readonly Reduction[], accumulators: readonly Accumulator[], index: (copy: number) => Node, mask: Node | undefined): void {
    reductions.forEach(({ value }, i) => {
      for (let copy = 0; copy < this.copies; copy++) accumulators[i].add(copy, this.number(value, copy), () => index(copy), mask);
    });
  }

  scalarToLanes(integer: Node): Node {
    const { v } = this;
    return v.precision === "float32"
      ? make("f32x4.splat", [make("f32.convert_i32_s", [integer])])
      : make("f64x2.splat", [make("f64.convert_i32_s", [integer])]);
  }

  /** The index along the open loop, lane by lane where it is the vectorised one. */
  indexVector(index: Node, copy: number): Node {
    const { v, vector } = this;
    const splat = this.scalarToLanes(index);
    if (index !== vector?.index) return splat;
    return v.add(splat, v.vector(Array.from({ length: v.width }, (_, i) => copy * v.width + i)));
  }

  // ---- Memory

  /** The size of a buffer's axis where it is known here: a number in its name, or a tile. */
  fixedSizeIn(buffer: Buffer, axis: string): number | undefined {
    return buffer.tiled?.includes(axis) ? this.shared.layout.blocks.get(axis) : fixedSize(axis);
  }

  /** Elements from one index to the next, along each axis of a buffer. */
  strides(buffer: Buffer): Node[] {
    const strides: Node[] = [];
    let fixed = 1;
    let rest: Node | undefined;
    for (let i = buffer.axes.length - 1; i >= 0; i--) {
      strides[i] = rest ? (fixed === 1 ? rest : times(rest, i32(fixed))) : i32(fixed);
      const size = this.fixedSizeIn(buffer, buffer.axes[i]);
      if (size !== undefined) fixed *= size;
      else rest = rest ? times(rest, this.sizes.get(buffer.axes[i])!) : this.sizes.get(buffer.axes[i])!;
    }
    return strides;
  }

  /** Bytes of an element: everything but single numbers is stored in the kernel's precision. */
  get elementSize(): 4 | 8 {
    return this.shared.precision === "float32" ? 4 : 8;
  }

  /** An integer value that is the same in all lanes, as an index below `size`. */
  lookup(value: Value, size: Node, laneIndex = 0, copy = 0): Node {
    const { v } = this;
    const number = this.f.let(lane(`${v.format.shape}.extract_lane`, [this.number(value, copy)], laneIndex));
    const isNumber = make(v.precision === "float32" ? "f32.eq" : "f64.eq", [number, number]);
    const index = this.f.let(make(v.precision === "float32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s", [number]));
    const isInside = this.f.let(make("i32.and", [make("i32.lt_u", [index, size]), isNumber]));
    this.#inside.push(isInside);
    return select(isInside, index, i32(0));
  }

  /** Whether the lookups since the last question stood inside their axes. */
  readonly #inside: Node[] = [];

  /** The address, or that of a NaN where a lookup went beyond its axis: a label that is none has no loss. */
  #orNaN(address: Node): Node {
    const all = this.#inside.splice(0);
    if (all.length === 0) return address;
    const bytes = new Uint8Array(new (this.elementSize === 4 ? Float32Array : Float64Array)(16 / this.elementSize).fill(Number.NaN).buffer);
    const nan = add(this.params[0], i32(this.shared.pool.place(bytes)));
    return select(all.reduce((a, b) => make("i32.and", [a, b])), address, nan);
  }

  /** Whether a place is another one in each lane of the loop. */
  #moves(place: Place, loop: Loop): boolean {
    if (typeof place !== "object") return place === loop.axis;
    return loop.body.some((statement) => "result" in statement && statement.result.id === place.id);
  }

  scalarPlace(place: Place, size: Node): Node {
    if (typeof place === "number") return i32(place);
    if (typeof place === "object") return this.lookup(place, size);
    const index = this.open.get(place);
    if (!index) throw new Error(`no loop over ${place} is open`);
    return index;
  }

  /** The address of an element, leaving out the places that move with a loop. */
  address(buffer: Buffer, at: readonly Place[], moves: (place: Place) => boolean = () => false): Node {
    const strides = this.strides(buffer);
    let elements: Node | undefined;
    const plus = (index: Node, stride: Node): void => {
      const term = times(index, stride);
      elements = elements ? add(elements, term) : term;
    };
    at.forEach((place, i) => {
      // A buffer that holds one tile begins at the tile's start.
      const tile = buffer.tiled?.includes(buffer.axes[i]) ? this.tiles.get(typeof place === "string" ? place : buffer.axes[i]) : undefined;
      if (tile) plus(make("i32.sub", [i32(0), tile.start]), strides[i]);
      if (place === 0 || moves(place)) return;
      plus(this.scalarPlace(place, this.sizes.get(buffer.axes[i])!), strides[i]);
    });
    const start = this.addresses.get(buffer)!;
    return this.f.let(elements ? add(start, times(elements, i32(this.elementSize))) : start);
  }

  access(buffer: Buffer, at: readonly Place[], loop: Loop): Access {
    const moves = (place: Place): boolean => this.#moves(place, loop);
    const moving = at.map(moves);
    const last = at.length - 1;
    if (!moving.includes(true)) return { kind: "same", address: this.address(buffer, at) };
    const onlyOne = moving.filter(Boolean).length === 1;
    if (onlyOne && at[last] === loop.axis) return { kind: "consecutive", address: this.address(buffer, at, moves) };
    if (onlyOne && at.length === 2 && at[0] === loop.axis && buffer.tiled === undefined && fixedSize(buffer.axes[1]) === 4 && typeof at[1] === "number") {
      return { kind: "quads", address: this.addresses.get(buffer)!, which: at[1], key: buffer.name };
    }
    const strides = this.strides(buffer);
    return {
      kind: "gather",
      address: this.address(buffer, at, moves),
      moving: at.flatMap((place, i) =>
        moving[i] ? [{ place, stride: this.f.let(times(strides[i], i32(this.elementSize))), size: this.sizes.get(buffer.axes[i])! }] : [],
      ),
    };
  }

  /** The address of one lane's element. */
  laneAddress(access: Access & { kind: "gather" }, copy: number, laneIndex: number): Node {
    const vector = this.vector!;
    const terms = access.moving.map(({ place, stride, size }) => {
      if (typeof place === "object") return times(this.lookup(place, size, laneIndex, copy), stride);
      const index = add(vector.index, i32(copy * this.v.width + laneIndex));
      const last = make("i32.sub", [vector.end, i32(1)]);
      return times(vector.mask ? select(make("i32.lt_s", [index, vector.end]), index, last) : index, stride);
    });
    return terms.reduce(add, access.address);
  }

  get bytesIn(): Node {
    return make("i32.shl", [this.vector!.index, i32(this.elementSize === 4 ? 2 : 3)]);
  }

  load(statement: Extract<Statement, { kind: "load" }>): void {
    const { f, v } = this;
    const { result, buffer, at } = statement;
    const put = (read: (copy: number) => Node): void => {
      this.define(result, (copy) => {
        const node = read(copy);
        return result.type === "bool" ? f.let(v.ne(node, v.constant(0))) : node;
      });
    };
    if (isSingle(buffer)) return this.set(result.id, this.fromSlot(this.shared.layout.outputs.get(buffer)!), result.type);
    if (!this.vector) this.#inside.length = 0;
    const access: Access = this.vector?.accesses.get(statement) ?? { kind: "same", address: this.#orNaN(this.address(buffer, at)) };
    if (access.kind === "gather") this.#inside.length = 0;
    if (access.kind === "same") {
      const node = f.let(this.loadScalar(access.address));
      this.known.set(result.id, { nodes: [result.type === "bool" ? f.let(v.ne(node, v.constant(0))) : node], type: result.type });
    } else if (access.kind === "consecutive") put((copy) => v.load(f, add(access.address, this.bytesIn), copy * 16));
    else if (access.kind === "quads") put((copy) => this.quads(access)[copy][access.which]);
    else {
      put((copy) => {
        const name = v.size === 4 ? "f32.load" : "f64.load";
        const scalars = Array.from({ length: v.width }, (_, i) => f.let(load(name, this.#orNaN(this.laneAddress(access, copy, i)))));
        const first = make(`${v.format.shape}.splat`, [scalars[0]]);
        return f.let(scalars.slice(1).reduce((all, scalar, i) => lane(`${v.format.shape}.replace_lane`, [all, scalar], i + 1), first));
      });
    }
  }

  /** One stored number in every lane of this step's precision. */
  loadScalar(address: Node): Node {
    const { v } = this;
    if (v.size === this.elementSize) return load(v.size === 4 ? "v128.load32_splat" : "v128.load64_splat", address);
    return make("f64x2.splat", [make("f64.promote_f32", [load("f32.load", address)])]);
  }

  /** Four numbers of each index, loaded together: for each copy the four as vectors over the indices. */
  quads(access: Access & { kind: "quads" }): Node[][] {
    const { f, v } = this;
    const vector = this.vector!;
    let group = vector.groups.get(access.key);
    if (!group) {
      const start = f.let(add(access.address, make("i32.shl", [vector.index, i32(this.elementSize === 4 ? 4 : 5)])));
      group = Array.from({ length: vector.copies }, (_, copy) => {
        const loaded = Array.from({ length: 4 }, (_, i) => v.load(f, start, copy * 64 + i * 16));
        return transposed(v, loaded).map((node) => f.let(node));
      });
      vector.groups.set(access.key, group);
    }
    return group;
  }

  /** Stores to [index, 0 … 3] wait here until all four are there. */
  readonly pending = new Map<string, { readonly buffer: Buffer; readonly access: Access & { kind: "quads" }; readonly values: Known[] }>();

  storeQuads(): void {
    const { f, v } = this;
    const vector = this.vector!;
    for (const { buffer, access, values } of this.pending.values()) {
      const start = f.let(add(access.address, make("i32.shl", [vector.index, i32(this.elementSize === 4 ? 4 : 5)])));
      for (let copy = 0; copy < vector.copies; copy++) {
        if (values.filter(Boolean).length < 4) throw new Error(`not all four numbers of ${buffer.name} are stored`);
        const four = values.map(({ nodes }) => nodes[Math.min(copy, nodes.length - 1)]);
        transposed(v, four, true).forEach((node, i) => f.store("v128.store", start, node, copy * 64 + i * 16));
      }
    }
    this.pending.clear();
  }

  store(statement: Extract<Statement, { kind: "store" | "accumulate" }>): void {
    const { f, v } = this;
    const { buffer, at, value } = statement;
    const adds = statement.kind === "accumulate";
    if (isSingle(buffer)) {
      const offset = this.shared.layout.outputs.get(buffer)!;
      const first = make(`${v.format.shape}.extract_lane`, [this.number(value, 0)], [0]);
      const wide = v.precision === "float64" ? first : make("f64.promote_f32", [first]);
      const sum = adds ? make("f64.add", [load("f64.load", this.params[0], offset), wide]) : wide;
      f.store("f64.store", this.params[0], sum, offset);
      return;
    }
    const access: Access = this.vector?.accesses.get(statement) ?? { kind: "same", address: this.address(buffer, at) };
    const narrow = this.elementSize === 4;
    const storeScalar = (address: Node, number: Node, laneIndex: number): void => {
      const scalar = lane(`${v.format.shape}.extract_lane`, [number], laneIndex);
      const stored = narrow && v.size === 8 ? make("f32.demote_f64", [scalar]) : scalar;
      const name = narrow ? "f32" : "f64";
      f.store(`${name}.store`, address, adds ? make(`${name}.add`, [load(`${name}.load`, address), stored]) : stored);
    };
    if (access.kind === "same") storeScalar(access.address, this.number(value, 0), 0);
    else if (access.kind === "quads" && !adds) {
      const waiting = this.pending.get(access.key) ?? { buffer, access, values: [] };
      waiting.values[access.which] = { type: "float", nodes: Array.from({ length: this.copies }, (_, copy) => this.number(value, copy)) };
      this.pending.set(access.key, waiting);
    } else if (access.kind === "consecutive") {
      const { mask } = this.vector!;
      for (let copy = 0; copy < this.copies; copy++) {
        const address = f.let(add(access.address, this.bytesIn));
        const number = adds ? v.add(v.load(f, address, copy * 16), this.number(value, copy)) : this.number(value, copy);
        // Beyond the end of a buffer there is room, beyond the end of a row there is the next row.
        if (!mask || buffer.axes.length === 1) f.store("v128.store", address, number, copy * 16);
        else this.storeLanes(address, f.let(number));
      }
    } else if (access.kind === "gather") {
      for (let copy = 0; copy < this.copies; copy++) {
        const number = f.let(this.number(value, copy));
        for (let i = 0; i < v.width; i++) {
          const write = (): void => storeScalar(f.let(this.laneAddress(access, copy, i)), number, i);
          const vector = this.vector!;
          if (vector.mask) f.if(make("i32.lt_s", [add(vector.index, i32(i)), vector.end]), write);
          else write();
        }
      }
    } else throw new Error(`${statement.kind} to ${buffer.name} is not emitted yet`);
  }

  /** Stores the lanes before the end of the loop. */
  storeLanes(address: Node, number: Node): void {
    const { f, v } = this;
    const { index, end } = this.vector!;
    const left = f.let(make("i32.sub", [end, index]));
    const name = v.size === 4 ? "f32.store" : "f64.store";
    const write = (i: number): void => f.store(name, address, lane(`${v.format.shape}.extract_lane`, [number], i), i * v.size);
    f.if(make("i32.ge_s", [left, i32(v.width)]), () => f.store("v128.store", address, number), () => {
      write(0);
      for (let i = 1; i < v.width - 1; i++) f.if(make("i32.gt_s", [left, i32(i)]), () => write(i));
    });
  }

  /** Fills a buffer with 0, by vectors: every buffer has room for a last one. */
  clear(buffer: Buffer): void {
    const { f, v } = this;
    const sizeIn = (axis: string): Node => {
      const fixed = this.fixedSizeIn(buffer, axis);
      return fixed === undefined ? this.sizes.get(axis)! : i32(fixed);
    };
    const elements = buffer.axes.reduce<Node>((all, axis) => times(all, sizeIn(axis)), i32(1));
    const start = this.addresses.get(buffer)!;
    const end = f.let(add(start, times(elements, i32(this.elementSize))));
    f.for(start, end, 16, (address) => f.store("v128.store", address, v.constant(0)));
  }
}

const definedInLoops = (all: readonly Statement[], id: number): boolean =>
  all.some((statement) => statement.kind === "loop" && statement.reductions.some(({ result }) => result.id === id));

/** Copies of a body: many where it is short, for the processor to overlap them; one where it fills the registers. */
function unrolling(loop: Loop): number {
  const heavy = new Set(["exp", "expm1", "log", "log1p", "log1mexp", "softplus", "sigmoid", "tanh", "pow", "sin", "cos", "atan", "atan2", "lgamma", "digamma", "trigamma", "exprel"]);
  const cost = loop.body.reduce((sum, statement) => sum + (statement.kind === "compute" && heavy.has(statement.op) ? 20 : 1), 0);
  return cost <= 60 ? 4 : cost <= 100 ? 2 : 1;
}

const truth: Range = { low: 0, high: 1, mayBeNaN: false };
const masks = new Set(["and", "or", "not"]);

const statements: StatementRows = {
  constant: (w, { result, value }) => w.constant(result, value),
  size: (w, { result, axis }) => {
    w.set(result.id, w.f.let(w.scalarToLanes(w.size(axis))), "int");
    w.known.set(result.id, { ...w.known.get(result.id)!, range: { low: 0, high: 2 ** 32, mayBeNaN: false } });
  },
  param: (w, { result, name }) => {
    const value = w.shared.constants.get(result.id);
    if (value !== undefined) return w.constant(result, value);
    w.set(result.id, w.fromSlot(w.shared.layout.params.get(name)!), "float");
    // Parameters are numbers; infinite ones are allowed.
    w.known.set(result.id, { ...w.known.get(result.id)!, range: { ...anything, mayBeNaN: false } });
  },
  index: (w, { result, axis }) => {
    const index = w.vector?.axis === axis ? w.vector.index : w.open.get(axis)!;
    w.define(result, (copy) => w.indexVector(index, copy));
  },
  compute: (w, { result, op, args }) => {
    const value = w.shared.constants.get(result.id);
    if (value !== undefined) return w.constant(result, value);
    const known = args.map((arg) => w.known.get(arg.id)!);
    const ranges = known.map((arg) => (arg.type === "bool" ? truth : (arg.range ?? anything)));
    w.define(result, (copy) => {
      const nodes = args.map((arg, i) => {
        const wantsMask = masks.has(op) || (op === "where" && (i === 0 || result.type === "bool"));
        return { node: wantsMask ? w.mask(arg, copy) : w.number(arg, copy), constant: known[i].constant, range: ranges[i] };
      });
      const [a, b, c] = nodes;
      return rows[op](w.v, a.node, b?.node, c?.node, nodes);
    });
    w.known.set(result.id, { ...w.known.get(result.id)!, range: rangeOf(op, ranges) });
  },
  load: (w, statement) => w.load(statement),
  store: (w, statement) => w.store(statement),
  accumulate: (w, statement) => w.store(statement),
  clear: (w, { buffer }) => w.clear(buffer),
  loop: (w, loop) => {
    const { start, end } = w.range(loop.axis);
    const accumulators = w.loop(loop, start, end);
    loop.reductions.forEach(({ result }, i) => w.set(result.id, accumulators[i].result(), result.type));
  },
  contract: (w, statement) => contract(w, statement),
  routine: (w, { result, row, args }) => {
    const first = lane(`${w.v.format.shape}.extract_lane`, [w.number(args[0], 0)], 0);
    const q = w.f.let(w.v.precision === "float32" ? make("f64.promote_f32", [first]) : first);
    const found = quantile(w.f, w.addresses.get(row)!, w.size(row.axes[0]), q, w.elementSize);
    w.set(result.id, w.f.let(toLanes(w.v, found)), result.type);
  },
};
