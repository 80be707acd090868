// Time and memory of something that is run again and again.

import { readFileSync, writeFileSync } from "node:fs";

export const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1];

/** Call what they are given from frames of several sizes. V8 keeps vectors on the stack wherever its frames happen to end: those
 * that lie across two lines of the cache, or two pages, take a kernel that has many from a tenth to half as long again. */
const callers = Array.from({ length: 4 }, (_, slots) => {
  const names = Array.from({ length: slots }, (_, i) => `a${i}`);
  const kept = names.map((name) => `const ${name} = run.${name};`).join(" ");
  return new Function("run", `${kept} const given = run(); return ${["given", ...names].join(" ?? ")};`);
}) as ((run: () => unknown) => unknown)[];

/** Milliseconds of a run: the median of as many as half a second has room for, eight at least after three to warm up; as many
 * from each of the callers, whose medians count alike. What takes less than a tenth of a millisecond is timed several at once. */
export async function medianOf(run: () => unknown, budget = 500): Promise<number> {
  let once = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await run();
    once = Math.min(once, performance.now() - start);
  }
  const batch = Math.max(1, Math.min(1000, Math.round(0.1 / Math.max(once, 1e-4))));
  const times: number[][] = callers.map(() => []);
  const begin = performance.now();
  const passed = (): number => performance.now() - begin;
  for (let round = 0; round < 2 || (passed() < budget && round < 1000); round++) {
    for (const [i, call] of callers.entries()) {
      const start = performance.now();
      for (let k = 0; k < batch; k++) {
        const result = call(run);
        if (result) await result;
      }
      times[i].push((performance.now() - start) / batch);
    }
    if (passed() > 20 * budget) break; // a peer that takes a second a run
  }
  return times.map(median).reduce((a, b) => a + b) / times.length;
}

/** From the process's status file, in KiB; nothing on systems without it. */
function status(name: string): number | undefined {
  try {
    const found = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"));
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** Begins to watch: the function it returns gives the most memory in use since, beyond what is in use now, in MiB. */
export function memory(): () => number | undefined {
  (globalThis as { gc?: () => void }).gc?.();
  try {
    writeFileSync("/proc/self/clear_refs", "5"); // forget the peak so far
  } catch {
    return () => undefined;
  }
  const before = status("VmRSS");
  return () => {
    const most = status("VmHWM");
    return before === undefined || most === undefined ? undefined : Math.max(0, (most - before) / 1024);
  };
}
