// Files on their way: written under another name beside the one they will have, and renamed when they are complete. A
// process that is killed leaves the old file; what it left beside it goes when the file is next written.

import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./errors.ts";

const unfinished = new Set<string>();

export interface Part {
  /** What it is called while it is written. */
  readonly part: string;
  /** What it will be called. */
  readonly file: string;
}

const host = hostname().replace(/[^A-Za-z0-9-]/g, "_");

/** A name beside the file (a rename is only atomic within one file system), free to be written to. */
export function unfinishedFile(file: string): string {
  const prefix = `.${basename(file)}.${host}.`;
  clearLeftovers(dirname(file), prefix);
  const part = isDevice(file) ? file : join(dirname(file), `${prefix}${process.pid}.unfinished`);
  if (part !== file) unfinished.add(part);
  return part;
}

const isDevice = (file: string): boolean => {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
};

/** Removes what processes of this machine that no longer run have left of the same file. */
function clearLeftovers(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(prefix)
      ? /^(\d+)\.unfinished$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (pid !== undefined && !runs(Number(pid))) rmSync(join(folder, name), { force: true, recursive: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function writeWhole(part: string, content: string | Uint8Array): void {
  writeFileSync(part, content);
}

/** Gives files their names, all of them or none that is not complete; what is on the disk stays there without power. */
export function publish(parts: readonly Part[]): void {
  for (const { part, file } of parts) {
    if (part === file) continue;
    const descriptor = openSync(part, "r+");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
  for (const { part, file } of parts) {
    if (part !== file) renameSync(part, file);
    unfinished.delete(part);
  }
}

export function discardUnfinished(): void {
  for (const part of unfinished) rmSync(part, { force: true, recursive: true });
  unfinished.clear();
}

/** Why a file could not be written, in the terms of its flag. */
export function writeError(error: unknown, file: string, flag: string): CommandError {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|no space left|EDQUOT/i.test(text))
    return new CommandError(
      `${flag} ${file}: the disk is full; ${statSync(file, { throwIfNoEntry: false }) ? "the old file is kept" : "no file is left"}.`,
      "Make room, or name a file on another disk.",
      { cause: error },
    );
  return new CommandError(
    `${flag} ${file}: it cannot be written (${text.split("\n")[0]}).`,
    "Check the folder and the right to write to it.",
    { cause: error },
  );
}
