// A choice at one place of a row. Where copies of a loop's body stand side by side, the place is in one block of many: what a
// loop folds is folded without the choice, and with it in a branch that a row takes once.
//
// Comparing the index in every lane takes four instructions a vector, a tenth of a cross-entropy.

import type { Compute, Loop, Value } from "../../passes/lower/ir.ts";
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
  const computed = body.filter((statement) => statement.kind === "compute");
  const inside = new Set(body.flatMap((statement) => ("result" in statement ? [statement.result.id] : [])));
  const isIndex = ({ id }: Value): boolean =>
    body.some(
      (statement) => statement.kind === "index" && statement.axis === axis && statement.result.id === id,
    );
  const places = new Map<number, Node>();
  for (const { op, args, result } of computed) {
    const [index, place] = args;
    if (op !== "eq" || !isIndex(index) || place.type !== "int" || inside.has(place.id)) continue;
    const first = lane(`${v.format.shape}.extract_lane`, [w.number(place, 0)], 0);
    places.set(
      result.id,
      make(v.precision === "float32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s", [first]),
    );
  }
  const found = new Map<number, Choice>();
  for (const { op, args, result } of computed as readonly Compute[]) {
    const place = op === "where" && result.type !== "bool" ? places.get(args[0].id) : undefined;
    if (place) found.set(result.id, { place, others: args[2] });
  }
  return found;
}

/** Whether the place is in the block that begins at `index`. */
export const isInBlock = (place: Node, index: Node, length: number): Node =>
  make("i32.lt_u", [make("i32.sub", [place, index]), i32(length)]);
