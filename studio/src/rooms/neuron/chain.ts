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

/** Its numbers, and room for what passes through it: a row per sample. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** A row per output; behind each row's weights stands its bias. */
  readonly weights: Float64Array;
  readonly slopes: Float64Array;
  /** What comes in and, before the activation, out; and the loss's slope by the latter. */
  readonly given: Float64Array;
  readonly sums: Float64Array;
  readonly back: Float64Array;
}

const xs = Float64Array.from({ length: SAMPLES }, (_, i) => (2 * i) / (SAMPLES - 1) - 1);
const target = xs.map((x) => Math.sin(Math.PI * x));

export function lossNamed(name: string) {
  const loss = catalogue.get(name);
  return loss && fitsChain(loss) ? loss : catalogue.get("mse")!;
}

export function startChain(settings: ChainSettings): Run<ChainFrame> {
  const { activation, chainRate, clip, penalty } = settings;
  const { value: act, derivative } = activations[activation];
  const layers = layersOf(settings);
  const last = layers.at(-1)!;
  const kernel = kernelOf(lossNamed(settings.loss), { prediction: [SAMPLES], target: [SAMPLES] }, {});

  /** Forward and back: gives the mean loss, and leaves every layer's slopes in it. */
  function look(): number {
    layers[0].given.set(xs);
    for (const [l, layer] of layers.entries()) {
      forward(layer);
      const next = layers[l + 1];
      if (next) for (let i = 0; i < next.given.length; i++) next.given[i] = act(layer.sums[i]);
    }
    const { value } = kernel.run({ prediction: last.sums, target });
    last.back.set(kernel.grads.prediction.data);
    for (let l = layers.length - 1; l >= 0; l--) backward(layers[l], layers[l - 1], derivative);
    return value;
  }
  const sizes = () => Float64Array.from(layers, sizeOf);

  const losses = [look()];
  const firstSizes = sizes();
  const isLost = () => !Number.isFinite(losses.at(-1)!);
  return {
    step() {
      if (isLost()) return;
      const length = Math.sqrt(layers.reduce((sum, { slopes }) => sum + squares(slopes), 0));
      const held = clip > 0 && length > clip ? clip / length : 1;
      for (const { inputs, weights, slopes } of layers) {
        for (let k = 0; k < weights.length; k++) {
          const isBias = k % (inputs + 1) === inputs;
          weights[k] -= chainRate * (held * slopes[k] + (isBias ? 0 : penalty * weights[k]));
        }
      }
      losses.push(look());
    },
    frame: () => ({
      sizes: sizes(),
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
    const size = outputs * (inputs + 1);
    return {
      inputs,
      outputs,
      weights: Float64Array.from({ length: size }, (_, k) =>
        k % (inputs + 1) === inputs ? 0 : (gain * normal()) / Math.sqrt(inputs),
      ),
      slopes: new Float64Array(size),
      given: new Float64Array(SAMPLES * inputs),
      sums: new Float64Array(SAMPLES * outputs),
      back: new Float64Array(SAMPLES * outputs),
    };
  });
}

function forward({ inputs, outputs, weights, given, sums }: Layer): void {
  for (let i = 0; i < SAMPLES; i++) {
    for (let out = 0; out < outputs; out++) {
      const row = out * (inputs + 1);
      let sum = weights[row + inputs];
      for (let k = 0; k < inputs; k++) sum += weights[row + k] * given[i * inputs + k];
      sums[i * outputs + out] = sum;
    }
  }
}

/** From the slopes by what leaves a layer to those by its weights, and by what left the layer before. */
function backward(layer: Layer, before: Layer | undefined, derivative: (x: number) => number): void {
  const { inputs, outputs, weights, slopes, given, back } = layer;
  slopes.fill(0);
  before?.back.fill(0);
  for (let i = 0; i < SAMPLES; i++) {
    for (let out = 0; out < outputs; out++) {
      const slope = back[i * outputs + out];
      const row = out * (inputs + 1);
      slopes[row + inputs] += slope;
      for (let k = 0; k < inputs; k++) {
        slopes[row + k] += slope * given[i * inputs + k];
        if (before) before.back[i * inputs + k] += slope * weights[row + k];
      }
    }
  }
  if (before) for (let i = 0; i < before.back.length; i++) before.back[i] *= derivative(before.sums[i]);
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** The root mean square of the weights' slopes, biases aside. */
function sizeOf({ inputs, slopes }: Layer): number {
  const own = slopes.filter((_, k) => k % (inputs + 1) !== inputs);
  return Math.sqrt(squares(own) / own.length);
}
