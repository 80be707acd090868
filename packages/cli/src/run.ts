// One run of the command: words in, an exit code out. Whatever happens is told, in the format that was asked for.

import { exitCode, report, told } from "./errors.ts";
import { renderJson, renderJsonLines } from "./format/json.ts";
import { longName, type Verb, verbs } from "./options.ts";
import { type Action, commanderFault, programWith } from "./program.ts";
import { terminalOf } from "./terminal.ts";
import { discardUnfinished } from "./unfinished.ts";

/** A verb's module loads when it is called: `--help` needs neither the losses nor DuckDB. */
const actions: Record<Verb, Action> = {
  eval: async (files, flags) => (await import("./eval/index.ts")).evaluateFiles(files, flags),
  compare: async (files, flags) => (await import("./compare/index.ts")).compare(files, flags),
  list: async (_, flags) => (await import("./list.ts")).list(flags),
  emit: async (words, flags) => (await import("./emit.ts")).emit(words, flags),
  check: async (words, flags) => (await import("./check/index.ts")).check(words, flags),
  plot: async (words, flags) => (await import("./plot.ts")).plot(words, flags),
  choose: async (words, flags) => (await import("./choose/index.ts")).choose(words, flags),
  completion: async (words) => (await import("./completion/index.ts")).completion(words),
  show: async ([name], flags) => (await import("./show/index.ts")).show(name, flags),
};

/** Files that stand where a loss's name does, as the table of options says, are read before the verb begins. */
async function readLossFiles(
  verb: Verb,
  words: readonly string[],
  flags: Record<string, unknown>,
): Promise<void> {
  const { argument, options } = verbs[verb];
  const inFlags = options
    .filter(({ names }) => names === "loss")
    .flatMap(({ flags: text }) => flags[longName(text)] ?? []);
  const texts = [...(argument?.names === "loss" ? words : []), ...(inFlags as string[])];
  if (!texts.some((text) => /\.m?[jt]s\b/.test(text))) return;
  const { loadLossFiles } = await import("./user/load.ts");
  await loadLossFiles(texts);
}

export async function run(words: readonly string[]): Promise<number> {
  let code: number = exitCode.fine;
  const prepared = Object.fromEntries(
    Object.entries(actions).map(([verb, action]): [string, Action] => [
      verb,
      async (given, flags) => {
        await readLossFiles(verb as Verb, given, flags);
        return action(given, flags);
      },
    ]),
  ) as Record<Verb, Action>;
  const program = programWith(prepared, (returned) => {
    code = returned;
  });
  if (words.length === 0) {
    program.outputHelp();
    return code;
  }
  try {
    // What completion scripts call is no verb for people.
    if (words[0] === "complete") {
      await (await import("./completion/index.ts")).completeLine(words.slice(1));
      return code;
    }
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    const usage = commanderFault(error);
    if (usage?.exitCode === exitCode.fine) return exitCode.fine;
    // Flags that say how to tell an error count even if it is the command line that is wrong.
    if (!usage) report(error, terminalOf(!words.includes("--no-color")), words.includes("--debug"));
    const render = errorRenderers[formatAsked(words) ?? ""];
    if (render)
      process.stdout.write(`${render({ error: usage?.told ?? told(error), exitCode: exitCode.usage })}\n`);
    return exitCode.usage;
  } finally {
    discardUnfinished();
  }
}

/** Programs read the error where they would have read the result; people read it on stderr in any case. */
const errorRenderers: Readonly<Record<string, (fault: object) => string>> = {
  json: renderJson,
  jsonl: (fault) => renderJsonLines([fault]),
};

/** What --format says, even where the words are not understood. */
function formatAsked(words: readonly string[]): string | undefined {
  const place = words.map((word) => /^(-f|--format)(=|$)/.test(word)).lastIndexOf(true);
  if (place < 0) return undefined;
  return /=(.*)$/.exec(words[place])?.[1] ?? words[place + 1];
}
