// Arithmetic of addresses and indices.

import { applied, i32, make, type Node, select } from "./assembler.ts";
import { instructionsOf } from "./instructions.ts";

const { add, sub, mul } = instructionsOf("i32");
export const plus = (a: Node, b: Node): Node => applied(add, [a, b]);
export const minus = (a: Node, b: Node): Node => applied(sub, [a, b]);
export const times = (a: Node, b: Node): Node => applied(mul, [a, b]);
export const least = (a: Node, b: Node): Node => select(make("i32.lt_s", [a, b]), a, b);
/** A number that is known now, or one that is computed. */
export type Amount = number | Node;
export const asNode = (amount: Amount): Node => (typeof amount === "number" ? i32(amount) : amount);
/** So many times a node. */
export function multiple(node: Node, amount: Amount): Node {
  if (typeof amount !== "number") return times(node, amount);
  const shift = Math.log2(amount);
  if (shift === 0) return node;
  return Number.isInteger(shift) ? make("i32.shl", [node, i32(shift)]) : times(node, i32(amount));
}
/** Numbers of 4 or 8 bytes as bytes. */
export const bytesOf = (count: Node, size: number): Node => make("i32.shl", [count, i32(size === 4 ? 2 : 3)]);
