// Arithmetic of addresses and indices.

import { applied, i32, make, type Node, select } from "./assembler.ts";
import { instructionsOf } from "./instructions.ts";

const { add, sub, mul } = instructionsOf("i32");
export const plus = (a: Node, b: Node): Node => applied(add, [a, b]);
export const minus = (a: Node, b: Node): Node => applied(sub, [a, b]);
export const times = (a: Node, b: Node): Node => applied(mul, [a, b]);
export const least = (a: Node, b: Node): Node => select(make("i32.lt_s", [a, b]), a, b);
/** Numbers of 4 or 8 bytes as bytes, and back. */
export const bytesOf = (count: Node, size: number): Node => make("i32.shl", [count, i32(size === 4 ? 2 : 3)]);
export const countOf = (bytes: Node, size: number): Node =>
  make("i32.shr_s", [bytes, i32(size === 4 ? 2 : 3)]);
