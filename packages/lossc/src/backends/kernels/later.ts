// Kernels, loaded when they are asked for. A build may put this in the place of `index.ts`: see later.ts of the package.

import { LossError } from "../../errors.ts";
import type { Engine } from "../backend.ts";

type Kernels = typeof import("./index.ts");
let kernels: Kernels | undefined;

export async function loadKernels(): Promise<void> {
  kernels ??= await import("./index.ts");
}

const why = "this page was built with kernelsLater() and has not awaited loadKernels() of lossc/later yet";

function loaded(): Kernels {
  if (kernels) return kernels;
  throw new LossError("unsupported", `${why}.`, { target: "wasm" });
}

export const obstacleHere: Kernels["obstacleHere"] = () => (kernels ? kernels.obstacleHere() : why);
export const obstacleTo: Kernels["obstacleTo"] = (program) => (kernels ? kernels.obstacleTo(program) : why);
export const listingOf: Kernels["listingOf"] = (program) => loaded().listingOf(program);
export const wasm: Engine = {
  name: "wasm",
  run: (...given) => loaded().wasm.run(...given),
  compile: (...given) => loaded().wasm.compile!(...given),
};
