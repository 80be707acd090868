// How loops are written: lane by lane with copies of the body, in tiles, or one index after the other.

import type { Loop, Reduction, Statement, Value } from "../../passes/lower/ir.ts";
import { aheadOf, touch } from "./ahead.ts";
import { f64, i32, make, type Node, select, type Variable } from "./assembler.ts";
import { boundedIn } from "./bounded.ts";
import { type Accumulator, accumulatorsOf, type Row } from "./folds.ts";
import { isSingle } from "./layout.ts";
import { type Choice, choicesIn, isInBlock } from "./onehot.ts";
import { isVectorisable } from "./shared.ts";
import type { Access, Writer } from "./writer.ts";

const add = (a: Node, b: Node): Node => make("i32.add", [a, b]);

/** The loop, and its accumulators; their results are known after it. `finish` stores them and tells whether all are
 * finite. */
export function writeLoop(
  w: Writer,
  loop: Loop,
  start: Node,
  end: Node,
  finish?: (accumulators: readonly Accumulator[]) => Node,
): Accumulator[] {
  const { f, v } = w;
  const isVector = !w.vector && isVectorisable(loop);
  const copies = isVector ? w.shared.copies(loop) : 1;
  // What only reads and writes may be done twice: fast, and again with care where a sum overflowed.
  const check = finish ?? (loop.role === "inner" ? sumsAreFinite : undefined);
  const mayOverflow =
    check !== undefined &&
    copies > 1 &&
    v.precision === "float32" &&
    loop.reductions.some(({ fold }) => fold === "sum") &&
    isRepeatable(loop);
  const site = {
    f,
    v,
    copies,
    isVector,
    mayOverflow,
    ...(isVector && { rowOf: (value: Value) => rowOf(w, loop, value, start, end) }),
  };
  const accumulators = accumulatorsOf(site, loop.reductions);
  if (isVector) {
    const isChecked = vectorised(w, loop, start, end, copies, accumulators, mayOverflow ? check : undefined);
    if (!isChecked) finish?.(accumulators);
    return accumulators;
  }
  if (loop.block !== undefined) {
    f.for(start, end, loop.block, (first) => {
      const after = f.let(add(first, i32(loop.block!)));
      w.tiles.set(loop.axis, {
        start: first,
        end: f.let(select(make("i32.lt_s", [after, end]), after, end)),
      });
      w.places.within(() => w.list(loop.body));
      feed(w, loop.reductions, accumulators, () => w.scalarToLanes(first));
    });
    w.tiles.delete(loop.axis);
  } else {
    f.for(start, end, 1, (index) => {
      w.open.set(loop.axis, index);
      w.ahead = aheadOf(w, loop, index, end);
      w.places.within(() => w.list(loop.body));
      feed(w, loop.reductions, accumulators, () => w.indexVector(index, 0));
    });
    w.open.delete(loop.axis);
  }
  finish?.(accumulators);
  return accumulators;
}

/** Whether a loop's iterations may be done again: none reads what another run of it wrote. */
function isRepeatable({ body }: Loop): boolean {
  const written = new Set(
    body.flatMap((statement) => (statement.kind === "store" ? [statement.buffer] : [])),
  );
  return body.every(
    (statement) =>
      statement.kind !== "accumulate" && (statement.kind !== "load" || !written.has(statement.buffer)),
  );
}

const sumsAreFinite = (accumulators: readonly Accumulator[]): Node => {
  const sums = accumulators.filter(({ mayHaveOverflowed }) => mayHaveOverflowed?.());
  return areFinite(sums.flatMap((sum) => sum.cells()));
};
/** Of float64 scalars. */
export const areFinite = (cells: readonly Node[]): Node =>
  cells
    .map((cell) => make("f64.eq", [make("f64.sub", [cell, cell]), f64(0)]))
    .reduce((a, b) => make("i32.and", [a, b]), i32(1));

/** How the row that an inner loop loads is read again. */
function rowOf(w: Writer, loop: Loop, value: Value, start: Node, end: Node): Row | undefined {
  if (loop.role !== "inner" || w.tiles.has(loop.axis)) return undefined;
  const load = loop.body.find((statement) => statement.kind === "load" && statement.result.id === value.id);
  if (load?.kind !== "load" || value.type === "bool" || isSingle(load.buffer)) return undefined;
  const access = w.memory.access(load.buffer, load.at, loop);
  if (access.kind !== "consecutive") return undefined;
  const shift = i32(w.memory.elementSize === 4 ? 2 : 3);
  const read = (index: Node, vector: number): Node =>
    w.memory.loadVector(add(access.address, make("i32.shl", [index, shift])), vector);
  return { start, end, read };
}

