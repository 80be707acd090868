// A small WebAssembly assembler. Code is written as expressions (nodes of a graph, shared where they are used twice)
// and statements that set variables, store and loop; `assemble` gives the bytes of a module.
//
// A node that is used several times is computed once, where it is first needed, and kept in a local until its
// block ends. It must not depend on a variable that changes between two of its uses.

import { countUses, holdsLoop, invariants, Node, type Statement, type Variable } from "./code.ts";
import { type Instruction, instructions, type ValueType } from "./instructions.ts";
import { LocalCode, leb } from "./locals.ts";

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

/** An instruction applied to nodes. */
export function make(name: string, args: readonly Node[], immediates: readonly number[] = []): Node {
  const row = instructions[name];
  if (row?.gives === undefined) throw new Error(`${name} is no instruction that gives a value`);
  checkTypes(name, row, args);
  const bytes = immediates.length === 0 ? row.code : [...row.code, ...immediates];
  return new Node(row.gives, args, bytes, row.stays ? "read" : undefined);
}

function checkTypes(name: string, { takes }: Instruction, args: readonly Node[]): void {
  let fits = args.length === takes.length;
  for (let i = 0; fits && i < args.length; i++) fits = args[i].type === takes[i];
  if (!fits)
    throw new Error(`${name} takes ${takes.join(", ")}, not ${args.map((arg) => arg.type).join(", ")}`);
}

/** The alignment, which is one byte, and the offset. */
const memoryImmediates = (name: string, offset: number): number[] =>
  offset < 128 ? [instructions[name].align!, offset] : [instructions[name].align!, ...leb(offset)];

/** Reads memory where it is needed: only for memory that nothing in the function writes; else `Func.let` it. */
export const load = (name: string, address: Node, offset = 0): Node =>
  make(name, [address], memoryImmediates(name, offset));
export const lane = (name: string, args: readonly Node[], index: number): Node => make(name, args, [index]);
export const shuffle = (a: Node, b: Node, bytes: readonly number[]): Node =>
  make("i8x16.shuffle", [a, b], bytes);

const number = (type: ValueType, bytes: readonly number[]): Node => new Node(type, [], bytes, "cheap");
export const i32 = (value: number): Node => number("i32", [0x41, ...signedLeb(value | 0)]);
export const f32 = (value: number): Node =>
  number("f32", [0x43, ...new Uint8Array(new Float32Array([value]).buffer)]);
export const f64 = (value: number): Node =>
  number("f64", [0x44, ...new Uint8Array(new Float64Array([value]).buffer)]);
/** All bits 0: the one vector constant that is a single instruction everywhere. */
export const zeros = (): Node => new Node("v128", [], nothing);
const nothing: readonly number[] = [0xfd, 12, ...new Array<number>(16).fill(0)];
/** `condition ? then : otherwise` of scalars; both are computed. */
export const select = (condition: Node, then: Node, otherwise: Node): Node =>
  new Node(then.type, [then, otherwise, condition], [0x1b]);

/** What a function of the module gives for these arguments. */
export const called = (index: number, args: readonly Node[], type: ValueType): Node =>
  new Node(type, args, [0x10, ...leb(index)]);

const typeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const DROP = 0x1a;
/** A variable is written by its number, which is known when all have their places. */
const noBytes: readonly number[] = [];

/** A function being written: statements go to the innermost open block. */
export class Func {
  readonly params: readonly Variable[];
  readonly #locals: ValueType[] = [];
  #statements: Statement[] = [];

  /** What it gives, if it gives something; set last. */
  result: Node | undefined;

  /** Whether what a loop does not change is computed before it: quicker, and a local more. */
  readonly #hoists: boolean;

  constructor(params: readonly ValueType[], hoists = true) {
    this.#hoists = hoists;
    this.params = params.map((type, index) => this.#variable(type, index));
  }

  #variable(type: ValueType, index: number): Variable {
    return new Node(type, [], noBytes, "cheap", index) as Variable;
  }

  /** A local; 0 until it is set. */
  variable(type: ValueType, value?: Node): Variable {
    this.#locals.push(type);
    const variable = this.#variable(type, this.params.length + this.#locals.length - 1);
    if (value) this.set(variable, value);
    return variable;
  }

  set(variable: Variable, value: Node): void {
    if (variable.type !== value.type) throw new Error(`a ${value.type} set to a ${variable.type} local`);
    this.#statements.push({ kind: "set", variable, value });
  }

  /** Computes a node here and now. */
  let(value: Node): Variable {
    return this.variable(value.type, value);
  }

  /** Computes a node here and now, for all that asks for it later. */
  compute(node: Node): void {
    if (node.trait !== "cheap") this.#statements.push({ kind: "do", args: [node], bytes: [DROP] });
  }

  store(name: string, address: Node, value: Node, offset = 0): void {
    checkTypes(name, instructions[name], [address, value]);
    const bytes = [...instructions[name].code, ...memoryImmediates(name, offset)];
    this.#statements.push({ kind: "do", args: [address, value], bytes });
  }

  /** Calls a function of the module that gives nothing. */
  do(index: number, args: readonly Node[]): void {
    this.#statements.push({ kind: "do", args, bytes: [0x10, ...leb(index)] });
  }

