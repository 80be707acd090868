// How a loss is put on top of two features: one row for each form of inputs, none for a name.

import type { AnyLoss, LossKernel } from "lossc";
import { kernelOf } from "../../training/kernels.ts";
import { CLASSES } from "./digits.ts";
import { type Learnt, learnt } from "./network.ts";

export const WIDTH = 2;
/** Samples in a batch. */
export const BATCH = 100;
/** Directions around the origin at which a loss is asked how it judges. */
export const RING = 180;

type Params = Readonly<Record<string, unknown>>;

export interface Head {
  /** The class directions, a row of two numbers per class; undefined where samples are compared with each other. */
  readonly weights?: Learnt;
  /** Whether only the directions of the weights count, not their lengths. */
  readonly unit?: boolean;
  /** The batch's loss, and its slopes by the features; the weights' are left in them. */
  look(features: Float64Array, labels: ArrayLike<number>): { value: number; slopes: Float64Array };
  /** The losses of `RING` features, where there are class directions to judge by. */
  judge?(features: Float64Array, labels: ArrayLike<number>): ArrayLike<number>;
}
interface Form {
  readonly inputs: readonly string[];
  head(loss: AnyLoss, params: Params, weights: Float64Array): Head;
}

const copy = (from: ArrayLike<number>) => Float64Array.from(from);

const forms: readonly Form[] = [
  {
    // A margin head: it takes features and class directions as they are.
    inputs: ["features", "weights", "labels"],
    head(loss, params, start) {
      const weights = learnt(start);
      const shape = (count: number) => ({
        features: [count, WIDTH],
        weights: [CLASSES, WIDTH],
        labels: [count],
      });
      const kernel = kernelOf(loss, shape(BATCH), params);
      const ring = kernelOf(loss, shape(RING), { ...params, perSample: true });
      return {
        weights,
        unit: ignoresLengths(ring, start),
        judge(features, labels) {
          ring.run({ features, weights: weights.values, labels });
          return ring.perSample!.data;
        },
        look(features, labels) {
          const { value } = kernel.run({ features, weights: weights.values, labels });
          weights.gradient.set(kernel.grads.weights.data);
          return { value, slopes: copy(kernel.grads.features.data) };
        },
      };
    },
  },
  {
    // A classifier: its logits are products with class directions, without a bias, so that angles can be seen.
    inputs: ["logits", "target"],
    head(loss, params, start) {
      const weights = learnt(start);
      const kernel = kernelOf(loss, { logits: [BATCH, CLASSES], target: [BATCH] }, params);
      const ring = kernelOf(
        loss,
        { logits: [RING, CLASSES], target: [RING] },
        { ...params, perSample: true },
      );
      return {
        weights,
        judge(features, labels) {
          ring.run({ logits: logitsOf(features, weights.values), target: labels });
          return ring.perSample!.data;
        },
        look(features, labels) {
          const { value } = kernel.run({ logits: logitsOf(features, weights.values), target: labels });
          const by = kernel.grads.logits.data;
          const slopes = new Float64Array(BATCH * WIDTH);
          weights.gradient.fill(0);
          for (let i = 0; i < BATCH; i++) {
            for (let c = 0; c < CLASSES; c++) {
              const slope = by[i * CLASSES + c];
              for (let k = 0; k < WIDTH; k++) {
                slopes[i * WIDTH + k] += slope * weights.values[c * WIDTH + k];
                weights.gradient[c * WIDTH + k] += slope * features[i * WIDTH + k];
              }
            }
          }
          return { value, slopes };
        },
      };
    },
  },
  {
    // A batch whose samples are compared by their labels.
    inputs: ["embeddings", "labels"],
    head(loss, params) {
      const kernel = kernelOf(loss, { embeddings: [BATCH, WIDTH], labels: [BATCH] }, params);
      return {
        look(embeddings, labels) {
          const { value } = kernel.run({ embeddings, labels });
          return { value, slopes: copy(kernel.grads.embeddings.data) };
        },
      };
    },
  },
  {
    // Triplets: each sample of a batch with the next of its class, and with the next of another.
    inputs: ["anchor", "positive", "negative"],
    head(loss, params) {
      const shape = { anchor: [BATCH, WIDTH], positive: [BATCH, WIDTH], negative: [BATCH, WIDTH] };
      const kernel = kernelOf(loss, shape, params);
      return {
        look(features, labels) {
          const next = (i: number, isSame: boolean): number => {
            for (let step = 1; step < BATCH; step++) {
              const j = (i + step) % BATCH;
              if ((labels[j] === labels[i]) === isSame) return j;
            }
            return i;
          };
          const roles = {
            anchor: (i: number) => i,
            positive: (i: number) => next(i, true),
            negative: (i: number) => next(i, false),
          };
          const places = Object.entries(roles).map(
            ([role, of]) => [role, Int32Array.from({ length: BATCH }, (_, i) => of(i))] as const,
          );
          const { value } = kernel.run(
            Object.fromEntries(places.map(([role, at]) => [role, gathered(features, at)])),
          );
          const slopes = new Float64Array(BATCH * WIDTH);
          for (const [role, at] of places) scatter(kernel.grads[role].data, at, slopes);
          return { value, slopes };
        },
      };
    },
  },
  {
    // Pairs: each sample of a batch with the next one, and with the one after that.
    inputs: ["first", "second", "same"],
    head(loss, params) {
      const pairs = 2 * BATCH;
      const kernel = kernelOf(loss, { first: [pairs, WIDTH], second: [pairs, WIDTH], same: [pairs] }, params);
      const first = Int32Array.from({ length: pairs }, (_, p) => p % BATCH);
      const second = first.map((i, p) => (i + 1 + Math.floor(p / BATCH)) % BATCH);
      return {
        look(features, labels) {
          const same = Float64Array.from(first, (i, p) => +(labels[i] === labels[second[p]]));
          const { value } = kernel.run({
            first: gathered(features, first),
            second: gathered(features, second),
            same,
          });
          const slopes = new Float64Array(BATCH * WIDTH);
          scatter(kernel.grads.first.data, first, slopes);
          scatter(kernel.grads.second.data, second, slopes);
          return { value, slopes };
        },
      };
    },
  },
];

