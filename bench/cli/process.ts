// Runs a program as a person does, and measures the whole of it: wall time, processor time, the most memory it held.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Measured {
  readonly seconds: number;
  /** Processor seconds, of all threads. */
  readonly busy: number;
  /** Resident, at most, in MiB; as often as it was looked at. */
  readonly memory: number;
  readonly output: string;
}

export async function measure(command: string, args: readonly string[]): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  let [memory, ticks] = [0, 0];
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended, or there is no /proc.
    }
  };
  const timer = setInterval(look, 20);
  const code = await new Promise<number | null>((done) => child.on("exit", done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, busy: ticks / 100, memory, output };
}
