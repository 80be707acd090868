// The worker in which a loss file is imported for the first time: what it throws is told, and it may be stopped.

import { parentPort, workerData } from "node:worker_threads";
import { lossesOf } from "./import.ts";

export type Told =
  | { readonly losses: readonly string[] }
  | { readonly name: string; readonly message: string; readonly stack: string };

const { url } = workerData as { url: string };
try {
  const losses = await lossesOf(url);
  parentPort!.postMessage({ losses: [...losses.keys()] } satisfies Told);
} catch (thrown) {
  // swc throws plain objects.
  const error = thrown as { name?: string; message?: string; stack?: string; code?: string };
  const message = String(error?.message ?? thrown);
  parentPort!.postMessage({
    name: error?.name ?? error?.code ?? "",
    message,
    stack: error?.stack ?? "",
  } satisfies Told);
}
