// The engines there are, and which of them a call takes.

import type { Engine } from "../backends/backend.ts";
import { reference } from "../backends/reference/index.ts";
import { isAvailable, wasm } from "../backends/wasm/index.ts";
import { LossError } from "../errors.ts";

/** By the name that the option `engine` gives. */
const engines: Readonly<Record<string, Engine>> = { reference, wasm };

/** What the option `engine` may be. */
export const engineNames: readonly string[] = ["auto", ...Object.keys(engines)];

/** "auto" takes the fastest engine that can run the call. */
export function chooseEngine(name: string): Engine {
  if (name === "wasm" && !isAvailable) {
    throw new LossError("unsupported", "this runtime has no WebAssembly.", {
      target: "wasm",
      note: 'Take engine: "reference".',
    });
  }
  return engines[name === "auto" ? "reference" : name];
}
