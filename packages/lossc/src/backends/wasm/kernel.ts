// A kernel that is kept: a program for one set of sizes in a memory of its own, with its arrays in the open.

import { LossError } from "../../errors.ts";
import { phrase } from "../../phrase.ts";
import type { Bindings, CompiledProgram } from "../backend.ts";
import { instantiate, MOST_PAGES, makeMemory, type Placed, type Plan, writeHead } from "./compile.ts";
import type { Precision } from "./lanes.ts";
import { isSingle } from "./layout.ts";
import { type Running, runKernel, running } from "./run.ts";
import { forgetWith } from "./threads.ts";

export const PAGE = 65536;
const arrays = { float32: Float32Array, float64: Float64Array } as const;

export const viewOf = (
  precision: Precision,
  memory: ArrayBuffer,
  { address, length }: Placed,
): Float32Array | Float64Array => new arrays[precision](memory, address, length);

export const tooLarge = (bytes: number): LossError =>
  new LossError(
    "unsupported",
    phrase`a call needs ${Math.ceil(bytes / 2 ** 20)} MiB, which the memory has no room for.`,
    {
      target: "wasm",
      note: phrase`Evaluate smaller batches.`,
    },
  );

export const emptyArray = (precision: Precision, length: number): Float32Array | Float64Array =>
  new arrays[precision](length);

export function keptKernel(plan: Plan, bindings: Bindings, threads: number): CompiledProgram {
  const { compiled } = plan;
  const pages = Math.max(1, Math.ceil(plan.bytes / PAGE));
  if (pages > MOST_PAGES) throw tooLarge(plan.bytes);
  let state: Running | undefined;
  try {
    const memory = makeMemory(pages, pages);
    state = running(plan, memory, instantiate(compiled, memory), threads);
  } catch {
    throw tooLarge(plan.bytes);
  }
  const { buffer } = state.memory;
  const inputs: Record<string, Float32Array | Float64Array> = {};
  const outputs: Record<string, Float32Array | Float64Array> = {};
  for (const [{ name, role }, placed] of plan.buffers) {
    if (role === "scratch" || role === "temporary") continue;
    const view = viewOf(compiled.precision, buffer, placed);
    if (role === "output") outputs[name] = view;
    else {
      view.set(
        (role === "input" ? bindings.inputs.get(name) : bindings.params.get(name)) as ArrayLike<number>,
      );
      if (role === "input") inputs[name] = view;
    }
  }
  const { layout } = compiled.emitted;
  for (const single of compiled.kernel.buffers.filter((one) => isSingle(one) && one.role === "output")) {
    outputs[single.name] = state.numbers.subarray(
      layout.outputs.get(single)! / 8,
      layout.outputs.get(single)! / 8 + 1,
    );
  }
  writeHead(plan, buffer, bindings.params);
  const kernel: CompiledProgram = {
    inputs,
    outputs,
    bytes: pages * PAGE,
    run() {
      if (!state) throw new LossError("unsupported", "this kernel was disposed of.", { target: "wasm" });
      runKernel(state);
    },
    dispose() {
      state = undefined;
      forgetInstance();
    },
  };
  const forgetInstance = forgetWith(kernel, state.instance, pages * PAGE);
  return kernel;
}
