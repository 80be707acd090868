// What all steps of a kernel have in common, and what is asked of statements before they are written.

import { ops } from "../../language/ops.ts";
import type { Buffer, Kernel, Loop, Place, Statement, Value } from "../../passes/lower/ir.ts";
import type { ElementwiseName } from "../../passes/lower/opNames.ts";
import { anything, type Range, rounded } from "../../passes/ranges.ts";
import type { Pool, Precision } from "./lanes.ts";
import { everyStatement, type Layout } from "./layout.ts";

/** Holds no loop, and adds to no element that another lane may add to. */
export function isVectorisable({ block, axis, body }: Loop): boolean {
  if (block !== undefined) return false;
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    const { kind } = statement;
    if (kind === "accumulate") {
      const last = statement.at.length - 1;
      if (last < 0 || statement.at.indexOf(axis) !== last) return false;
    } else if (
      kind === "loop" ||
      kind === "contract" ||
      kind === "routine" ||
      kind === "row" ||
      kind === "clear"
    )
      return false;
  }
  return true;
}

/** Notes the values that a statement reads itself; of a loop, those that it folds. */
export function noteRead(statement: Statement, read: Set<number>): void {
  const { kind } = statement;
  if (kind === "compute" || kind === "routine") {
    for (let i = 0; i < statement.args.length; i++) read.add(statement.args[i].id);
  } else if (kind === "load") notePlaces(statement.at, read);
  else if (kind === "store" || kind === "accumulate") {
    notePlaces(statement.at, read);
    read.add(statement.value.id);
  } else if (kind === "contract") {
    notePlaces(statement.left.at, read);
    notePlaces(statement.right.at, read);
    notePlaces(statement.to.at, read);
  } else if (kind === "loop") {
    for (let i = 0; i < statement.reductions.length; i++) read.add(statement.reductions[i].value.id);
  }
}
function notePlaces(at: readonly Place[], read: Set<number>): void {
  for (let i = 0; i < at.length; i++) {
    const place = at[i];
    if (typeof place === "object") read.add(place.id);
  }
}

/** What loops and contractions of a list read from outside; nothing where there are none. */
export function readInside(list: readonly Statement[]): ReadonlySet<number> | undefined {
  let read: Set<number> | undefined;
  for (let i = 0; i < list.length; i++) {
    const statement = list[i];
    if (statement.kind !== "loop" && statement.kind !== "contract") continue;
    read ??= new Set();
    noteRead(statement, read);
    if (statement.kind === "loop") for (const inner of everyStatement(statement.body)) noteRead(inner, read);
  }
  return read;
}

/** What there is in a step. */
export interface Survey {
  /** Values that statements define or loops fold, and those that are read. */
  readonly defined: Set<number>;
  readonly read: Set<number>;
}

export function surveyOf(list: readonly Statement[]): Survey {
  const defined = new Set<number>();
  const read = new Set<number>();
  for (const statement of everyStatement(list)) {
    if (statement.kind === "loop") for (const { result } of statement.reductions) defined.add(result.id);
    if ("result" in statement) defined.add(statement.result.id);
    noteRead(statement, read);
  }
  return { defined, read };
}

/** By name, what is known of the numbers a kernel is given. */
export interface KnownRanges {
  readonly params: ReadonlyMap<string, Range>;
  readonly inputs: ReadonlyMap<string, Pick<Range, "low" | "high">>;
}
export const noRanges: KnownRanges = { params: new Map(), inputs: new Map() };

/** How much code is spent: the most copies of a loop's body, and whether long functions are called instead of copied. */
export interface Style {
  readonly copies: number;
  readonly isCompact: boolean;
  /** Axes of rows that are so short that each lane takes one. */
  readonly shortAxes?: ReadonlySet<string>;
}

/** What all steps of a kernel have in common. */
export class Shared {
  readonly #given: KnownRanges;
  readonly #style: Style;
  /** Axes of rows that are so short that each lane takes one. */
  readonly shortAxes: ReadonlySet<string>;
  /** Of scalars that one step leaves for another. */
  readonly ranges = new Map<number, Range>();
  readonly kernel: Kernel;
  readonly layout: Layout;
  readonly pool: Pool;
  readonly precision: Precision;
  /** Values that any step can make for itself: constants, sizes, parameters. */
  readonly anywhere = new Map<number, Statement & { kind: "constant" | "size" | "param" | "compute" }>();
  /** Values that are numbers known now. */
  readonly constants = new Map<number, number>();
  readonly types = new Map<number, Value["type"]>();

  constructor(
    kernel: Kernel,
    layout: Layout,
    pool: Pool,
    precision: Precision,
    ranges: KnownRanges,
    style: Style,
  ) {
    this.kernel = kernel;
    this.layout = layout;
    this.pool = pool;
    this.precision = precision;
    this.isWide = isWide(kernel, precision);
    this.#given = ranges;
    this.#style = style;
    this.shortAxes = style.shortAxes ?? new Set();
    for (const statement of everyStatement(kernel.body)) {
      if (statement.kind === "loop")
        for (const { result } of statement.reductions) this.types.set(result.id, result.type);
      if (!("result" in statement)) continue;
      const { id, type } = statement.result;
      const value = this.#valueOf(statement);
      if (value !== undefined) this.constants.set(id, value);
      if (
        statement.kind === "constant" ||
        statement.kind === "size" ||
        statement.kind === "param" ||
        (statement.kind === "compute" && value !== undefined)
      ) {
        this.anywhere.set(id, statement);
      }
      this.types.set(id, type);
    }
  }

