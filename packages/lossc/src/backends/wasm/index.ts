// The WASM engine: a program's kernel, compiled once, over a memory that all calls share.

import { kernelOf } from "../../passes/lower/index.ts";
import type { Kernel } from "../../passes/lower/ir.ts";
import { exactly, parameterRange, type Range } from "../../passes/ranges.ts";
import type { Bindings, CompiledProgram, Engine, Program, RunSettings } from "../backend.ts";
import {
  type Compiled,
  compileKernel,
  exponents,
  instantiate,
  MOST_PAGES,
  makeMemory,
  type Plan,
  planFor,
  sizeOf,
  writeHead,
} from "./compile.ts";
import { emptyArray, keptKernel, PAGE, tooLarge, viewOf } from "./kernel.ts";
import { shortAxes } from "./lanerows.ts";
import type { Precision } from "./lanes.ts";
import { everyStatement, isSingle } from "./layout.ts";
import { axisOfParts, type PartedPlan, planParts, runInParts } from "./parts.ts";
import { type Running, runKernel, running } from "./run.ts";
import type { KnownRanges } from "./shared.ts";
import { machineThreads } from "./threads.ts";
import type { WasmInstance, WasmMemory } from "./webassembly.ts";

/** Bytes that a call takes at once where its inputs can come in parts: less than a memory may have, for what the engine
 * once took it keeps. */
const MOST_AT_ONCE = 2 ** 30;

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
  readonly inputs: KnownRanges["inputs"];
  readonly ready: Map<string, Ready>;
}

/** By program; a program that nobody holds is gone with its kernels. */
let lowered = new WeakMap<Program, Lowered>();
let kernelCount = 0;
let memory: WasmMemory | undefined;

function loweredOf(program: Program): Lowered {
  let known = lowered.get(program);
  if (!known) {
    const kernel = kernelOf(program);
    const inputs = program.ranges ?? new Map();
    known = { kernel, exponents: exponents(kernel), inputs, ready: new Map() };
    lowered.set(program, known);
  }
  return known;
}

/** The module for a precision and, where exponents are small whole numbers, for those. */
function readyFor(
  { kernel, exponents, inputs, ready }: Lowered,
  precision: Precision,
  { params, sizes }: Bindings,
): Ready {
  const ranges = new Map<string, Range>();
  for (const [name, value] of params) {
    if (typeof value !== "number") continue;
    const isSmall = value >= 0 && value <= 4 && Number.isInteger(value * 2);
    ranges.set(name, exponents.has(name) && isSmall ? exactly(value) : parameterRange(value));
  }
  const short = shortAxes(kernel.body, (axis) => sizeOf(axis, kernel, sizes));
  const key = [
    precision,
    [...short].join("+"),
    ...[...ranges].map(([name, { low, high, mayBeNaN }]) => [name, low, high, mayBeNaN]),
  ].join();
  let found = ready.get(key);
  if (!found) {
    if (++kernelCount > MOST_KERNELS) {
      lowered = new WeakMap();
      kernelCount = 1;
    }
    found = {
      compiled: compileKernel(kernel, precision, { params: ranges, inputs }, short),
      instance: undefined,
      memory: undefined,
    };
    ready.set(key, found);
  }
  return found;
}

