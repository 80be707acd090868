// A small WebAssembly assembler. Code is written as expressions (nodes of a graph, shared where they are used twice)
// and statements that set variables, store and loop; `assemble` gives the bytes of a module.
//
// A node that is used several times is computed once, where it is first needed, and kept in a local until its
// block ends. It must not depend on a variable that changes between two of its uses.

import type { Node, Statement, Variable } from "./code.ts";
import { encoded, typeByte } from "./encode.ts";
import {
  type Instruction,
  instructionOf,
  instructions,
  numbered,
  type ValueType,
  valueTypes,
} from "./instructions.ts";

export type { Node, Variable } from "./code.ts";
export type { ValueType } from "./instructions.ts";

function signedLeb(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; ) {
    const byte = rest & 127;
    rest = Math.floor(rest / 128);
    if ((rest === 0 && byte < 64) || (rest === -1 && byte >= 64)) {
      bytes.push(byte);
      return bytes;
    }
    bytes.push(byte | 128);
  }
}

/** An instruction applied to nodes; `bytes`: its code with what follows it; `local`: the local that a variable is. All nodes
 * are made here and have one form: kernels are made of thousands, and are read fastest so. */
export function applied(row: Instruction, args: readonly Node[], bytes = row.code, local?: number): Node {
  const { gives, takes } = row;
  let fits = gives !== undefined && (takes === undefined || args.length === takes.length);
  if (takes) for (let i = 0; fits && i < args.length; i++) fits = args[i].type === takes[i];
  if (!fits) throw misfit(row, args);
  return {
    type: gives!,
    args,
    bytes,
    trait: row.trait,
    local,
    user: undefined,
    sibling: undefined,
    place: 0,
    uses: 0,
    loop: undefined,
    fixed: "nothing",
  };
}

function misfit({ name, takes, gives }: Instruction, args: readonly Node[]): Error {
  const given = args.map(({ type }) => type).join(", ");
  return new Error(`${name} takes ${takes?.join(", ")} and gives ${gives ?? "no value"}: it has ${given}`);
}

/** Of an instruction with nothing after its arguments. */
export function make(name: string, args: readonly Node[]): Node {
  const row = instructions[name];
  if (!row) throw new Error(`${name} is no instruction`);
  return applied(row, args);
}

/** Reads memory where it is needed: only for memory that nothing in the function writes; else `Func.let` it. */
export function load(name: string, address: Node, offset = 0): Node {
  const row = instructions[name];
  return applied(row, [address], numbered(row, offset));
}
export function lane(name: string, args: readonly Node[], index: number): Node {
  const row = instructions[name];
  return applied(row, args, numbered(row, index));
}
/** Loads one number into a lane of a vector. */
export function loadLane(name: string, address: Node, vector: Node, index: number): Node {
  const row = instructions[name];
  return applied(row, [address, vector], [...numbered(row, 0), index]);
}
export const SHUFFLE = instructions["i8x16.shuffle"];
/** The code of a shuffle: which of the 32 bytes of two vectors each byte of the result is. */
export const shuffleOf = (bytes: readonly number[]): readonly number[] => [...SHUFFLE.code, ...bytes];

const byType = (row: (type: ValueType) => Instruction): Readonly<Record<ValueType, Instruction>> =>
  Object.fromEntries(valueTypes.map((type) => [type, row(type)])) as Record<ValueType, Instruction>;

const noArgs: readonly Node[] = [];
const constants = byType((type) => instructionOf(`${type}.const`, [], [], type, "cheap"));
const constant = (type: ValueType, bytes: readonly number[]): Node => applied(constants[type], noArgs, bytes);

/** The constants of one byte, −64 … 63, of those that were asked for. All functions share them: nothing that is noted on them is
 * asked, for no node is looked for by a constant as its first argument. */
