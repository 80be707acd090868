// Runs a kernel's steps over memory: blocks of the loops at the top, and what their reductions fold to.

import type { Fold } from "../../passes/lower/ir.ts";
import type { Blocks, Plan } from "./compile.ts";
import type { Step } from "./emit.ts";
import { cellsOf } from "./folds.ts";
import { runThreaded } from "./threads.ts";
import type { WasmInstance, WasmMemory } from "./webassembly.ts";

/** A plan in a memory: what a run needs, made once so that a run makes nothing. */
export interface Running {
  readonly plan: Plan;
  readonly memory: WasmMemory;
  readonly instance: WasmInstance;
  /** The head's float64 slots, and the cells of the blocks. */
  readonly numbers: Float64Array;
  readonly cells: Float64Array;
  readonly threads: number;
}

export function running(plan: Plan, memory: WasmMemory, instance: WasmInstance, threads: number): Running {
  return {
    plan,
    memory,
    instance,
    numbers: new Float64Array(memory.buffer, plan.head, plan.compiled.emitted.layout.constants / 8),
    cells: new Float64Array(memory.buffer, plan.cells, plan.cellCount),
    threads,
  };
}

/** Runs all steps. The head and the inputs are in place; the outputs are after it. */
export function runKernel(run: Running): void {
  clearTotals(run);
  for (const step of run.plan.compiled.emitted.steps) {
    if (step.kind === "loop") {
      const blocks = run.plan.loops.get(step.loop)!;
      runBlocks(run, step.name, blocks, 0, blocks.count);
      combine(step, blocks, run);
    } else runStep(run, step);
  }
}

export function clearTotals({ plan, numbers }: Running): void {
  for (const place of plan.compiled.emitted.layout.outputs.values()) numbers[place / 8] = 0;
}

/** Runs a step that is no loop. */
export function runStep({ plan, instance, memory }: Running, step: Exclude<Step, { kind: "loop" }>): void {
  if (step.kind === "scalars") instance.exports[step.name](plan.head, 0, 0, plan.cells, plan.scratch);
  else {
    const { address, length } = plan.buffers.get(step.buffer)!;
    const bytes = length * (plan.compiled.precision === "float32" ? 4 : 8);
    new Uint8Array(memory.buffer, address, bytes).fill(0);
  }
}

/** Runs the blocks of a loop from `first` to before `end`. */
export function runBlocks(run: Running, name: string, blocks: Blocks, first: number, end: number): void {
  if (runThreaded(run, name, blocks, first, end)) return;
  const { plan, instance } = run;
  const { size, length } = blocks;
  const function_ = instance.exports[name];
  for (let block = first; block < end; block++) {
    const cells = plan.cells + block * blocks.cells * 8;
    function_(plan.head, block * size, Math.min(length, (block + 1) * size), cells, plan.scratch);
  }
}

/** Folds the cells of all blocks, in their order, into the head's scalars. */
export function combine(
  { loop, precision }: Step & { kind: "loop" },
  { count, cells }: Blocks,
  { plan, cells: all, numbers }: Running,
): void {
  const { emitted } = plan.compiled;
  let cell = 0;
  for (const { result, fold } of loop.reductions) {
    const places: Places = (block, which = 0) => all[block * cells + cell + which];
    const single = fold === "norm" && precision === "float32";
    numbers[emitted.layout.scalars.get(result.id)! / 8] = single
      ? Math.sqrt(combiners.sum(places, count))
      : combiners[fold](places, count);
    cell += cellsOf(fold, precision);
  }
}

type Places = (block: number, which?: number) => number;

const total = (places: Places, count: number, which: number): number => {
  let sum = 0;
  for (let block = 0; block < count; block++) sum += places(block, which);
  return sum;
};

/** The place of the best of all blocks; a NaN beats all, and of equals the first stays. */
const first =
  (beats: (a: number, b: number) => boolean) =>
  (places: Places, count: number): number => {
    let [best, index] = [Number.NaN, 0];
    for (let block = 0; block < count; block++) {
      const value = places(block);
      if (block > 0 && !(beats(value, best) || (Number.isNaN(value) && !Number.isNaN(best)))) continue;
      [best, index] = [value, places(block, 1)];
    }
    return Number.isFinite(index) ? index : 0;
  };

const combiners: { readonly [K in Fold]: (places: Places, count: number) => number } = {
  sum: (places, count) => total(places, count, 0),
  max: (places, count) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let block = 0; block < count; block++) best = Math.max(best, places(block));
    return best;
  },
  min: (places, count) => {
    let best = Number.POSITIVE_INFINITY;
    for (let block = 0; block < count; block++) best = Math.min(best, places(block));
    return best;
  },
  argmax: first((a, b) => a > b),
  argmin: first((a, b) => a < b),
  // Three ranges of squares, as in folds.ts.
  norm: (places, count) => {
    const [large, middle, small] = [0, 1, 2].map((which) => total(places, count, which));
    if (large !== 0) return Math.sqrt(large + middle * 2 ** -600 * 2 ** -600) * 2 ** 600;
    return middle === 0 ? Math.sqrt(small) * 2 ** -600 : Math.sqrt(middle);
  },
};
