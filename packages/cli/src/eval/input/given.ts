// The files that a command line names: patterns become files, a pipe is kept in a file of its own, and whatever is
// wrong with a path is said before DuckDB starts.

import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync, constants as zlib } from "node:zlib";
import { CommandError } from "../../errors.ts";
import type { Notes } from "../../notes.ts";
import { unfinishedFile } from "../../unfinished.ts";
import { expandPattern } from "./glob.ts";
import { type Format, formatOf, hasKnownEnding, isGzip } from "./kinds.ts";

export interface GivenFile {
  /** What a person calls it. */
  readonly name: string;
  /** What is opened. */
  readonly path: string;
  readonly format: Format;
}

/** Enough to tell a kind, and the first characters of a compressed one. */
const FIRST_BYTES = 4096;
const STANDARD_INPUT = "standard input";

/** `format` is --input-format. */
export async function givenFiles(
  words: readonly string[],
  format: string | undefined,
  notes: Notes,
): Promise<readonly GivenFile[]> {
  if (words.filter((word) => word === "-").length > 1)
    throw new CommandError("standard input (-) is named twice.", "It can be read once: name it once.");
  const files: GivenFile[] = [];
  for (const word of words)
    for (const path of word === "-" ? [word] : pathsOf(word))
      files.push(await givenFile(path, format, notes));
  return files;
}

function pathsOf(word: string): readonly string[] {
  const paths = expandPattern(word);
  if (paths.length > 0) return paths;
  throw new CommandError(
    `no file matches ${word}.`,
    "Check the pattern; it is relative to the current folder, and ** stands for any folders.",
  );
}

async function givenFile(word: string, flag: string | undefined, notes: Notes): Promise<GivenFile> {
  const name = word === "-" ? STANDARD_INPUT : word;
  const path = word === "-" ? await keep(process.stdin, name) : await checked(word);
  const start = firstBytes(path, name);
  if (start.length === 0 && (flag !== undefined || word === "-" || hasKnownEnding(word))) throw empty(name);
  const { guessed, ...format } = formatOf(word === "-" ? "" : word, flag, start, () =>
    unpackedStart(start, name),
  );
  if (guessed) notes.say(`${name} is read as ${format.kind}; if it is not, say what it is: --input-format.`);
  return { name, path, format };
}

export const empty = (name: string): CommandError =>
  new CommandError(
    `${name} is empty.`,
    "Write at least a header and one row, or check the program that made it.",
  );

async function checked(path: string): Promise<string> {
  const found = look(path);
  if (!found)
    throw new CommandError(
      `there is no file ${path}.`,
      "Check the path; it is relative to the current folder.",
    );
  if (found.isDirectory())
    throw new CommandError(
      `${path} is a folder.`,
      `Name one file in it, or several: '${join(path, "*.parquet")}'`,
    );
  if (!found.isFile() && !found.isFIFO() && !found.isCharacterDevice())
    throw new CommandError(`${path} is not an ordinary file.`, "Copy its content to a file first.");
  // What `<(…)` of a shell gives can be read once, and from the front.
  return found.isFile() ? path : keep(createReadStream(path), path);
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new CommandError(
      `${path} cannot be looked at (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`,
      "Check the path, and the right to enter its folders.",
      { cause: error },
    );
  }
}

/** Copies a stream to a file that goes with the process: columns are looked at before they are read. */
async function keep(stream: Readable & { readonly isTTY?: boolean }, name: string): Promise<string> {
  if (stream.isTTY)
    throw new CommandError(
      "standard input (-) is a terminal.",
      "Send a file to it, as in: zcat preds.csv.gz | lossc eval - --loss mse",
    );
  const file = unfinishedFile(join(tmpdir(), "lossc-input"));
  try {
    await pipeline(stream, createWriteStream(file));
  } catch (error) {
    throw new CommandError(
      `${name} cannot be kept in ${tmpdir()} while it is read (${(error as Error).message}).`,
      "Make room there, name another folder with TMPDIR, or give a file.",
      { cause: error },
    );
  }
  return file;
}

function firstBytes(path: string, name: string): Buffer {
  const file = opened(path, name);
  try {
    const bytes = Buffer.alloc(FIRST_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, FIRST_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** Asks by opening: whether a right is there, no other call says reliably. */
function opened(path: string, name: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new CommandError(
      `${name} may not be read (${(error as NodeJS.ErrnoException).code}).`,
      "Ask its owner for the right to read it: chmod +r.",
      { cause: error },
    );
  }
}

function unpackedStart(start: Buffer, name: string): Buffer {
  if (!isGzip(start)) return start;
  try {
    return gunzipSync(start, { finishFlush: zlib.Z_SYNC_FLUSH });
  } catch (error) {
    throw notGzip(name, error);
  }
}

export const notGzip = (name: string, cause: unknown): CommandError =>
  new CommandError(
    `${name}: it is not gzip all through, or it is cut off.`,
    "Test it with gzip -t, and fetch or write it again.",
    { cause },
  );

/** Unpacks compressed files beside the reading of them: DuckDB takes one that is cut off for complete. */
export async function verifyGzip(files: readonly GivenFile[]): Promise<void> {
  for (const { name, path, format } of files) {
    if (!format.gzip) continue;
    const nowhere = new Writable({ write: (_, __, done) => done() });
    try {
      await pipeline(createReadStream(path), createGunzip(), nowhere);
    } catch (error) {
      throw notGzip(name, error);
    }
  }
}
