// Where elements lie: addresses of buffers' rows, and of places that values name.

import type { Buffer, Place, Value } from "../../passes/lower/ir.ts";
import { type Amount, minus, multiple, plus, times } from "./addresses.ts";
import { i32, lane, make, type Node, select } from "./assembler.ts";
import { fixedSize, isPadded, lineOf } from "./layout.ts";
import type { Writer } from "./writer.ts";

export class Places {
  readonly #w: Writer;
  /** Bytes of an element: everything but single numbers is stored in the kernel's precision. */
  readonly elementSize: 4 | 8;

  constructor(writer: Writer) {
    this.#w = writer;
    this.elementSize = writer.shared.precision === "float32" ? 4 : 8;
  }

  /** The size of a buffer's axis where it is known here: a number in its name, or a tile. */
  fixedSizeIn(buffer: Buffer, axis: string): number | undefined {
    return buffer.tiled?.includes(axis) ? this.#w.shared.layout.blocks.get(axis) : fixedSize(axis);
  }

  /** Bytes from one index to the next, along each axis of a buffer. */
  strides(buffer: Buffer): readonly Amount[] {
    let strides = this.#strides.get(buffer);
    if (!strides) {
      strides = this.#stridesOf(buffer);
      this.#strides.set(buffer, strides);
    }
    return strides;
  }
  readonly #strides = new Map<Buffer, readonly Amount[]>();

  #stridesOf(buffer: Buffer): readonly Amount[] {
    const { axes } = buffer;
    const strides = new Array<Amount>(axes.length);
    let fixed: number = this.elementSize;
    let rest: Node | undefined;
    let i = axes.length - 1;
    if (isPadded(buffer)) {
      strides[i] = fixed;
      rest = this.#pitch(axes[i]);
      i--;
    }
    for (; i >= 0; i--) {
      strides[i] = rest ? this.#w.f.before(multiple(rest, fixed)) : fixed;
      const size = this.fixedSizeIn(buffer, axes[i]);
      if (size !== undefined) fixed *= size;
      else rest = rest ? times(rest, this.#w.size(axes[i])) : this.#w.size(axes[i]);
    }
    return strides;
  }

  /** Elements from one padded row to the next. */
  #pitch(axis: string): Node {
    let pitch = this.#pitches.get(axis);
    if (!pitch) {
      const shift = i32(Math.log2(lineOf(this.elementSize)));
      const lines = make("i32.shr_u", [plus(this.#w.size(axis), i32(lineOf(this.elementSize) - 1)), shift]);
      pitch = make("i32.shl", [make("i32.or", [lines, i32(1)]), shift]);
      this.#pitches.set(axis, pitch);
    }
    return pitch;
  }
  readonly #pitches = new Map<string, Node>();

  /** An integer value that is the same in all lanes, as an index below `size`. */
  lookup(value: Value, size: Node, laneIndex = 0, copy = 0): Node {
    const { v } = this.#w;
    const number = this.#w.f.let(
      lane(`${v.format.shape}.extract_lane`, [this.#w.number(value, copy)], laneIndex),
    );
    const isNumber = make(v.precision === "float32" ? "f32.eq" : "f64.eq", [number, number]);
    const index = this.#w.f.let(
      make(v.precision === "float32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s", [number]),
    );
    const isInside = this.#w.f.let(make("i32.and", [make("i32.lt_u", [index, size]), isNumber]));
    this.#inside.push(isInside);
    return select(isInside, index, i32(0));
  }

  /** Whether the lookups since the last question stood inside their axes. */
  readonly #inside: Node[] = [];
  /** Leaves what was looked up out of the next question. */
  forget(): void {
    this.#inside.length = 0;
  }

  /** The address, or that of a NaN where a lookup went beyond its axis: a label that is none has no loss. */
  orNaN(address: Node): Node {
    const all = this.#inside.splice(0);
    if (all.length === 0) return address;
    const bytes = new Uint8Array(
      new (this.elementSize === 4 ? Float32Array : Float64Array)(16 / this.elementSize).fill(Number.NaN)
        .buffer,
    );
    const nan = plus(this.#w.params[0], i32(this.#w.shared.pool.place(bytes)));
    return select(
      all.reduce((a, b) => make("i32.and", [a, b])),
      address,
      nan,
    );
  }

  #scalarPlace(place: Place, size: Node): Node {
    if (typeof place === "number") return i32(place);
    if (typeof place === "object") return this.lookup(place, size);
    const index = this.#w.open.get(place);
    if (!index) throw new Error(`no loop over ${place} is open`);
    return index;
  }

  /** The address of an element, leaving out the places that move with a loop. */
  address(buffer: Buffer, at: readonly Place[], moves?: (place: Place) => boolean): Node {
    const key = this.#keyOf(buffer, at, moves);
    if (key === undefined) return this.#addressOf(buffer, at, moves);
    for (const known of this.#known) {
      const address = known.get(key);
      if (address) return address;
    }
    const address = this.#addressOf(buffer, at, moves);
    this.#known[this.#known.length - 1].set(key, address);
    return address;
  }
  /** Addresses that were computed in each of the open blocks. */
  readonly #known: Map<string, Node>[] = [new Map()];

  /** Writes what runs in a block of its own: what is computed there is not known after it. */
  within(write: () => void): void {
    this.#known.push(new Map());
    write();
    this.#known.pop();
  }

  /** What the same address is found by; nothing where there are lookups, for they say as well whether there is such a place. */
  #keyOf(buffer: Buffer, at: readonly Place[], moves?: (place: Place) => boolean): string | undefined {
    let key = `${this.#w.shared.layout.addresses.get(buffer)}`;
    for (let i = 0; i < at.length; i++) {
      const place = at[i];
      if (moves?.(place)) key += ` *${typeof place === "string" ? place : ""}`;
      else if (typeof place !== "object") key += ` ${place}`;
      else return undefined;
    }
    return key;
  }

  #addressOf(buffer: Buffer, at: readonly Place[], moves?: (place: Place) => boolean): Node {
    const strides = this.strides(buffer);
    let address = this.#w.start(buffer);
    for (let i = 0; i < at.length; i++) {
      const place = at[i];
      const axis = buffer.axes[i];
      // A buffer that holds one tile begins at the tile's start.
      const tile = buffer.tiled?.includes(axis)
        ? this.#w.tiles.get(typeof place === "string" ? place : axis)
        : undefined;
      const index = place === 0 || moves?.(place) ? undefined : this.#scalarPlace(place, this.#w.size(axis));
      if (index) address = plus(address, multiple(tile ? minus(index, tile.start) : index, strides[i]));
      else if (tile) address = minus(address, multiple(tile.start, strides[i]));
    }
    return this.#w.f.let(address);
  }
}
