// Where a result goes: to stdout, or to a file that appears under its name only when it is complete.

import { accessSync, constants, statSync } from "node:fs";
import { dirname, extname } from "node:path";
import { CommandError } from "./errors.ts";
import { type Terminal, terminalOf } from "./terminal.ts";
import { discardUnfinished, publish, unfinishedFile, writeError, writeWhole } from "./unfinished.ts";

export interface OutputFlags {
  readonly format?: string;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color: boolean;
}

const formatOfEnding: Readonly<Record<string, string>> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".csv": "csv",
  ".md": "md",
};

/** --format, or what the ending of --output says, or a table. */
export function formatOf(flags: OutputFlags): string {
  return flags.format ?? formatOfEnding[extname(flags.output ?? "").toLowerCase()] ?? "table";
}

/** What a result is laid out for: a file is as wide as it likes and takes no colours. */
export const outputTerminal = ({ output, color, quiet }: OutputFlags): Terminal => {
  const terminal = terminalOf(color && output === undefined, quiet);
  return output === undefined ? terminal : { ...terminal, human: false, width: Number.POSITIVE_INFINITY };
};

/** Tells of a file that cannot be written before the work and not after it. */
export function checkOutput(file: string | undefined, flag = "--output"): void {
  if (file === undefined) return;
  const folder = dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(
      `${flag} ${file}: there is no folder ${folder}.`,
      "Make the folder, or name another file.",
    );
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new CommandError(`${flag} ${file} is a folder.`, "Name a file in it.");
  // A device, as /dev/null, is written as it is: nothing may take its place.
  if (found && !found.isFile()) return;
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new CommandError(
      `${flag} ${file}: no file may be made in ${folder} (${(error as NodeJS.ErrnoException).code}).`,
      "Name a file in a folder that is yours.",
      { cause: error },
    );
  }
}

/** To stdout, or to the file of --output. */
export function writeResult(text: string, file: string | undefined): void {
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (file === undefined) process.stdout.write(whole);
  else writeFile(whole, file, "--output");
}

/** Writes a file that a flag names: it appears when it is complete. */
export function writeFile(content: string | Uint8Array, file: string, flag: string): void {
  const part = unfinishedFile(file);
  try {
    writeWhole(part, content);
    publish([{ part, file }]);
  } catch (error) {
    discardUnfinished();
    throw writeError(error, file, flag);
  }
}
