// Threads: workers that share the kernel's memory and take blocks of its loops beside the caller.
//
// They start at the first loop that is worth it and never keep a program alive. The caller does not wait for them to
// come: it takes blocks itself, and what is ready in time helps. Blocks share nothing and are combined in their
// order, so results do not depend on who ran what. A run of a kernel is a job: workers are called once for it, at its first
// loop that is worth it, and stay for its other loops.

import type { Blocks } from "./compile.ts";
import type { LoopStep } from "./emit.ts";
import type { Running } from "./run.ts";
import { Ways } from "./turned.ts";
import { canShare } from "./webassembly.ts";
import { failures, LOOKS, NO_JOB, words, workerSource } from "./worker.ts";

interface Thread {
  post(message: object): void;
  stop(): void;
  /** Instances it was given. */
  readonly known: Set<number>;
}

// The parts of the runtimes that are used, for the library is compiled without their types.
interface NodeProcess {
  getBuiltinModule?(name: string): never;
}
interface NodeWorker {
  postMessage(message: object): void;
  unref(): void;
  terminate(): void;
  on(event: "error", handle: () => void): void;
}
interface Runtime {
  readonly process?: NodeProcess;
  readonly Worker?: new (url: string) => { postMessage(message: object): void; terminate(): void };
  readonly Blob?: new (parts: readonly string[], options: { type: string }) => object;
  readonly URL?: { createObjectURL(blob: object): string };
  readonly navigator?: { readonly hardwareConcurrency?: number };
  /** A page's window; there a thread may not sleep. */
  readonly document?: object;
}
const runtime = globalThis as unknown as Runtime;
const builtin = <T>(name: string): T | undefined =>
  runtime.process?.getBuiltinModule?.(name) as T | undefined;

function startThread(): Thread | undefined {
  const known = new Set<number>();
  const node = builtin<{ Worker: new (source: string, options: object) => NodeWorker }>(
    "node:worker_threads",
  );
  try {
    if (node) {
      const worker = new node.Worker(workerSource, { eval: true, stdin: false, env: {}, execArgv: [] });
      worker.on("error", () => {
        failed = true;
      });
      worker.unref();
      return { known, post: (message) => worker.postMessage(message), stop: () => worker.terminate() };
    }
    if (!runtime.Worker || !runtime.Blob || !runtime.URL) return undefined;
    const worker = new runtime.Worker(
      runtime.URL.createObjectURL(new runtime.Blob([workerSource], { type: "text/javascript" })),
    );
    return { known, post: (message) => worker.postMessage(message), stop: () => worker.terminate() };
  } catch {
    return undefined; // a runtime or a content policy without workers: the caller does all
  }
}

/** As many as the machine runs at once. */
export function machineThreads(): number {
  if (!canShare) return 1;
  const os = builtin<{ availableParallelism(): number }>("node:os");
  return Math.min(16, os?.availableParallelism() ?? runtime.navigator?.hardwareConcurrency ?? 1);
}

/** Instances that a thread keeps; beyond, it begins anew. */
const MOST_INSTANCES = 256;
const pool: Thread[] = [];
let failed = false;
const newControl = () =>
  canShare ? new Int32Array(new SharedArrayBuffer(4 * words.length)).fill(NO_JOB, 0, 1) : undefined;
let control = newControl();
/** Jobs and the loops in them have numbers of one kind, so that none is taken for another. */
let numbers = 0;
const nextNumber = (): number => {
  numbers = (numbers % 0x3fffffff) + 1;
  return numbers;
};
/** The instance whose job the workers are called for. */
let called: object | undefined;
const ids = new WeakMap<object, number>();
let lastId = 0;

function idOf(instance: object): number {
  const known = ids.get(instance);
  if (known !== undefined) return known;
  lastId++;
  ids.set(instance, lastId);
  return lastId;
}

/** Bytes of kernels that are gone from where workers may still hold them: they collect their garbage late, if at all. */
const MOST_HELD = 2 ** 26;
let held = 0;

/** Lets go of an instance in all workers: each holds the instance's memory. */
function forget({ id, bytes }: { readonly id: number; readonly bytes: number }): void {
  const holders = pool.filter((thread) => thread.known.delete(id));
  for (const thread of holders) thread.post({ forget: id });
  if (holders.length > 0) held += bytes;
  if (held > MOST_HELD) stopThreads();
}
const gone = new FinalizationRegistry(forget);

