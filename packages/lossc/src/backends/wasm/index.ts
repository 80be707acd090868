// The WASM engine: a program's kernel, compiled once, over a memory that all calls share.

import { LossError } from "../../errors.ts";
import type { Bindings, Engine, Program } from "../backend.ts";
import { lower } from "../../passes/lower/index.ts";
import type { Kernel } from "../../passes/lower/ir.ts";
import { type Compiled, compileKernel, exponents, MOST_PAGES, type Plan, planFor, writeHead } from "./compile.ts";
import type { Precision } from "./lanes.ts";
import { runBlocks, runKernel, singles } from "./run.ts";
import { type WasmInstance, type WasmMemory, webAssembly } from "./webassembly.ts";

const PAGE = 65536;
/** Kernels kept; the oldest goes when one more is made. */
const MOST_KERNELS = 256;

interface Ready {
  readonly compiled: Compiled;
  instance: WasmInstance | undefined;
  memory: WasmMemory | undefined;
}

interface Lowered {
  readonly kernel: Kernel;
  readonly exponents: ReadonlySet<string>;
  readonly ready: Map<string, Ready>;
}

/** By program; a program that nobody holds is gone with its kernels. */
let lowered = new WeakMap<Program, Lowered>();
let kernelCount = 0;
let memory: WasmMemory | undefined;

function loweredOf(program: Program): Lowered {
  let known = lowered.get(program);
  if (!known) {
    const kernel = lower(program);
    known = { kernel, exponents: exponents(kernel), ready: new Map() };
    lowered.set(program, known);
  }
  return known;
}

/** The module for a precision and, where exponents are small whole numbers, for those. */
function readyFor({ kernel, exponents, ready }: Lowered, precision: Precision, params: Bindings["params"]): Ready {
  const fixed = new Map<string, number>();
  for (const name of exponents) {
    const value = params.get(name);
    if (typeof value === "number" && value >= 0 && value <= 4 && Number.isInteger(value * 2)) fixed.set(name, value);
  }
  const key = [precision, ...[...fixed].flat()].join();
  let found = ready.get(key);
  if (!found) {
    if (++kernelCount > MOST_KERNELS) {
      lowered = new WeakMap();
      kernelCount = 1;
    }
    found = { compiled: compileKernel(kernel, precision, fixed), instance: undefined, memory: undefined };
    ready.set(key, found);
  }
  return found;
}

function memoryOf(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  const missing = memory ? pages - memory.buffer.byteLength / PAGE : pages;
  if (missing <= 0) return memory!;
  try {
    if (pages > MOST_PAGES) throw new RangeError("beyond 4 GiB");
    if (memory) memory.grow(missing);
    else memory = new webAssembly!.Memory({ initial: pages, maximum: MOST_PAGES });
  } catch {
    throw new LossError("unsupported", `a call needs ${Math.ceil(bytes / 2 ** 20)} MiB, which the memory has no room for.`, {
      target: "wasm",
      note: "Evaluate smaller batches.",
    });
  }
  return memory!;
}

/** Whether integers keep all their digits as float32. */
function fits(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) if (Math.abs(data[i]) > 2 ** 24) return false;
  return true;
}

/** Whether a parameter is a number that float32 has no place for. */
const overflows = (param: number | ArrayLike<number>): boolean =>
  typeof param === "number" && Number.isFinite(param) && !Number.isFinite(Math.fround(param));

/** Whether float32 would lose an integer or a parameter. */
const isTooNarrow = ({ buffers }: Kernel, { inputs, params }: Bindings): boolean =>
  [...params.values()].some(overflows) ||
  buffers.some(({ role, type, name }) => role === "input" && type === "int" && !fits(inputs.get(name)!));

const views = { float32: Float32Array, float64: Float64Array } as const;

/** Copies inputs and parameters in. */
function fill({ compiled, buffers }: Plan, buffer: ArrayBuffer, { inputs, params }: Bindings): void {
  for (const [{ name, role }, { address, length }] of buffers) {
    if (role !== "input" && role !== "param") continue;
    const data = role === "input" ? inputs.get(name)! : (params.get(name) as ArrayLike<number>);
    new views[compiled.precision](buffer, address, length).set(data);
  }
}

function run(
  program: Program,
  bindings: Bindings,
  into: Readonly<Record<string, { [index: number]: number; readonly length: number } | undefined>> = {},
  precision: Precision = "float64",
): Record<string, ArrayLike<number>> {
  const known = loweredOf(program);
  const ready = readyFor(known, isTooNarrow(known.kernel, bindings) ? "float64" : precision, bindings.params);
  const { compiled } = ready;
  const plan = planFor(compiled, bindings.sizes);
  const shared = memoryOf(plan.bytes);
  if (ready.memory !== shared) {
    ready.instance = new webAssembly!.Instance(compiled.module, { env: { memory: shared } });
    ready.memory = shared;
  }
  const { buffer } = shared;
  fill(plan, buffer, bindings);
  writeHead(plan, buffer, bindings.params);
  runKernel(plan, buffer, ready.instance!, runBlocks(ready.instance!));
  const results: Record<string, ArrayLike<number>> = {};
  for (const [name, value] of singles(plan, buffer)) results[name] = store(new Float64Array([value]), into[name]);
  for (const [{ name, role }, { address, length }] of plan.buffers) {
    if (role === "output") results[name] = store(new views[compiled.precision](buffer, address, length), into[name]);
  }
  return results;
}

function store(data: Float32Array | Float64Array, into: { [index: number]: number; readonly length: number } | undefined): ArrayLike<number> {
  if (into === undefined) return data.slice();
  if (into instanceof Float32Array || into instanceof Float64Array) into.set(data);
  else for (let i = 0; i < data.length; i++) into[i] = data[i];
  return into;
}

export const isAvailable = webAssembly !== undefined;
export const wasm: Engine = { name: "wasm", run };
