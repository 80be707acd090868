// Vectors of four float32 or two float64 numbers as nodes: what math functions and loop bodies are written with.
// Equal nodes are the same object, so what two formulas share is computed once.

import type { Precision } from "../../passes/ranges.ts";
import { type Func, i32, load, type Node, SHUFFLE, type Variable } from "./assembler.ts";
import { type Format, formats, highHalves, lowHalves, shuffleOfLanes } from "./formats.ts";
import { Fractions } from "./fractions.ts";
import { Helpers } from "./helpers.ts";
import { instructions, instructionsOf, numbered } from "./instructions.ts";
import { Sharing } from "./sharing.ts";

/** What the functions of a module share: helpers, and 16-byte constants. Those are loaded, not `v128.const`: V8 builds those anew in each iteration of a loop. */
export class Pool {
  readonly #places = new Map<string, number>();
  readonly #bytes: number[] = [];
  readonly helpers = new Helpers();
  /** Whether bytes are to be saved: what is used often is a function then. */
  readonly isCompact: boolean;
  /** Where it begins, from the address that code is given. */
  readonly start: number;

  constructor(start = 0, isCompact = false) {
    this.start = start;
    this.isCompact = isCompact;
  }

  /** Where the sixteen bytes lie, from that address. */
  place(bytes: Uint8Array): number {
    const key = bytes.join();
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.start + this.#bytes.length;
      this.#places.set(key, place);
      for (let i = 0; i < bytes.length; i++) this.#bytes.push(bytes[i]);
    }
    return place;
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export type { Precision } from "../../passes/ranges.ts";
/** The numbers in lanes, and how many of their digits functions give: all of float32, all of float64, or of float64 what
 * a float32 result needs, with 13 bits to spare for differences. */
export type Grade = Precision | "short";

const DEMOTE = instructions["f32x4.demote_f64x2_zero"];
const PROMOTE = instructions["f64x2.promote_low_f32x4"];

const bitwise = instructionsOf("v128");

export class Lanes {
  readonly grade: Grade;
  readonly precision: Precision;
  readonly format: Format;
  readonly width: number;
  readonly size: number;
  readonly pool: Pool;
  /** Where the pool lies in memory: an i32. */
  readonly base: Node;
  readonly #sharing: Sharing;
  readonly #constants = new Map<number | string | bigint, Node>();

  constructor(grade: Grade, pool: Pool, base: Node, sharing?: Lanes) {
    this.grade = grade;
    this.precision = grade === "short" ? "float64" : grade;
    this.format = formats[this.precision];
    this.width = this.format.width;
    this.size = this.format.size;
    this.pool = pool;
    this.base = base;
    this.#sharing = sharing ? sharing.#sharing : new Sharing();
  }

  /** The same vocabulary over float64: for what float32 cannot do in its own digits. */
  wide(): Lanes {
    this.#wide ??= new Lanes("float64", this.pool, this.base, this);
    return this.#wide;
  }
  #wide: Lanes | undefined;

  op(name: string, a: Node, b?: Node): Node {
    return this.#sharing.instruction(this.format.ops[name], b ? [a, b] : [a]);
  }

  /** Whether that is there already. */
  has(name: string, a: Node, b: Node): boolean {
    return this.#sharing.find([a, b], this.format.ops[name].code) !== undefined;
  }

  // ---- Constants

