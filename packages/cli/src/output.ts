// Where a result goes: to stdout, or to a file that appears under its name only when it is complete.

import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { CommandError } from "./errors.ts";
import { type Terminal, terminalOf } from "./terminal.ts";

export interface OutputFlags {
  readonly format?: string;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color: boolean;
}

const formatOfEnding: Readonly<Record<string, string>> = { ".json": "json", ".csv": "csv", ".md": "md" };

/** --format, or what the ending of --output says, or a table. */
export function formatOf(flags: OutputFlags): string {
  return flags.format ?? formatOfEnding[extname(flags.output ?? "").toLowerCase()] ?? "table";
}

/** What a result is laid out for: a file is as wide as it likes and takes no colours. */
export const outputTerminal = ({ output, color, quiet }: OutputFlags): Terminal => {
  const terminal = terminalOf(color && output === undefined, quiet);
  return output === undefined ? terminal : { ...terminal, human: false, width: Number.POSITIVE_INFINITY };
};

/** The file being written, if any: an interrupt removes it. */
let unfinished: string | undefined;

export function discardUnfinished(): void {
  if (unfinished !== undefined) rmSync(unfinished, { force: true });
  unfinished = undefined;
}

/** Tells of an --output that cannot be written before the work and not after it. */
export function checkOutput(file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(
      `--output ${file}: there is no folder ${folder}.`,
      "Make the folder, or name another file.",
    );
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`--output ${file} is a folder.`, "Name a file in it.");
  }
}

export function writeResult(text: string, file: string | undefined): void {
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  if (file === undefined) {
    process.stdout.write(whole);
    return;
  }
  // Beside the file and not in /tmp: a rename is only atomic within one file system.
  unfinished = join(dirname(file), `.${basename(file)}.${process.pid}.unfinished`);
  try {
    writeFileSync(unfinished, whole);
    renameSync(unfinished, file);
    unfinished = undefined;
  } catch (error) {
    discardUnfinished();
    throw new CommandError(
      `--output ${file}: it cannot be written (${(error as Error).message}).`,
      undefined,
      { cause: error },
    );
  }
}
