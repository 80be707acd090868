// A choice at one place of a row. Where copies of a loop's body stand side by side, the place is in one block of many: what a
// loop folds is folded without the choice, and with it in a branch that a row takes once.
//
// Comparing the index in every lane takes four instructions a vector, a tenth of a cross-entropy.

import type { Loop, Value } from "../../passes/lower/ir.ts";
import { i32, lane, make, type Node } from "./assembler.ts";
import type { Writer } from "./writer.ts";

/** A value that differs from `others` at one place of the loop, an i32. */
export interface Choice {
  readonly place: Node;
  readonly others: Value;
}

/** The choices among a loop's values, by their numbers: iota = place ? … : others, with a place that is the same for all
 * of the loop. */
export function choicesIn(w: Writer, { axis, body }: Loop): Map<number, Choice> {
  const { v } = w;
  const found = new Map<number, Choice>();
  const inside = new Set<number>();
  const indices = new Set<number>();
  for (const statement of body) {
    if (!("result" in statement)) continue;
    inside.add(statement.result.id);
    if (statement.kind === "index" && statement.axis === axis) indices.add(statement.result.id);
  }
  if (indices.size === 0) return found;
  const places = new Map<number, Node>();
  for (const statement of body) {
    if (statement.kind !== "compute") continue;
    const { op, args, result } = statement;
    if (op === "eq" && indices.has(args[0].id) && args[1].type === "int" && !inside.has(args[1].id)) {
      const first = lane(`${v.format.shape}.extract_lane`, [w.number(args[1], 0)], 0);
      places.set(
        result.id,
        make(v.precision === "float32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s", [first]),
      );
    }
    const place = op === "where" && result.type !== "bool" ? places.get(args[0].id) : undefined;
    if (place) found.set(result.id, { place, others: args[2] });
  }
  return found;
}

/** Whether the place is in the block that begins at `index`. */
export const isInBlock = (place: Node, index: Node, length: number): Node =>
  make("i32.lt_u", [make("i32.sub", [place, index]), i32(length)]);
