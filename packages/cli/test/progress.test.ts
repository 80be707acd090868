// Long work at a terminal: how far it is, on stderr; and Ctrl-C, which stops it at once.

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { newProgress, withProgress } from "../src/eval/progress.ts";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
const CLEAR = "\r\u001b[K";

/** A condition that holds for every row, and takes its time. */
const slow = (steps: number) => `len(list_filter(range(${steps}), x -> x % 7 = id)) >= 0`;

beforeAll(async () => {
  // In many parts, of which DuckDB counts those that are done.
  await folder.sql(`COPY (SELECT i AS id, i % 2 AS label, sin(i) AS logit FROM range(400000) t(i))
    TO '@/rows.parquet' (ROW_GROUP_SIZE 2048)`);
  await folder.sql(
    `COPY (SELECT i AS id, i % 2 AS label, sin(i) AS logit FROM range(3000000) t(i)) TO '@/long.parquet'`,
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  delete (process.stderr as { isTTY?: boolean }).isTTY;
});

function stderr(): { text: string } {
  const told = { text: "" };
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told.text += text.toString();
    return true;
  });
  return told;
}

it("newProgress says how far it is of how many rows, after a second, and leaves nothing behind", async () => {
  const told = stderr();
  const progress = newProgress(true, 2000);
  progress.at(100);
  expect(told.text).toBe("");
  await sleep(1050);
  progress.at(1000);
  progress.done();
  expect(told.text).toBe(`${CLEAR}1,000 of 2,000 rows · 50 % · 2 s left${CLEAR}`);
});

it("withProgress says the share that is done, or the seconds where it is not known", async () => {
  const told = stderr();
  const shares = [undefined, 0.25];
  expect(await withProgress(sleep(1350, "done"), true, () => shares.shift() ?? 0.25)).toBe("done");
  expect(told.text).toMatch(/25 % · \d s left/);
  expect(told.text.endsWith(CLEAR)).toBe(true);
  const before = told.text;
  await withProgress(sleep(1200), true, () => undefined);
  expect(told.text.slice(before.length)).toContain("2 s");
});

it("a long query of --engine sql shows how far it is at a terminal, and nowhere else", async () => {
  const taking = (steps: number) =>
    folder.here([
      "eval",
      "rows.parquet",
      "--loss",
      "bceWithLogits",
      "--engine",
      "sql",
      "--where",
      slow(steps),
    ]);
  // So many that it takes seconds on whatever machine this is, for nothing is shown in the first.
  let steps = 150;
  let elsewhere: Awaited<ReturnType<typeof taking>>;
  let start: number;
  do {
    steps *= 2;
    start = performance.now();
    elsewhere = await taking(steps);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([0, ""]);
  } while (performance.now() - start < 3000);
  Object.defineProperty(process.stderr, "isTTY", { value: true, configurable: true });
  const atTerminal = await taking(steps);
  expect(atTerminal.stdout).toBe(elsewhere.stdout);
  expect(atTerminal.stderr).toMatch(/\d+ % · \d+ s left/);
  expect(atTerminal.stderr.endsWith(CLEAR)).toBe(true);
}, 60_000);

it.each(["sql", "kernel"])(
  "Ctrl-C stops a query of --engine %s at once, with 130",
  async (engine) => {
    const running = folder.start([
      ...["eval", "long.parquet", "--loss", "bceWithLogits", "--engine", engine],
      ...["--where", slow(2_000)],
    ]);
    const ended = new Promise<number | null>((resolve) => running.on("exit", (code) => resolve(code)));
    await sleep(2500);
    expect(running.exitCode).toBeNull();
    const sent = performance.now();
    running.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(performance.now() - sent).toBeLessThan(2000);
  },
  30_000,
);
