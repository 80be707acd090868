// Writes the function of one step: values, loops and what they fold. The rows of statements are in statements.ts.

import type { Buffer, Loop, Place, Statement, Value } from "../../passes/lower/ir.ts";
import { anything, exactly, type Range, rounded } from "../../passes/ranges.ts";
import type { Amount } from "./addresses.ts";
import type { Ahead } from "./ahead.ts";
import { Func, i32, lane, load, make, type Node, type Variable } from "./assembler.ts";
import { type LaneRows, standsInLanes, writeInLanes } from "./lanerows.ts";
import { type Grade, Lanes } from "./lanes.ts";
import { fixedSize } from "./layout.ts";
import { areFinite, writeLoop } from "./loops.ts";
import { Memory } from "./memory.ts";
import { Places } from "./places.ts";
import { readInside, type Shared, surveyOf } from "./shared.ts";

/** A value in code: one node per unrolled copy, or one for all. */
export interface Known {
  readonly nodes: readonly Node[];
  readonly type: Value["type"];
  readonly constant?: number;
  readonly range: Range;
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
export type Access =
  | { readonly kind: "same"; readonly address: Node }
  | { readonly kind: "consecutive"; readonly address: Node }
  | { readonly kind: "quads"; readonly address: Node; readonly which: number; readonly key: string }
  | {
      readonly kind: "gather";
      readonly address: Node;
      readonly moving: readonly { readonly place: Place; readonly stride: Amount; readonly size: Node }[];
    };

const add = (a: Node, b: Node): Node => make("i32.add", [a, b]);

export type StatementRows = {
  readonly [K in Statement["kind"]]: (writer: Writer, statement: Extract<Statement, { kind: K }>) => void;
};

/** Writes the function of one step. */
export class Writer {
  readonly places: Places;
  readonly memory: Memory;
  readonly rows: StatementRows;
  readonly shared: Shared;
  readonly f: Func;
  readonly v: Lanes;
  readonly known = new Map<number, Known>();
  readonly open = new Map<string, Node>();
  /** The part of an axis that a tiled loop stands at. */
  readonly tiles = new Map<string, Tile>();
  readonly #sizes = new Map<string, Node>();
  readonly #starts = new Map<Buffer, Node>();
  vector: VectorLoop | undefined;
  /** There where each lane holds a sample and loops run over its row. */
  lanes: LaneRows | undefined;
  /** What a loop inside the open one touches of the next sample. */
  ahead: Ahead | undefined;

  /** The head, the first and the last index + 1 of the loop, where cells go, and this thread's scratch. */
  readonly params: readonly [base: Node, start: Node, end: Node, cells: Node, scratch: Node];

  constructor(shared: Shared, grade: Grade, rows: StatementRows) {
    this.rows = rows;
    this.shared = shared;
    this.f = new Func(["i32", "i32", "i32", "i32", "i32"], !shared.pool.isCompact);
    const [base, start, end, cells, scratch] = this.f.params;
    this.params = [base, start, end, cells, scratch];
    this.v = new Lanes(grade, shared.pool, this.f.params[0]);
    this.places = new Places(this);
    this.memory = new Memory(this);
  }

  // ---- Steps

  /** `tiles`: the axes of which a tile is open. */
  scalarStep(statements: readonly Statement[], tiles: readonly string[]): Func {
    this.enter(statements, tiles);
    this.list(statements);
    for (const statement of statements) {
      if (!("result" in statement) || this.shared.anywhere.has(statement.result.id)) continue;
      const value = lane("f64x2.extract_lane", [this.number(statement.result, 0)], 0);
      this.f.store("f64.store", this.params[0], value, this.shared.layout.scalars.get(statement.result.id)!);
      this.shared.ranges.set(statement.result.id, this.known.get(statement.result.id)!.range);
    }
    return this.f;
  }

  loopStep(loop: Loop, tiles: readonly string[]): Func {
    this.enter([loop], tiles);
    const [, start, end] = this.params;
    const inLanes = standsInLanes(loop, this.shared.shortAxes);
    (inLanes ? writeInLanes : writeLoop)(this, loop, start, end, (accumulators) => {
      const cells = accumulators.flatMap((accumulator) => accumulator.cells());
      cells.forEach((cell, i) => {
        this.f.store("f64.store", this.params[3], cell, i * 8);
      });
      return areFinite(cells);
    });
    return this.f;
  }

