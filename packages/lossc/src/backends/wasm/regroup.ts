// Products and limits of a kernel's loops are grouped anew, now that it is known what its parameters may be.
// In: a loop program and the ranges of its parameters. Out: one with the same meaning and fewer instructions.
//
// Lowering cannot do it: the reciprocals of two parameters may overflow where each is fine, and a limit may be negative.

import type { Compute, Kernel, Loop, Statement, Value } from "../../passes/lower/ir.ts";
import { exactly, type Range, rangeOf } from "../../passes/ranges.ts";
import { everyStatement } from "./layout.ts";
import { type KnownRanges, noteRead } from "./shared.ts";

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
    const args: Range[] = [];
    for (let i = 0; i < statement.args.length; i++) {
      const arg = this.#ranges.get(statement.args[i].id);
      if (!arg) return undefined;
      args.push(arg);
    }
    return rangeOf(statement.op, args);
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
/** Gives what a product or a sum becomes; nothing where the rule does not apply. */
type Rule = (
  statement: Compute,
  scalars: Scalars,
  defined: Definitions,
  reads: Reads,
) => readonly Compute[] | undefined;

const isProduct = ({ op }: Compute): boolean => op === "mul" || op === "weigh";

/** Which of a product's arguments is a safe scalar that scales the other, its core: the second where both could be. */
function scaleOf({ args }: Compute, scalars: Scalars): 0 | 1 | undefined {
  for (const place of [1, 0] as const) {
    const range = scalars.of(args[place]);
    if (range && isSafe(range) && !scalars.of(args[1 - place])) return place;
  }
  return undefined;
}

/** (x · s) · t is x · (s t); nothing weighs more than a plain product where neither is 0 or infinite. */
const oneScale: Rule = (statement, scalars, defined) => {
  const outer = scaleOf(statement, scalars);
  if (outer === undefined) return undefined;
  const before = productBefore(statement.args[1 - outer], defined);
  const inner = before && scaleOf(before, scalars);
  if (before && inner !== undefined) {
    const both = scalars.make("mul", before.args[inner], statement.args[outer]);
    if (isSafe(scalars.of(both)!)) return [{ ...statement, op: "mul", args: [before.args[1 - inner], both] }];
  }
  return statement.op === "weigh" ? [{ ...statement, op: "mul" }] : undefined;
};

/** (x · s) · y is (x · y) · s, which the scales of what comes after join; unless x · s is there for others. */
const scaleLast: Rule = (statement, scalars, defined, reads) => {
  if (scaleOf(statement, scalars) !== undefined) return undefined;
  for (const place of [0, 1] as const) {
    const one = statement.args[place];
    const before = isReadOnce(reads, one) ? productBefore(one, defined) : undefined;
    const inner = before && scaleOf(before, scalars);
    if (!before || inner === undefined) continue;
    const product = scalars.fresh();
    return [
      { ...statement, result: product, args: [before.args[1 - inner], statement.args[1 - place]] },
      { kind: "compute", result: statement.result, op: "mul", args: [product, before.args[inner]] },
    ];
  }
  return undefined;
};

/** The product that a value is, if it is one. */
function productBefore({ id }: Value, defined: Definitions): Compute | undefined {
  const before = defined.get(id);
  return before && isProduct(before) ? before : undefined;
}

/** What clips the size of x: a number of at least 0. */
interface Limit {
  readonly x: Value;
  readonly limit: Value;
}
/** The x and d of min(|x|, d). */
function limitOf({ id }: Value, scalars: Scalars, defined: Definitions): Limit | undefined {
  const least = defined.get(id);
  if (least?.op !== "min") return undefined;
  for (const side of [0, 1] as const) {
    const size = defined.get(least.args[side].id);
    const limit = least.args[1 - side];
    const range = scalars.of(limit);
    if (size?.op === "abs" && range && !range.mayBeNaN && range.low >= 0) return { x: size.args[0], limit };
  }
  return undefined;
}
/** x, from −d to d. */
function clipped({ x, limit }: Limit, scalars: Scalars, result: Value): readonly Compute[] {
  const below = scalars.fresh();
  return [
    { kind: "compute", result: below, op: "min", args: [x, limit] },
    { kind: "compute", result, op: "max", args: [below, scalars.make("neg", limit)] },
  ];
}

/** min(|x|, d) · sign x is x, clipped. */
const limits: Rule = ({ args, result }, scalars, defined) => {
  for (const place of [0, 1] as const) {
    const which = defined.get(args[1 - place].id);
    const found = which?.op === "sign" ? limitOf(args[place], scalars, defined) : undefined;
    if (found && found.x.id === which!.args[0].id) return clipped(found, scalars, result);
  }
  return undefined;
};

