// What all steps of a kernel have in common, and what is asked of statements before they are written.

import { ops } from "../../language/ops.ts";
import type { Buffer, Kernel, Loop, Place, Statement, Value } from "../../passes/lower/ir.ts";
import type { ElementwiseName } from "../../passes/lower/opNames.ts";
import { anything, type Range, rounded } from "../../passes/ranges.ts";
import type { Pool, Precision } from "./lanes.ts";
import { everyStatement, type Layout } from "./layout.ts";

/** Holds no loop, and adds to no element that another lane may add to. */
export function isVectorisable(loop: Loop): boolean {
  if (loop.block !== undefined) return false;
  return loop.body.every((statement) => {
    if (statement.kind === "accumulate")
      return statement.at.at(-1) === loop.axis && statement.at.indexOf(loop.axis) === statement.at.length - 1;
    return (
      statement.kind !== "loop" &&
      statement.kind !== "contract" &&
      statement.kind !== "routine" &&
      statement.kind !== "row" &&
      statement.kind !== "clear"
    );
  });
}

/** Values that the statements of a list read from outside of it. */
export function valuesRead(list: readonly Statement[]): Set<number> {
  const read = new Set<number>();
  const places = (at: readonly Place[]): void => {
    for (const place of at) if (typeof place === "object") read.add(place.id);
  };
  for (const statement of everyStatement(list)) {
    if (statement.kind === "compute" || statement.kind === "routine")
      for (const arg of statement.args) read.add(arg.id);
    if (statement.kind === "load") places(statement.at);
    if (statement.kind === "store" || statement.kind === "accumulate") {
      places(statement.at);
      read.add(statement.value.id);
    }
    if (statement.kind === "contract")
      for (const operand of [statement.left, statement.right, statement.to]) places(operand.at);
    if (statement.kind === "loop") for (const reduction of statement.reductions) read.add(reduction.value.id);
  }
  return read;
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
    this.#given = ranges;
    this.#style = style;
    this.shortAxes = style.shortAxes ?? new Set();
    for (const statement of everyStatement(kernel.body)) {
      const value = this.#valueOf(statement);
      if (value !== undefined && "result" in statement) this.constants.set(statement.result.id, value);
      if (
        statement.kind === "constant" ||
        statement.kind === "size" ||
        statement.kind === "param" ||
        (statement.kind === "compute" && value !== undefined)
      ) {
        this.anywhere.set(statement.result.id, statement);
      }
      if ("result" in statement) this.types.set(statement.result.id, statement.result.type);
      if (statement.kind === "loop")
        for (const { result } of statement.reductions) this.types.set(result.id, result.type);
    }
  }

  /** Whether loops over single elements compute in float64 between float32 numbers. */
  get isWide(): boolean {
    return isWide(this.kernel, this.precision);
  }

  #unrolling(loop: Loop): number {
    return unrolling(loop, this.isWide, ({ id }) => this.constants.has(id));
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
  rangeIn({ role, name }: Buffer): Range {
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
    const args = statement.args.map(({ id }) => this.constants.get(id));
    if (!args.every((arg) => arg !== undefined)) return undefined;
    return ops[statement.op].apply(args[0]!, args[1]!, args[2]!);
  }
}

/** Whether a kernel holds float32 numbers and computes in float64. */
export const isWide = ({ arithmetic }: Kernel, precision: Precision): boolean =>
  precision === "float32" && arithmetic !== undefined;

/** Whether a value is what a loop folds. */
export const definedInLoops = (all: readonly Statement[], id: number): boolean =>
  all.some(
    (statement) => statement.kind === "loop" && statement.reductions.some(({ result }) => result.id === id),
  );

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
export const lengthOf = ({ body }: Loop): number =>
  body.reduce((sum, statement) => sum + ((statement.kind === "compute" && long[statement.op]) || 1), 0);

/** Copies of a body, for the processor to overlap them: functions are long chains of operations that wait for one
 * another. Fewer where a body is so long that copies would not find registers. `isWide`: vectors of two numbers. */
function unrolling(loop: Loop, isWide: boolean, isKnown: (exponent: Value) => boolean = () => false): number {
  let computed = 0;
  for (const statement of loop.body) {
    if (statement.kind !== "compute") continue;
    computed += statement.op === "pow" && !isKnown(statement.args[1]) ? long.pow! : 1;
  }
  return computed <= 64 ? (isWide ? 5 : 4) : computed <= 160 ? 2 : 1;
}

/** Instructions of a contraction with all its edges. */
const CONTRACTION = 150;

/** About how many instructions a kernel has. */
export function estimate({ body }: Kernel, style: Style, isWide: boolean): number {
  const all = everyStatement(body);
  const contractions = all.filter(({ kind }) => kind === "contract").length;
  const loops = all.filter((statement) => statement.kind === "loop");
  const bodies = (loop: Loop): number => {
    if (!isVectorisable(loop)) return 1;
    const most = unrolling(loop, isWide);
    const copies = Math.min(most, style.copies);
    return most === 1 ? 1 : copies + (copies > 1 && loop.role === "inner" ? 2 : 1);
  };
  return loops.reduce((sum, loop) => sum + lengthOf(loop) * bodies(loop), contractions * CONTRACTION);
}
