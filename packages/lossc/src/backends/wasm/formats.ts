// What float32 and float64 vectors differ in, and how their lanes are put in another order.

import type { Precision } from "../../passes/ranges.ts";
import { shuffleOf } from "./assembler.ts";
import { type Instruction, instructionsOf } from "./instructions.ts";

export interface Format {
  readonly shape: "f32x4" | "f64x2";
  /** Instructions of numbers, and of the same bits as integers. */
  readonly ops: Readonly<Record<string, Instruction>>;
  readonly integers: Readonly<Record<string, Instruction>>;
  readonly width: 4 | 2;
  /** Bytes of a number. */
  readonly size: 4 | 8;
  readonly mantissaBits: 23 | 52;
  readonly bias: 127 | 1023;
}
export const formats: Readonly<Record<Precision, Format>> = {
  float32: {
    shape: "f32x4",
    ops: instructionsOf("f32x4"),
    integers: instructionsOf("i32x4"),
    width: 4,
    size: 4,
    mantissaBits: 23,
    bias: 127,
  },
  float64: {
    shape: "f64x2",
    ops: instructionsOf("f64x2"),
    integers: instructionsOf("i64x2"),
    width: 2,
    size: 8,
    mantissaBits: 52,
    bias: 1023,
  },
};

export const lowHalves = shuffleOf([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
export const highHalves = shuffleOf([8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]);
const shuffles = new Map<number, readonly number[]>();
/** The code that puts the lanes of two vectors in an order, of so many bytes each: the same list each time. */
export function shuffleOfLanes(order: readonly number[], size: number): readonly number[] {
  let key = size;
  for (const index of order) key = key * 8 + index;
  let code = shuffles.get(key);
  if (!code) {
    code = shuffleOf(order.flatMap((index) => Array.from({ length: size }, (_, i) => index * size + i)));
    shuffles.set(key, code);
  }
  return code;
}
