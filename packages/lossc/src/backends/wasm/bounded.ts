// What the elements of a row would ask one after the other, asked once before its loop: whether a number that all of them
// meet, such as the row's largest, is ∞. Where it is not, ops take no care of ∞ − ∞.

import type { Loop } from "../../passes/lower/ir.ts";
import { make, type Node } from "./assembler.ts";
import { caresForInfinite } from "./ops.ts";
import type { Known, Writer } from "./writer.ts";

export interface Bounded {
  /** An i32: whether all the numbers are below ∞. */
  readonly isTrue: Node;
  /** Writes what runs only where they are. */
  within(write: () => void): void;
}

/** The numbers from outside that a body takes care of for being ∞; nothing where there are none. */
export function boundedIn({ v, known }: Writer, { body }: Loop): Bounded | undefined {
  const found = new Map<number, Known>();
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    const place = statement.kind === "compute" ? caresForInfinite[statement.op] : undefined;
    if (statement.kind !== "compute" || place === undefined) continue;
    const { id } = statement.args[place];
    const number = known.get(id);
    if (number && number.range.high === Number.POSITIVE_INFINITY) found.set(id, number);
  }
  if (found.size === 0) return undefined;
  const infinity = v.constant(Number.POSITIVE_INFINITY);
  const masks = [...found.values()].map(({ nodes }) => v.lt(nodes[0], infinity));
  return {
    isTrue: make("v128.any_true", [masks.reduce((a, b) => v.and(a, b))]),
    within(write) {
      for (const [id, number] of found)
        known.set(id, { ...number, range: { ...number.range, high: Number.MAX_VALUE } });
      write();
      for (const [id, number] of found) known.set(id, number);
    },
  };
}
