// A linear model of images, pixels → classes: it makes logits, and learns by stochastic gradient descent from whatever
// loss says how they should change. All that stands here is matrix products.

import type { Digits } from "./digits.ts";
import type { Random } from "./random.ts";

export interface LinearModel {
  readonly classes: number;
  /** [pixels + 1, classes]; the last row is the bias. */
  readonly weights: Float64Array;
}

export interface Logits {
  /** [samples, classes]. */
  readonly data: Float64Array;
  readonly shape: readonly [number, number];
}

/** The gradient of a loss with respect to the logits of a batch. */
export type LogitGradient = (logits: Logits, target: Uint8Array) => ArrayLike<number>;

export interface Training {
  readonly gradient: LogitGradient;
  readonly epochs: number;
  readonly batchSize: number;
  /** At the first step; it falls evenly to 0 at the last, which settles the weights without a second phase. */
  readonly learningRate: number;
  readonly random: Random;
}

export function train(digits: Digits, classes: number, training: Training): LinearModel {
  const { gradient, epochs, batchSize, learningRate, random } = training;
  // A convex problem: zeros are as good a start as any.
  const model = { classes, weights: new Float64Array((digits.pixels + 1) * classes) };
  const order = Uint32Array.from({ length: digits.count }, (_, index) => index);
  const steps = epochs * Math.ceil(digits.count / batchSize);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (let start = 0; start < digits.count; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      const target = Uint8Array.from(batch, (index) => digits.labels[index]);
      const slope = gradient(logitsOf(model, digits, batch), target);
      descend(model, digits, batch, slope, learningRate * (1 - step / steps));
      step++;
    }
  }
  return model;
}

/** Image · weights + bias, of the images at these places. */
export function logitsOf({ classes, weights }: LinearModel, digits: Digits, places: Uint32Array): Logits {
  const data = new Float64Array(places.length * classes);
  places.forEach((place, sample) => {
    const row = data.subarray(sample * classes, (sample + 1) * classes);
    eachInput(digits, place, (input, value) => {
      for (let k = 0; k < classes; k++) row[k] += value * weights[input * classes + k];
    });
  });
  return { data, shape: [places.length, classes] };
}

/** weights −= rate · imageᵀ · slope. */
function descend(
  { classes, weights }: LinearModel,
  digits: Digits,
  places: Uint32Array,
  slope: ArrayLike<number>,
  rate: number,
): void {
  places.forEach((place, sample) => {
    eachInput(digits, place, (input, value) => {
      for (let k = 0; k < classes; k++) {
        weights[input * classes + k] -= rate * value * slope[sample * classes + k];
      }
    });
  });
}

/** The pixels of an image from 0 to 1, without the four fifths that are 0; and 1, which the bias belongs to. */
function eachInput(
  { pixels, images }: Digits,
  place: number,
  use: (input: number, value: number) => void,
): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    const ink = images[place * pixels + pixel];
    if (ink !== 0) use(pixel, ink / 255);
  }
  use(pixels, 1);
}
