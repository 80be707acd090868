// The command `lossc` as a process: its arguments, its signals, its exit code.

import { exitCode } from "./errors.ts";
import { run } from "./run.ts";
import { stopAll } from "./signals.ts";
import { discardUnfinished } from "./unfinished.ts";

/** `lossc … | head` closes the pipe early: there is no one left to tell, and nothing is wrong. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.fine);
    throw error;
  });
}

const leave: Readonly<Record<string, number>> = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.hungUp,
};
for (const [signal, code] of Object.entries(leave)) {
  process.on(signal, () => {
    stopAll();
    discardUnfinished();
    process.exit(code);
  });
}

process.exitCode = await run(process.argv.slice(2));