  #block(write: () => void): Statement[] {
    const outer = this.#statements;
    const inner: Statement[] = [];
    this.#statements = inner;
    write();
    this.#statements = outer;
    return inner;
  }

  if(condition: Node, then: () => void, otherwise: () => void = () => {}): void {
    const statement = {
      kind: "if",
      condition,
      yes: this.#block(then),
      otherwise: this.#block(otherwise),
    } as const;
    this.#statements.push(statement);
  }

  /** Runs `body` once, and again as long as the node it returns is not 0. */
  repeat(body: () => Node): void {
    let again!: Node;
    const statements = this.#block(() => {
      again = body();
    });
    this.#statements.push({ kind: "loop", body: statements, again });
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
  encode(): Bytes[] {
    countUses(this.#statements, this, this.result);
    const locals = [...this.#locals];
    const code = new LocalCode();
    const free: Partial<Record<ValueType, number[]>> = {};

    const emit = (node: Node, scope: Node[]): void => {
      const local = node.index ?? node.kept;
      if (local !== undefined) {
        code.get(local);
        return;
      }
      for (const arg of node.args) emit(arg, scope);
      code.push(node.bytes);
      if (node.trait !== "cheap" && node.uses >= 2) keep(node, scope);
    };
    /** Keeps what was just computed in a local until the scope ends. */
    const keep = (node: Node, scope: Node[]): void => {
      let index = free[node.type]?.pop();
      if (index === undefined) {
        locals.push(node.type);
        index = this.params.length + locals.length - 1;
      }
      node.kept = index;
      scope.push(node);
      code.tee(index);
    };
    /** Computes what a loop does not change before it begins. */
    const hoist = (statement: Statement & { kind: "loop" }, scope: Node[]): void => {
      for (const node of invariants(statement)) {
        if (node.kept !== undefined) continue;
        emit(node, scope);
        if (node.kept === undefined) keep(node, scope);
        code.drop();
      }
    };
    const block = (statements: readonly Statement[], last?: Node): void => {
      const scope: Node[] = [];
      for (const statement of statements) {
        if (statement.kind === "set") {
          emit(statement.value, scope);
          code.set(statement.variable.index);
        } else if (statement.kind === "do") {
          for (const arg of statement.args) emit(arg, scope);
          code.push(statement.bytes);
        } else if (statement.kind === "loop") {
          // Only for loops that hold no others: they run most, and each part is looked at once.
          if (this.#hoists && !holdsLoop(statement.body)) hoist(statement, scope);
          code.push([0x03, 0x40]);
          block(statement.body, statement.again);
          code.push([0x0d, 0, 0x0b]);
        } else {
          emit(statement.condition, scope);
          code.push([0x04, 0x40]);
          block(statement.yes);
          if (statement.otherwise.length > 0) {
            code.push([0x05]);
            block(statement.otherwise);
          }
          code.push([0x0b]);
        }
      }
      if (last) emit(last, scope);
      for (const node of scope) {
        free[node.type] ??= [];
        free[node.type]!.push(node.kept!);
        node.kept = undefined;
      }
    };
    block(this.#statements, this.result);
    code.push([0x0b]);
    const { order, bytes } = code.arranged(this.params.length, locals);
    const declared = runs(order.map((i) => locals[i]));
    const head = declared.flatMap(([count, type]) => [...leb(count), typeByte[type]]);
    return sized([...leb(declared.length), ...head], bytes);
  }
}

type Bytes = readonly number[] | Uint8Array;
const lengthOf = (parts: readonly Bytes[]): number => parts.reduce((sum, { length }) => sum + length, 0);
/** Parts, after how long they are. */
const sized = (...parts: readonly Bytes[]): Bytes[] => [leb(lengthOf(parts)), ...parts];
function runs(types: readonly ValueType[]): [number, ValueType][] {
  const result: [number, ValueType][] = [];
  for (const type of types) {
    const last = result.at(-1);
    if (last?.[1] === type) last[0]++;
    else result.push([1, type]);
  }
  return result;
}

export interface ModuleMemory {
  readonly shared: boolean;
  /** In pages of 64 KiB: what the memory it is given must have at least, and may have at most. */
  readonly least: number;
  readonly most?: number;
}

const section = (id: number, items: readonly (readonly Bytes[])[]): Bytes[] => [
  [id],
  ...sized(leb(items.length), ...items.flat()),
];
const text = (value: string): number[] => {
  // Names are ASCII.
  return [...leb(value.length), ...Array.from(value, (letter) => letter.charCodeAt(0))];
};

/** A module that imports its memory as "env" "memory" and exports its functions by name. Helpers come first: that they are
 * called by their place in the list. */
export function assemble(
  functions: Readonly<Record<string, Func>>,
  memory: ModuleMemory,
  helpers: readonly Func[] = [],
): Uint8Array<ArrayBuffer> {
  const all = [...helpers, ...Object.values(functions)];
  const flags = (memory.shared ? 2 : 0) | (memory.most === undefined ? 0 : 1);
  const limits = [flags, ...leb(memory.least), ...(memory.most === undefined ? [] : leb(memory.most))];
  const types = all.map(({ params, result }) => [
    [
      0x60,
      ...leb(params.length),
      ...params.map(({ type }) => typeByte[type]),
      ...(result ? [1, typeByte[result.type]] : [0]),
    ],
  ]);
  const parts = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[text("env"), text("memory"), [2, ...limits]]]),
    ...section(
      3,
      all.map((_, i) => [leb(i)]),
    ),
    ...section(
      7,
      Object.keys(functions).map((name, i) => [text(name), [0, ...leb(helpers.length + i)]]),
    ),
    ...section(
      10,
      all.map((f) => f.encode()),
    ),
  ];
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