const smallIntegers: Node[] = [];
export function i32(value: number): Node {
  const place = value + 64;
  const known = smallIntegers[place];
  if (known) return known;
  const made = constant("i32", [0x41, ...signedLeb(value | 0)]);
  if (place >= 0 && place < 128) smallIntegers[place] = made;
  return made;
}
export const f32 = (value: number): Node =>
  constant("f32", [0x43, ...new Uint8Array(new Float32Array([value]).buffer)]);
export const f64 = (value: number): Node =>
  constant("f64", [0x44, ...new Uint8Array(new Float64Array([value]).buffer)]);
const ZEROS = instructionOf("v128.const", [0xfd, 12, ...new Array<number>(16).fill(0)], [], "v128");
/** All bits 0: the one vector constant that is a single instruction everywhere. */
export const zeros = (): Node => applied(ZEROS, noArgs);
const selects = byType((type) => instructionOf("select", [0x1b], [type, type, "i32"], type));
/** `condition ? then : otherwise` of scalars; both are computed. */
export const select = (condition: Node, then: Node, otherwise: Node): Node =>
  applied(selects[then.type], [then, otherwise, condition]);

/** Calls a function of the module that gives a vector. */
export const CALL = instructionOf("call", [0x10], undefined, "v128");
export const callOf = (index: number): readonly number[] => numbered(CALL, index);

/** A variable is written by its number, which is known when all have their places. */
const variables = byType((type) => instructionOf("local.get", [], [], type, "cheap"));

const DROP: readonly number[] = [0x1a];
const nothingElse: readonly Statement[] = [];

/** A function being written: statements go to the innermost open block. */
export class Func {
  readonly params: readonly Variable[];
  readonly #locals: ValueType[] = [];
  /** Run before all others. */
  readonly #first: Statement[] = [];
  #statements: Statement[] = [];
  #loops = 0;

  /** What it gives, if it gives something; set last. */
  result: Node | undefined;

  /** Whether what a loop does not change is computed before it: quicker, and a local more. */
  readonly #hoists: boolean;

  constructor(params: readonly ValueType[], hoists = true) {
    this.#hoists = hoists;
    this.params = params.map((type, local) => applied(variables[type], noArgs, undefined, local) as Variable);
  }

  /** A local; 0 until it is set. */
  variable(type: ValueType, value?: Node): Variable {
    const local = this.params.length + this.#locals.length;
    const variable = applied(variables[type], noArgs, undefined, local) as Variable;
    this.#locals.push(type);
    if (value) this.set(variable, value);
    return variable;
  }

  set(variable: Variable, value: Node): void {
    if (variable.type !== value.type) throw new Error(`a ${value.type} set to a ${variable.type} local`);
    this.#statements.push({ kind: "set", variable, value });
  }

  /** Computes a node here and now. */
  let(value: Node): Variable {
    const variable = this.variable(value.type);
    this.#statements.push({ kind: "set", variable, value });
    return variable;
  }

  /** Computes a node, of parameters and what else was computed in this way, at the function's begin. */
  before(value: Node): Variable {
    const variable = this.variable(value.type);
    this.#first.push({ kind: "set", variable, value });
    return variable;
  }

  /** Computes a node here and now, for all that asks for it later. */
  compute(node: Node): void {
    if (node.trait !== "cheap") this.#statements.push({ kind: "do", args: [node], bytes: DROP });
  }

