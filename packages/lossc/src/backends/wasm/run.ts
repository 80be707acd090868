// Runs a kernel's steps over memory: blocks of the loops at the top, and what their reductions fold to.

import type { Fold, Reduction } from "../../passes/lower/ir.ts";
import type { Blocks, Plan } from "./compile.ts";
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
  const { plan, instance, numbers, cells, memory } = run;
  const { emitted } = plan.compiled;
  for (const place of emitted.layout.outputs.values()) numbers[place / 8] = 0;
  for (const step of emitted.steps) {
    if (step.kind === "scalars") instance.exports[step.name](plan.head, 0, 0, plan.cells, plan.scratch);
    else if (step.kind === "clear") {
      const { address, length } = plan.buffers.get(step.buffer)!;
      new Uint8Array(memory.buffer, address, length * (plan.compiled.precision === "float32" ? 4 : 8)).fill(
        0,
      );
    } else {
      const blocks = plan.loops.get(step.loop)!;
      if (!runThreaded(run, step.name, blocks)) {
        const { size, length, count } = blocks;
        const function_ = instance.exports[step.name];
        for (let block = 0; block < count; block++) {
          const end = Math.min(length, (block + 1) * size);
          function_(plan.head, block * size, end, plan.cells + block * blocks.cells * 8, plan.scratch);
        }
      }
      combine(step.loop.reductions, blocks, plan, cells, numbers);
    }
  }
}

/** Folds the cells of all blocks, in their order, into the head's scalars. */
function combine(
  reductions: readonly Reduction[],
  { count, cells }: Blocks,
  plan: Plan,
  all: Float64Array,
  numbers: Float64Array,
): void {
  const { emitted, precision } = plan.compiled;
  let cell = 0;
  for (const { result, fold } of reductions) {
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
