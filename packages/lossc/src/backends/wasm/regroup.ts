// Products and limits of a kernel's loops are grouped anew, now that it is known what its parameters may be.
// In: a loop program and the ranges of its parameters. Out: one with the same meaning and fewer instructions.
//
// Lowering cannot do it: the reciprocals of two parameters may overflow where each is fine, and a limit may be negative.

import type { Compute, Kernel, Loop, Statement, Value } from "../../passes/lower/ir.ts";
import { exactly, type Range, rangeOf } from "../../passes/ranges.ts";
import { everyStatement } from "./layout.ts";
import { type KnownRanges, valuesRead } from "./shared.ts";

/** How long an axis may be, and how many samples or pairs there may be. */
const LONGEST = 2 ** 32;
const MOST_COUNTED = 2 ** 48;

/** Numbers of this size and their reciprocals keep all digits in either precision. */
const SAFE = 2 ** 120;
const isSafe = ({ low, high, mayBeNaN }: Range): boolean =>
  !mayBeNaN && ((low >= 1 / SAFE && high <= SAFE) || (high <= -1 / SAFE && low >= -SAFE));

/** Scalars of the program by value id, and those that rules add before the loop at hand. */
class Scalars {
  readonly #ranges = new Map<number, Range>();
  /** Sizes, and products of sizes. */
  readonly #counts = new Set<number>();
  readonly #made = new Map<string, Value>();
  readonly #given: KnownRanges;
  readonly added: Compute[] = [];
  #next: number;

  constructor(given: KnownRanges, next: number) {
    this.#given = given;
    this.#next = next;
  }