function memoryOf(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  const missing = memory ? pages - memory.buffer.byteLength / PAGE : pages;
  if (missing <= 0) return memory!;
  try {
    if (pages > MOST_PAGES) throw tooLarge(bytes);
    if (memory) memory.grow(missing);
    else memory = makeMemory(pages);
  } catch {
    throw tooLarge(bytes);
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

/** Whether places along an axis, which are numbers of the kernel too, need more digits than float32 has. */
const hasFarPlaces = ({ body }: Kernel, sizes: Bindings["sizes"]): boolean =>
  [...sizes.values()].some((size) => size > 2 ** 24) &&
  everyStatement(body).some(
    (statement) =>
      statement.kind === "index" ||
      (statement.kind === "row" && statement.name === "order") ||
      (statement.kind === "loop" && statement.reductions.some(({ result }) => result.type === "int")),
  );

/** Whether float32 would lose an integer or a parameter. */
const isTooNarrow = (kernel: Kernel, { inputs, params, sizes }: Bindings): boolean =>
  [...params.values()].some(overflows) ||
  hasFarPlaces(kernel, sizes) ||
  kernel.buffers.some(
    ({ role, type, name }) => role === "input" && type === "int" && !fits(inputs.get(name)!),
  );

/** Copies inputs and parameters in. */
function fill({ compiled, buffers }: Plan, buffer: ArrayBuffer, { inputs, params }: Bindings): void {
  for (const [{ name, role }, placed] of buffers) {
    if (role !== "input" && role !== "param") continue;
    const data = role === "input" ? inputs.get(name)! : (params.get(name) as ArrayLike<number>);
    viewOf(compiled.precision, buffer, placed).set(data);
  }
}

type Into = Readonly<Record<string, { [index: number]: number; readonly length: number } | undefined>>;

function run(
  program: Program,
  bindings: Bindings,
  into: Into = {},
  settings: RunSettings = {},
): Record<string, ArrayLike<number>> {
  const { threads = machineThreads(), mostBytes = MOST_AT_ONCE } = settings;
  const ready = readyForCall(program, bindings, settings);
  const { compiled } = ready;
  const plan = planFor(compiled, bindings.sizes, threads);
  const parts = plan.bytes > mostBytes ? planParts(compiled, bindings.sizes, threads, mostBytes) : undefined;
  if (parts) return runParts(ready, parts, bindings, into, threads);
  const state = prepared(ready, plan, bindings, threads);
  const { buffer } = state.memory;
  fill(plan, buffer, bindings);
  runKernel(state);
  const results = totals(state, into);
  for (const [{ name, role }, placed] of plan.buffers) {
    if (role === "output") results[name] = store(viewOf(compiled.precision, buffer, placed), into[name]);
  }
  return results;
}

/** The same where the inputs come into memory a part at a time. */
function runParts(
  ready: Ready,
  parts: PartedPlan,
  bindings: Bindings,
  into: Into,
  threads: number,
): Record<string, ArrayLike<number>> {
  const { compiled } = ready;
  const { kernel, precision } = compiled;
  const state = prepared(ready, parts.plan, bindings, threads);
  const arrays = new Map<string, ArrayLike<number>>(bindings.inputs);
  for (const [name, value] of bindings.params) if (typeof value !== "number") arrays.set(name, value);
  const outputs = kernel.buffers.filter((buffer) => buffer.role === "output" && !isSingle(buffer));
  for (const { name, axes } of outputs) {
    const length = axes.reduce((all, axis) => all * sizeOf(axis, kernel, bindings.sizes), 1);
    arrays.set(name, into[name] ?? emptyArray(precision, length));
  }
  runInParts(state, parts, arrays);
  const results = totals(state, into);
  for (const { name } of outputs) results[name] = arrays.get(name)!;
  return results;
}

/** A plan in the memory that all calls share, with its head written. */
function prepared(ready: Ready, plan: Plan, bindings: Bindings, threads: number): Running {
  const shared = memoryOf(plan.bytes);
  if (ready.memory !== shared) {
    ready.instance = instantiate(ready.compiled, shared);
    ready.memory = shared;
  }
  writeHead(plan, shared.buffer, bindings.params);
  return running(plan, shared, ready.instance!, threads);
}

/** The outputs that are single numbers. */
function totals({ plan, numbers }: Running, into: Into): Record<string, ArrayLike<number>> {
  const results: Record<string, ArrayLike<number>> = {};
  for (const [single, place] of plan.compiled.emitted.layout.outputs) {
    if (single.role === "output")
      results[single.name] = store(Float64Array.of(numbers[place / 8]), into[single.name]);
  }
  return results;
}

function readyForCall(program: Program, bindings: Bindings, { precision = "float64" }: RunSettings): Ready {
  const known = loweredOf(program);
  return readyFor(known, isTooNarrow(known.kernel, bindings) ? "float64" : precision, bindings);
}

/** Nothing where the arrays are larger than a memory and can be processed in parts: those stay outside. */
function compile(
  program: Program,
  bindings: Bindings,
  settings: RunSettings = {},
): CompiledProgram | undefined {
  const { threads = machineThreads(), mostBytes = MOST_PAGES * PAGE } = settings;
  const { compiled } = readyForCall(program, bindings, settings);
  const plan = planFor(compiled, bindings.sizes, threads);
  if (plan.bytes > mostBytes && axisOfParts(compiled.kernel) !== undefined) return undefined;
  return keptKernel(plan, bindings, threads);
}

function store(
  data: Float32Array | Float64Array,
  into: { [index: number]: number; readonly length: number } | undefined,
): ArrayLike<number> {
  if (into === undefined) return data.slice();
  if (into instanceof Float32Array || into instanceof Float64Array) into.set(data);
  else for (let i = 0; i < data.length; i++) into[i] = data[i];
  return into;
}

export { obstacleHere } from "./webassembly.ts";
export const wasm: Engine = { name: "wasm", run, compile };
