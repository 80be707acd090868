// From a loop program to WebAssembly: a function for each step of the kernel, run one after the other.
//
// A step is a run of scalar statements, or a loop at the top with everything in it. A loop without loops in it is
// vectorised: lanes are consecutive indices, the body is unrolled, what is left over is masked. In a loop that
// holds others every lane has the same number, so that inner loops find their scalars ready; or, where rows are short, a
// sample of its own.

import type { Buffer, Kernel, Loop, Statement } from "../../passes/lower/ir.ts";
import { assemble, type Func, type ModuleMemory } from "./assembler.ts";
import { type Grade, Pool, type Precision } from "./lanes.ts";
import { isSingle, type Layout, layoutOf } from "./layout.ts";
import {
  estimate,
  extentOf,
  isVectorisable,
  type KnownRanges,
  noRanges,
  Shared,
  type Style,
} from "./shared.ts";
import { statements } from "./statements.ts";
import { hasTurned, straightName, turned, turnedName } from "./turned.ts";
import { Writer } from "./writer.ts";

export type Step =
  | { readonly kind: "scalars"; readonly name: string }
  | { readonly kind: "clear"; readonly buffer: Buffer }
  | LoopStep
  | { readonly kind: "tiles"; readonly loop: Loop; readonly steps: readonly Step[] };

/** A loop that may be cut into blocks: the function with its name runs one. */
export interface LoopStep {
  readonly kind: "loop";
  /** Where it stands among the kernel's functions. */
  readonly number: number;
  readonly loop: Loop;
  readonly vector: boolean;
  /** Of the numbers in its lanes. */
  readonly precision: Precision;
  /** Whether its function can be called in two ways. */
  readonly hasTurned: boolean;
}

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
  { copies: 5, isCompact: false },
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
  shortAxes: ReadonlySet<string> = new Set(),
): Emitted {
  const last = styles[styles.length - 1];
  const extent = extentOf(kernel);
  let tried: { readonly bytes: number; readonly estimated: number } | undefined;
  for (const { copies, isCompact } of styles.slice(0, -1)) {
    const style = { copies, isCompact, shortAxes };
    const estimated = estimate(extent, style);
    // Writing a kernel takes milliseconds: a style that will most likely be too large is passed over.
    const bytes = tried
      ? tried.bytes * (FIXED + ((1 - FIXED) * estimated) / tried.estimated)
      : estimated * LEAST_BYTES;
    if (bytes > MOST_BYTES) continue;
    const emitted = emitIn(style, kernel, precision, memory, ranges);
    if (emitted.bytes.length <= MOST_BYTES) return emitted;
    tried = { bytes: emitted.bytes.length, estimated };
  }
  return emitIn({ ...last, shortAxes }, kernel, precision, memory, ranges);
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
  const shared = new Shared(kernel, layout, pool, precision, ranges, style);
  /** A function for each loop and each run of scalars; `tiles`: the axes of which a tile is open. */
  const write = (body: readonly Statement[], tiles: readonly string[]): Step[] => {
    const steps: Step[] = [];
    let scalars: Statement[] = [];
    const next = (): number => Object.keys(functions).length;
    const flush = (): void => {
      if (scalars.length === 0) return;
      const name = `scalars${next()}`;
      functions[name] = new Writer(shared, "float64", statements).scalarStep(scalars, tiles);
      steps.push({ kind: "scalars", name });
      scalars = [];
    };
    for (const statement of body) {
      if (statement.kind === "loop" && statement.role === "tiles") {
        flush();
        steps.push({
          kind: "tiles",
          loop: statement,
          steps: write(statement.body, [...tiles, statement.axis]),
        });
      } else if (statement.kind === "loop") {
        flush();
        const vector = isVectorisable(statement);
        // Contractions and the folds of rows have their own float64 sums, and all else there waits for them.
        const grade: Grade = vector && shared.isWide ? "short" : precision;
        const writer = new Writer(shared, grade, statements);
        const { precision: inLanes } = writer.v;
        const step: LoopStep = {
          kind: "loop",
          number: next(),
          loop: statement,
          vector,
          precision: inLanes,
          hasTurned: hasTurned(statement, vector, inLanes),
        };
        functions[straightName(step.number)] = writer.loopStep(statement, tiles);
        if (step.hasTurned) turnable.push(step.number);
        steps.push(step);
      } else if (statement.kind === "clear" && !isSingle(statement.buffer)) {
        flush();
        steps.push({ kind: "clear", buffer: statement.buffer });
      } else scalars.push(statement);
    }
    flush();
    return steps;
  };
  const turnable: number[] = [];
  const steps = write(kernel.body, []);
  for (const number of turnable)
    functions[turnedName(number)] = turned(pool.helpers.functions.length + number);
  return { bytes: assemble(functions, memory, pool.helpers.functions), layout, constants: pool.bytes, steps };
}
