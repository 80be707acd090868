// Inputs that are larger than a memory, a part at a time. In: a kernel and arrays outside of the memory. Out: what one
// piece would give, to the bit: blocks are the same and are combined at the end of all parts, in their order.
//
// A loop at the top that goes over samples and reads nothing of another sample can be run on any run of its blocks, as long
// as the addresses in the head are those that sample 0 would have. They wrap around at 2^32, as addresses in code do.

import type { Buffer, Kernel, Loop, Statement } from "../../passes/lower/ir.ts";
import type { Bindings } from "../backend.ts";
import { type Blocks, type Compiled, type Plan, planFor, sizeOf } from "./compile.ts";
import { viewOf } from "./kernel.ts";
import { buffersIn, everyStatement } from "./layout.ts";
import { clearTotals, combine, type Running, runBlocks, runStep } from "./run.ts";
import { withThreads } from "./threads.ts";

export type Arrays = ReadonlyMap<string, ArrayLike<number>>;

/** A plan for parts: buffers hold so many indices of the axis that is cut. */
export interface PartedPlan {
  readonly plan: Plan;
  readonly axis: string;
  readonly held: number;
}

/** The axis along which all loops at the top of a kernel can be cut into parts; nothing where they cannot. */
export function axisOfParts({ body, buffers }: Kernel): string | undefined {
  const loops = body.filter((statement) => statement.kind === "loop");
  const [{ axis }] = loops.length > 0 ? loops : [{ axis: "" }];
  const fits = (loop: Loop): boolean =>
    loop.axis === axis &&
    loop.role === "samples" &&
    loop.block === undefined &&
    everyStatement(loop.body).every(isOwn);
  /** Reads and writes along the axis at the loop's own place only. */
  const isOwn = (statement: Statement): boolean =>
    statement.kind !== "contract" &&
    (!("at" in statement) ||
      statement.buffer.axes.every((name, i) => (name === axis) === (statement.at[i] === axis)));
  // What one loop keeps for another, a number per sample, stays whole.
  const isOuter = ({ axes, role }: Buffer): boolean =>
    !axes.includes(axis) || (axes.indexOf(axis) === 0 && role !== "param" && role !== "scratch");
  const others = body.every(
    (statement) => statement.kind !== "clear" && statement.kind !== "row" && statement.kind !== "routine",
  );
  return loops.length > 0 && others && loops.every(fits) && buffers.every(isOuter) ? axis : undefined;
}

/** The plan with the largest parts that fit in so many bytes; nothing where not even one block of samples fits. */
export function planParts(
  compiled: Compiled,
  sizes: Bindings["sizes"],
  threads: number,
  mostBytes: number,
): PartedPlan | undefined {
  const axis = axisOfParts(compiled.kernel);
  if (axis === undefined) return undefined;
  const planOf = (held: number): Plan => planFor(compiled, sizes, threads, new Map([[axis, held]]));
  const [few, more] = [planOf(1), planOf(4097)];
  const room = mostBytes - few.bytes;
  const fitting = Math.floor((room / Math.max(1, more.bytes - few.bytes)) * 4096);
  const held = Math.min(fitting, sizeOf(axis, compiled.kernel, sizes));
  const fits = [...few.loops.values()].every((blocks) => partLength(blocks, held) > 0);
  return fits ? { plan: planOf(held), axis, held } : undefined;
}

/** A part is whole blocks of its loop. */
const partLength = ({ size }: Blocks, held: number): number => Math.floor(held / size) * size;

/** Runs all steps; `arrays` has every input, output and parameter with axes. The head is written. */
export const runInParts = (run: Running, parts: PartedPlan, arrays: Arrays): void =>
  withThreads(() => runParts(run, parts, arrays));

function runParts(run: Running, { axis, held }: PartedPlan, arrays: Arrays): void {
  const { plan } = run;
  const { kernel, emitted } = plan.compiled;
  const all = sizeOf(axis, kernel, plan.sizes);
  /** Numbers for each index of the axis; of what has it not, all. */
  const rowOf = ({ axes }: Buffer): number =>
    axes.reduce((row, name) => (name === axis ? row : row * sizeOf(name, kernel, plan.sizes)), 1);
  const whole = kernel.buffers.filter(({ name, axes }) => !axes.includes(axis) && arrays.has(name));
  for (const buffer of whole) fill(run, buffer, arrays, 0, rowOf(buffer));
  clearTotals(run);
  for (const step of emitted.steps) {
    if (step.kind !== "loop") {
      runStep(run, step);
      continue;
    }
    const blocks = plan.loops.get(step.loop)!;
    const cut = [...buffersIn(step.loop.body)].filter(
      ({ axes, role }) => axes.includes(axis) && role !== "temporary",
    );
    const { read, written } = used(step.loop);
    const length = partLength(blocks, held);
    for (let start = 0; start < all; start += length) {
      const end = Math.min(all, start + length);
      for (const buffer of cut) {
        pointAt(run, buffer, start * rowOf(buffer));
        if (read.has(buffer)) fill(run, buffer, arrays, start * rowOf(buffer), end * rowOf(buffer));
      }
      runBlocks(run, step, blocks, start / blocks.size, Math.ceil(end / blocks.size));
      for (const buffer of cut)
        if (written.has(buffer)) drain(run, buffer, arrays, start * rowOf(buffer), end * rowOf(buffer));
    }
    combine(step, blocks, run);
  }
  for (const buffer of whole) if (buffer.role === "output") drain(run, buffer, arrays, 0, rowOf(buffer));
}

/** What a loop reads and writes. */
function used({ body }: Loop): { readonly read: ReadonlySet<Buffer>; readonly written: ReadonlySet<Buffer> } {
  const [read, written] = [new Set<Buffer>(), new Set<Buffer>()];
  for (const statement of everyStatement(body)) {
    // What is written before it is read needs no filling.
    const isOwn = statement.kind === "load" && written.has(statement.buffer);
    if ((statement.kind === "load" && !isOwn) || statement.kind === "accumulate") read.add(statement.buffer);
    if (statement.kind === "store" || statement.kind === "accumulate") written.add(statement.buffer);
  }
  return { read, written };
}

/** Puts the address into the head that the first number would have if number `first` is the one at the buffer's start. */
function pointAt({ plan, memory }: Running, buffer: Buffer, first: number): void {
  const { precision, emitted } = plan.compiled;
  const bytes = first * (precision === "float32" ? 4 : 8);
  const head = new Int32Array(memory.buffer, plan.head, emitted.layout.constants / 4);
  head[emitted.layout.addresses.get(buffer)! / 4] = plan.buffers.get(buffer)!.address - (bytes % 2 ** 32);
}

const inMemory = ({ plan, memory }: Running, buffer: Buffer, length: number): Float32Array | Float64Array =>
  viewOf(plan.compiled.precision, memory.buffer, { address: plan.buffers.get(buffer)!.address, length });

function fill(run: Running, buffer: Buffer, arrays: Arrays, start: number, end: number): void {
  const from = arrays.get(buffer.name)!;
  const to = inMemory(run, buffer, end - start);
  if (ArrayBuffer.isView(from)) to.set((from as Float64Array).subarray(start, end));
  else for (let i = start; i < end; i++) to[i - start] = from[i];
}

function drain(run: Running, buffer: Buffer, arrays: Arrays, start: number, end: number): void {
  const from = inMemory(run, buffer, end - start);
  const to = arrays.get(buffer.name)! as { [index: number]: number };
  if (ArrayBuffer.isView(to)) (to as Float64Array).set(from, start);
  else for (let i = start; i < end; i++) to[i] = from[i - start];
}
