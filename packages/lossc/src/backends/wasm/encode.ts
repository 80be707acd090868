// The bytes of a function. Its code is written while its locals have no places yet. What is used most comes first: a place
// below 128 takes one byte, others two, and in a long kernel half of the bytes name locals.
//
// A kernel's first call waits for this: lists of nodes and bytes are run through by their places.

import { countUses, invariants, type Node, type Statement } from "./code.ts";
import { leb, type ValueType, valueTypes } from "./instructions.ts";

/** A function as it is written. */
export interface FunctionCode {
  readonly params: number;
  /** Of the locals that statements set. */
  readonly locals: readonly ValueType[];
  readonly statements: readonly Statement[];
  readonly result: Node | undefined;
  /** Whether what a loop does not change is computed before it: quicker, and a local more. */
  readonly hoists: boolean;
}

/** Places that are named by one byte. */
const NEAR = 128;
const [DROP, GET, SET, TEE] = [0x1a, 0x20, 0x21, 0x22];
const LOOP = [0x03, 0x40];
const AGAIN = [0x0d, 0, 0x0b];
const IF = [0x04, 0x40];
const ELSE = [0x05];
const END = [0x0b];

/** How types are written. */
export const typeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Bytes, and locals as −1 − number. One list for all functions: they are encoded one after the other. */
const items: number[] = [];

/** What stands in a function's place in the module: how long it is, its locals and its code. */
export function encoded(code: FunctionCode): Uint8Array {
  countUses(code.statements, code.result);
  const encoder = new Encoder(code);
  encoder.block(code.statements, code.result);
  encoder.push(END);
  return encoder.finished();
}

class Encoder {
  readonly #params: number;
  readonly #hoists: boolean;
  /** Of all locals, and how often each is named, parameters included. */
  readonly #types: ValueType[];
  readonly #uses: number[];
  /** How many items there are. */
  #length = 0;
  /** What open blocks keep in locals, and locals that no block needs any more. */
  readonly #kept: Node[] = [];
  readonly #free: Record<ValueType, number[]> = { f32: [], f64: [], i32: [], i64: [], v128: [] };

  constructor({ params, locals, hoists }: FunctionCode) {
    this.#params = params;
    this.#hoists = hoists;
    this.#types = locals.slice();
    this.#uses = new Array(params + locals.length).fill(0);
  }

  push(bytes: readonly number[]): void {
    for (let i = 0; i < bytes.length; i++) items[this.#length++] = bytes[i];
  }

  #name(instruction: number, local: number): void {
    items[this.#length++] = instruction;
    items[this.#length++] = -1 - local;
    this.#uses[local]++;
  }

  /** A statement list, then the node that is wanted at its end. */
  block(statements: readonly Statement[], last?: Node): void {
    const outer = this.#kept.length;
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i];
      if (statement.kind === "set") {
        this.#value(statement.value);
        this.#name(SET, statement.variable.local);
      } else if (statement.kind === "do") {
        for (let k = 0; k < statement.args.length; k++) this.#value(statement.args[k]);
        this.push(statement.bytes);
      } else if (statement.kind === "loop") {
        // Only for loops that hold no others: they run most, and each part is looked at once.
        if (this.#hoists && statement.isInnermost) this.#hoist(statement);
        this.push(LOOP);
        this.block(statement.body, statement.again);
        this.push(AGAIN);
      } else {
        this.#value(statement.condition);
        this.push(IF);
        this.block(statement.yes);
        if (statement.otherwise.length > 0) {
          this.push(ELSE);
          this.block(statement.otherwise);
        }
        this.push(END);
      }
    }
    if (last) this.#value(last);
    for (let i = outer; i < this.#kept.length; i++) {
      const node = this.#kept[i];
      this.#free[node.type].push(node.local!);
      node.local = undefined;
    }
    this.#kept.length = outer;
  }

  /** A node where it is wanted: read where a local holds it, else computed. */
  #value(node: Node): void {
    const { local, args, bytes } = node;
    if (local !== undefined) {
      // What was just set is still there.
      const last = this.#length - 1;
      if (items[last] === -1 - local && items[last - 1] === SET) items[last - 1] = TEE;
      else {
        items[last + 1] = GET;
        items[last + 2] = -1 - local;
        this.#length = last + 3;
        this.#uses[local]++;
      }
      return;
    }
    for (let i = 0; i < args.length; i++) this.#value(args[i]);
    for (let i = 0; i < bytes.length; i++) items[this.#length++] = bytes[i];
    if (node.uses >= 2) this.#keep(node);
  }

  /** Keeps what was just computed in a local until its block ends. */
  #keep(node: Node): void {
    let local = this.#free[node.type].pop();
    if (local === undefined) {
      local = this.#uses.push(0) - 1;
      this.#types.push(node.type);
    }
    node.local = local;
    this.#kept.push(node);
    this.#name(TEE, local);
  }

