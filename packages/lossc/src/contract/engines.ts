// The engines there are, and which of them a call takes.

import type { Engine } from "../backends/backend.ts";
import { reference } from "../backends/reference/index.ts";

/** By the name that the option `engine` gives. */
const engines: Readonly<Record<string, Engine>> = { reference };

/** What the option `engine` may be. */
export const engineNames: readonly string[] = ["auto", ...Object.keys(engines)];

/** "auto" takes the fastest engine that can run the call. */
export const chooseEngine = (name: string): Engine => engines[name === "auto" ? "reference" : name];