  /** `after`: what follows the offset, the number of a lane. */
  store(name: string, address: Node, value: Node, offset = 0, ...after: readonly number[]): void {
    const row = instructions[name];
    if (row.takes?.[0] !== address.type || row.takes[1] !== value.type) throw misfit(row, [address, value]);
    this.#statements.push({
      kind: "do",
      args: [address, value],
      bytes: [...numbered(row, offset), ...after],
    });
  }

  /** Calls a function of the module that gives nothing. */
  do(index: number, args: readonly Node[]): void {
    this.#statements.push({ kind: "do", args, bytes: callOf(index) });
  }

  #block(write: () => void): Statement[] {
    const outer = this.#statements;
    const inner: Statement[] = [];
    this.#statements = inner;
    write();
    this.#statements = outer;
    return inner;
  }

  if(condition: Node, then: () => void, otherwise?: () => void): void {
    const yes = this.#block(then);
    const no = otherwise ? this.#block(otherwise) : nothingElse;
    this.#statements.push({ kind: "if", condition, yes, otherwise: no });
  }

  /** Runs `body` once, and again as long as the node it returns is not 0. */
  repeat(body: () => Node): void {
    let again!: Node;
    const before = this.#loops;
    const statements = this.#block(() => {
      again = body();
    });
    this.#statements.push({ kind: "loop", body: statements, again, isInnermost: this.#loops === before });
    this.#loops++;
  }

  /** for (i = start; i < end; i += step) body(i), for signed numbers. */
  for(start: Node, end: Node, step: number | Node, body: (i: Variable) => void): void {
    const i = this.variable("i32", start);
    this.if(make("i32.lt_s", [i, end]), () => {
      this.repeat(() => {
        body(i);
        this.set(i, make("i32.add", [i, typeof step === "number" ? i32(step) : step]));
        return make("i32.lt_s", [i, end]);
      });
    });
  }

  /** The function's bytes, with its locals. */
  encode(): Uint8Array {
    return encoded({
      params: this.params.length,
      locals: this.#locals,
      statements: [...this.#first, ...this.#statements],
      result: this.result,
      hoists: this.#hoists,
    });
  }
}

export interface ModuleMemory {
  readonly shared: boolean;
  /** In pages of 64 KiB: what the memory it is given must have at least, and may have at most. */
  readonly least: number;
  readonly most?: number;
}

/** Adds an unsigned number as LEB128. */
function put(bytes: number[], n: number): void {
  let rest = n;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}
/** Adds a name: in ASCII. */
function putText(bytes: number[], value: string): void {
  put(bytes, value.length);
  for (let i = 0; i < value.length; i++) bytes.push(value.charCodeAt(i));
}
/** Begins a section: its number, and how long it is. */
function putSection(bytes: number[], id: number, count: number, length: number): void {
  const items: number[] = [];
  put(items, count);
  bytes.push(id);
  put(bytes, items.length + length);
  bytes.push(...items);
}
function putAll(bytes: number[], id: number, count: number, items: readonly number[]): void {
  putSection(bytes, id, count, items.length);
  for (let i = 0; i < items.length; i++) bytes.push(items[i]);
}

/** A module that imports its memory as "env" "memory" and exports its functions by name. Helpers come first: that they are
 * called by their place in the list. */
export function assemble(
  functions: Readonly<Record<string, Func>>,
  memory: ModuleMemory,
  helpers: readonly Func[] = [],
): Uint8Array<ArrayBuffer> {
  const all = [...helpers, ...Object.values(functions)];
  const [types, imports, places, exports]: number[][] = [[], [], [], []];
  for (let i = 0; i < all.length; i++) {
    const { params, result } = all[i];
    types.push(0x60);
    put(types, params.length);
    for (let k = 0; k < params.length; k++) types.push(typeByte[params[k].type]);
    if (result) types.push(1, typeByte[result.type]);
    else types.push(0);
    put(places, i);
  }
  putText(imports, "env");
  putText(imports, "memory");
  imports.push(2, (memory.shared ? 2 : 0) | (memory.most === undefined ? 0 : 1));
  put(imports, memory.least);
  if (memory.most !== undefined) put(imports, memory.most);
  const names = Object.keys(functions);
  for (let i = 0; i < names.length; i++) {
    putText(exports, names[i]);
    exports.push(0);
    put(exports, helpers.length + i);
  }
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  putAll(head, 1, all.length, types);
  putAll(head, 2, 1, imports);
  putAll(head, 3, all.length, places);
  putAll(head, 7, names.length, exports);
  const bodies = all.map((f) => f.encode());
  let length = 0;
  for (const body of bodies) length += body.length;
  putSection(head, 10, all.length, length);
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}
