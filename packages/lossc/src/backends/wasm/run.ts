// Runs a kernel's steps over memory: blocks of the loops at the top, and what their reductions fold to.

import type { Fold, Reduction } from "../../passes/lower/ir.ts";
import { type Blocks, type Plan } from "./compile.ts";
import { cellsOf } from "./folds.ts";
import { isSingle } from "./layout.ts";
import type { WasmInstance } from "./webassembly.ts";

/** Calls a loop's function for every block. Threads do this in parts: blocks share nothing. */
export type RunBlocks = (name: string, blocks: Blocks, plan: Plan) => void;

export const runBlocks =
  (instance: WasmInstance): RunBlocks =>
  (name, { size, length, count, cells }, plan) => {
    const step = instance.exports[name];
    for (let block = 0; block < count; block++) {
      step(plan.head, block * size, Math.min(length, (block + 1) * size), plan.cells + block * cells * 8, plan.scratch);
    }
  };

/** Runs all steps. The head and the inputs are in place; the outputs are after it. */
export function runKernel(plan: Plan, memory: ArrayBuffer, instance: WasmInstance, run: RunBlocks): void {
  const { emitted } = plan.compiled;
  const numbers = new Float64Array(memory, plan.head, emitted.layout.constants / 8);
  for (const [, place] of emitted.layout.outputs) numbers[place / 8] = 0;
  for (const step of emitted.steps) {
    if (step.kind === "scalars") instance.exports[step.name](plan.head, 0, 0, plan.cells, plan.scratch);
    else if (step.kind === "clear") {
      const { address, length } = plan.buffers.get(step.buffer)!;
      new Uint8Array(memory, address, length * (plan.compiled.precision === "float32" ? 4 : 8)).fill(0);
    } else {
      const blocks = plan.loops.get(step.loop)!;
      run(step.name, blocks, plan);
      combine(step.loop.reductions, blocks, plan, memory, numbers);
    }
  }
}

/** Folds the cells of all blocks, in their order, into the head's scalars. */
function combine(reductions: readonly Reduction[], { count, cells }: Blocks, plan: Plan, memory: ArrayBuffer, numbers: Float64Array): void {
  if (cells === 0) return;
  const { emitted, precision } = plan.compiled;
  const all = new Float64Array(memory, plan.cells, count * cells);
  let cell = 0;
  for (const { result, fold } of reductions) {
    const places: Places = (block, which = 0) => all[block * cells + cell + which];
    const single = fold === "norm" && precision === "float32";
    numbers[emitted.layout.scalars.get(result.id)! / 8] = single ? Math.sqrt(combiners.sum(places, count)) : combiners[fold](places, count);
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

/** The single numbers of the head, by output name. */
export function singles(plan: Plan, memory: ArrayBuffer): Map<string, number> {
  const { layout } = plan.compiled.emitted;
  const numbers = new Float64Array(memory, plan.head, layout.constants / 8);
  const all = plan.compiled.kernel.buffers.filter((buffer) => isSingle(buffer) && buffer.role === "output");
  return new Map(all.map((buffer) => [buffer.name, numbers[layout.outputs.get(buffer)! / 8]]));
}