  /** Computes what a loop does not change before it begins. */
  #hoist(loop: Statement & { kind: "loop" }): void {
    const nodes = invariants(loop);
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node.local !== undefined) continue;
      this.#value(node);
      if (node.local === undefined) this.#keep(node);
      this.#drop();
    }
  }
  /** Leaves what a local was just set to. */
  #drop(): void {
    const last = this.#length - 1;
    if (items[last] < 0 && items[last - 1] === TEE) items[last - 1] = SET;
    else items[this.#length++] = DROP;
  }

  /** The declared locals and the code, after how long they are. */
  finished(): Uint8Array {
    const { places, declared, far } = this.#arranged();
    const length = declared.length + this.#length + far;
    const head = leb(length);
    const bytes = new Uint8Array(head.length + length);
    bytes.set(head);
    bytes.set(declared, head.length);
    let at = head.length + declared.length;
    for (let i = 0; i < this.#length; i++) {
      const item = items[i];
      let rest = item < 0 ? places[-1 - item] : item;
      if (item < 0) for (; rest >= NEAR; rest >>= 7) bytes[at++] = (rest & 127) | 128;
      bytes[at++] = rest;
    }
    return bytes;
  }

  /** The places of locals by number, how their types are declared, and how many bytes their names take beyond the first. The most used
   * stand first, and of those and of the others each type's side by side: it is declared once for all of them. */
  #arranged(): {
    readonly places: readonly number[];
    readonly declared: readonly number[];
    readonly far: number;
  } {
    const params = this.#params;
    const types = this.#types;
    const uses = this.#uses;
    const span = types.length;
    /** The more a local is used the larger, and of equals larger for an earlier one. */
    const weights = new Float64Array(span);
    for (let i = 0; i < span; i++) weights[i] = (uses[params + i] + 1) * span - i;
    const room = NEAR - params;
    const leastNear = span > room ? weights.slice().sort()[span - room] : 0;
    /** The place of each among them: by half, type and number; those that are not used stand last. */
    const order = new Float64Array(span);
    for (let i = 0; i < span; i++) {
      const half = weights[i] >= leastNear ? 0 : valueTypes.length;
      order[i] =
        uses[params + i] === 0 ? Number.POSITIVE_INFINITY : (half + valueTypes.indexOf(types[i])) * span + i;
    }
    order.sort();
    const places = new Array<number>(uses.length);
    for (let local = 0; local < params; local++) places[local] = local;
    const runs: number[] = [];
    let far = 0;
    for (let k = 0; k < span && order[k] < Number.POSITIVE_INFINITY; k++) {
      const i = order[k] % span;
      const place = params + k;
      places[params + i] = place;
      for (let more = place >> 7; more > 0; more >>= 7) far += uses[params + i];
      const type = typeByte[types[i]];
      if (runs.at(-1) === type) runs[runs.length - 2]++;
      else runs.push(1, type);
    }
    const declared = leb(runs.length / 2);
    for (let k = 0; k < runs.length; k += 2) declared.push(...leb(runs[k]), runs[k + 1]);
    return { places, declared, far };
  }
}
