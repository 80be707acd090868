// The engines there are, and which of them a call takes.

import type { Bindings, Engine } from "../backends/backend.ts";
import { reference } from "../backends/reference/index.ts";
import { isAvailable, wasm } from "../backends/wasm/index.ts";
import { LossError } from "../errors.ts";

/** By the name that the option `engine` gives. */
const engines: Readonly<Record<string, Engine>> = { reference, wasm };

/** What the option `engine` may be. */
export const engineNames: readonly string[] = ["auto", ...Object.keys(engines)];

/** Numbers in the inputs from where a kernel is worth its making. */
const WORTH_A_KERNEL = 1024;

/** "auto" takes kernels where there are numbers enough, and else the reference, which needs no preparation. */
export function chooseEngine(name: string, bindings?: Bindings): Engine {
  if (name === "auto") {
    let numbers = 0;
    for (const { length } of bindings?.inputs.values() ?? []) numbers += length;
    return isAvailable && numbers >= WORTH_A_KERNEL ? wasm : reference;
  }
  if (name === "wasm" && !isAvailable) {
    throw new LossError("unsupported", "this runtime has no WebAssembly.", {
      target: "wasm",
      note: 'Take engine: "reference".',
    });
  }
  return engines[name];
}
