// Loads and stores: where elements lie, and how they come into lanes and out of them.
//
// Along the vectorised loop an access is the same element, consecutive ones, all four numbers of each index (boxes),
// or anything else, gathered lane by lane.

import type { Buffer, Loop, Place, Statement, Value } from "../../passes/lower/ir.ts";
import { anything } from "../../passes/ranges.ts";
import { minus, plus, times } from "./addresses.ts";
import { i32, lane, load, make, type Node, select } from "./assembler.ts";
import { fixedSize, isPadded, isSingle, lineOf } from "./layout.ts";
import { storeLanes } from "./tails.ts";
import { transposed } from "./transpose.ts";
import type { Access, Known, Writer } from "./writer.ts";

export class Memory {
  readonly w: Writer;
  /** Bytes of an element: everything but single numbers is stored in the kernel's precision. */
  readonly elementSize: 4 | 8;
  /** Whether lanes hold wider numbers than memory: float32 data in float64 arithmetic. */
  readonly widens: boolean;
  /** Bytes in memory of one vector's numbers. */
  readonly #span: number;

  constructor(writer: Writer) {
    this.w = writer;
    this.elementSize = writer.shared.precision === "float32" ? 4 : 8;
    this.widens = writer.v.size !== this.elementSize;
    this.#span = writer.v.width * this.elementSize;
  }

  /** The size of a buffer's axis where it is known here: a number in its name, or a tile. */
  fixedSizeIn(buffer: Buffer, axis: string): number | undefined {
    return buffer.tiled?.includes(axis) ? this.w.shared.layout.blocks.get(axis) : fixedSize(axis);
  }

  /** Elements from one index to the next, along each axis of a buffer. */
  strides(buffer: Buffer): Node[] {
    const { axes } = buffer;
    const strides = new Array<Node>(axes.length);
    let fixed = 1;
    let rest: Node | undefined;
    let i = axes.length - 1;
    if (isPadded(buffer)) {
      strides[i] = i32(1);
      rest = this.#pitch(axes[i]);
      i--;
    }
    for (; i >= 0; i--) {
      strides[i] = rest ? (fixed === 1 ? rest : times(rest, i32(fixed))) : i32(fixed);
      const size = this.fixedSizeIn(buffer, axes[i]);
      if (size !== undefined) fixed *= size;
      else rest = rest ? times(rest, this.w.sizes.get(axes[i])!) : this.w.sizes.get(axes[i])!;
    }
    return strides;
  }

