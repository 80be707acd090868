// `lossc completion SHELL` prints a shell's script; `lossc complete SHELL LINE`, which the scripts call, what may follow.

import { CommandError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { complete, completionText } from "./complete.ts";
import { type Shell, scripts, shells } from "./scripts.ts";

export async function completion([shell]: readonly string[]): Promise<void> {
  process.stdout.write(`${scripts[shellCalled(shell)]}\n`);
}

export async function completeLine([shell, line = ""]: readonly string[]): Promise<void> {
  const text = completionText(await complete(line), shellCalled(shell), line);
  if (text !== "") process.stdout.write(`${text}\n`);
}

function shellCalled(name: string | undefined): Shell {
  const shell = shells.find((one) => one === name);
  if (shell) return shell;
  throw new CommandError(
    name === undefined ? "no shell is named." : `there is no script for "${name}".`,
    name === undefined ? `Name one: ${shells.join(", ")}.` : didYouMean(name, shells, "There are"),
  );
}
