// The kinds of files that are read, how each is told: by the flag, by its ending, or by its first bytes.

import { CommandError } from "../../errors.ts";
import { isNpy } from "./npy.ts";
import { isZip } from "./zip.ts";

export type Kind = "parquet" | "csv" | "json" | "jsonl" | "npy" | "npz";

export interface Format {
  readonly kind: Kind;
  readonly gzip: boolean;
}

interface KindRow {
  readonly endings: RegExp;
  /** May be compressed as a whole. */
  readonly gzip?: true;
  /** Whether a file that begins so is of this kind; text kinds have no such mark. */
  readonly begins?: (start: Buffer) => boolean;
}

const kinds: { readonly [K in Kind]: KindRow } = {
  parquet: {
    endings: /\.(parquet|pq)$/i,
    begins: (start) => start.subarray(0, 4).toString("latin1") === "PAR1",
  },
  csv: { endings: /\.(csv|tsv|txt)(\.gz)?$/i, gzip: true },
  jsonl: { endings: /\.(jsonl|ndjson)(\.gz)?$/i, gzip: true },
  json: { endings: /\.json(\.gz)?$/i, gzip: true },
  npy: { endings: /\.npy(\.gz)?$/i, gzip: true, begins: isNpy },
  npz: { endings: /\.npz$/i, begins: isZip },
};

export const kindNames = Object.keys(kinds) as readonly Kind[];

export const hasKnownEnding = (name: string): boolean =>
  kindNames.some((kind) => kinds[kind].endings.test(name));

const READ =
  "Give a .parquet, .csv, .tsv, .jsonl, .ndjson, .npy or .npz file; the text formats may be compressed (.gz).";

export const isGzip = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

/** What a file holds. `start` is its first bytes, `inside` those of what it is compressed from. A kind that its first
 * bytes deny is an error; text without an ending is told from its first character, and `guessed` says so. */
export function formatOf(
  name: string,
  flag: string | undefined,
  start: Buffer,
  inside: () => Buffer,
): Format & { readonly guessed: boolean } {
  const gzip = isGzip(start);
  const byEnding = kindNames.find((kind) => kinds[kind].endings.test(name));
  const byBytes = kindNames.find((kind) => kinds[kind].begins?.(gzip ? inside() : start));
  const kind = (flag as Kind | undefined) ?? byEnding ?? byBytes ?? textKind(name, gzip ? inside() : start);
  if (byBytes !== undefined && kind !== byBytes && !(kind === "npy" && byBytes === "npz"))
    throw new CommandError(
      `${name} is taken for ${kind}, but begins as ${byBytes} does.`,
      `Say so: --input-format ${byBytes}, or give it the ending .${byBytes}`,
    );
  if (kinds[kind].begins && byBytes !== kind && !(gzip && kinds[kind].gzip === undefined))
    throw new CommandError(
      `${name} cannot be read as ${kind}: it does not begin as one.`,
      "Check that its content is what its ending says; it may be a page with an error instead of a download.",
    );
  if (gzip && !kinds[kind].gzip)
    throw new CommandError(
      `${name} is a compressed ${kind} file, which is not read.`,
      "Unpack it first: gunzip.",
    );
  if (!gzip && /\.gz$/i.test(name))
    throw new CommandError(
      `${name} ends in .gz but is not compressed.`,
      "Take .gz off its name, or compress it: gzip.",
    );
  return { kind, gzip, guessed: flag === undefined && byEnding === undefined && byBytes === undefined };
}

/** Text of no known ending: JSON where the first character says so, else CSV; whatever else has NUL bytes. */
function textKind(name: string, start: Buffer): Kind {
  if (/\.[a-z0-9]+$/i.test(name) || start.includes(0))
    throw new CommandError(
      `${name}: files of this kind are not read.`,
      `${READ} If it is one of these, say so: --input-format csv`,
    );
  return /^\s*[{[]/.test(start.toString("utf8")) ? "jsonl" : "csv";
}