/** Workers let go of an instance when `owner` is gone, or when the function given is called. */
export function forgetWith(owner: object, instance: object, bytes: number): () => void {
  const kept = { id: idOf(instance), bytes };
  gone.register(owner, kept);
  return () => forget(kept);
}

/** Stops all workers; the next loop that is worth it starts new ones. What a late one does to its counters then is its
 * own: new workers have new ones. */
export function stopThreads(): void {
  for (const thread of pool.splice(0)) thread.stop();
  held = 0;
  control = newControl();
}

/** A block was begun and not finished. */
const broken = new Error("a thread broke off");

/** Runs a kernel: workers may come to its loops until `work` is done. Where one breaks off in the middle of a block all is
 * done again, alone: the caller meets the error itself, if there is one. */
export function withThreads(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error !== broken) throw error;
    work();
  } finally {
    if (called && control) {
      called = undefined;
      Atomics.store(control, words.job, 0);
      Atomics.store(control, words.open, NO_JOB);
      Atomics.notify(control, words.open);
    }
  }
}

/** Calls as many workers as can help with the kernel's largest loop. False where there are none. */
function callWorkers({ plan, instance, memory, threads }: Running): boolean {
  if (called === instance) return true;
  const most = Math.max(...[...plan.loops.values()].map((one) => (one.isParallel ? one.atOnce : 0)));
  const helpers = Math.min(threads, most) - 1;
  while (pool.length < helpers) {
    const thread = startThread();
    if (!thread) {
      failed = true;
      return false;
    }
    pool.push(thread);
  }
  const id = idOf(instance);
  const job = nextNumber();
  Atomics.store(control!, words.job, job);
  Atomics.store(control!, words.open, 0);
  for (const [i, thread] of pool.slice(0, helpers).entries()) {
    const reset = thread.known.size >= MOST_INSTANCES;
    if (reset) thread.known.clear();
    const first = !thread.known.has(id) && { module: plan.compiled.module, memory };
    thread.known.add(id);
    thread.post({ job, id, reset, control, number: i + 1, ...first });
  }
  called = instance;
  return true;
}

const ways = new Ways();

/** Runs a loop's blocks, from `first` to before `last`, with the pool; they end at the index `end`. False where there is
 * none, or it would not pay. */
export function runThreaded(
  run: Running,
  step: LoopStep,
  blocks: Blocks,
  first: number,
  last: number,
  end: number,
): boolean {
  const { plan, instance, threads } = run;
  if (!control || failed || threads < 2 || !blocks.isParallel || last - first < 2) return false;
  if (!callWorkers(run)) return false;
  const { size, cells, scratchBytes } = blocks;
  const helpers = Math.min(threads, blocks.atOnce) - 1;
  const places = [plan.head, plan.cells, cells * 8, plan.scratch, scratchBytes];
  control.set([step.number, size, last, end, helpers, ...places, +step.hasTurned], words.loop);
  Atomics.store(control, words.next, first);
  Atomics.store(control, words.open, nextNumber());
  Atomics.notify(control, words.open);
  let way = ways.begin(instance, step, last - first);
  for (
    let block = Atomics.add(control, words.next, 1);
    block < last;
    block = Atomics.add(control, words.next, 1)
  ) {
    const start = block * size;
    const stop = Math.min(end, start + size);
    const cellsAt = plan.cells + block * cells * 8;
    if (ways.left > 0) way = ways.try(plan.head, start, stop, cellsAt, plan.scratch);
    else way(plan.head, start, stop, cellsAt, plan.scratch);
  }
  Atomics.store(control, words.open, 0);
  for (let looks = 0; ; looks++) {
    const busy = Atomics.load(control, words.busy);
    if (busy === 0) break;
    if (looks >= LOOKS && runtime.document === undefined) Atomics.wait(control, words.busy, busy, 1000);
  }
  const failure = Atomics.load(control, words.failed);
  if (failure !== 0) failed = true;
  if (failure === failures.brokeOff) throw broken;
  return true;
}
