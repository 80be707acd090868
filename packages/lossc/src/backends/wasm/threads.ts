// Threads: workers that share the kernel's memory and take blocks of a loop beside the caller.
//
// They start at the first loop that is worth it and never keep a program alive. The caller does not wait for them to
// come: it takes blocks itself, and what is ready in time helps. Blocks share nothing and are combined in their
// order, so results do not depend on who ran what.

import type { Blocks } from "./compile.ts";
import type { Running } from "./run.ts";
import { canShare } from "./webassembly.ts";
import { workerSource } from "./worker.ts";

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
const newControl = () => (canShare ? new Int32Array(new SharedArrayBuffer(16)) : undefined);
let control = newControl();
let jobs = 0;
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

/** Runs a loop's blocks, from `from` to before `count`, with the pool. False where there is none, or it would not pay. */
export function runThreaded(
  { plan, instance, memory, threads }: Running,
  name: string,
  blocks: Blocks,
  from: number,
  count: number,
): boolean {
  if (!control || failed || threads < 2 || !blocks.isParallel) return false;
  while (pool.length < threads - 1) {
    const thread = startThread();
    if (!thread) {
      failed = true;
      return false;
    }
    pool.push(thread);
  }
  const id = idOf(instance);
  const { size, length, cells } = blocks;
  jobs = (jobs % 0x3fffffff) + 1;
  const job = jobs;
  Atomics.store(control, 1, from);
  Atomics.store(control, 0, job);
  const helpers = Math.min(threads, count - from) - 1;
  for (let i = 0; i < helpers; i++) {
    const thread = pool[i];
    const scratch = plan.scratch + (i + 1) * blocks.scratchBytes;
    const reset = thread.known.size >= MOST_INSTANCES;
    if (reset) thread.known.clear();
    const first = !thread.known.has(id) && { module: plan.compiled.module, memory };
    thread.known.add(id);
    thread.post({
      job,
      id,
      reset,
      control,
      name,
      count,
      size,
      length,
      head: plan.head,
      cells: plan.cells,
      cellBytes: cells * 8,
      scratch,
      ...first,
    });
  }
  const step = instance.exports[name];
  for (let block = Atomics.add(control, 1, 1); block < count; block = Atomics.add(control, 1, 1)) {
    step(
      plan.head,
      block * size,
      Math.min(length, (block + 1) * size),
      plan.cells + block * cells * 8,
      plan.scratch,
    );
  }
  Atomics.store(control, 0, 0);
  for (let left = Atomics.load(control, 2); left > 0; left = Atomics.load(control, 2)) {
    if (runtime.document === undefined) Atomics.wait(control, 2, left, 1000);
  }
  // A block that failed in a worker is not done: the caller does all again, alone, and meets the error itself.
  if (Atomics.load(control, 3) !== 0) failed = true;
  return !failed;
}
