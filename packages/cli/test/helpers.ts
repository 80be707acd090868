// Runs the real command on small files in a folder of their own.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, vi } from "vitest";
import { run } from "../src/run.ts";

const command = fileURLToPath(new URL("../bin/lossc.js", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for the files of one test file; it goes when the tests are done. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "lossc-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name: string) => join(folder, name),
    write(name: string, content: string | Uint8Array) {
      writeFileSync(join(folder, name), content);
      return name;
    },
    /** `lossc …` in the folder; words with spaces as a list. */
    lossc(
      words: string | readonly string[],
      environment: Record<string, string> = {},
      input?: string | Uint8Array,
    ): Ran {
      const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [command, ...(typeof words === "string" ? words.split(" ") : words)],
        {
          cwd: folder,
          encoding: "utf8",
          env: { ...inherited, ...environment },
          ...(input !== undefined && { input }),
        },
      );
      return { code: status, stdout, stderr };
    },
    /** `lossc …` in this process, without the time to start one; not for what asks for terminals or signals. */
    async here(words: string | readonly string[]): Promise<Ran> {
      const before = process.cwd();
      const told = { stdout: "", stderr: "" };
      const spies = (["stdout", "stderr"] as const).map((stream) =>
        vi.spyOn(process[stream], "write").mockImplementation((text) => {
          told[stream] += text.toString();
          return true;
        }),
      );
      process.chdir(folder);
      try {
        const code = await run(typeof words === "string" ? words.split(" ") : words);
        return { code, ...told };
      } finally {
        process.chdir(before);
        for (const spy of spies) spy.mockRestore();
      }
    },
    /** Starts the command and goes on. */
    start(words: string | readonly string[]): ChildProcess {
      return spawn(process.execPath, [command, ...(typeof words === "string" ? words.split(" ") : words)], {
        cwd: folder,
      });
    },
    /** The rows of a query over files of the folder. */
    async query(text: string): Promise<Record<string, unknown>[]> {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const rows = (await connection.runAndReadAll(text.replaceAll("@", folder))).getRowObjectsJson();
      connection.closeSync();
      return rows as Record<string, unknown>[];
    },
    /** Runs SQL in the folder, as to write a Parquet file. */
    async sql(text: string) {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      await connection.run(text.replaceAll("@", folder));
      connection.closeSync();
    },
  };
}

export interface Result {
  readonly spec: string;
  readonly loss: string;
  readonly params: Record<string, unknown>;
  readonly group: string | number | null;
  readonly total: boolean;
  readonly value: number | null;
  readonly weightSum: number;
  readonly count: number;
  readonly bad: number;
  readonly nonFinite: number;
}

export interface Json {
  readonly version: number;
  readonly file: string;
  readonly files: readonly string[];
  readonly rows: number;
  readonly columns: Record<string, string[]>;
  readonly results: readonly Result[];
}

/** The JSON a run printed; its errors are in the message when there is none. */
export function json(ran: Ran): Json {
  if (ran.code !== 0) throw new Error(`exit ${ran.code}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Json;
}

export const totals = (ran: Ran): readonly Result[] => json(ran).results.filter(({ total }) => total);

/** The same numbers every time, in [0, 1). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Softmax cross-entropy by its definition, to compare with. */
export function crossEntropy(logits: readonly number[], label: number): number {
  const largest = Math.max(...logits);
  return Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0)) + largest - logits[label];
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
