// From the table of verbs to a command line that parses: commander is told every flag from one place.

import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { type Config, readConfig } from "./config.ts";
import type { Told } from "./errors.ts";
import { type OptionRow, synopsis, type Verb, type VerbRow, verbs } from "./options.ts";

/** Called with the words that are no flags (files, names) and the flags by name. What it returns is the exit code; a
 * verb that has no checks to fail returns nothing. */
export type Action = (words: readonly string[], flags: Record<string, unknown>) => Promise<unknown>;

const version = (): string =>
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version as string;

/** `done` is told what an action returns. */
export function programWith(
  actions: { readonly [V in Verb]: Action },
  done: (code: number) => void,
): Command {
  const program = new Command("lossc").description(synopsis.summary);
  program.version(version(), "-V, --version", "print the version");
  withExamples(program, synopsis.examples);
  for (const verb of Object.keys(verbs) as Verb[])
    program.addCommand(
      commandOf(verb, verbs[verb], async (words, flags) => {
        const code = await actions[verb](words, flags);
        if (typeof code === "number") done(code);
      }),
    );
  program.addHelpText("after", "\nEvery verb has its own help: lossc eval --help");
  program.helpCommand(false);
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.helpOption("-h, --help", "print this help");
    command.configureHelp({ subcommandTerm: (verb) => `${verb.name()} ${verb.usage()}` });
    // "error: unknown option" becomes our own way to begin a sentence.
    command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "lossc: ")) });
  }
  return program;
}

function commandOf(verb: Verb, row: VerbRow, action: Action): Command {
  const command = new Command(verb).description(row.summary);
  // Not required here: a missing one gets our own message, which can say more.
  if (row.argument) {
    const name = `${row.argument.name}${row.argument.repeats ? "..." : ""}`;
    command.argument(`[${name}]`, row.argument.doc);
    command.usage(`<${name}> [options]`);
  }
  for (const option of row.options) command.addOption(optionOf(option));
  withExamples(command, row.examples);
  if (row.notes) command.addHelpText("after", `\n${row.notes}`);
  command.action(async (...given: unknown[]) => {
    const words = row.argument ? [given[0] ?? []].flat() : [];
    const settings = withConfig(verb, command);
    if (settings.flags.printConfig === true) process.stdout.write(settings.told);
    else await action(words as string[], settings.flags);
  });
  return command;
}

/** The flags of the command line over those of the configuration; and both told, for --print-config. */
function withConfig(verb: Verb, command: Command): { flags: Record<string, unknown>; told: string } {
  const given = command.opts();
  const config: Config = given.config === false ? { file: undefined, verbs: {} } : readConfig();
  const own = config.verbs[verb] ?? {};
  const typed = (name: string) => command.getOptionValueSource(name) === "cli";
  const flags = { ...given, ...Object.fromEntries(Object.entries(own).filter(([name]) => !typed(name))) };
  const from = (name: string): string => (typed(name) ? "flag" : name in own ? "config" : "default");
  const told = Object.entries(flags)
    .filter(([name]) => name !== "printConfig" && name !== "config")
    .map(([name, value]) => [name, { value, from: from(name) }]);
  const all = { verb, config: config.file ?? null, settings: Object.fromEntries(told) };
  return { flags, told: `${JSON.stringify(all, null, 2)}\n` };
}

function optionOf(row: OptionRow): Option {
  const option = new Option(row.flags, row.doc);
  if (row.choices) option.choices(row.choices);
  if (row.default !== undefined) option.default(row.default);
  if (row.repeats)
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

/** Examples come first: most people read no further. */
function withExamples(command: Command, examples: VerbRow["examples"]): void {
  const lines = examples.flatMap(([line, what]) => [`  ${line}`, `      ${what}`]);
  command.addHelpText("before", `Examples:\n${lines.join("\n")}\n`);
}

/** What commander has found wrong and said on stderr, or that it has only printed what was asked for. */
export function commanderFault(
  error: unknown,
): { readonly exitCode: 0 | 2; readonly told: Told } | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  const [message, ...remedy] = error.message.replace(/^error: /, "").split("\n");
  const told = { message, remedy: remedy.length > 0 ? remedy.join(" ") : null };
  return { exitCode: error.exitCode === 0 ? 0 : 2, told };
}
