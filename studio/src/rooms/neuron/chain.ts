// A chain of layers, eight neurons wide, that learns one period of a sine, and how large the gradient is in each layer.

import { activations, catalogue } from "lossc";
import { kernelOf } from "../../training/kernels.ts";
import { random } from "../../training/random.ts";
import type { Run } from "../../training/trainer.ts";
import { fitsChain } from "./losses.ts";

export interface ChainSettings {
  readonly activation: "sigmoid" | "tanh" | "relu";
  readonly depth: number;
  readonly gain: number;
  readonly loss: string;
  readonly chainRate: number;
  readonly clip: number;
  readonly penalty: number;
  readonly seed: number;
}
export interface ChainFrame {
  /** The root mean square of dL/dW by layer, from the input on; NaN once the run has left the numbers. */
  readonly sizes: Float64Array;
  readonly firstSizes: Float64Array;
  readonly loss: number;
  /** The loss after every step so far. */
  readonly losses: Float64Array;
  readonly diverged: boolean;
}

const WIDTH = 8;
const SAMPLES = 32;
/** One row per sample. */
type Rows = Float64Array[];
interface Layer {
  readonly inputs: number;
  readonly weights: Float64Array[];
  readonly bias: Float64Array;
}

const xs = Float64Array.from({ length: SAMPLES }, (_, i) => (2 * i) / (SAMPLES - 1) - 1);
const target = xs.map((x) => Math.sin(Math.PI * x));

export function lossNamed(name: string) {
  const loss = catalogue.get(name);
  return loss && fitsChain(loss) ? loss : catalogue.get("mse")!;
}

export function startChain(settings: ChainSettings): Run<ChainFrame> {
  const { activation, depth, chainRate, clip, penalty } = settings;
  const { value: act, derivative } = activations[activation];
  const layers = layersOf(settings);
  const kernel = kernelOf(lossNamed(settings.loss), { prediction: [SAMPLES], target: [SAMPLES] }, {});

  /** Forward and back: the mean loss and the slope of every layer. */
  function look() {
    const answers: Rows[] = [Array.from(xs, (x) => Float64Array.of(x))];
    const sums: Rows[] = [];
    for (const [l, layer] of layers.entries()) {
      const z = answers[l].map((row) => through(layer, row));
      sums.push(z);
      answers.push(l < depth ? z.map((row) => row.map((x) => act(x))) : z);
    }
    const { value } = kernel.run({ prediction: answers[depth + 1].map(([x]) => x), target });
    let back: Rows = Array.from(kernel.grads.prediction.data, (slope) => Float64Array.of(slope));
    const slopes = layers.map(({ weights, bias }) => ({
      weights: weights.map((row) => new Float64Array(row.length)),
      bias: new Float64Array(bias.length),
    }));
    for (let l = depth; l >= 0; l--) {
      const byInput: Rows = back.map(() => new Float64Array(layers[l].inputs));
      for (const [i, row] of back.entries()) {
        for (let out = 0; out < row.length; out++) {
          const slope = l < depth ? row[out] * derivative(sums[l][i][out]) : row[out];
          slopes[l].bias[out] += slope;
          for (let k = 0; k < layers[l].inputs; k++) {
            slopes[l].weights[out][k] += slope * answers[l][i][k];
            byInput[i][k] += slope * layers[l].weights[out][k];
          }
        }
      }
      back = byInput;
    }
    return { value, slopes };
  }
  const sizesOf = (slopes: ReturnType<typeof look>["slopes"]) =>
    Float64Array.from(slopes, ({ weights }) => {
      const all = weights.flatMap((row) => [...row]);
      return Math.sqrt(all.reduce((sum, slope) => sum + slope * slope, 0) / all.length);
    });

  const first = look();
  const firstSizes = sizesOf(first.slopes);
  const losses = [first.value];
  const isLost = () => !Number.isFinite(losses.at(-1)!);
  return {
    step() {
      if (isLost()) return;
      const { slopes } = look();
      const length = Math.hypot(
        ...slopes.flatMap(({ weights, bias }) => [...weights.map((row) => Math.hypot(...row)), ...bias]),
      );
      const held = clip > 0 && length > clip ? clip / length : 1;
      for (const [l, layer] of layers.entries()) {
        for (const [out, row] of layer.weights.entries()) {
          for (let k = 0; k < row.length; k++)
            row[k] -= chainRate * (held * slopes[l].weights[out][k] + penalty * row[k]);
          layer.bias[out] -= chainRate * held * slopes[l].bias[out];
        }
      }
      losses.push(look().value);
    },
    frame: () => ({
      sizes: sizesOf(look().slopes),
      firstSizes,
      loss: losses.at(-1)!,
      losses: Float64Array.from(losses),
      diverged: isLost(),
    }),
  };
}

function layersOf({ depth, gain, seed }: ChainSettings): Layer[] {
  const { normal } = random(seed);
  return Array.from({ length: depth + 1 }, (_, l) => {
    const inputs = l === 0 ? 1 : WIDTH;
    const outputs = l === depth ? 1 : WIDTH;
    const draw = () => (gain * normal()) / Math.sqrt(inputs);
    return {
      inputs,
      weights: Array.from({ length: outputs }, () => Float64Array.from({ length: inputs }, draw)),
      bias: new Float64Array(outputs),
    };
  });
}

function through({ weights, bias }: Layer, row: Float64Array): Float64Array {
  return bias.map((start, out) => weights[out].reduce((sum, weight, k) => sum + weight * row[k], start));
}