/** `finish` is there where a sum may have overflowed: then all is done again, lane by lane of the masked vectors. Gives
 * whether it was asked. */
function vectorised(
  w: Writer,
  loop: Loop,
  start: Node,
  end: Node,
  copies: number,
  accumulators: readonly Accumulator[],
  finish?: (accumulators: readonly Accumulator[]) => Node,
): boolean {
  const { f, v } = w;
  const accesses = new Map<Statement, Access>();
  for (const statement of loop.body) {
    if (statement.kind !== "load" && statement.kind !== "store" && statement.kind !== "accumulate") continue;
    if (!isSingle(statement.buffer))
      accesses.set(statement, w.memory.access(statement.buffer, statement.at, loop));
  }
  const span = copies * v.width;
  const choices = copies > 1 ? choicesIn(w, loop) : undefined;
  const body = (index: Variable, count: number, mask?: Node): void => {
    w.vector = {
      axis: loop.axis,
      index,
      end,
      copies: count,
      accesses,
      groups: new Map(),
      ...(mask && { mask }),
    };
    w.list(loop.body);
    w.memory.storeQuads();
    feed(w, loop.reductions, accumulators, (copy) => w.indexVector(index, copy), mask, choices);
    w.vector = undefined;
  };
  let rest = start;
  // A body that is too long for copies is written once: beside it a mask costs nothing.
  if (!w.shared.isLong(loop)) {
    const left = make("i32.rem_u", [make("i32.sub", [end, start]), i32(span)]);
    const whole = f.let(make("i32.sub", [end, left]));
    const write = (): void =>
      f.for(start, rest, span, (index) => {
        body(index, copies);
        if (w.ahead?.loop === loop) touch(w, w.ahead, index, span);
      });
    const bounded = boundedIn(w, loop);
    rest = bounded ? f.let(select(bounded.isTrue, whole, start)) : whole;
    if (bounded) bounded.within(write);
    else write();
    // The rows of an inner loop are often short: what is left is done in whole vectors before the masked one.
    if (copies > 1 && loop.role === "inner") {
      const from = rest;
      rest = f.let(add(from, make("i32.and", [make("i32.sub", [end, from]), i32(-v.width)])));
      f.for(from, rest, v.width, (index) => body(index, 1));
    }
  }
  const masked = (from: Node): void =>
    f.for(from, end, v.width, (index) => {
      const left = w.scalarToLanes(make("i32.sub", [end, index]));
      const mask = f.let(v.gt(left, v.vector(Array.from({ length: v.width }, (_, i) => i))));
      body(index, 1, mask);
    });
  if (!finish || !accumulators.some(({ mayHaveOverflowed }) => mayHaveOverflowed?.())) {
    masked(rest);
    return false;
  }
  const from = f.variable("i32", rest);
  const again = f.variable("i32", i32(0));
  f.repeat(() => {
    masked(from);
    const isFirst = make("i32.eqz", [again]);
    f.set(again, make("i32.and", [isFirst, make("i32.eqz", [finish(accumulators)])]));
    f.if(again, () => {
      for (const accumulator of accumulators) accumulator.reset?.();
      f.set(from, start);
    });
    return again;
  });
  return true;
}

/** Gives each accumulator what the copies of the body made. What is chosen at one place is looked at where that place is in
 * this block. */
function feed(
  w: Writer,
  reductions: readonly Reduction[],
  accumulators: readonly Accumulator[],
  index: (copy: number) => Node,
  mask?: Node,
  choices?: ReadonlyMap<number, Choice>,
): void {
  const add = (i: number, value: Value): void => {
    const { range } = w.find(reductions[i].value);
    const terms = w.numbers(value).map((x, copy) => ({ x, range, index: () => index(copy) }));
    accumulators[i].add(terms, mask);
  };
  const later = new Map<Node, number[]>();
  for (let i = 0; i < reductions.length; i++) {
    const { value } = reductions[i];
    const choice = w.copies > 1 ? choices?.get(value.id) : undefined;
    if (choice) later.set(choice.place, [...(later.get(choice.place) ?? []), i]);
    else add(i, value);
  }
  for (const [place, chosen] of later) {
    const each = (value: (i: number) => Value) => () => {
      for (const i of chosen) add(i, value(i));
    };
    w.f.if(
      isInBlock(place, w.vector!.index, w.copies * w.v.width),
      each((i) => reductions[i].value),
      each((i) => choices!.get(reductions[i].value.id)!.others),
    );
  }
}
