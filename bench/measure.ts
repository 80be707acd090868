// Time and memory of something that is run again and again.

import { readFileSync, writeFileSync } from "node:fs";

export const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1];

/** Milliseconds of a run, the median of as many as half a second has room for, seven at least after three to warm up.
 * What takes less than a tenth of a millisecond is timed several at once. */
export async function medianOf(run: () => unknown, budget = 500): Promise<number> {
  let once = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await run();
    once = Math.min(once, performance.now() - start);
  }
  const batch = Math.max(1, Math.min(1000, Math.round(0.1 / Math.max(once, 1e-4))));
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < 7 || (performance.now() - begin < budget && times.length < 5000)) {
    const start = performance.now();
    for (let i = 0; i < batch; i++) {
      const result = run();
      if (result) await result;
    }
    times.push((performance.now() - start) / batch);
    if (performance.now() - begin > 20 * budget) break; // a peer that takes a second a run
  }
  return median(times);
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
