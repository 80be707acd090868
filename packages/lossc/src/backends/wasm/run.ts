// Runs a kernel's steps over memory: blocks of the loops at the top, and what their reductions fold to.

import type { Fold } from "../../passes/lower/ir.ts";
import { type Blocks, type Plan, sizeOf } from "./compile.ts";
import type { LoopStep, Step } from "./emit.ts";
import { cellsOf } from "./folds.ts";
import { runThreaded, withThreads } from "./threads.ts";
import { Ways } from "./turned.ts";
import type { WasmInstance, WasmMemory } from "./webassembly.ts";

/** A plan in a memory: what a run needs, made once so that a run makes nothing. */
export interface Running {
  readonly plan: Plan;
  readonly memory: WasmMemory;
  readonly instance: WasmInstance;
  /** The head's integers and its float64 slots, and the cells of the blocks. */
  readonly integers: Int32Array;
  readonly numbers: Float64Array;
  readonly cells: Float64Array;
  readonly threads: number;
}

export function running(plan: Plan, memory: WasmMemory, instance: WasmInstance, threads: number): Running {
  const headBytes = plan.compiled.emitted.layout.constants;
  return {
    plan,
    memory,
    instance,
    integers: new Int32Array(memory.buffer, plan.head, headBytes / 4),
    numbers: new Float64Array(memory.buffer, plan.head, headBytes / 8),
    cells: new Float64Array(memory.buffer, plan.cells, plan.cellCount),
    threads,
  };
}

/** Runs all steps. The head and the inputs are in place; the outputs are after it. */
export function runKernel(run: Running): void {
  withThreads(() => {
    clearTotals(run);
    runSteps(run, run.plan.compiled.emitted.steps);
  });
}

/** The part of an axis that is run over: the current tile. */
interface Tile {
  readonly axis: string;
  readonly start: number;
  readonly end: number;
}

function runSteps(run: Running, steps: readonly Step[], tile?: Tile): void {
  for (const step of steps) {
    if (step.kind === "loop") {
      const blocks = run.plan.loops.get(step.loop)!;
      const { size, length } = blocks;
      const [start, end] = tile?.axis === step.loop.axis ? [tile.start, tile.end] : [0, length];
      const [first, last] = [start / size, Math.ceil(end / size)];
      runBlocks(run, step, blocks, first, last, end);
      combine(step, blocks, run, first, last);
    } else runStep(run, step);
  }
}

/** Takes one tile after the other through all steps, and adds up what they give. */
function runTiles(run: Running, { loop, steps }: Extract<Step, { kind: "tiles" }>): void {
  const { integers, numbers, plan } = run;
  const { tiles, scalars } = plan.compiled.emitted.layout;
  const [place, length] = [tiles.get(loop.axis)! / 4, sizeOf(loop.axis, plan.compiled.kernel, plan.sizes)];
  const sums = loop.reductions.map(() => 0);
  const most = plan.tiles.get(loop)!;
  for (let start = 0; start < length; start += most) {
    const end = Math.min(length, start + most);
    integers[place] = start;
    integers[place + 1] = end;
    runSteps(run, steps, { axis: loop.axis, start, end });
    loop.reductions.forEach(({ value }, i) => {
      sums[i] += numbers[scalars.get(value.id)! / 8];
    });
  }
  loop.reductions.forEach(({ result }, i) => {
    numbers[scalars.get(result.id)! / 8] = sums[i];
  });
}

export function clearTotals({ plan, numbers }: Running): void {
  for (const place of plan.compiled.emitted.layout.outputs.values()) numbers[place / 8] = 0;
}

/** Runs a step that is not cut into blocks. */
export function runStep(run: Running, step: Exclude<Step, LoopStep>): void {
  const { plan, instance, memory } = run;
  if (step.kind === "tiles") runTiles(run, step);
  else if (step.kind === "scalars") instance.exports[step.name](plan.head, 0, 0, plan.cells, plan.scratch);
  else {
    const { address, length } = plan.buffers.get(step.buffer)!;
    const bytes = length * (plan.compiled.precision === "float32" ? 4 : 8);
    // Eight bytes at a time, for shared memory is filled number by number; every buffer has room beyond its end.
    new Float64Array(memory.buffer, address, Math.ceil(bytes / 8)).fill(0);
  }
}

const ways = new Ways();

/** Runs the blocks of a loop from `first` to before `last`; they end at the index `end`. */
export function runBlocks(
  run: Running,
  step: LoopStep,
  blocks: Blocks,
  first: number,
  last: number,
  end = blocks.length,
): void {
  if (runThreaded(run, step, blocks, first, last, end)) return;
  const { plan, instance } = run;
  const { size } = blocks;
  let way = ways.begin(instance, step, last - first);
  for (let block = first; block < last; block++) {
    const start = block * size;
    const stop = Math.min(end, start + size);
    const cells = plan.cells + block * blocks.cells * 8;
    if (ways.left > 0) way = ways.try(plan.head, start, stop, cells, plan.scratch);
    else way(plan.head, start, stop, cells, plan.scratch);
  }
}

/** Folds the cells of blocks, in their order, into the head's scalars. */
export function combine(
  { loop, precision }: LoopStep,
  { cells, count: last }: Blocks,
  { plan, cells: all, numbers }: Running,
  from = 0,
  to = last,
): void {
  const { emitted } = plan.compiled;
  const count = to - from;
  let cell = 0;
  for (const { result, fold } of loop.reductions) {
    const places: Places = (block, which = 0) => all[(from + block) * cells + cell + which];
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