  constant(value: number): Node {
    const key = Object.is(value, -0) ? "-0" : value;
    let node = this.#constants.get(key);
    if (!node) {
      const { precision, width } = this;
      const numbers =
        precision === "float32" ? new Float32Array(width).fill(value) : new Float64Array(width).fill(value);
      node = this.#pooled(new Uint8Array(numbers.buffer));
      this.#constants.set(key, node);
    }
    return node;
  }
  /** The same bit pattern in every lane. */
  pattern(bits: bigint): Node {
    let node = this.#constants.get(bits);
    if (!node) {
      const numbers =
        this.precision === "float32"
          ? new Uint32Array(4).fill(Number(BigInt.asUintN(32, bits)))
          : new BigUint64Array(2).fill(BigInt.asUintN(64, bits));
      node = this.#pooled(new Uint8Array(numbers.buffer));
      this.#constants.set(bits, node);
    }
    return node;
  }
  /** One number per lane. */
  vector(values: readonly number[]): Node {
    const numbers = this.precision === "float32" ? Float32Array.from(values) : Float64Array.from(values);
    return this.#pooled(new Uint8Array(numbers.buffer));
  }
  #pooled(bytes: Uint8Array): Node {
    let i = 0;
    while (i < bytes.length && bytes[i] === 0) i++;
    return i === bytes.length
      ? this.#sharing.zeros
      : this.#sharing.constant(this.base, this.pool.place(bytes));
  }
  /** The pattern of a number. */
  bitsOf(value: number): bigint {
    const view = new DataView(new ArrayBuffer(8));
    if (this.precision === "float32") {
      view.setFloat32(0, value);
      return BigInt(view.getUint32(0));
    }
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  }
  get signBit(): Node {
    return this.constant(-0);
  }
  /** All bits but the sign's. V8 copies the mask of `andnot` before it uses it, and that of `and` not. */
  get magnitudeBits(): Node {
    return this.pattern(this.precision === "float32" ? 0x7fff_ffffn : 0x7fff_ffff_ffff_ffffn);
  }

  // ---- Arithmetic: IEEE, rounded to nearest