  /** Notes what is known of a statement at the top. */
  note(statement: Statement): void {
    if (!("result" in statement) || statement.result.type === "bool") return;
    const range = this.#rangeOf(statement);
    if (range) this.#ranges.set(statement.result.id, range);
  }
  #rangeOf(statement: Statement): Range | undefined {
    if (statement.kind === "constant") return exactly(statement.value);
    if (statement.kind === "size") return this.#count(statement.result, LONGEST);
    if (statement.kind === "param") return this.#given.params.get(statement.name);
    if (statement.kind !== "compute") return undefined;
    if (statement.op === "mul" && statement.args.every(({ id }) => this.#counts.has(id)))
      return this.#count(statement.result, MOST_COUNTED);
    const args = statement.args.map(({ id }) => this.#ranges.get(id));
    return args.every((arg) => arg !== undefined) ? rangeOf(statement.op, args) : undefined;
  }

  #count({ id }: Value, most: number): Range {
    this.#counts.add(id);
    return { low: 1, high: most, mayBeNaN: false };
  }

  of = ({ id }: Value): Range | undefined => this.#ranges.get(id);

  /** A number that the rules need, computed once. */
  make(op: Compute["op"], ...args: readonly Value[]): Value {
    const key = [op, ...args.map(({ id }) => id)].join();
    let result = this.#made.get(key);
    if (!result) {
      result = { id: this.#next++, type: "float" };
      const statement: Compute = { kind: "compute", result, op, args };
      this.added.push(statement);
      this.note(statement);
      this.#made.set(key, result);
    }
    return result;
  }
  fresh = (): Value => ({ id: this.#next++, type: "float" });
}

/** How the values of the bodies that are open were computed, if they are computed there. */
type Definitions = ReadonlyMap<number, Compute>;
/** The values that one statement reads, once. */
type ReadOnce = ReadonlySet<number>;
/** Gives what a statement becomes; nothing where the rule does not apply. */
type Rule = (
  statement: Compute,
  scalars: Scalars,
  defined: Definitions,
  readOnce: ReadOnce,
) => readonly Compute[] | undefined;

const isProduct = ({ op }: Compute): boolean => op === "mul" || op === "weigh";
const eitherOrder = ({ args: [a, b] }: Compute): readonly (readonly [Value, Value])[] => [
  [a, b],
  [b, a],
];

/** A product with a safe scalar: what is multiplied, and by what. */
function scaled(
  statement: Compute,
  scalars: Scalars,
): { readonly core: Value; readonly scale: Value } | undefined {
  if (!isProduct(statement)) return undefined;
  for (const [core, scale] of eitherOrder(statement)) {
    const range = scalars.of(scale);
    if (range && isSafe(range) && !scalars.of(core)) return { core, scale };
  }
  return undefined;
}

/** (x · s) · t is x · (s t); nothing weighs more than a plain product where neither is 0 or infinite. */
const oneScale: Rule = (statement, scalars, defined) => {
  const outer = scaled(statement, scalars);
  if (!outer) return undefined;
  const { core, scale } = outer;
  const before = defined.get(core.id);
  const inner = before && scaled(before, scalars);
  if (inner) {
    const both = scalars.make("mul", inner.scale, scale);
    if (isSafe(scalars.of(both)!)) return [{ ...statement, op: "mul", args: [inner.core, both] }];
  }
  return statement.op === "weigh" ? [{ ...statement, op: "mul" }] : undefined;
};

/** (x · s) · y is (x · y) · s, which the scales of what comes after join; unless x · s is there for others. */
const scaleLast: Rule = (statement, scalars, defined, readOnce) => {
  if (!isProduct(statement) || scaled(statement, scalars)) return undefined;
  for (const [one, y] of eitherOrder(statement)) {
    const before = readOnce.has(one.id) ? defined.get(one.id) : undefined;
    const inner = before && scaled(before, scalars);
    if (!inner) continue;
    const product = scalars.fresh();
    return [
      { ...statement, result: product, args: [inner.core, y] },
      { kind: "compute", result: statement.result, op: "mul", args: [product, inner.scale] },
    ];
  }
  return undefined;
};

/** min(|x|, d) · sign x is x, from −d to d. */
const limits: Rule = (statement, scalars, defined) => {
  if (!isProduct(statement)) return undefined;
  for (const [size, sign] of eitherOrder(statement)) {
    const [least, which] = [defined.get(size.id), defined.get(sign.id)];
    if (least?.op !== "min" || which?.op !== "sign") continue;
    const [x] = which.args;
    for (const [magnitude, limit] of eitherOrder(least)) {
      const from = defined.get(magnitude.id);
      const range = scalars.of(limit);
      if (from?.op !== "abs" || from.args[0].id !== x.id || !range || range.mayBeNaN || range.low < 0)
        continue;
      const below = scalars.fresh();
      return [
        { kind: "compute", result: below, op: "min", args: [x, limit] },
        { ...statement, op: "max", args: [below, scalars.make("neg", limit)] },
      ];
    }
  }
  return undefined;
};

const rules: readonly Rule[] = [limits, scaleLast, oneScale];

function inBody(
  list: readonly Statement[],
  scalars: Scalars,
  outside: Definitions,
  readOnce: ReadOnce,
): readonly Statement[] {
  const defined = new Map(outside);
  return list.flatMap((statement): readonly Statement[] => {
    if (statement.kind === "loop")
      return [{ ...statement, body: inBody(statement.body, scalars, defined, readOnce) }];
    if (statement.kind !== "compute") return [statement];
    let made: readonly Compute[] = [statement];
    for (const rule of rules) made = rule(statement, scalars, defined, readOnce) ?? made;
    for (const one of made) defined.set(one.result.id, one);
    return made;
  });
}

/** Without what nothing reads any more. */
function withoutDead(loop: Loop, read = valuesRead([loop])): Loop {
  const body = loop.body.map((statement) =>
    statement.kind === "loop" ? withoutDead(statement, read) : statement,
  );
  const live = body.filter((statement) => statement.kind !== "compute" || read.has(statement.result.id));
  const after = { ...loop, body: live };
  return live.length < body.length ? withoutDead(after) : after;
}

function readOnceIn(loop: Loop): ReadOnce {
  const [once, more] = [new Set<number>(), new Set<number>()];
  for (const statement of everyStatement([loop])) {
    // What a loop reads besides its folds, its statements read.
    const read = statement.kind === "loop" ? [{ ...statement, body: [] }] : [statement];
    const ids = statement.kind === "compute" ? statement.args.map(({ id }) => id) : valuesRead(read);
    for (const id of ids) (once.has(id) || statement.kind !== "compute" ? more : once).add(id);
  }
  for (const id of more) once.delete(id);
  return once;
}

/** An id that no value of the program has. */
function firstFree(body: readonly Statement[]): number {
  let next = 0;
  for (const statement of everyStatement(body)) {
    if ("result" in statement) next = Math.max(next, statement.result.id + 1);
    if (statement.kind === "loop")
      for (const { result } of statement.reductions) next = Math.max(next, result.id + 1);
  }
  return next;
}

export function regroup(kernel: Kernel, ranges: KnownRanges): Kernel {
  const scalars = new Scalars(ranges, firstFree(kernel.body));
  const body = kernel.body.flatMap((statement): readonly Statement[] => {
    scalars.note(statement);
    if (statement.kind !== "loop") return [statement];
    const before = scalars.added.length;
    const loop = { ...statement, body: inBody(statement.body, scalars, new Map(), readOnceIn(statement)) };
    return [...scalars.added.slice(before), withoutDead(loop)];
  });
  return { ...kernel, body };
}
