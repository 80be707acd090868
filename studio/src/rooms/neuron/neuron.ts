// One sigmoid neuron with input 1, taught to answer 0, under several losses from the same start.

import { activations } from "lossc";
import { chosen } from "../../losses/named.ts";
import type { Pick } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import type { Run } from "../../training/trainer.ts";
import { answerOf, fits } from "./losses.ts";

export interface NeuronSettings {
  readonly w: number;
  readonly b: number;
  readonly losses: readonly Pick[];
  readonly rate: number;
}
export interface Taught {
  readonly series: number;
  readonly w: number;
  readonly b: number;
  /** σ(w + b). */
  readonly answer: number;
  readonly loss: number;
  /** dℓ/da, dσ/dz, and their product, the slope that weight and bias follow. */
  readonly byAnswer: number;
  readonly factor: number;
  readonly slope: number;
  /** The answer after every step so far. */
  readonly answers: Float64Array;
}

export function startNeuron({ w, b, losses, rate }: NeuronSettings): Run<readonly Taught[]> {
  const taught = chosen(losses, fits).map(({ loss, params, series }) => {
    const name = answerOf(loss)!;
    const kernel = kernelOf(loss, { [name]: [1], target: [1] }, params);
    const one = { series, w, b, answers: [] as number[] };
    function look() {
      const z = one.w + one.b;
      const answer = activations.sigmoid.value(z);
      const { value } = kernel.run({ [name]: Float64Array.of(answer), target: Float64Array.of(0) });
      const byAnswer = kernel.grads[name].data[0];
      const factor = activations.sigmoid.derivative(z);
      return { answer, loss: value, byAnswer, factor, slope: byAnswer * factor };
    }
    one.answers.push(look().answer);
    return { one, look };
  });
  return {
    step() {
      for (const { one, look } of taught) {
        const { slope } = look(); // the input is 1, so weight and bias have the same
        one.w -= rate * slope;
        one.b -= rate * slope;
        one.answers.push(look().answer);
      }
    },
    frame: () =>
      taught.map(({ one, look }) => ({ ...one, ...look(), answers: Float64Array.from(one.answers) })),
  };
}
