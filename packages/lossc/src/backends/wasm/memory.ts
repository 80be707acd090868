// Loads and stores: how elements come into lanes and out of them.
//
// Along the vectorised loop an access is the same element, consecutive ones, all four numbers of each index (boxes),
// or anything else, gathered lane by lane.

import type { Buffer, Loop, Place, Statement } from "../../passes/lower/ir.ts";
import { anything } from "../../passes/ranges.ts";
import { minus, multiple, plus } from "./addresses.ts";
import { i32, lane, load, make, type Node, select } from "./assembler.ts";
import { fixedSize, isSingle } from "./layout.ts";
import type { Places } from "./places.ts";
import { storeLanes } from "./tails.ts";
import { transposed } from "./transpose.ts";
import type { Access, Known, Writer } from "./writer.ts";

export class Memory {
  readonly w: Writer;
  readonly #places: Places;
  /** Bytes of an element. */
  readonly elementSize: 4 | 8;
  /** Whether lanes hold wider numbers than memory: float32 data in float64 arithmetic. */
  readonly widens: boolean;
  /** Bytes in memory of one vector's numbers. */
  readonly #span: number;

  constructor(writer: Writer) {
    this.w = writer;
    this.#places = writer.places;
    this.elementSize = writer.places.elementSize;
    this.widens = writer.v.size !== this.elementSize;
    this.#span = writer.v.width * this.elementSize;
  }

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
    else f.store("v128.store64_lane", address, make("f32x4.demote_f64x2_zero", [number]), offset, 0);
  }
  /** One number of memory as a scalar of the lanes' precision. */
  #loadLane(address: Node): Node {
    const stored = load(this.elementSize === 4 ? "f32.load" : "f64.load", address);
    return this.widens ? make("f64.promote_f32", [stored]) : stored;
  }

  /** Whether a place is another one in each lane of the loop. */
  #moves(place: Place, loop: Loop): boolean {
    if (typeof place !== "object") return place === loop.axis;
    return loop.body.some((statement) => "result" in statement && statement.result.id === place.id);
  }

  access(buffer: Buffer, at: readonly Place[], loop: Loop): Access {
    const moves = (place: Place): boolean => this.#moves(place, loop);
    const moving = at.map(moves);
    const last = at.length - 1;
    if (!moving.includes(true)) return { kind: "same", address: this.#places.address(buffer, at) };
    const onlyOne = moving.filter(Boolean).length === 1;
    if (onlyOne && at[last] === loop.axis)
      return { kind: "consecutive", address: this.#places.address(buffer, at, moves) };
    if (
      onlyOne &&
      !this.widens &&
      at.length === 2 &&
      at[0] === loop.axis &&
      buffer.tiled === undefined &&
      fixedSize(buffer.axes[1]) === 4 &&
      typeof at[1] === "number"
    ) {
      return { kind: "quads", address: this.w.start(buffer), which: at[1], key: buffer.name };
    }
    const strides = this.#places.strides(buffer);
    return {
      kind: "gather",
      address: this.#places.address(buffer, at, moves),
      moving: at.flatMap((place, i) =>
        moving[i]
          ? [
              {
                place,
                stride: strides[i],
                size: this.w.size(buffer.axes[i]),
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
      if (typeof place === "object")
        return multiple(this.#places.lookup(place, size, laneIndex, copy), stride);
      const index = plus(vector.index, i32(copy * this.w.v.width + laneIndex));
      const last = make("i32.sub", [vector.end, i32(1)]);
      return multiple(
        vector.mask ? select(make("i32.lt_s", [index, vector.end]), index, last) : index,
        stride,
      );
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
    if (!this.w.vector) this.#places.forget();
    const access: Access = this.w.vector?.accesses.get(statement) ?? {
      kind: "same",
      address: this.#places.orNaN(this.#places.address(buffer, at)),
    };
    if (access.kind === "gather") this.#places.forget();
    if (access.kind === "same") {
      this.w.set(result.id, f.let(this.loadScalar(access.address)), result.type, range);
    } else if (access.kind === "consecutive")
      put((copy) => this.loadVector(plus(access.address, this.bytesIn), copy));
    else if (access.kind === "quads") put((copy) => this.quads(access)[copy][access.which]);
    else {
      put((copy) => {
        const scalars = Array.from({ length: v.width }, (_, i) =>
          f.let(this.#loadLane(this.#places.orNaN(this.laneAddress(access, copy, i)))),
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
      address: this.#places.address(buffer, at),
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
    const fixed = this.#places.fixedSizeIn(buffer, axis);
    const rows = fixed === undefined ? this.w.size(axis) : i32(fixed);
    const start = this.w.start(buffer);
    const end = f.let(plus(start, multiple(rows, this.#places.strides(buffer)[0])));
    f.for(start, end, 16, (address) => f.store("v128.store", address, v.constant(0)));
  }
}
