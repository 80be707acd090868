// Rows are asked for one ahead. A row's first loop does little but wait for memory, and a later one computes while memory is
// idle: there the next sample's rows are touched, a number of each cache line, and the first loop finds them in the cache.

import type { Buffer, Loop, Statement } from "../../passes/lower/ir.ts";
import { i32, load, make, type Node, select } from "./assembler.ts";
import { everyStatement } from "./layout.ts";
import { isVectorisable, lengthOf } from "./shared.ts";
import type { Writer } from "./writer.ts";

/** Bytes that come from memory together. */
const LINE = 64;

/** What a loop over a row touches of the next one. */
export interface Ahead {
  readonly loop: Loop;
  /** Where the next sample's rows begin, or this one's again where it is the last. */
  readonly rows: readonly Node[];
}

/** Of a loop over samples the busiest inner loop, with the rows that it may touch. */
export function aheadOf(w: Writer, { role, axis, body }: Loop, index: Node, end: Node): Ahead | undefined {
  const inner = body.filter((statement) => statement.kind === "loop" && isVectorisable(statement)) as Loop[];
  if (role !== "samples" || inner.length === 0) return undefined;
  const [busiest] = [...inner].sort((a, b) => lengthOf(b) - lengthOf(a));
  const isRow = (statement: Statement): statement is Statement & { kind: "load" } =>
    statement.kind === "load" &&
    statement.buffer.role === "input" &&
    statement.buffer.axes.length === 2 &&
    statement.at[0] === axis &&
    statement.at[1] === busiest.axis;
  const buffers = new Set<Buffer>(
    everyStatement(body)
      .filter(isRow)
      .map(({ buffer }) => buffer),
  );
  if (buffers.size === 0) return undefined;
  const { f } = w;
  const next = f.let(make("i32.add", [index, i32(1)]));
  const sample = f.let(select(make("i32.lt_s", [next, end]), next, index));
  const bytes = make("i32.mul", [w.size(busiest.axis), i32(w.memory.elementSize)]);
  const offset = f.let(make("i32.mul", [sample, bytes]));
  const rows = [...buffers].map((buffer) => f.let(make("i32.add", [w.start(buffer), offset])));
  return { loop: busiest, rows };
}

/** Touches the lines of `count` numbers from an index on. A load may trap, so it is made though nothing comes of it. */
export function touch({ f, memory }: Writer, { rows }: Ahead, index: Node, count: number): void {
  const bytes = make("i32.shl", [index, i32(memory.elementSize === 4 ? 2 : 3)]);
  for (const row of rows) {
    const address = make("i32.add", [row, bytes]);
    for (let at = 0; at < count * memory.elementSize; at += LINE) f.let(load("i32.load", address, at));
  }
}
