// The engines there are, and which of them a call takes.

import type { Bindings, Engine, Program } from "../backends/backend.ts";
import { reference } from "../backends/reference/index.ts";
import { isAvailable, wasm } from "../backends/wasm/index.ts";
import { LossError } from "../errors.ts";
import { topological } from "../language/expr.ts";
import { notLowered } from "../passes/lower/index.ts";

/** By the name that the option `engine` gives. */
const engines: Readonly<Record<string, Engine>> = { reference, wasm };

/** What the option `engine` may be. */
export const engineNames: readonly string[] = ["auto", ...Object.keys(engines)];

/** Numbers in the inputs from where a kernel is worth its making. */
const WORTH_A_KERNEL = 1024;

/** What stands in the way of the WASM engine, as an end of a sentence; nothing where it can run the program. */
function obstacle(program: Program): string | undefined {
  if (!isAvailable) return "this runtime has no WebAssembly";
  const nodes = topological(Object.values(program.outputs).map(({ expr }) => expr));
  const missing = nodes.find(({ op }) => notLowered.has(op));
  return missing && `the operation "${missing.op}" has no kernel`;
}

/** "auto" takes kernels where there are numbers enough, and else the reference, which needs no preparation. */
export function chooseEngine(loss: string, name: string, program: Program, bindings: Bindings): Engine {
  if (name !== "auto" && name !== "wasm") return engines[name];
  let numbers = 0;
  for (const { length } of bindings.inputs.values()) numbers += length;
  if (name === "auto" && numbers < WORTH_A_KERNEL) return reference;
  const why = obstacle(program);
  if (why === undefined) return wasm;
  if (name === "auto") return reference;
  throw new LossError("unsupported", `engine "wasm": ${why}.`, {
    loss,
    target: "wasm",
    note: 'Take engine: "auto" or "reference".',
  });
}
