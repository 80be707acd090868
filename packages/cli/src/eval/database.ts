// DuckDB, loaded when a file is read and not before: it takes a quarter of a second to start.

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CommandError } from "../errors.ts";
import { atSignal } from "../signals.ts";
import { unfinishedFile } from "../unfinished.ts";
import { notGzip } from "./input/given.ts";
import { withProgress } from "./progress.ts";

export interface Database {
  readonly connection: DuckDBConnection;
  /** Another connection to the same tables. */
  connect(): Promise<DuckDBConnection>;
  /** All rows of a small result. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

export interface DatabaseSettings {
  /** The SQL that is run is printed on stderr. */
  readonly debug?: boolean | undefined;
  /** How far a long query is, is shown on stderr. */
  readonly progress?: boolean;
}

export async function openDatabase({ debug = false, progress = false }: DatabaseSettings): Promise<Database> {
  const { DuckDBInstance } = await loadDuckDB();
  // Nothing is ever fetched from the network to read a local file, and nothing spilled into the current folder.
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: unfinishedFile(join(tmpdir(), "lossc-spill")),
  });
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const opened = await instance.connect();
    connections.push(opened);
    return opened;
  };
  const forget = atSignal(() => {
    for (const each of connections) each.interrupt();
  });
  const connection = await connect();
  // DuckDB keeps count only where a bar is wanted; it is not the one to draw it.
  if (progress) await connection.run("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
  return {
    connection,
    connect,
    async rows(sql) {
      if (debug) process.stderr.write(`sql: ${sql}\n`);
      const result = await withProgress(connection.runAndReadAll(sql), progress, () =>
        shareOf(connection.progress.percentage),
      );
      return result.getRowObjectsJson() as Record<string, unknown>[];
    },
    close() {
      forget();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** DuckDB says -1 where it does not know. */
const shareOf = (percentage: number): number | undefined => (percentage > 0 ? percentage / 100 : undefined);

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
