// The engines there are, and which of them a call takes.

import type { Bindings, Engine, Program } from "../backends/backend.ts";
import { obstacleHere, obstacleTo, wasm } from "../backends/kernels/index.ts";
import { reference } from "../backends/reference/index.ts";
import { LossError } from "../errors.ts";

/** By the name that the option `engine` gives. */
const engines: Readonly<Record<string, Engine>> = { reference, wasm };

/** What the option `engine` may be. */
export const engineNames: readonly string[] = ["auto", ...Object.keys(engines)];

/** Numbers in the inputs from where a kernel is worth its making. */
const WORTH_A_KERNEL = 1024;

/** The engine of a program whatever its sizes: what is added up over batches should not depend on where they were cut. */
export const engineOfAnySize = (program: Program): Engine =>
  (obstacleHere() ?? obstacleTo(program)) === undefined ? wasm : reference;

/** "auto" takes kernels where there are numbers enough, and else the reference, which needs no preparation. */
export function chooseEngine(loss: string, name: string, program: Program, bindings: Bindings): Engine {
  if (name !== "auto" && name !== "wasm") return engines[name];
  let numbers = 0;
  for (const { length } of bindings.inputs.values()) numbers += length;
  if (name === "auto" && numbers < WORTH_A_KERNEL) return reference;
  const why = obstacleHere() ?? obstacleTo(program);
  if (why === undefined) return wasm;
  if (name === "auto") return reference;
  throw new LossError("unsupported", `engine "wasm": ${why}.`, {
    loss,
    target: "wasm",
    note: 'Take engine: "auto" or "reference".',
  });
}
