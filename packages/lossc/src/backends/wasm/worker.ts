// What a worker thread runs, as text: it takes blocks of a job's loops until the job is done. Plain JavaScript of its own,
// for a worker has no way to import this library that works in every runtime and bundler.
//
// A job comes as a message, with its module and memory the first time. Everything else is in `control`, which is shared:
// a loop is opened and closed there, and between two loops of a job a worker waits, at first without sleeping. A loop that
// is no longer open is left alone. A kernel that is disposed of is forgotten, for its instance holds its memory.

import { MANY, STRAIGHT, TRIES, TURNED } from "./turned.ts";

/** Where the words of `control` stand. */
export const words = {
  /** The number of the open loop; 0 between loops, `NO_JOB` between jobs. */
  open: 0,
  /** The block to be taken next. */
  next: 1,
  /** How many workers are at the open loop. */
  busy: 2,
  /** What failed: see `failures`. */
  failed: 3,
  /** The job's number; 0 between jobs. */
  job: 4,
  /** What the open loop is, eleven numbers: its function, its blocks' size, the last and where they end, how many workers have
   * room, the head, the cells of the first block and the bytes of each, the scratch room and the bytes of each,
   * and whether the function has a turned way. */
  loop: 5,
  length: 16,
} as const;
export const NO_JOB = -1;
/** A worker could not begin, and took nothing; or it broke off in the middle of a block. */
export const failures = { couldNotBegin: 1, brokeOff: 2 } as const;
/** How often one looks at a shared number before sleeping on it: loops follow one another within microseconds. */
export const LOOKS = 2000;

export const workerSource = `
const at = ${JSON.stringify(words)};
const start = (receive) => {
  const instances = new Map();
  receive(({ forget, job, id, reset, module, memory, control, number }) => {
    if (forget !== undefined) return instances.delete(forget);
    let functions;
    try {
      if (reset) instances.clear();
      if (module) instances.set(id, new WebAssembly.Instance(module, { env: { memory } }));
      functions = instances.get(id).exports;
    } catch {
      return Atomics.store(control, at.failed, ${failures.couldNotBegin});
    }
    for (let seen = 0, looks = 0; ; looks++) {
      const open = Atomics.load(control, at.open);
      if (Atomics.load(control, at.job) !== job) return;
      if (open === seen || open <= 0) {
        if (looks >= ${LOOKS}) Atomics.wait(control, at.open, open, 1000);
        continue;
      }
      [seen, looks] = [open, 0];
      Atomics.add(control, at.busy, 1);
      try {
        if (Atomics.load(control, at.open) === open) run(control, functions, number);
      } catch {
        Atomics.store(control, at.failed, ${failures.brokeOff});
      } finally {
        Atomics.sub(control, at.busy, 1);
        Atomics.notify(control, at.busy);
      }
    }
  });
};
const run = (control, functions, number) => {
  const [loop, size, last, end, helpers, head, cells, cellBytes, scratch, scratchBytes, hasTurned] = control.subarray(at.loop);
  if (number > helpers) return;
  const ways = [functions["${STRAIGHT}" + loop], functions["${TURNED}" + loop]];
  const shortest = [Infinity, Infinity];
  let left = hasTurned && last >= ${MANY} ? ${TRIES} : 0;
  let way = 0;
  for (let block = Atomics.add(control, at.next, 1); block < last; block = Atomics.add(control, at.next, 1)) {
    if (left > 0) way = left % 2;
    const begin = left > 0 ? performance.now() : 0;
    ways[way](head, block * size, Math.min(end, (block + 1) * size), cells + block * cellBytes, scratch + number * scratchBytes);
    if (left > 0) {
      shortest[way] = Math.min(shortest[way], performance.now() - begin);
      if (--left === 0) way = shortest[1] < shortest[0] ? 1 : 0;
    }
  }
};
if (typeof process === "object" && process.getBuiltinModule) {
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  start((handle) => parentPort.on("message", handle));
} else start((handle) => { onmessage = ({ data }) => handle(data); });
`;
