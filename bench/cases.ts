// What is measured: each loss with its inputs, and how many elements a time is divided by.

export type Arrays = Readonly<Record<string, Float32Array | Int32Array>>;

/** Pointwise and row losses are those that the geometric means are over; 1 Ki is where the overhead of a call shows. */
export type Group = "pointwise" | "row" | "boxes" | "pairs" | "small";

export interface Case {
  readonly name: string;
  readonly group: Group;
  readonly loss: string;
  readonly shape: Readonly<Record<string, readonly number[]>>;
  readonly elements: number;
  readonly options?: Readonly<Record<string, unknown>>;
  fill(): Arrays;
}

let state = 1;
/** The same numbers in every run: −1 … 1. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return ((state >>> 8) / 2 ** 24) * 2 - 1;
}
const floats = (length: number, draw: () => number = random) => Float32Array.from({ length }, draw);
const labels = (length: number, classes: number) =>
  Int32Array.from({ length }, () => Math.floor(((random() + 1) / 2) * classes));

const MANY = 4 * 2 ** 20;

const pointwise = (loss: string, n: number): Pick<Case, "name" | "group" | "loss" | "elements"> => ({
  name: n === MANY ? loss : `${loss} ${n}`,
  group: n === MANY ? "pointwise" : "small",
  loss,
  elements: n,
});
const regression = (loss: string, n = MANY): Case => ({
  ...pointwise(loss, n),
  shape: { prediction: [n], target: [n] },
  fill: () => ({ prediction: floats(n, () => random() * 3), target: floats(n, () => random() * 3) }),
});
const binary = (loss: string, n = MANY): Case => ({
  ...pointwise(loss, n),
  shape: { logits: [n], target: [n] },
  fill: () => ({ logits: floats(n, () => random() * 8), target: floats(n, () => +(random() > 0)) }),
});
const rows = (loss: string, n: number, c: number): Case => ({
  name: `${loss} ${n}x${c}`,
  group: "row",
  loss,
  shape: { logits: [n, c], target: [n] },
  elements: n * c,
  fill: () => ({ logits: floats(n * c, () => random() * 4), target: labels(n, c) }),
});

/** Rows that sum to 1, and none of whose numbers is 0. */
function distributions(n: number, c: number): Float32Array {
  const data = floats(n * c, () => 1.1 + random());
  for (let row = 0; row < n; row++) {
    const part = data.subarray(row * c, (row + 1) * c);
    const sum = part.reduce((a, b) => a + b, 0);
    part.forEach((p, i) => {
      part[i] = p / sum;
    });
  }
  return data;
}
const pairs = (loss: string, n: number, d: number): Case => ({
  name: `${loss} ${n}x${d}`,
  group: "pairs",
  loss,
  shape: { embeddings: [n, d], labels: [n] },
  elements: n,
  fill: () => ({ embeddings: floats(n * d), labels: labels(n, 32) }),
});

const BOXES = 262_144;
const boxes = () =>
  Float32Array.from({ length: BOXES * 4 }, (_, i) => (i % 4 < 2 ? random() * 10 : 12 + random() * 5));

export const cases: readonly Case[] = [
  regression("mse"),
  regression("huber"),
  regression("tukeyBiweight"),
  binary("bceWithLogits"),
  binary("binaryFocal"),
  binary("powerBce"),
  rows("crossEntropy", 4096, 1000),
  rows("crossEntropy", 128, 10),
  rows("focal", 4096, 1000),
  rows("multiclassHinge", 4096, 1000),
  {
    name: "klDivergence 4096x1000",
    group: "row",
    loss: "klDivergence",
    shape: { prediction: [4096, 1000], target: [4096, 1000] },
    elements: 4096 * 1000,
    fill: () => ({
      prediction: floats(4096 * 1000, () => random() * 4),
      target: distributions(4096, 1000),
    }),
  },
  {
    name: `giou ${BOXES}`,
    group: "boxes",
    loss: "giou",
    shape: { prediction: [BOXES, 4], target: [BOXES, 4] },
    elements: BOXES,
    fill: () => ({ prediction: boxes(), target: boxes() }),
  },
  pairs("tripletBatchHard", 1024, 128),
  pairs("supCon", 1024, 128),
  {
    name: "arcFace 256x256x10000",
    group: "pairs",
    loss: "arcFace",
    shape: { features: [256, 256], weights: [10_000, 256], labels: [256] },
    elements: 256,
    fill: () => ({ features: floats(256 * 256), weights: floats(10_000 * 256), labels: labels(256, 10_000) }),
  },
  regression("mse", 1024),
  regression("huber", 1024),
  binary("bceWithLogits", 1024),
  binary("binaryFocal", 1024),
];
