// How each statement of a loop program is written: one row per kind.

import type { Buffer } from "../../passes/lower/ir.ts";
import { computedRange, type Range, truth } from "../../passes/ranges.ts";
import { i32, lane, make, type Node } from "./assembler.ts";
import { contract } from "./contract.ts";
import { toLanes } from "./lanefolds.ts";
import { writeLoop } from "./loops.ts";
import { type Argument, rows } from "./ops.ts";
import { quantile } from "./quantile.ts";
import { rowRoutines } from "./rows.ts";
import type { Known, StatementRows } from "./writer.ts";

const masks = new Set(["and", "or", "not"]);

export const statements: StatementRows = {
  constant: (w, { result, value }) => w.constant(result, value),
  size: (w, { result, axis }) => {
    const range = { low: 1, high: 2 ** 32, mayBeNaN: false };
    w.set(result.id, w.f.let(w.scalarToLanes(w.size(axis))), "int", range);
  },
  param: (w, { result, name }) => {
    const value = w.shared.constants.get(result.id);
    if (value !== undefined) return w.constant(result, value);
    w.set(
      result.id,
      w.fromSlot(w.shared.layout.params.get(name)!),
      "float",
      w.shared.rangeOfParam(name, w.v.precision),
    );
  },
  index: (w, { result, axis }) => {
    if (w.lanes) {
      const { lanes } = w;
      w.define(result, (copy) => lanes.column(copy));
      return;
    }
    const index = w.vector?.axis === axis ? w.vector.index : w.open.get(axis)!;
    w.define(result, (copy) => w.indexVector(index, copy));
  },
  compute: (w, { result, op, args }) => {
    const value = w.shared.constants.get(result.id);
    if (value !== undefined) return w.constant(result, value);
    const count = args.length;
    const known = new Array<Known>(count);
    const facts = new Array<Argument>(count);
    const ranges = new Array<Range>(count);
    for (let i = 0; i < count; i++) {
      const arg = w.find(args[i]);
      known[i] = arg;
      facts[i] = arg.type === "bool" ? { constant: arg.constant, range: truth } : arg;
      ranges[i] = facts[i].range;
    }
    // How many arguments, from the first on, are wanted as masks.
    const masked = masks.has(op) ? count : op !== "where" ? 0 : result.type === "bool" ? count : 1;
    const { copies, v } = w;
    const nodes = new Array<Node>(copies);
    const given = new Array<Node>(count);
    for (let copy = 0; copy < copies; copy++) {
      for (let i = 0; i < count; i++)
        given[i] = i < masked ? w.maskOf(known[i], copy) : w.numberOf(known[i], copy);
      nodes[copy] = rows[op](v, given[0], given[1], given[2], facts);
    }
    w.known.set(result.id, {
      nodes,
      type: result.type,
      range: computedRange(result.id, op, ranges, v.precision),
    });
    // Copies side by side: engines that keep the order of instructions would write one after the other. In float32 lanes the
    // processor sees far enough ahead to overlap them all the same.
    if (copies > 1 && v.precision === "float64") for (const node of nodes) w.f.compute(node);
  },
  load: (w, statement) => w.memory.load(statement),
  store: (w, statement) => w.memory.store(statement),
  accumulate: (w, statement) => w.memory.store(statement),
  clear: (w, { buffer }) => w.memory.clear(buffer),
  loop: (w, loop) => {
    const { start, end } = w.range(loop.axis);
    const accumulators = w.lanes ? w.lanes.loop(loop) : writeLoop(w, loop, start, end);
    for (const [i, { result }] of loop.reductions.entries()) {
      w.set(result.id, accumulators[i].result(), result.type);
    }
  },
  contract: (w, statement) => contract(w, statement),
  routine: (w, { result, row, args }) => {
    const first = lane(`${w.v.format.shape}.extract_lane`, [w.number(args[0], 0)], 0);
    const q = w.f.let(w.v.precision === "float32" ? make("f64.promote_f32", [first]) : first);
    const found = quantile(w.f, w.start(row), w.size(row.axes[0]), q, w.memory.elementSize);
    w.set(result.id, w.f.let(toLanes(w.v, found)), result.type);
  },
  row: (w, { name, row, to, spare }) => {
    const at = (buffer: Buffer | undefined): Node => (buffer ? w.start(buffer) : i32(0));
    const rowAt = { row: at(row), to: at(to), spare: at(spare), count: w.size(row.axes[0]) };
    rowRoutines[name](w.f, rowAt, w.memory.elementSize);
  },
};
