// From a loop program to WebAssembly: a function for each step of the kernel, run one after the other.
//
// A step is a run of scalar statements, or a loop at the top with everything in it. A loop without loops in it is
// vectorised: lanes are consecutive indices, the body is unrolled, what is left over is masked. In a loop that
// holds others every lane has the same number, so that inner loops find their scalars ready.

import type { Buffer, Kernel, Loop, Statement } from "../../passes/lower/ir.ts";
import { assemble, type Func, type ModuleMemory } from "./assembler.ts";
import { type Grade, Pool, type Precision } from "./lanes.ts";
import { isSingle, type Layout, layoutOf } from "./layout.ts";
import { estimate, isVectorisable, type KnownRanges, noRanges, Shared, type Style } from "./shared.ts";
import { statements } from "./statements.ts";
import { Writer } from "./writer.ts";

export type Step =
  | { readonly kind: "scalars"; readonly name: string }
  | { readonly kind: "clear"; readonly buffer: Buffer }
  | {
      readonly kind: "loop";
      readonly name: string;
      readonly loop: Loop;
      readonly vector: boolean;
      /** Of the numbers in its lanes. */
      readonly precision: Precision;
    };

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  readonly constants: Uint8Array;
  readonly steps: readonly Step[];
}

/** A kernel has to fit the processor's cache beside its numbers. */
const MOST_BYTES = 16 * 1024;
/** The least that one of the estimated instructions takes. */
const LEAST_BYTES = 17;
/** The share of a kernel's bytes that is about the same in every style: contractions, what stands between loops. */
const FIXED = 0.4;
/** From fast to small. */
const styles: readonly Style[] = [
  { copies: 4, isCompact: false },
  { copies: 2, isCompact: false },
  { copies: 1, isCompact: false },
  { copies: 1, isCompact: true },
];

/** The module of a kernel, in the first style that is small enough. */
export function emit(
  kernel: Kernel,
  precision: Precision,
  memory: ModuleMemory,
  ranges: KnownRanges = noRanges,
): Emitted {
  const last = styles[styles.length - 1];
  let tried: { readonly bytes: number; readonly estimated: number } | undefined;
  for (const style of styles.slice(0, -1)) {
    const estimated = estimate(kernel, style);
    // Writing a kernel takes milliseconds: a style that will most likely be too large is passed over.
    const bytes = tried
      ? tried.bytes * (FIXED + ((1 - FIXED) * estimated) / tried.estimated)
      : estimated * LEAST_BYTES;
    if (bytes > MOST_BYTES) continue;
    const emitted = emitIn(style, kernel, precision, memory, ranges);
    if (emitted.bytes.length <= MOST_BYTES) return emitted;
    tried = { bytes: emitted.bytes.length, estimated };
  }
  return emitIn(last, kernel, precision, memory, ranges);
}

function emitIn(
  style: Style,
  kernel: Kernel,
  precision: Precision,
  memory: ModuleMemory,
  ranges: KnownRanges,
): Emitted {
  const layout = layoutOf(kernel);
  const pool = new Pool(layout.constants, style.isCompact);
  const functions: Record<string, Func> = {};
  const steps: Step[] = [];
  const shared = new Shared(kernel, layout, pool, precision, ranges, style);
  let scalars: Statement[] = [];
  const flush = (): void => {
    if (scalars.length === 0) return;
    const name = `scalars${steps.length}`;
    functions[name] = new Writer(shared, "float64", statements).scalarStep(scalars);
    steps.push({ kind: "scalars", name });
    scalars = [];
  };
  for (const statement of kernel.body) {
    if (statement.kind === "loop") {
      flush();
      const name = `loop${steps.length}`;
      const vector = isVectorisable(statement);
      // Contractions and the folds of rows have their own float64 sums, and all else there waits for them.
      const grade: Grade = vector && precision === "float32" && kernel.arithmetic ? "short" : precision;
      const writer = new Writer(shared, grade, statements);
      functions[name] = writer.loopStep(statement);
      steps.push({ kind: "loop", name, loop: statement, vector, precision: writer.v.precision });
    } else if (statement.kind === "clear" && !isSingle(statement.buffer)) {
      flush();
      steps.push({ kind: "clear", buffer: statement.buffer });
    } else scalars.push(statement);
  }
  flush();
  return { bytes: assemble(functions, memory, pool.helpers.functions), layout, constants: pool.bytes, steps };
}
