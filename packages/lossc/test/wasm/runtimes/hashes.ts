// Hashes of values and gradients over a set of losses, precisions and numbers of threads: what every runtime must give alike.
// It runs in all of them and so uses none of their interfaces.

import { catalogue, compile, type LossKernel } from "../../../src/index.ts";

/** The same numbers everywhere, from −1 to 1: whole-number arithmetic only. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

type Draw = (next: () => number, i: number) => number;
const logit: Draw = (next) => next() * 8;
const share: Draw = (next) => (next() + 1) / 2;
const label =
  (classes: number): Draw =>
  (next) =>
    Math.floor(((next() + 1) / 2) * classes);
/** x1 y1 x2 y2, in order. */
const corner: Draw = (next, i) => (i % 4 < 2 ? next() : 1.5 + next() / 2);

interface Case {
  readonly name: string;
  readonly shape: Readonly<Record<string, readonly number[]>>;
  readonly draw: Readonly<Record<string, Draw>>;
  readonly options?: Readonly<Record<string, unknown>>;
}
const rows = { shape: { logits: [3000, 100], target: [3000] }, draw: { logits: logit, target: label(100) } };
const cases: readonly Case[] = [
  {
    name: "huber",
    shape: { prediction: [300_001], target: [300_001] },
    draw: { prediction: logit, target: logit },
  },
  {
    name: "binaryFocal",
    shape: { logits: [300_001], target: [300_001] },
    draw: { logits: logit, target: share },
    options: { gamma: 1.7 },
  },
  {
    name: "poissonNll",
    shape: { prediction: [100_001], target: [100_001] },
    draw: { prediction: logit, target: label(30) },
    options: { full: true },
  },
  {
    name: "barron",
    shape: { prediction: [100_001], target: [100_001] },
    draw: { prediction: logit, target: logit },
  },
  { name: "crossEntropy", ...rows },
  { name: "focal", ...rows },
  { name: "sparsemaxLoss", ...rows },
  {
    name: "ciou",
    shape: { prediction: [60_001, 4], target: [60_001, 4] },
    draw: { prediction: corner, target: corner },
  },
  {
    name: "supCon",
    shape: { embeddings: [300, 33], labels: [300] },
    draw: { embeddings: logit, labels: label(20) },
  },
  {
    name: "arcFace",
    shape: { features: [70, 65], weights: [7001, 65], labels: [70] },
    draw: { features: logit, weights: logit, labels: label(7001) },
  },
  {
    name: "tripletBatchHard",
    shape: { embeddings: [300, 33], labels: [300] },
    draw: { embeddings: logit, labels: label(20) },
    options: { distance: "euclidean" },
  },
];

/** FNV-1a over the bytes, twice with different beginnings: 64 bits in all. */
function hash(arrays: readonly (Float32Array | Float64Array)[]): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x01000193);
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

function fill({ inputs }: LossKernel, draw: Case["draw"]): void {
  for (const [name, array] of Object.entries(inputs)) {
    const next = numbers(name.length);
    for (let i = 0; i < array.length; i++) array[i] = draw[name](next, i);
  }
}

const pause = (): Promise<void> => new Promise((done) => globalThis.setTimeout(done, 25));

/** By loss, precision and number of threads. */
export async function hashes(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, shape, draw, options = {} } of cases) {
    for (const dtype of ["float32", "float64"] as const) {
      for (const threads of [1, 2, 3, 7]) {
        const kernel = compile(catalogue.get(name)!, { shape, options, dtype, threads });
        fill(kernel, draw);
        // The first runs start the threads, which help as soon as they are there.
        for (let round = 0; round < (threads > 1 ? 2 : 1); round++) {
          kernel.run();
          if (threads > 1) await pause();
        }
        const { value } = kernel.run();
        const gradients = Object.values(kernel.grads).map(({ data }) => data);
        found[`${name} ${dtype} ${threads}`] = hash([Float64Array.of(value), ...gradients]);
        kernel.dispose();
      }
    }
  }
  return found;
}
