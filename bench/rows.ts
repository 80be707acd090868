// What a row measures of lossc itself and of what needs no library: kernels, calls, a loop, a copy.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { catalogue, compile } from "../packages/lossc/src/index.ts";
import type { Arrays, Case } from "./cases.ts";
import { median, medianOf } from "./measure.ts";
import type { Answer } from "./peers.ts";
import { plain } from "./plain.ts";

/** A compiled kernel on its own arrays. */
export async function kernel(
  { loss, shape }: Case,
  inputs: Arrays,
  threads?: number,
): Promise<Required<Pick<Answer, "ms" | "value">> & { gradient: Float32Array }> {
  const made = compile(catalogue.get(loss)!, { shape, ...(threads && { threads }) });
  const { value } = made.run(inputs);
  const gradient = Float32Array.from(Object.values(made.grads)[0].data);
  const ms = await medianOf(() => {
    made.run();
  });
  made.dispose();
  return { ms, value, gradient };
}

/** The loop that one would write. */
export async function loop({ loss }: Case, inputs: Arrays): Promise<Answer> {
  const run = plain[loss];
  if (!run) return {};
  const gradient = new Float32Array(Object.values(inputs)[0].length);
  const value = run(inputs, gradient);
  return { ms: await medianOf(() => void run(inputs, gradient)), value, gradient };
}

/** The bytes that are read and written, copied: half of them are read, half written. */
export function copy({ shape }: Case, inputs: Arrays): Promise<number> {
  const bytes =
    Object.values(inputs).reduce((sum, array) => sum + array.byteLength, 0) +
    Object.values(shape)[0].reduce((a, b) => a * b, 4);
  const [from, to] = [new Uint8Array(bytes / 2).fill(1), new Uint8Array(bytes / 2)];
  return medianOf(() => to.set(from));
}

const called = new Set([
  "huber",
  "bceWithLogits",
  "crossEntropy 4096x1000",
  "crossEntropy 128x10",
  "huber 1024",
]);

/** Calls of the loss as a function, beside its kernel: rows of text. */
export async function plainCalls(chosen: readonly Case[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const one of chosen.filter(({ name }) => called.has(name))) {
    const inputs = one.fill();
    const loss = catalogue.get(one.loss)!;
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, data]) => [name, { data, shape: one.shape[name] }]),
    );
    const [first] = Object.keys(one.shape);
    const out = { [first]: new Float32Array(inputs[first].length) };
    const call = (options: object) =>
      medianOf(() => void loss.valueAndGrad(given as never, { engine: "wasm", ...options } as never));
    const own = await kernel(one, inputs);
    const times = [own.ms, await call({}), await call({ out }), await call({ out, validate: false })];
    rows.push([one.name, ...times.map((ms) => ms.toPrecision(3))]);
  }
  return rows;
}

/** What a first call is wanted to take at most. */
export const SOON_MS = 20;
/** First calls of all losses, in a process of their own: the kernel of each is made in them. One row for those of the new
 * process, one for all that come later, each with another program, and one for a loss's median of those. */
export function firstCalls(): string[][] {
  const script = fileURLToPath(new URL("./first-calls.mjs", import.meta.url));
  const [cold, ...warm]: [name: string, ms: number][][] = JSON.parse(
    execFileSync(process.execPath, [script], { encoding: "utf8" }),
  );
  const medians = cold.map(([name], i): [string, number] => [name, median(warm.map((round) => round[i][1]))]);
  const row = (title: string, calls: readonly (readonly [string, number])[]): string[] => {
    const times = calls.map(([, ms]) => ms);
    const [name, most] = calls.reduce((a, b) => (b[1] > a[1] ? b : a));
    const soon = times.filter((ms) => ms < SOON_MS).length;
    return [title, median(times).toPrecision(2), `${soon} of ${times.length}`, `${name} ${most.toFixed(0)}`];
  };
  return [
    row("in a new process", cold),
    row(`once it is warm, ${warm.length} of each loss`, warm.flat()),
    row("once it is warm, the median of each loss", medians),
  ];
}