  /** Elements from one padded row to the next. */
  #pitch(axis: string): Node {
    let pitch = this.#pitches.get(axis);
    if (!pitch) {
      const shift = i32(Math.log2(lineOf(this.elementSize)));
      const lines = make("i32.shr_u", [
        plus(this.w.sizes.get(axis)!, i32(lineOf(this.elementSize) - 1)),
        shift,
      ]);
      pitch = make("i32.shl", [make("i32.or", [lines, i32(1)]), shift]);
      this.#pitches.set(axis, pitch);
    }
    return pitch;
  }
  readonly #pitches = new Map<string, Node>();

  /** The numbers of a vector, which stand one after the other. */
  loadVector(address: Node, copy = 0): Node {
    const { f, v } = this.w;
    const offset = copy * this.#span;
    if (!this.widens) return v.load(f, address, offset);
    return f.let(make("f64x2.promote_low_f32x4", [load("v128.load64_zero", address, offset)]));
  }
  storeVector(address: Node, number: Node, copy = 0): void {
    const { f } = this.w;
    const offset = copy * this.#span;
    if (!this.widens) f.store("v128.store", address, number, offset);
    else {
      const both = lane("f64x2.extract_lane", [make("f32x4.demote_f64x2_zero", [number])], 0);
      f.store("f64.store", address, both, offset);
    }
  }
  /** One number of memory as a scalar of the lanes' precision. */
  #loadLane(address: Node): Node {
    const stored = load(this.elementSize === 4 ? "f32.load" : "f64.load", address);
    return this.widens ? make("f64.promote_f32", [stored]) : stored;
  }

  /** An integer value that is the same in all lanes, as an index below `size`. */
  lookup(value: Value, size: Node, laneIndex = 0, copy = 0): Node {
    const { v } = this.w;
    const number = this.w.f.let(
      lane(`${v.format.shape}.extract_lane`, [this.w.number(value, copy)], laneIndex),
    );
    const isNumber = make(v.precision === "float32" ? "f32.eq" : "f64.eq", [number, number]);
    const index = this.w.f.let(
      make(v.precision === "float32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s", [number]),
    );
    const isInside = this.w.f.let(make("i32.and", [make("i32.lt_u", [index, size]), isNumber]));
    this.#inside.push(isInside);
    return select(isInside, index, i32(0));
  }

  /** Whether the lookups since the last question stood inside their axes. */
  readonly #inside: Node[] = [];

  /** The address, or that of a NaN where a lookup went beyond its axis: a label that is none has no loss. */
  #orNaN(address: Node): Node {
    const all = this.#inside.splice(0);
    if (all.length === 0) return address;
    const bytes = new Uint8Array(
      new (this.elementSize === 4 ? Float32Array : Float64Array)(16 / this.elementSize).fill(Number.NaN)
        .buffer,
    );
    const nan = plus(this.w.params[0], i32(this.w.shared.pool.place(bytes)));
    return select(
      all.reduce((a, b) => make("i32.and", [a, b])),
      address,
      nan,
    );
  }

  /** Whether a place is another one in each lane of the loop. */
  #moves(place: Place, loop: Loop): boolean {
    if (typeof place !== "object") return place === loop.axis;
    return loop.body.some((statement) => "result" in statement && statement.result.id === place.id);
  }

  scalarPlace(place: Place, size: Node): Node {
    if (typeof place === "number") return i32(place);
    if (typeof place === "object") return this.lookup(place, size);
    const index = this.w.open.get(place);
    if (!index) throw new Error(`no loop over ${place} is open`);
    return index;
  }

  /** The address of an element, leaving out the places that move with a loop. */
  address(buffer: Buffer, at: readonly Place[], moves?: (place: Place) => boolean): Node {
    const strides = this.strides(buffer);
    const terms: Node[] = [];
    for (let i = 0; i < at.length; i++) {
      const place = at[i];
      // A buffer that holds one tile begins at the tile's start.
      const tile = buffer.tiled?.includes(buffer.axes[i])
        ? this.w.tiles.get(typeof place === "string" ? place : buffer.axes[i])
        : undefined;
      if (tile) terms.push(times(minus(i32(0), tile.start), strides[i]));
      if (place === 0 || moves?.(place)) continue;
      terms.push(times(this.scalarPlace(place, this.w.sizes.get(buffer.axes[i])!), strides[i]));
    }
    const start = this.w.addresses.get(buffer)!;
    if (terms.length === 0) return this.w.f.let(start);
    return this.w.f.let(plus(start, times(terms.reduce(plus), i32(this.elementSize))));
  }

  access(buffer: Buffer, at: readonly Place[], loop: Loop): Access {
    const moves = (place: Place): boolean => this.#moves(place, loop);
    const moving = at.map(moves);
    const last = at.length - 1;
    if (!moving.includes(true)) return { kind: "same", address: this.address(buffer, at) };
    const onlyOne = moving.filter(Boolean).length === 1;
    if (onlyOne && at[last] === loop.axis)
      return { kind: "consecutive", address: this.address(buffer, at, moves) };
    if (
      onlyOne &&
      !this.widens &&
      at.length === 2 &&
      at[0] === loop.axis &&
      buffer.tiled === undefined &&
      fixedSize(buffer.axes[1]) === 4 &&
      typeof at[1] === "number"
    ) {
      return { kind: "quads", address: this.w.addresses.get(buffer)!, which: at[1], key: buffer.name };
    }
    const strides = this.strides(buffer);
    return {
      kind: "gather",
      address: this.address(buffer, at, moves),
      moving: at.flatMap((place, i) =>
        moving[i]
          ? [
              {
                place,
                stride: this.w.f.let(times(strides[i], i32(this.elementSize))),
                size: this.w.sizes.get(buffer.axes[i])!,
              },
            ]
          : [],
      ),
    };
  }

  /** The address of one lane's element. */
  laneAddress(access: Access & { kind: "gather" }, copy: number, laneIndex: number): Node {
    const vector = this.w.vector!;
    const terms = access.moving.map(({ place, stride, size }) => {
      if (typeof place === "object") return times(this.lookup(place, size, laneIndex, copy), stride);
      const index = plus(vector.index, i32(copy * this.w.v.width + laneIndex));
      const last = make("i32.sub", [vector.end, i32(1)]);
      return times(vector.mask ? select(make("i32.lt_s", [index, vector.end]), index, last) : index, stride);
    });
    return terms.reduce(plus, access.address);
  }

  get bytesIn(): Node {
    return make("i32.shl", [this.w.vector!.index, i32(this.elementSize === 4 ? 2 : 3)]);
  }

  load(statement: Extract<Statement, { kind: "load" }>): void {
    const { f, v } = this.w;
    const { result, buffer, at } = statement;
    const put = (read: (copy: number) => Node): void => {
      const write = (copy: number): Node => {
        const node = read(copy);
        return result.type === "bool" ? f.let(v.ne(node, v.constant(0))) : node;
      };
      this.w.define(result, write, range);
    };
    const range = this.w.shared.rangeIn(buffer);
    if (isSingle(buffer)) {
      this.w.set(result.id, this.w.fromSlot(this.w.shared.layout.outputs.get(buffer)!), result.type);
      return;
    }
    if (this.w.lanes) {
      this.w.lanes.load(statement);
      return;
    }
    if (!this.w.vector) this.#inside.length = 0;
    const access: Access = this.w.vector?.accesses.get(statement) ?? {
      kind: "same",
      address: this.#orNaN(this.address(buffer, at)),
    };
    if (access.kind === "gather") this.#inside.length = 0;
    if (access.kind === "same") {
      this.w.set(result.id, f.let(this.loadScalar(access.address)), result.type, range);
    } else if (access.kind === "consecutive")
      put((copy) => this.loadVector(plus(access.address, this.bytesIn), copy));
    else if (access.kind === "quads") put((copy) => this.quads(access)[copy][access.which]);
    else {
      put((copy) => {
        const scalars = Array.from({ length: v.width }, (_, i) =>
          f.let(this.#loadLane(this.#orNaN(this.laneAddress(access, copy, i)))),
        );
        const first = make(`${v.format.shape}.splat`, [scalars[0]]);
        return f.let(
          scalars
            .slice(1)
            .reduce((all, scalar, i) => lane(`${v.format.shape}.replace_lane`, [all, scalar], i + 1), first),
        );
      });
    }
  }

  /** One stored number in every lane of this step's precision. */
  loadScalar(address: Node): Node {
    const { v } = this.w;
    if (this.widens) return make("f64x2.splat", [this.#loadLane(address)]);
    return load(v.size === 4 ? "v128.load32_splat" : "v128.load64_splat", address);
  }

  /** Four numbers of each index, loaded together: for each copy the four as vectors over the indices. */
  quads(access: Access & { kind: "quads" }): Node[][] {
    const { f, v } = this.w;
    const vector = this.w.vector!;
    let group = vector.groups.get(access.key);
    if (!group) {
      const start = f.let(
        plus(access.address, make("i32.shl", [vector.index, i32(this.elementSize === 4 ? 4 : 5)])),
      );
      group = Array.from({ length: vector.copies }, (_, copy) => {
        const loaded = Array.from({ length: 4 }, (_, i) => v.load(f, start, copy * 64 + i * 16));
        return transposed(v, loaded).map((node) => f.let(node));
      });
      vector.groups.set(access.key, group);
    }
    return group;
  }

  /** Stores to [index, 0 … 3] wait here until all four are there. */
  readonly pending = new Map<
    string,
    { readonly buffer: Buffer; readonly access: Access & { kind: "quads" }; readonly values: Known[] }
  >();

  storeQuads(): void {
    const { f, v } = this.w;
    const vector = this.w.vector!;
    for (const { buffer, access, values } of this.pending.values()) {
      const start = f.let(
        plus(access.address, make("i32.shl", [vector.index, i32(this.elementSize === 4 ? 4 : 5)])),
      );
      for (let copy = 0; copy < vector.copies; copy++) {
        if (values.filter(Boolean).length < 4)
          throw new Error(`not all four numbers of ${buffer.name} are stored`);
        const four = values.map(({ nodes }) => nodes[Math.min(copy, nodes.length - 1)]);
        for (const [i, node] of transposed(v, four, true).entries()) {
          f.store("v128.store", start, node, copy * 64 + i * 16);
        }
      }
    }
    this.pending.clear();
  }

  store(statement: Extract<Statement, { kind: "store" | "accumulate" }>): void {
    const { f, v } = this.w;
    const { buffer, at, value } = statement;
    const adds = statement.kind === "accumulate";
    if (isSingle(buffer)) {
      const offset = this.w.shared.layout.outputs.get(buffer)!;
      const first = lane(`${v.format.shape}.extract_lane`, [this.w.number(value, 0)], 0);
      const wide = v.precision === "float64" ? first : make("f64.promote_f32", [first]);
      const sum = adds ? make("f64.add", [load("f64.load", this.w.params[0], offset), wide]) : wide;
      f.store("f64.store", this.w.params[0], sum, offset);
      return;
    }
    if (this.w.lanes && statement.kind === "store") {
      this.w.lanes.store(statement);
      return;
    }
    const access: Access = this.w.vector?.accesses.get(statement) ?? {
      kind: "same",
      address: this.address(buffer, at),
    };
    const narrow = this.elementSize === 4;
    const storeScalar = (address: Node, number: Node, laneIndex: number): void => {
      const scalar = lane(`${v.format.shape}.extract_lane`, [number], laneIndex);
      const stored = narrow && v.size === 8 ? make("f32.demote_f64", [scalar]) : scalar;
      const name = narrow ? "f32" : "f64";
      f.store(
        `${name}.store`,
        address,
        adds ? make(`${name}.add`, [load(`${name}.load`, address), stored]) : stored,
      );
    };
    if (access.kind === "same") storeScalar(access.address, this.w.number(value, 0), 0);
    else if (access.kind === "quads" && !adds) {
      const waiting = this.pending.get(access.key) ?? { buffer, access, values: [] };
      waiting.values[access.which] = {
        type: "float",
        nodes: this.w.numbers(value),
        range: anything,
      };
      this.pending.set(access.key, waiting);
    } else if (access.kind === "consecutive") {
      const { mask } = this.w.vector!;
      for (let copy = 0; copy < this.w.copies; copy++) {
        const address = f.let(plus(access.address, this.bytesIn));
        const number = adds
          ? v.add(this.loadVector(address, copy), this.w.number(value, copy))
          : this.w.number(value, copy);
        // Beyond the end of a buffer there is room, beyond the end of a row there is the next row.
        if (!mask || buffer.axes.length === 1) this.storeVector(address, number, copy);
        else this.storeBefore(address, f.let(number));
      }
    } else if (access.kind === "gather") {
      for (let copy = 0; copy < this.w.copies; copy++) {
        const number = f.let(this.w.number(value, copy));
        for (let i = 0; i < v.width; i++) {
          const write = (): void => storeScalar(f.let(this.laneAddress(access, copy, i)), number, i);
          const vector = this.w.vector!;
          if (vector.mask) f.if(make("i32.lt_s", [plus(vector.index, i32(i)), vector.end]), write);
          else write();
        }
      }
    } else throw new Error(`${statement.kind} to ${buffer.name} is not emitted yet`);
  }

  /** Stores the lanes before the end of the loop. */
  storeBefore(address: Node, number: Node): void {
    const { f, v } = this.w;
    const { index, end } = this.w.vector!;
    const left = f.let(minus(end, index));
    f.if(
      make("i32.ge_s", [left, i32(v.width)]),
      () => this.storeVector(address, number),
      () => storeLanes(f, v, address, number, left, this.elementSize),
    );
  }

  /** Fills a buffer with 0, by vectors: every buffer has room for a last one. */
  clear(buffer: Buffer): void {
    const { f, v } = this.w;
    const [axis] = buffer.axes;
    const fixed = this.fixedSizeIn(buffer, axis);
    const rows = fixed === undefined ? this.w.sizes.get(axis)! : i32(fixed);
    const elements = times(this.strides(buffer)[0], rows);
    const start = this.w.addresses.get(buffer)!;
    const end = f.let(plus(start, times(elements, i32(this.elementSize))));
    f.for(start, end, 16, (address) => f.store("v128.store", address, v.constant(0)));
  }
}
