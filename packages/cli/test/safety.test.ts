// Killed at any moment, or on a full disk: a file that lossc writes is absent, the old one, or complete.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newFolder, numbers } from "./helpers.ts";

const { here, lossc, path, sql, start } = newFolder();
const ROWS = 20_000;
const OLD = "the old file";
const files = ["out.parquet", "out.html"] as const;
const WORDS = "eval rows.parquet --loss huber --by g --per-row out.parquet --report out.html --quiet";

/** What stands under the name of an output. */
function stateOf(file: string): "absent" | "old" | "complete" {
  if (!existsSync(path(file))) return "absent";
  const bytes = readFileSync(path(file));
  if (bytes.toString("utf8") === OLD) return "old";
  const whole = file.endsWith(".html")
    ? bytes.toString("utf8").startsWith("<!doctype html>") && bytes.toString("utf8").endsWith("</html>\n")
    : bytes.subarray(0, 4).toString() === "PAR1" && bytes.subarray(-4).toString() === "PAR1";
  if (!whole) throw new Error(`${file} is neither old nor complete: ${bytes.length} bytes`);
  return "complete";
}

const unfinished = () => readdirSync(path(".")).filter((name) => name.includes("unfinished"));

async function killed(signal: NodeJS.Signals, after: number) {
  const running = start(WORDS);
  const ended = new Promise<number | string | null>((resolve) =>
    running.on("exit", (code, by) => resolve(code ?? by)),
  );
  await sleep(after);
  const sent = performance.now();
  const alive = running.exitCode === null && running.kill(signal);
  const code = await ended;
  return { alive, code, took: performance.now() - sent };
}

const TABLE =
  "SELECT i AS id, i % 7 AS g, sin(i) AS y, cos(i * 1.1) AS pred, md5(i::VARCHAR) AS text FROM range";

beforeAll(async () => {
  await sql(`COPY (${TABLE}(${ROWS}) t(i)) TO '@/rows.parquet'`);
  // More than a megabyte, which a small disk does not hold.
  await sql(`COPY (${TABLE}(100000) t(i)) TO '@/large.parquet'`);
});

describe("lossc eval --per-row --report, killed", () => {
  let whole = 0;
  test("a run that is let alone writes both", () => {
    const begun = performance.now();
    expect(lossc(WORDS).code).toBe(0);
    whole = performance.now() - begun;
    expect(files.map(stateOf)).toEqual(["complete", "complete"]);
    expect(unfinished()).toEqual([]);
  });
  test("at twenty random moments, by SIGKILL and by SIGINT: each file is absent, the old one, or complete", async () => {
    const random = numbers(11);
    let interrupted = 0;
    for (let i = 0; i < 20; i++) {
      const signal = i % 2 === 0 ? "SIGKILL" : "SIGINT";
      const before = i % 4 < 2 ? "old" : "absent";
      for (const file of files) {
        if (before === "old") writeFileSync(path(file), OLD);
        else rmSync(path(file), { force: true });
      }
      // Most of the time goes by before the first byte is written: the later part is looked at more closely.
      const share = i < 5 ? random() : 0.5 + 0.5 * random();
      const { alive, code, took } = await killed(signal, share * whole);
      for (const file of files) expect([before, "complete"]).toContain(stateOf(file));
      if (!alive) continue;
      interrupted += 1;
      if (signal === "SIGINT" && code !== 0) {
        // In the first moments Node itself is not there yet, and the system ends the process.
        expect([130, "SIGINT"]).toContain(code);
        expect(took).toBeLessThan(5000);
      }
    }
    expect(interrupted).toBeGreaterThanOrEqual(10);
  }, 400_000);
  test("what killed runs have left beside a file goes when it is next written", () => {
    writeFileSync(path(".out.html.elsewhere.1.unfinished"), "of another machine");
    expect(lossc(WORDS).code).toBe(0);
    expect(unfinished()).toEqual([".out.html.elsewhere.1.unfinished"]);
    rmSync(path(".out.html.elsewhere.1.unfinished"));
  });
  test("lossc eval interrupted leaves nothing beside the file", async () => {
    const running = start(WORDS);
    const ended = new Promise<number | null>((resolve) => running.on("exit", (code) => resolve(code)));
    while (unfinished().length === 0 && running.exitCode === null) await sleep(5);
    running.kill("SIGINT");
    expect([130, 0]).toContain(await ended);
    expect(unfinished()).toEqual([]);
  });
});

/** A file system of one megabyte, where this user may make one. */
function smallDisk(): string | undefined {
  const folder = path("disk");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "pipe" });
    return folder;
  } catch {
    return undefined;
  }
}

describe("lossc eval on a full disk", () => {
  const disk = smallDisk();
  const why = disk === undefined ? " (skipped: only root may mount a small disk)" : "";
  afterAll(() => {
    if (disk !== undefined) execFileSync("umount", [disk]);
  });
  for (const [flag, name] of [
    ["--per-row", "rows.parquet"],
    ["--per-row", "rows.csv"],
    ["--output", "result.json"],
    ["--report", "page.html"],
    ["--plot", "plot.png"],
  ] as const) {
    test.skipIf(disk === undefined)(`${flag} ${name} says so and keeps the old file${why}`, async () => {
      const file = `disk/${name}`;
      writeFileSync(path(file), OLD);
      if (flag !== "--per-row") fill(path("disk/filler"));
      const { code, stderr } = await here(`eval large.parquet --loss mse --quiet ${flag} ${file}`);
      rmSync(path("disk/filler"), { force: true });
      expect(stderr).toMatch(
        new RegExp(`^lossc: ${flag} ${file}: the disk is full; the old file is kept\\.\\n {2}Make room`),
      );
      expect(code).toBe(2);
      expect(readFileSync(path(file), "utf8")).toBe(OLD);
      expect(readdirSync(path("disk")).filter((one) => one.includes("unfinished"))).toEqual([]);
    });
  }
});

function fill(file: string): void {
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      writeFileSync(file, Buffer.alloc(size), { flag: "a" });
    } catch {
      // Full for this size; a smaller one may still fit.
    }
  }
}
