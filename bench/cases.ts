// What is measured: each loss with its inputs, and how many elements a time is divided by.

type Arrays = Readonly<Record<string, Float32Array | Int32Array>>;

export interface Case {
  readonly name: string;
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

const regression = (loss: string, n = MANY, options = {}): Case => ({
  name: n === MANY ? loss : `${loss} ${n}`,
  loss,
  shape: { prediction: [n], target: [n] },
  elements: n,
  options,
  fill: () => ({ prediction: floats(n, () => random() * 3), target: floats(n, () => random() * 3) }),
});
const binary = (loss: string, n = MANY): Case => ({
  name: n === MANY ? loss : `${loss} ${n}`,
  loss,
  shape: { logits: [n], target: [n] },
  elements: n,
  fill: () => ({ logits: floats(n, () => random() * 8), target: floats(n, () => +(random() > 0)) }),
});
const rows = (loss: string, n: number, c: number): Case => ({
  name: `${loss} ${n}x${c}`,
  loss,
  shape: { logits: [n, c], target: [n] },
  elements: n * c,
  fill: () => ({ logits: floats(n * c, () => random() * 4), target: labels(n, c) }),
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
    name: `giou ${BOXES}`,
    loss: "giou",
    shape: { prediction: [BOXES, 4], target: [BOXES, 4] },
    elements: BOXES,
    fill: () => ({ prediction: boxes(), target: boxes() }),
  },
  {
    name: "tripletBatchHard 1024x128",
    loss: "tripletBatchHard",
    shape: { embeddings: [1024, 128], labels: [1024] },
    elements: 1024,
    fill: () => ({ embeddings: floats(1024 * 128), labels: labels(1024, 32) }),
  },
  {
    name: "arcFace 256x256x10000",
    loss: "arcFace",
    shape: { features: [256, 256], weights: [10_000, 256], labels: [256] },
    elements: 256,
    fill: () => ({ features: floats(256 * 256), weights: floats(10_000 * 256), labels: labels(256, 10_000) }),
  },
  regression("huber", 1024),
  binary("bceWithLogits", 1024),
];