/** ½ m² + d (|x| − m), m = min(|x|, d), the area below what clips x, is c (x − ½ c), where c is x, clipped. */
const area: Rule = ({ args, result }, scalars, defined) => {
  const [half, rest] = args.map(({ id }) => defined.get(id));
  const share = half?.op === "mul" ? scalars.of(half.args[0]) : undefined;
  if (share?.low !== 0.5 || share.high !== 0.5 || rest?.op !== "mul") return undefined;
  const [square, beyond] = [defined.get(half!.args[1].id), defined.get(rest.args[0].id)];
  const found = square?.op === "square" ? limitOf(square.args[0], scalars, defined) : undefined;
  if (!found || beyond?.op !== "sub" || beyond.args[1].id !== square!.args[0].id) return undefined;
  const size = defined.get(beyond.args[0].id);
  if (size?.op !== "abs" || size.args[0].id !== found.x.id || rest.args[1].id !== found.limit.id)
    return undefined;
  const [clip, part, left] = [scalars.fresh(), scalars.fresh(), scalars.fresh()];
  return [
    ...clipped(found, scalars, clip),
    { kind: "compute", result: part, op: "mul", args: [half!.args[0], clip] },
    { kind: "compute", result: left, op: "sub", args: [found.x, part] },
    { kind: "compute", result, op: "mul", args: [clip, left] },
  ];
};

/** What a list becomes. No two rules apply to the same statement. */
function regroupBody(
  list: readonly Statement[],
  scalars: Scalars,
  defined: Map<number, Compute>,
  reads: Reads,
): Statement[] {
  const made: Statement[] = [];
  for (let i = 0; i < list.length; i++) {
    const statement = list[i];
    // What is computed once before a loop stays one factor in it.
    if (statement.kind === "loop")
      made.push({ ...statement, body: regroupBody(statement.body, scalars, new Map(), reads) });
    else if (statement.kind === "compute" && (isProduct(statement) || statement.op === "add")) {
      const rule =
        statement.op === "add"
          ? area(statement, scalars, defined, reads)
          : (oneScale(statement, scalars, defined, reads) ??
            scaleLast(statement, scalars, defined, reads) ??
            limits(statement, scalars, defined, reads));
      for (const one of rule ?? [statement]) {
        defined.set(one.result.id, one);
        made.push(one);
      }
    } else {
      if (statement.kind === "compute") defined.set(statement.result.id, statement);
      made.push(statement);
    }
  }
  return made;
}

/** Without what nothing reads any more: values are read after they are made, so what comes last is looked at first. */
function withoutDead(loop: Loop, read = new Set<number>()): Loop {
  noteRead(loop, read);
  const live: Statement[] = [];
  for (let i = loop.body.length - 1; i >= 0; i--) {
    const statement = loop.body[i];
    if (statement.kind === "loop") live.push(withoutDead(statement, read));
    else if (statement.kind !== "compute" || read.has(statement.result.id)) {
      noteRead(statement, read);
      live.push(statement);
    }
  }
  return { ...loop, body: live.reverse() };
}

/** How values are read, and the first number that none has. */
interface Reads {
  readonly byComputed: readonly number[];
  readonly byOthers: ReadonlySet<number>;
  readonly next: number;
}

function readsIn(body: readonly Statement[]): Reads {
  const byComputed: number[] = [];
  const byOthers = new Set<number>();
  let next = 0;
  for (const statement of everyStatement(body)) {
    if ("result" in statement) next = Math.max(next, statement.result.id + 1);
    if (statement.kind === "loop")
      for (const { result } of statement.reductions) next = Math.max(next, result.id + 1);
    if (statement.kind === "compute") {
      for (const { id } of statement.args) byComputed[id] = (byComputed[id] ?? 0) + 1;
    } else noteRead(statement, byOthers);
  }
  return { byComputed, byOthers, next };
}

/** Whether one computed value reads it, and nothing else. */
const isReadOnce = ({ byComputed, byOthers }: Reads, { id }: Value): boolean =>
  byComputed[id] === 1 && !byOthers.has(id);

export function regroup(kernel: Kernel, ranges: KnownRanges): Kernel {
  const reads = readsIn(kernel.body);
  const scalars = new Scalars(ranges, reads.next);
  const body: Statement[] = [];
  for (const statement of kernel.body) {
    scalars.note(statement);
    if (statement.kind !== "loop") {
      body.push(statement);
      continue;
    }
    const before = scalars.added.length;
    const loop = { ...statement, body: regroupBody(statement.body, scalars, new Map(), reads) };
    body.push(...scalars.added.slice(before), withoutDead(loop));
  }
  return { ...kernel, body };
}
