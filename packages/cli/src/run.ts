// One run of the command: words in, an exit code out. Whatever happens is told, in the format that was asked for.

import { exitCode, report } from "./errors.ts";
import type { Verb } from "./options.ts";
import { type Action, commanderExit, programWith } from "./program.ts";
import { terminalOf } from "./terminal.ts";
import { discardUnfinished } from "./unfinished.ts";

/** A verb's module loads when it is called: `--help` needs neither the losses nor DuckDB. */
const actions: Record<Verb, Action> = {
  eval: async (files, flags) => (await import("./eval/index.ts")).evaluateFiles(files, flags),
  list: async (_, flags) => (await import("./list.ts")).list(flags),
  emit: async (words, flags) => (await import("./emit.ts")).emit(words, flags),
  show: async ([name], flags) => (await import("./show/index.ts")).show(name, flags),
};

export async function run(words: readonly string[]): Promise<number> {
  let code: number = exitCode.fine;
  const program = programWith(actions, (returned) => {
    code = returned;
  });
  if (words.length === 0) {
    program.outputHelp();
    return code;
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    discardUnfinished();
    const told = commanderExit(error);
    // Flags that say how to tell an error count even if it is the command line that is wrong.
    if (told === undefined)
      report(error, terminalOf(!words.includes("--no-color")), words.includes("--debug"));
    return told ?? exitCode.usage;
  }
}
