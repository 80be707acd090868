// What a worker thread runs, as text: it takes blocks of a job until none are left. Plain JavaScript of its own, for
// a worker has no way to import this library that works in every runtime and bundler.
//
// A job comes as a message, with its module and memory the first time. `control` is shared: [the open job, the next
// block, how many workers are at it, whether one failed]. A job that is no longer open is left alone. A kernel that is
// disposed of is forgotten, for its instance holds its memory.

export const workerSource = `
const start = (receive) => {
  const instances = new Map();
  receive(({ forget, job, id, reset, module, memory, control, name, count, size, length, head, cells, cellBytes, scratch }) => {
    if (forget !== undefined) return instances.delete(forget);
    if (reset) instances.clear();
    if (module) instances.set(id, new WebAssembly.Instance(module, { env: { memory } }));
    if (Atomics.load(control, 0) !== job) return;
    Atomics.add(control, 2, 1);
    try {
      if (Atomics.load(control, 0) === job) {
        const step = instances.get(id).exports[name];
        for (let block = Atomics.add(control, 1, 1); block < count; block = Atomics.add(control, 1, 1)) {
          step(head, block * size, Math.min(length, (block + 1) * size), cells + block * cellBytes, scratch);
        }
      }
    } catch {
      Atomics.store(control, 3, 1);
    } finally {
      Atomics.sub(control, 2, 1);
      Atomics.notify(control, 2);
    }
  });
};
if (typeof process === "object" && process.getBuiltinModule) {
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  start((handle) => parentPort.on("message", handle));
} else start((handle) => { onmessage = ({ data }) => handle(data); });
`;
