// A small WebAssembly assembler. Code is written as expressions (nodes of a graph, shared where they are used twice)
// and statements that set variables, store and loop; `assemble` gives the bytes of a module.
//
// A node that is used several times is computed once, where it is first needed, and kept in a local until its
// block ends. It must not depend on a variable that changes between two of its uses.

import { countUses, holdsLoop, invariants, type Node, type Statement, type Variable } from "./code.ts";
import { instructions, type ValueType } from "./instructions.ts";
import { LocalCode, leb } from "./locals.ts";

export type { Node, Variable } from "./code.ts";
export type { ValueType } from "./instructions.ts";

const signedLeb = (n: number | bigint): number[] => {
  const bytes: number[] = [];
  for (let rest = BigInt(n); ; ) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && byte < 64) || (rest === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
};

/** An instruction applied to nodes. */
export function make(name: string, args: readonly Node[], immediates: readonly number[] = []): Node {
  const row = instructions[name];
  if (row?.gives === undefined) throw new Error(`${name} is no instruction that gives a value`);
  checkTypes(name, args);
  const stays = row.align !== undefined || /^i32\.(div|rem)/.test(name);
  return { type: row.gives, args, bytes: [...row.code, ...immediates], ...(stays && { isRead: true }) };
}

function checkTypes(name: string, args: readonly Node[]): void {
  const { takes } = instructions[name];
  if (args.length !== takes.length || args.some((arg, i) => arg.type !== takes[i])) {
    throw new Error(`${name} takes ${takes.join(", ")}, not ${args.map((arg) => arg.type).join(", ")}`);
  }
}

const memoryImmediates = (name: string, offset: number): number[] => [
  ...leb(instructions[name].align!),
  ...leb(offset),
];

/** Reads memory where it is needed: only for memory that nothing in the function writes; else `Func.let` it. */
export const load = (name: string, address: Node, offset = 0): Node =>
  make(name, [address], memoryImmediates(name, offset));
export const lane = (name: string, args: readonly Node[], index: number): Node => make(name, args, [index]);
export const shuffle = (a: Node, b: Node, bytes: readonly number[]): Node =>
  make("i8x16.shuffle", [a, b], bytes);

export const i32 = (value: number): Node => ({
  type: "i32",
  args: [],
  bytes: [0x41, ...signedLeb(value | 0)],
  cheap: true,
});
export const i64 = (value: bigint): Node => ({
  type: "i64",
  args: [],
  bytes: [0x42, ...signedLeb(value)],
  cheap: true,
});
export const f32 = (value: number): Node => ({
  type: "f32",
  args: [],
  bytes: [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  cheap: true,
});
export const f64 = (value: number): Node => ({
  type: "f64",
  args: [],
  bytes: [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  cheap: true,
});
/** All bits 0: the one vector constant that is a single instruction everywhere. */
export const zeros: Node = { type: "v128", args: [], bytes: [0xfd, 12, ...new Array<number>(16).fill(0)] };
/** `condition ? then : otherwise` of scalars; both are computed. */
export const select = (condition: Node, then: Node, otherwise: Node): Node => ({
  type: then.type,
  args: [then, otherwise, condition],
  bytes: [0x1b],
});

/** What a function of the module gives for these arguments. */
export const called = (index: number, args: readonly Node[], type: ValueType): Node => ({
  type,
  args,
  bytes: [0x10, ...leb(index)],
});

const typeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

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
    return { type, index, args: [], bytes: [0x20, ...leb(index)], cheap: true };
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

  store(name: string, address: Node, value: Node, offset = 0): void {
    checkTypes(name, [address, value]);
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
  encode(): number[] {
    const uses = new Map<Node, number>();
    countUses(this.#statements, uses, this.result);
    const locals = [...this.#locals];
    const kept = new Map<Node, number>();
    const code = new LocalCode();
    const free: Partial<Record<ValueType, number[]>> = {};

    const emit = (node: Node, scope: Node[]): void => {
      const local = isVariable(node) ? node.index : kept.get(node);
      if (local !== undefined) {
        code.get(local);
        return;
      }
      for (const arg of node.args) emit(arg, scope);
      code.push(...node.bytes);
      if (!node.cheap && uses.get(node)! >= 2) keep(node, scope);
    };
    /** Keeps what was just computed in a local until the scope ends. */
    const keep = (node: Node, scope: Node[]): void => {
      let index = free[node.type]?.pop();
      if (index === undefined) {
        locals.push(node.type);
        index = this.params.length + locals.length - 1;
      }
      kept.set(node, index);
      scope.push(node);
      code.tee(index);
    };
    /** Computes what a loop does not change before it begins. */
    const hoist = (statement: Statement & { kind: "loop" }, scope: Node[]): void => {
      for (const node of invariants(statement)) {
        if (kept.has(node)) continue;
        emit(node, scope);
        if (!kept.has(node)) keep(node, scope);
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
          code.push(...statement.bytes);
        } else if (statement.kind === "loop") {
          // Only for loops that hold no others: they run most, and each part is looked at once.
          if (this.#hoists && !holdsLoop(statement.body)) hoist(statement, scope);
          code.push(0x03, 0x40);
          block(statement.body, statement.again);
          code.push(0x0d, 0, 0x0b);
        } else {
          emit(statement.condition, scope);
          code.push(0x04, 0x40);
          block(statement.yes);
          if (statement.otherwise.length > 0) {
            code.push(0x05);
            block(statement.otherwise);
          }
          code.push(0x0b);
        }
      }
      if (last) emit(last, scope);
      for (const node of scope) {
        free[node.type] = [...(free[node.type] ?? []), kept.get(node)!];
        kept.delete(node);
      }
    };
    block(this.#statements, this.result);
    code.push(0x0b);
    const { order, bytes } = code.arranged(this.params.length, locals);
    const declared = runs(order.map((i) => locals[i]));
    const body = [
      ...leb(declared.length),
      ...declared.flatMap(([count, type]) => [...leb(count), typeByte[type]]),
    ];
    push(body, bytes);
    return body;
  }
}

const isVariable = (node: Node): node is Variable => "index" in node;

/** Appends, without the limit on arguments that a spread of a long array has. */
function push(to: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) to.push(from[i]);
}
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

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const body = [...leb(items.length)];
  for (const item of items) push(body, item);
  const result = [id, ...leb(body.length)];
  push(result, body);
  return result;
};
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
    0x60,
    ...leb(params.length),
    ...params.map(({ type }) => typeByte[type]),
    ...(result ? [1, typeByte[result.type]] : [0]),
  ]);
  const bodies = all.map((f) => {
    const body = f.encode();
    return [...leb(body.length), ...body];
  });
  const bytes: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  push(bytes, section(1, types));
  push(bytes, section(2, [[...text("env"), ...text("memory"), 2, ...limits]]));
  push(
    bytes,
    section(
      3,
      all.map((_, i) => leb(i)),
    ),
  );
  push(
    bytes,
    section(
      7,
      Object.keys(functions).map((name, i) => [...text(name), 0, ...leb(helpers.length + i)]),
    ),
  );
  push(bytes, section(10, bodies));
  return Uint8Array.from(bytes);
}
