// The command `lossc`: reads the arguments, runs a verb, and turns whatever happens into an exit code.

import { exitCode, report } from "./errors.ts";
import { discardUnfinished } from "./output.ts";
import { type Action, commanderExit, programWith } from "./program.ts";
import { terminalOf } from "./terminal.ts";

/** A verb's module loads when it is called: `--help` needs neither the losses nor DuckDB. */
const actions: Record<"eval" | "list" | "show", Action> = {
  eval: async (file, flags) => (await import("./eval/index.ts")).evaluateFile(file, flags),
  list: async (_, flags) => (await import("./list.ts")).list(flags),
  show: async (name, flags) => (await import("./show/index.ts")).show(name, flags),
};

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

async function main(words: readonly string[]): Promise<void> {
  const program = programWith(actions);
  if (words.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    discardUnfinished();
    const told = commanderExit(error);
    // Flags that say how to tell an error count even if it is the command line that is wrong.
    if (told === undefined)
      report(error, terminalOf(!words.includes("--no-color")), words.includes("--debug"));
    process.exitCode = told ?? exitCode.usage;
  }
}

await main(process.argv.slice(2));
