// The first line of a CSV file: its column names and its delimiter. DuckDB's own guess changes the whole reading of
// a file for one uneven row (it then finds a single column), so the dialect is decided here and told to it.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

export interface CsvHeader {
  readonly columns: readonly string[];
  readonly delimiter: string;
  /** Names that more than one column has; all but the first are called otherwise in `columns`. */
  readonly repeated: ReadonlySet<string>;
}

const DELIMITERS = [",", ";", "\t", "|"];
/** A header is not longer; ten thousand columns fit. */
const MOST_CHARACTERS = 1 << 20;

/** Undefined for a file without a line. */
export async function readCsvHeader(file: string, gzip: boolean): Promise<CsvHeader | undefined> {
  const line = await firstLine(file, gzip);
  if (line.trim() === "") return undefined;
  const found = DELIMITERS.map((delimiter) => splitRow(line, delimiter));
  const widest = found.reduce((best, cells, i) => (cells.length > found[best].length ? i : best), 0);
  const names = found[widest].map((name) => name.trim());
  const repeated = new Set(names.filter((name, i) => name !== "" && names.indexOf(name) < i));
  return { columns: distinct(names), delimiter: DELIMITERS[widest], repeated };
}

async function firstLine(file: string, gzip: boolean): Promise<string> {
  const source = createReadStream(file);
  const stream = gzip ? source.pipe(createGunzip()) : source;
  // An error of the file itself does not travel down a pipe.
  source.on("error", (error) => stream.destroy(error));
  stream.setEncoding("utf8");
  let text = "";
  try {
    for await (const part of stream) {
      text += part as string;
      const end = endOfRow(text);
      if (end >= 0 || text.length > MOST_CHARACTERS)
        return text.slice(0, end < 0 ? undefined : end).replace(/^\ufeff/, "");
    }
  } finally {
    source.destroy();
  }
  return text.replace(/^\ufeff/, "");
}

/** Where the first row ends; a quoted name may hold a line break. */
function endOfRow(text: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && (text[i] === "\n" || text[i] === "\r")) return i;
  }
  return -1;
}

function splitRow(line: string, delimiter: string): string[] {
  const cells = [""];
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"' && quoted && line[i + 1] === '"') cells[cells.length - 1] += line[i++];
    else if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells;
}

/** DuckDB takes no name twice (it does not tell capitals apart) and no empty one. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    let unique = name === "" ? `column${i + 1}` : name;
    for (let k = 2; seen.has(unique.toLowerCase()); k++) unique = `${name}_${k}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}