  /** Whether loops over single elements compute in float64 between float32 numbers. */
  readonly isWide: boolean;

  #unrolling(loop: Loop): number {
    return unrolling(loop, this.constants);
  }
  /** Copies of a loop's body. */
  copies(loop: Loop): number {
    return Math.min(this.#unrolling(loop), this.#style.copies);
  }
  /** Whether a loop's body is too long for copies. */
  isLong(loop: Loop): boolean {
    return this.#unrolling(loop) === 1;
  }

  rangeOfParam(name: string, precision: Precision): Range {
    return rounded(this.#given.params.get(name) ?? { ...anything, mayBeNaN: false }, precision);
  }
  /** What is loaded from a buffer. NaN in an input is one that was given. */
  rangeIn({ role, name, rowOf }: Buffer): Range {
    if (rowOf) return this.rangeIn(rowOf);
    if (role !== "input") return anything;
    return rounded({ ...anything, ...this.#given.inputs.get(name), onlyGiven: true }, this.precision);
  }

  #valueOf(statement: Statement): number | undefined {
    if (statement.kind === "constant") return statement.value;
    if (statement.kind === "param") {
      const range = this.#given.params.get(statement.name);
      return range && range.low === range.high ? range.low : undefined;
    }
    if (statement.kind !== "compute" || statement.result.type === "bool") return undefined;
    const args: number[] = [];
    for (let i = 0; i < statement.args.length; i++) {
      const arg = this.constants.get(statement.args[i].id);
      if (arg === undefined) return undefined;
      args.push(arg);
    }
    return ops[statement.op].apply(args[0], args[1], args[2]);
  }
}

/** Whether a kernel holds float32 numbers and computes in float64. */
export const isWide = ({ arithmetic }: Kernel, precision: Precision): boolean =>
  precision === "float32" && arithmetic !== undefined;

/** Functions of many instructions, and about how many. */
const long: { readonly [K in ElementwiseName]?: number } = {
  exp: 20,
  expm1: 20,
  log: 20,
  log1p: 20,
  log1mexp: 20,
  softplus: 20,
  sigmoid: 20,
  tanh: 20,
  pow: 30,
  sin: 20,
  cos: 20,
  atan: 20,
  atan2: 20,
  lgamma: 20,
  digamma: 20,
  trigamma: 20,
  geometric: 30,
  exprel: 20,
};

/** About how many instructions a body takes. */
export function lengthOf({ body }: Loop): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    sum += (statement.kind === "compute" && long[statement.op]) || 1;
  }
  return sum;
}

/** Copies of a body, for the processor to overlap them: functions are long chains of operations that wait for one
 * another. Fewer where a body is so long that copies would not find registers. `known`: numbers known now, by value. */
function unrolling(loop: Loop, known?: ReadonlyMap<number, number>): number {
  const { body } = loop;
  let computed = 0;
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    if (statement.kind !== "compute") continue;
    computed += statement.op === "pow" && !known?.has(statement.args[1].id) ? long.pow! : 1;
  }
  if (computed > 64) return computed <= 72 ? 2 : 1;
  return isFunction(loop) ? 5 : 4;
}
/** Whether a body is a function and little else: a chain that four copies do not hide, and whose numbers find registers. */
function isFunction({ body }: Loop): boolean {
  let functions = 0;
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    if (statement.kind === "compute" && long[statement.op]) functions++;
  }
  return functions === 1 && body.length < 20;
}

/** Instructions of a contraction with all its edges. */
const CONTRACTION = 150;

/** What the number of a kernel's instructions depends on. */
export interface Extent {
  readonly contractions: number;
  readonly loops: readonly {
    readonly length: number;
    /** The most copies of it; 0 where it is not vectorised. */
    readonly copies: number;
    readonly isInner: boolean;
  }[];
}

export function extentOf({ body }: Kernel): Extent {
  const loops: Extent["loops"][number][] = [];
  let contractions = 0;
  for (const statement of everyStatement(body)) {
    if (statement.kind === "contract") contractions++;
    if (statement.kind !== "loop") continue;
    const copies = isVectorisable(statement) ? unrolling(statement) : 0;
    loops.push({ length: lengthOf(statement), copies, isInner: statement.role === "inner" });
  }
  return { contractions, loops };
}

/** About how many instructions a kernel has in a style. */
export function estimate({ contractions, loops }: Extent, style: Style): number {
  let sum = contractions * CONTRACTION;
  for (const { length, copies: most, isInner } of loops) {
    const copies = Math.min(most, style.copies);
    // Rows in lanes have no last vector that is masked.
    const isMasked = isInner && !style.shortAxes?.size;
    const bodies = most <= 1 ? 1 : copies + (copies > 1 && isMasked ? 2 : 1);
    sum += length * bodies;
  }
  return sum;
}
