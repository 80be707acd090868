// The network trained on the digits under one loss, with the centre loss added to it by a factor.

import { catalogue, centerUpdate } from "lossc";
import { chosen } from "../../losses/named.ts";
import type { Pick } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import { random } from "../../training/random.ts";
import type { Run, Trainer } from "../../training/trainer.ts";
import { CLASSES, PIXELS, readDigits } from "./digits.ts";
import { BATCH, fits, type Head, headOf, RING, WIDTH } from "./heads.ts";
import { type Measures, measure, nearest } from "./measure.ts";
import { adam, network } from "./network.ts";

export interface Settings {
  readonly losses: readonly Pick[];
  /** λ of the centre loss; 0 leaves it out. */
  readonly lambda: number;
  readonly rate: number;
  readonly seed: number;
}
export interface Frame extends Measures {
  /** Two numbers per digit. */
  readonly features: Float32Array;
  /** Two numbers per class, where the loss has class directions. */
  readonly weights: Float64Array | undefined;
  /** Around the origin, for every `360/RING` degrees: the class that a feature there has, and whether the loss leaves it
   * alone: its class then wins although the margin is taken off. Empty where there are no class directions. */
  readonly ring: readonly { readonly label: number; readonly held: boolean }[];
  /** The mean loss of the last batch, without the centre loss. */
  readonly loss: number;
}

const HIDDEN = 32;
/** The paper's α: how quickly centres follow. */
const FOLLOW = 0.5;

export const trainer: Trainer<Settings, Frame> = {
  start({ losses, lambda, rate, seed }): Run<Frame> {
    const { count, images, labels } = readDigits();
    const draw = random(seed);
    const net = network(PIXELS, HIDDEN, WIDTH, draw);
    const [picked] = chosen(losses, fits);
    // Class directions begin evenly around the circle, so that no class has a better start.
    const start = Float64Array.from({ length: CLASSES * WIDTH }, (_, place) => {
      const angle = (2 * Math.PI * (place >> 1)) / CLASSES;
      return place % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
    const head = headOf(picked.loss, picked.params, start);
    const improve = adam([...net.parts, ...(head.weights ? [head.weights] : [])]);
    const centre = kernelOf(
      catalogue.get("center")!,
      { features: [BATCH, WIDTH], labels: [BATCH], centers: [CLASSES, WIDTH] },
      {},
    );
    let centers = new Float64Array(CLASSES * WIDTH);
    let loss = Number.NaN;
    let order: number[] = [];

    return {
      step() {
        if (order.length < BATCH) order = shuffled(count, draw.uniform);
        const batch = order.splice(0, BATCH);
        const rows = new Float64Array(BATCH * PIXELS);
        for (const [row, i] of batch.entries())
          rows.set(images.subarray(i * PIXELS, (i + 1) * PIXELS), row * PIXELS);
        const truth = Float64Array.from(batch, (i) => labels[i]);
        const features = net.forward(rows, BATCH);
        const { value, slopes } = head.look(features, truth);
        loss = value;
        if (lambda > 0) {
          centre.run({ features, labels: truth, centers });
          for (let k = 0; k < slopes.length; k++) slopes[k] += lambda * centre.grads.features.data[k];
          const shaped = (data: Float64Array, size: number) => ({ data, shape: [size, WIDTH] });
          const moved = centerUpdate(shaped(features, BATCH), [...truth], shaped(centers, CLASSES), FOLLOW);
          centers = Float64Array.from(moved.data);
        }
        net.backward(slopes);
        improve(rate);
      },
      frame() {
        const features = net.forward(images, count);
        const weights = directions(head);
        return {
          features: Float32Array.from(features),
          weights,
          loss,
          ring: ringOf(head, weights, features),
          ...measure(features, labels, weights),
        };
      },
    };
  },
};

/** The class directions; of length 1 where the loss sees no length. */
function directions({ weights, unit }: Head): Float64Array | undefined {
  const rows = weights?.values;
  return rows?.map((weight, k) => (unit ? weight / (Math.hypot(rows[k & ~1], rows[k | 1]) || 1) : weight));
}

/** Below this loss a class has more than half of the probability, its margin taken off. */
const EVEN = Math.LN2;

function ringOf(head: Head, weights: Float64Array | undefined, features: Float64Array): Frame["ring"] {
  if (!weights || !head.judge) return [];
  let length = 0;
  for (let k = 0; k < features.length; k += 2) length += Math.hypot(features[k], features[k + 1]);
  length /= features.length / 2;
  const around = Float64Array.from({ length: RING * WIDTH }, (_, k) => {
    const angle = (2 * Math.PI * (k >> 1)) / RING;
    return length * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const labels = Float64Array.from({ length: RING }, (_, i) => nearest(around, i, around, weights));
  const losses = head.judge(around, labels);
  return [...labels].map((label, i) => ({ label, held: losses[i] < EVEN }));
}

function shuffled(count: number, uniform: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