export const logit = (
  features: ArrayLike<number>,
  i: number,
  weights: ArrayLike<number>,
  c: number,
): number => features[2 * i] * weights[2 * c] + features[2 * i + 1] * weights[2 * c + 1];

function logitsOf(features: Float64Array, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: (features.length / WIDTH) * CLASSES }, (_, place) =>
    logit(features, Math.floor(place / CLASSES), weights, place % CLASSES),
  );
}

/** The rows of some features. */
const gathered = (features: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from({ length: rows.length * WIDTH }, (_, k) => features[rows[k >> 1] * WIDTH + (k & 1)]);

/** Adds rows to where they were gathered from. */
function scatter(slopes: ArrayLike<number>, rows: Int32Array, into: Float64Array): void {
  for (let k = 0; k < slopes.length; k++) into[rows[k >> 1] * WIDTH + (k & 1)] += slopes[k];
}

/** Whether weights of twice the length give the same loss. */
function ignoresLengths(ring: LossKernel, weights: Float64Array): boolean {
  const features = Float64Array.from({ length: RING * WIDTH }, (_, k) => Math.cos(k));
  const labels = new Float64Array(RING);
  const [once, twice] = [1, 2].map(
    (size) => ring.run({ features, weights: weights.map((weight) => size * weight), labels }).value,
  );
  return Math.abs(once - twice) <= 1e-9 * Math.abs(once);
}

const formOf = ({ inputs }: AnyLoss): Form | undefined => {
  const names = Object.keys(inputs).filter((name) => !inputs[name].optional);
  const areVectors = Object.values(inputs).some(({ axes }) => axes.includes(" "));
  const isOfClasses = !inputs.target || inputs.target.kind === "classes";
  return areVectors && isOfClasses
    ? forms.find(
        (form) => names.length === form.inputs.length && form.inputs.every((name) => names.includes(name)),
      )
    : undefined;
};
export const fits = (loss: AnyLoss): boolean => formOf(loss) !== undefined;

/** Puts a loss on the features; `start` are the class directions that it begins with. */
export const headOf = (loss: AnyLoss, params: Params, start: Float64Array): Head =>
  formOf(loss)!.head(loss, params, start);