  add(a: Node, b: Node): Node {
    const sum =
      this.#shorter(a, b) ?? this.#shorter(b, a) ?? this.#sharing.instruction(this.format.ops.add, [a, b]);
    if (this.#fractions.isEmpty) return sum;
    for (const times of [1, 2]) if (b === this.constant(times)) this.#fractions.sum(sum, a, times);
    return sum;
  }
  /** |x| + b as b − (−|x|), where that is there: |x| itself may then not be asked for. max(x, 0) + b, where a −0 is as good. */
  #shorter(a: Node, b: Node): Node | undefined {
    const clipped = this.#clipped.get(a);
    if (clipped) return this.op("add", this.pmax(clipped, this.#sharing.zeros), b);
    const of = this.#magnitudes.get(a);
    const negative = of && this.#sharing.find([of, this.signBit], bitwise.or.code);
    return negative && this.op("sub", b, negative);
  }
  /** max(x, 0), +0 for −0, by the mask that the slope needs. */
  relu(a: Node): Node {
    const clipped = this.andNot(a, this.le(a, this.#sharing.zeros));
    this.#clipped.set(clipped, a);
    return clipped;
  }
  readonly #clipped = new Map<Node, Node>();
  /** What slopes of relu were made of. */
  readonly steps = new Map<Node, Node>();
  /** The negative of b − a, if there is that. */
  sub(a: Node, b: Node): Node {
    const { sub } = this.format.ops;
    const difference = this.#sharing.instruction(sub, [a, b]);
    const swapped = b.user && this.#sharing.find([b, a], sub.code);
    if (swapped && a !== b && !this.#negations.has(swapped)) this.#negations.set(difference, swapped);
    return difference;
  }
  mul(a: Node, b: Node): Node {
    if (!this.#fractions.isEmpty) {
      const product = this.#fractions.product(a, b) ?? this.#fractions.product(b, a);
      if (product) return product;
    }
    return this.#sharing.instruction(this.format.ops.mul, [a, b]);
  }
  div(a: Node, b: Node): Node {
    if (this.#fractions.isEmpty) return this.op("div", a, b);
    const one = this.constant(1);
    const quotient = a === one ? this.#fractions.inverse(b, one) : this.#fractions.quotient(a, b);
    return quotient ?? this.op("div", a, b);
  }
  readonly #fractions = new Fractions((name, a, b) => this.op(name, a, b));
  /** a / b of moderate numbers, b well above 0: what is made of it need not wait for it. */
  fraction(a: Node, b: Node): Node {
    return this.#fractions.note(this.op("div", a, b), a, b);
  }
  /** By the reciprocal where its rounding does not matter: quotients by one number share it, and two lanes take as long as
   * four multiplications. */
  quotient(a: Node, b: Node): Node {
    const one = this.constant(1);
    return this.grade !== "short" || a === one ? this.div(a, b) : this.mul(a, this.div(one, b));
  }
  sqrt(a: Node): Node {
    return this.op("sqrt", a);
  }
  floor(a: Node): Node {
    return this.op("floor", a);
  }
  // V8 makes the mask of `neg` and `abs` anew each time, in two instructions; as bits they are one.
  neg(a: Node): Node {
    return this.#negations.get(a) ?? this.#negation(a);
  }
  abs(a: Node): Node {
    const magnitude = this.and(this.#negations.get(a) ?? a, this.magnitudeBits);
    this.#magnitudes.set(magnitude, a);
    return magnitude;
  }
  /** b < a ? b : a, one instruction where the machine's `min` is seven: `a` where either is NaN. */
  pmin(a: Node, b: Node): Node {
    return this.op("pmin", a, b);
  }
  /** a < b ? b : a. */
  pmax(a: Node, b: Node): Node {
    return this.op("pmax", a, b);
  }

  readonly #negations = new Map<Node, Node>();
  readonly #magnitudes = new Map<Node, Node>();
  #negation(a: Node): Node {
    const of = this.#magnitudes.get(a);
    const node = of ? this.or(of, this.signBit) : this.xor(a, this.signBit);
    this.#negations.set(node, a);
    return node;
  }

  // ---- Masks: all bits of a lane set where true

  lt(a: Node, b: Node): Node {
    return this.op("lt", a, b);
  }
  /** −x ≤ 0 is x ≥ 0. */
  le(a: Node, b: Node): Node {
    const negated = b === this.#sharing.zeros ? this.#negations.get(a) : undefined;
    return negated ? this.op("ge", negated, b) : this.op("le", a, b);
  }
  gt(a: Node, b: Node): Node {
    return this.op("gt", a, b);
  }
  ge(a: Node, b: Node): Node {
    return this.op("ge", a, b);
  }
  eq(a: Node, b: Node): Node {
    return this.op("eq", a, b);
  }
  ne(a: Node, b: Node): Node {
    return this.op("ne", a, b);
  }
  and(a: Node, b: Node): Node {
    return this.#sharing.instruction(bitwise.and, [a, b]);
  }
  /** a and not b. */
  andNot(a: Node, b: Node): Node {
    return this.#sharing.instruction(bitwise.andnot, [a, b]);
  }
  or(a: Node, b: Node): Node {
    return this.#sharing.instruction(bitwise.or, [a, b]);
  }
  xor(a: Node, b: Node): Node {
    return this.#sharing.instruction(bitwise.xor, [a, b]);
  }
  not(a: Node): Node {
    return this.#sharing.instruction(bitwise.not, [a]);
  }
  select(mask: Node, then: Node, otherwise: Node): Node {
    if (then === otherwise) return then;
    const { zeros } = this.#sharing;
    if (otherwise === zeros) return this.and(then, mask);
    if (then === zeros) return this.andNot(otherwise, mask);
    if (this.#negations.get(otherwise) === then) return this.xor(then, this.andNot(this.signBit, mask)); // a or −a
    return this.#choice(mask, then, otherwise);
  }
  /** What the other choice leaves is a ⊕ b ⊕ that: an instruction less where a choice is three. */
  #choice(mask: Node, then: Node, otherwise: Node): Node {
    const other = this.#sharing.find([otherwise, then, mask], bitwise.bitselect.code);
    if (other) return this.xor(other, this.xor(then, otherwise));
    return this.#sharing.instruction(bitwise.bitselect, [then, otherwise, mask]);
  }
  /** 1 where true, else 0. */
  number(mask: Node): Node {
    return this.and(mask, this.constant(1));
  }

  // ---- Bit patterns as integers

  integers(name: "add" | "sub", a: Node, b: Node): Node {
    return this.#sharing.instruction(this.format.integers[name], [a, b]);
  }
  shift(name: "shl" | "shr_s" | "shr_u", a: Node, count: number): Node {
    return this.#sharing.instruction(this.format.integers[name], [a, i32(count)]);
  }

  /** Σ coefficientᵢ xⁱ by Estrin's scheme: pairs, pairs of pairs. Half the operations wait for no other, where each of
   * Horner's waits for the one before. */
  polynomial(x: Node, coefficients: readonly number[]): Node {
    const terms: Node[] = [];
    for (let i = 0; i < coefficients.length; i++) terms.push(this.constant(coefficients[i]));
    for (let power = x; terms.length > 1; power = this.mul(power, power)) {
      // The last three by Horner's: another power would cost more than it saves.
      if (terms.length === 3) terms[1] = this.add(terms[1], this.mul(terms.pop()!, power));
      const half = Math.ceil(terms.length / 2);
      for (let i = 0; i < half; i++) {
        const low = terms[2 * i];
        terms[i] = 2 * i + 1 < terms.length ? this.add(low, this.mul(terms[2 * i + 1], power)) : low;
      }
      terms.length = half;
    }
    return terms[0];
  }

  // ---- Between lanes

  splat(scalar: Node): Node {
    return this.#sharing.instruction(this.format.ops.splat, [scalar]);
  }
  extract(a: Node, index: number): Node {
    const row = this.format.ops.extract_lane;
    return this.#sharing.instruction(row, [a], numbered(row, index));
  }
  /** The same bytes in another order: the code of a shuffle. */
  #shuffle(a: Node, b: Node, code: readonly number[]): Node {
    return this.#sharing.instruction(SHUFFLE, [a, b], code);
  }
  /** The lanes of a and b, by their numbers: 0 … width − 1 are a's. */
  lanes(a: Node, b: Node, order: readonly number[]): Node {
    return this.#shuffle(a, b, shuffleOfLanes(order, this.size));
  }
  /** Four float32 lanes as two vectors of float64. */
  widen(a: Node): [Node, Node] {
    const sharing = this.#sharing;
    const low = sharing.instruction(PROMOTE, [a]);
    return [low, sharing.instruction(PROMOTE, [this.#shuffle(a, a, highHalves)])];
  }
  narrow(low: Node, high: Node): Node {
    const sharing = this.#sharing;
    const first = sharing.instruction(DEMOTE, [low]);
    return this.#shuffle(first, sharing.instruction(DEMOTE, [high]), lowHalves);
  }

  // ---- Functions

  /** A function of the module instead of its instructions; `write` says what it gives. */
  call(name: string, args: readonly Node[], write: (v: Lanes, ...args: readonly Node[]) => Node): Node {
    const { grade, pool, base } = this;
    const types = args.map(() => "v128" as const);
    const index = pool.helpers.index(`${name} ${grade}`, ["i32", ...types], (f) => {
      const [base, ...params] = f.params;
      f.result = write(new Lanes(grade, pool, base), ...params);
    });
    return this.#sharing.call(index, [base, ...args]);
  }

  // ---- Memory

  /** Reads here and now: for memory that the function also writes. */
  load(f: Func, address: Node, offset = 0): Variable {
    return f.let(load("v128.load", address, offset));
  }
  /** One number in every lane. */
  loadSplat(f: Func, address: Node, offset = 0): Variable {
    return f.let(load(this.size === 4 ? "v128.load32_splat" : "v128.load64_splat", address, offset));
  }
}
