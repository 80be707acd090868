// Imports a loss file and finds the losses it exports; in this thread or in a worker that can be stopped.

import { register } from "node:module";

let registered = false;

/** The losses among a module's exports, by name. */
export async function lossesOf(url: string): Promise<Map<string, object>> {
  if (!registered) register(new URL("./hooks.js", import.meta.url));
  registered = true;
  const exports = (await import(url)) as Record<string, unknown>;
  return new Map(Object.entries(exports).filter((pair): pair is [string, object] => isLoss(pair[1])));
}

const isLoss = (value: unknown): boolean =>
  typeof value === "function" && "valueAndGrad" in value && "expr" in value;
