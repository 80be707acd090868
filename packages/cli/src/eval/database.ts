// DuckDB, loaded when a file is read and not before: it takes a quarter of a second to start.

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CommandError } from "../errors.ts";
import { unfinishedFile } from "../unfinished.ts";
import { notGzip } from "./input/given.ts";

export interface Database {
  readonly connection: DuckDBConnection;
  /** Another connection to the same tables. */
  connect(): Promise<DuckDBConnection>;
  /** All rows of a small result. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

export async function openDatabase(debug: boolean): Promise<Database> {
  const { DuckDBInstance } = await loadDuckDB();
  // Nothing is ever fetched from the network to read a local file, and nothing spilled into the current folder.
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: unfinishedFile(join(tmpdir(), "lossc-spill")),
  });
  const connection = await instance.connect();
  return {
    connection,
    connect: () => instance.connect(),
    async rows(sql) {
      if (debug) process.stderr.write(`sql: ${sql}\n`);
      return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function loadDuckDB(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new CommandError(
      `DuckDB, which reads the files, does not load on this machine: ${(error as Error).message.split("\n")[0]}`,
      "Run npm install again without --omit=optional: its binary comes in an optional package.",
      { cause: error },
    );
  }
}

/** DuckDB's advice is about its own options; what is wrong with the file is in the first lines. */
export function readingError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandError || error.name === "LossError") return error;
  const text = error.message;
  const line = /CSV Error on Line: (\d+)\s+Original Line: ?(.*)/.exec(text);
  const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (line && columns) {
    return new CommandError(
      `${file}: line ${line[1]} has ${columns[2]} cells, but the header has ${columns[1]}: ${shorten(line[2])}`,
      "Repair that line; a text with a comma or a line break must stand in double quotes.",
      { cause: error },
    );
  }
  if (/gzip|zlib|miniz|incorrect header check|unexpected end of file/i.test(text))
    return notGzip(file, error);
  if (/not utf-8/i.test(text)) {
    return new CommandError(
      `${file}: line ${line?.[1] ?? "?"} is not UTF-8 text.`,
      "Save the file as UTF-8.",
      { cause: error },
    );
  }
  const first = text.split("\n").find((part) => part.trim() !== "") ?? text;
  return new CommandError(
    `${file}: it cannot be read. ${first.trim()}`,
    "Check that its content is what its ending says.",
    { cause: error },
  );
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
