// The loop program: what lowering makes of a program's expressions and what every kernel printer prints.
//
// Meaning:
// - A kernel is a tree of statements run in order. A statement that has a `result` defines that value once for the
//   rest of its own statement list and everything nested below it; values never change (SSA).
// - A loop runs its body once for each index of its axis. What its `reductions` fold over the iterations is defined
//   after the loop, in the list the loop stands in. Nothing else a body defines is seen outside.
// - Buffers are dense and row-major over their axes. `at` has one place per axis of the buffer: the name of an open
//   loop's axis (a second name such as `m` of `n` may stand where the buffer has `n`), a fixed number, or an
//   integer value (a lookup).
// - Sizes are symbolic: one kernel serves all shapes. Axes of a fixed size are unrolled and have no loop.
// - Value types are those of the language. A truth value used where a number is expected counts as 0 or 1; an
//   integer used where a float is expected is that number.
// - A loop at the top with role "samples" may be cut into blocks and run by several threads: its iterations share
//   nothing but its reductions, and no two write the same element. A printer folds each fixed-size block by itself,
//   sums in float64, and combines blocks in their order, so that the bits do not depend on threads.
//   A "serial" loop adds into the same elements from several iterations (`accumulate`): one thread, in order.
// - A loop with a `block` runs over tiles of its axis, of up to so many indices: inside it a loop over the same axis runs
//   over the current tile, and buffers with `tiled` on that axis hold one tile only.
// - A loop at the top with role "tiles" takes one tile after the other, and its body is like a kernel's: each loop in it that
//   is "samples" is a phase of the tile that several threads may run. Its reductions are sums.

import type { ValueType } from "../../language/ops.ts";
import type { ElementwiseName } from "./opNames.ts";

export interface Value {
  readonly id: number;
  readonly type: ValueType;
}

/** Where along one axis of a buffer. */
export type Place = string | number | Value;

export type BufferRole =
  | "input" //     given, read only
  | "param" //     a parameter with one number per element of its axes, read only
  | "output" //    asked for; those without axes are single numbers
  | "temporary" // written before it is read, seen by all threads; smaller than the inputs
  | "scratch"; //  a row for the current sample or tile: each thread has its own

export interface Buffer {
  readonly name: string;
  readonly role: BufferRole;
  readonly type: ValueType;
  /** Names of axes, outermost first. */
  readonly axes: readonly string[];
  /** Axes along which it holds one tile only. */
  readonly tiled?: readonly string[];
  /** Of scratch: the buffer whose row it holds. */
  readonly rowOf?: Buffer;
}

export type Fold = "sum" | "max" | "min" | "argmax" | "argmin" | "norm";

export interface Reduction {
  readonly result: Value;
  readonly fold: Fold;
  /** Defined in the loop's body. */
  readonly value: Value;
}

export type LoopRole = "samples" | "serial" | "tiles" | "within" | "inner";

export type Statement =
  | { readonly kind: "constant"; readonly result: Value; readonly value: number }
  /** How long an axis is. */
  | { readonly kind: "size"; readonly result: Value; readonly axis: string }
  /** A parameter that is one number. */
  | { readonly kind: "param"; readonly result: Value; readonly name: string }
  /** The index of the open loop over the axis. */
  | { readonly kind: "index"; readonly result: Value; readonly axis: string }
  | Compute
  | { readonly kind: "load"; readonly result: Value; readonly buffer: Buffer; readonly at: readonly Place[] }
  | { readonly kind: "store"; readonly buffer: Buffer; readonly at: readonly Place[]; readonly value: Value }
  /** Adds to an element. */
  | {
      readonly kind: "accumulate";
      readonly buffer: Buffer;
      readonly at: readonly Place[];
      readonly value: Value;
    }
  /** Fills a buffer with 0. */
  | { readonly kind: "clear"; readonly buffer: Buffer }
  | Loop
  | Contract
  | Routine
  | RowRoutine;

/** A row of the ops table, by its scalar meaning. */
export interface Compute {
  readonly kind: "compute";
  readonly result: Value;
  readonly op: ElementwiseName;
  readonly args: readonly Value[];
}

export interface Loop {
  readonly kind: "loop";
  readonly axis: string;
  readonly role: LoopRole;
  /** Runs over tiles of so many indices; the body has "within" loops. */
  readonly block?: number;
  readonly body: readonly Statement[];
  readonly reductions: readonly Reduction[];
}

/** to[rows, columns] (+)= Σ over `over` of left · right, of (left − right)², or the root of that, for the current tiles.
 *
 * The one statement with a register-tiled kernel of its own; operands are plain buffers. */
export interface Contract {
  readonly kind: "contract";
  readonly of: "product" | "squaredDifference" | "distance";
  readonly rows: string;
  readonly columns: string;
  readonly over: string;
  readonly left: Operand; //   has `rows` and `over`
  readonly right: Operand; //  has `columns` and `over`
  readonly to: Operand; //     has `rows` and `columns`
  readonly accumulate: boolean;
}

export interface Operand {
  readonly buffer: Buffer;
  readonly at: readonly Place[];
}

/** A library routine on a whole row, which stands in a buffer with the row's axis alone. */
export interface Routine {
  readonly kind: "routine";
  readonly name: "quantile";
  readonly result: Value;
  readonly row: Buffer;
  readonly args: readonly Value[];
}

/** A library routine that makes a row of a whole row: where the largest stands, the second largest …; running sums. */
export interface RowRoutine {
  readonly kind: "row";
  readonly name: "order" | "cumsum";
  readonly row: Buffer;
  readonly to: Buffer;
  /** Room for one more row, where the routine needs it. */
  readonly spare?: Buffer;
}

export interface Kernel {
  /** Loops over single elements compute in float64 where buffers hold float32; see `arithmetic` of a definition. */
  readonly arithmetic?: "float64";
  readonly buffers: readonly Buffer[];
  readonly body: readonly Statement[];
  /** Axes that are others under a second name (`m` of `n`), or several as one (`n*...`: the product of the sizes). */
  readonly axes: Readonly<Record<string, readonly string[]>>;
}
