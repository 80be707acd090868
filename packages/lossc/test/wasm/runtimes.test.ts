// The same bits in Node 20, 22 and 24, Deno and Chromium, in a page with and without shared memory, for any number of threads.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch } from "../../../../studio/test/browser.ts";
import { stopThreads } from "../../src/backends/wasm/threads.ts";
import { names, runIn, whyNotHad } from "./runtimes/had.ts";
import { hashes } from "./runtimes/hashes.ts";

const folder = mkdtempSync(join(tmpdir(), "lossc-hashes-"));
const script = join(folder, "hashes.mjs");
let own: Record<string, string>;
let bundle: string;

beforeAll(async () => {
  own = await hashes();
  const entry = new URL("./runtimes/entry.ts", import.meta.url).pathname;
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  bundle = outputFiles[0].text;
  writeFileSync(script, bundle);
}, 240_000);
afterAll(() => {
  stopThreads();
  rmSync(folder, { recursive: true });
});

it("this Node gives the same bits for 1, 2, 3 and 7 threads", () => {
  for (const [name, hash] of Object.entries(own)) {
    const one = name.replace(/ \d$/, " 1");
    expect([name, hash]).toEqual([name, own[one]]);
  }
});

describe("the same bits as here in", () => {
  for (const name of names) {
    it(name, { timeout: 300_000 }, ({ skip }) => {
      const why = whyNotHad(name);
      if (why !== undefined) {
        console.warn(`NOT TESTED: ${why}`);
        skip(why);
      }
      expect(JSON.parse(runIn(name, script))).toEqual(own);
    });
  }
});

describe("Chromium", () => {
  let server: Server;
  let browser: Browser;
  const headers: Record<string, Record<string, string>> = {
    "/isolated": {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    },
    "/plain": {},
    "/strict": { "content-security-policy": "default-src 'self'; script-src 'self'" },
  };
  beforeAll(async () => {
    server = createServer(({ url = "" }, response) => {
      if (url.endsWith(".mjs")) {
        response.writeHead(200, {
          "content-type": "text/javascript",
          "cross-origin-resource-policy": "same-origin",
        });
        response.end(url === "/hashes.mjs" ? bundle : strict);
      } else {
        response.writeHead(200, { "content-type": "text/html", ...headers[url] });
        response.end(
          `<script type=module src=${url === "/strict" ? "/strict.mjs" : "/hashes.mjs"}></script>`,
        );
      }
    }).listen(0);
    browser = await launch();
    const entry = new URL("./runtimes/strict.ts", import.meta.url).pathname;
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false });
    strict = outputFiles[0].text;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  let strict: string;

  /** What a page's script gives to `done`. */
  async function result(path: string): Promise<{ readonly text: string; readonly isIsolated: boolean }> {
    const page = await browser.newPage();
    let settle: { done: (text: string) => void; fail: (error: Error) => void };
    const said = new Promise<string>((done, fail) => {
      settle = { done, fail };
    });
    page.on("pageerror", (error) => settle.fail(error));
    await page.exposeFunction("done", (text: string) => settle.done(text));
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}${path}`);
    const text = await said;
    const isIsolated = await page.evaluate("crossOriginIsolated");
    await page.close();
    return { text, isIsolated: isIsolated as boolean };
  }

  it("gives the same bits as here in a page with shared memory", { timeout: 240_000 }, async () => {
    const { text, isIsolated } = await result("/isolated");
    expect(isIsolated).toBe(true);
    expect(JSON.parse(text)).toEqual(own);
  });

  it("gives the same bits as here in a page without shared memory", { timeout: 240_000 }, async () => {
    const { text, isIsolated } = await result("/plain");
    expect(isIsolated).toBe(false);
    expect(JSON.parse(text)).toEqual(own);
  });

  it("falls back to the reference, and says why, where the page forbids WebAssembly", {
    timeout: 60_000,
  }, async () => {
    const { engine, said, value } = JSON.parse((await result("/strict")).text);
    expect([engine, value]).toEqual(["reference", 1]);
    expect(said).toMatch(/^mse: engine "wasm": .*content security policy.*wasm-unsafe-eval/);
  });
});