  /** Reads from the head, once, what the statements need of tiles and of scalars. */
  enter(statements: readonly Statement[], tiles: readonly string[]): void {
    const [base] = this.params;
    const { layout, anywhere } = this.shared;
    const { defined, read } = surveyOf(statements);
    for (const axis of tiles) {
      const place = layout.tiles.get(axis)!;
      const [start, end] = [place, place + 4].map((at) => this.f.let(load("i32.load", base, at)));
      this.tiles.set(axis, { start, end });
    }
    for (const id of read) {
      if (anywhere.has(id)) this.anywhere(id);
      else if (!defined.has(id) && layout.scalars.has(id)) {
        const type = this.shared.types.get(id)!;
        const range = rounded(this.shared.ranges.get(id) ?? anything, this.v.precision);
        this.set(id, this.fromSlot(layout.scalars.get(id)!), type, range);
      }
    }
  }

  /** How long an axis is: an i32, read from the head once. */
  size(axis: string): Node {
    let size = this.#sizes.get(axis);
    if (!size) {
      const fixed = fixedSize(axis);
      if (fixed !== undefined) return i32(fixed);
      size = this.f.before(load("i32.load", this.params[0], this.shared.layout.sizes.get(axis)!));
      this.#sizes.set(axis, size);
    }
    return size;
  }

  /** Where a buffer begins, read from the head once. */
  start(buffer: Buffer): Node {
    let start = this.#starts.get(buffer);
    if (!start) {
      const [base, , , , scratch] = this.params;
      const address = load("i32.load", base, this.shared.layout.addresses.get(buffer)!);
      start = this.f.before(buffer.role === "scratch" ? add(scratch, address) : address);
      this.#starts.set(buffer, start);
    }
    return start;
  }

  /** What of an axis is to be run over: the tile that stands open, or all. */
  range(axis: string): Tile {
    return this.tiles.get(axis) ?? { start: i32(0), end: this.size(axis) };
  }

  anywhere(id: number): void {
    const statement = this.shared.anywhere.get(id)!;
    if (this.known.has(id)) return;
    const value = this.shared.constants.get(id);
    if (value !== undefined) {
      this.constant(statement.result, value);
      return;
    }
    (this.rows[statement.kind] as (writer: Writer, statement: Statement) => void)(this, statement);
  }

  /** A float64 number of the head in every lane. */
  fromSlot(offset: number): Node {
    const scalar = load("f64.load", this.params[0], offset);
    const wide = this.v.precision === "float64" ? scalar : make("f32.demote_f64", [scalar]);
    return this.f.let(make(`${this.v.format.shape}.splat`, [wide]));
  }

  // ---- Values

  constant({ id, type }: Value, constant: number): void {
    const range = rounded(exactly(constant), this.v.precision);
    this.known.set(id, { nodes: [this.#asType(this.v.constant(constant), type)], type, constant, range });
  }

  /** Notes a number as a value of its type. */
  set(id: number, node: Node, type: Value["type"], range: Range = anything): void {
    this.known.set(id, { nodes: [this.#asType(node, type)], type, range });
  }
  /** Truth values become masks. */
  #asType(node: Node, type: Value["type"]): Node {
    return type === "bool" ? this.f.let(this.v.ne(node, this.v.constant(0))) : node;
  }

  /** What is known of a value that was defined. */
  find({ id }: Value): Known {
    const known = this.known.get(id);
    if (!known) throw new Error(`value ${id} is not defined here`);
    return known;
  }
  number(value: Value, copy: number): Node {
    return this.numberOf(this.find(value), copy);
  }
  numberOf({ nodes, type }: Known, copy: number): Node {
    const node = nodes[copy < nodes.length ? copy : nodes.length - 1];
    return type === "bool" ? this.v.number(node) : node;
  }
  maskOf({ nodes, type }: Known, copy: number): Node {
    const node = nodes[copy < nodes.length ? copy : nodes.length - 1];
    return type === "bool" ? node : this.v.ne(node, this.v.constant(0));
  }
  /** A number in every copy. */
  numbers(value: Value): Node[] {
    const known = this.find(value);
    const nodes = new Array<Node>(this.copies);
    for (let copy = 0; copy < nodes.length; copy++) nodes[copy] = this.numberOf(known, copy);
    return nodes;
  }

  get copies(): number {
    return this.vector?.copies ?? 1;
  }
  /** Defines a value in every copy. */
  define({ id, type }: Value, make: (copy: number) => Node, range = anything): void {
    const nodes = new Array<Node>(this.copies);
    for (let copy = 0; copy < nodes.length; copy++) nodes[copy] = make(copy);
    this.known.set(id, { nodes, type, range });
  }

  // ---- Statements

  list(list: readonly Statement[]): void {
    const nested = readInside(list);
    for (let i = 0; i < list.length; i++) {
      const statement = list[i];
      const row = this.rows[statement.kind] as (writer: Writer, statement: Statement) => void;
      row(this, statement);
      // What inner loops need is computed before them.
      if (!nested || !("result" in statement) || !nested.has(statement.result.id)) continue;
      const known = this.known.get(statement.result.id)!;
      this.known.set(statement.result.id, { ...known, nodes: known.nodes.map((node) => this.f.let(node)) });
    }
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
}
