// The command `lossc` as a process: its arguments, its signals, its exit code.

import { exitCode } from "./errors.ts";
import { run } from "./run.ts";
import { discardUnfinished } from "./unfinished.ts";

/** `lossc … | head` closes the pipe early: there is no one left to tell, and nothing is wrong. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.fine);
    throw error;
  });
}

process.on("SIGINT", () => {
  discardUnfinished();
  process.exit(exitCode.interrupted);
});

process.exitCode = await run(process.argv.slice(2));
