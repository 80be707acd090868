// Both parts of the room train in the worker: the neuron, and the chain of layers.

import type { Run, Trainer } from "../../training/trainer.ts";
import { type ChainFrame, type ChainSettings, startChain } from "./chain.ts";
import { type NeuronSettings, startNeuron, type Taught } from "./neuron.ts";

export type Settings =
  | { readonly part: "neuron"; readonly settings: NeuronSettings }
  | { readonly part: "chain"; readonly settings: ChainSettings };

export const trainer: Trainer<Settings, readonly Taught[] | ChainFrame> = {
  start: (given): Run<readonly Taught[] | ChainFrame> =>
    given.part === "neuron" ? startNeuron(given.settings) : startChain(given.settings),
};
