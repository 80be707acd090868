// What every engine is: something that computes a program's outputs from bound inputs.

import type { Expr } from "../language/expr.ts";

/** A value an engine is asked for, laid out over `axes` in this order (an axis it lacks is repeated). */
export interface Output {
  readonly expr: Expr;
  readonly axes: readonly string[];
}

/** Everything one call computes, after all passes. The same object for the same loss, options and input forms. */
export interface Program {
  readonly outputs: Readonly<Record<string, Output>>;
  /** Axes that are second names of others (`m` of `n`), which have their sizes. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Between what the numbers of an input lie, by its name, as its definition says; NaN may be anywhere. */
  readonly ranges?: ReadonlyMap<string, { readonly low: number; readonly high: number }>;
  /** What the losses in it ask to be computed in, whatever the precision of the data. */
  readonly arithmetic?: "float64";
}

/** The numbers a program runs on: dense, row-major, in the order of the axes each leaf was declared with. */
export interface Bindings {
  readonly sizes: ReadonlyMap<string, number>;
  readonly inputs: ReadonlyMap<string, ArrayLike<number>>;
  readonly params: ReadonlyMap<string, number | ArrayLike<number>>;
}

/** How a call is to be run, where an engine has a choice. */
export interface RunSettings {
  readonly precision?: "float32" | "float64";
  /** How many threads at most; the machine's number by default. */
  readonly threads?: number | undefined;
  /** How many bytes of its own memory a call may take where it can work in parts. */
  readonly mostBytes?: number;
}

/** A program for one set of sizes, ready to run again and again: its arrays belong to the engine. */
export interface CompiledProgram {
  readonly inputs: Readonly<Record<string, Float32Array | Float64Array>>;
  /** Filled by `run`; single numbers are arrays of one. */
  readonly outputs: Readonly<Record<string, Float32Array | Float64Array>>;
  /** All the memory it has taken: its arrays and what it needs beside them. */
  readonly bytes: number;
  run(): void;
  dispose(): void;
}

export interface Engine {
  readonly name: string;
  /** One array per output; `into` gives arrays to write to instead of new ones. */
  run(
    program: Program,
    bindings: Bindings,
    into?: Readonly<Record<string, { [index: number]: number; readonly length: number } | undefined>>,
    settings?: RunSettings,
  ): Record<string, ArrayLike<number>>;
  /** A kernel to keep; engines without one, and programs it has none for, are run through `run`. */
  compile?(program: Program, bindings: Bindings, settings?: RunSettings): CompiledProgram | undefined;
}
