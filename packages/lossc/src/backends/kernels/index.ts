// All that stands between a program and the kernel that runs it, in one room: a build may put `later.ts` in its place.

import { kernelOf, obstacleTo, printKernel } from "../../passes/lower/index.ts";
import type { Program } from "../backend.ts";
import { obstacleHere } from "../wasm/index.ts";

export { wasm } from "../wasm/index.ts";
export { obstacleHere, obstacleTo };

/** The loops of a program that has some, as a text. */
export const listingOf = (program: Program): string => printKernel(kernelOf(program));
