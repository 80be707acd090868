// The page of lossc eval --report and the pictures of --plot, as people get them.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as browsers, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pngOf } from "../src/report/png.ts";
import { newFolder, numbers } from "./helpers.ts";

const { here, path, write } = newFolder();
const random = numbers(7);
/** A name that would like to be markup. */
const EVIL = `<img src=x onerror=alert(1)> "&amp;'`;
const rows = Array.from({ length: 300 }, (_, i) => {
  const logits = [random() * 4, random() * 4, random() * 4];
  return [i, i % 3, ...logits, i % 4 === 0 ? EVIL.replaceAll('"', '""') : `group ${i % 4}`]
    .map((cell) => `"${cell}"`)
    .join(",");
});
write("preds.csv", ["id,label,logit_0,logit_1,logit_2,g", ...rows].join("\n"));
const WORDS = "eval preds.csv --loss crossEntropy --loss focal:gamma=2 --by g --quiet";

let page: Page;
let browser: Browser;
let html = "";
const requests: string[] = [];

beforeAll(async () => {
  const { code, stderr } = await here([
    ...WORDS.split(" "),
    "--report",
    "page.html",
    "--fail-if",
    "crossEntropy > 99",
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  html = readFileSync(path("page.html"), "utf8");
  browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: chromium.args });
  page = await browser.newPage();
  page.on("request", (request) => requests.push(request.url()));
}, 60_000);
afterAll(() => browser?.close());

async function open(width: number, colorScheme: "light" | "dark"): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  await page.goto(`file://${path("page.html")}`);
}

describe("lossc eval --report", () => {
  test("the page has the table, groups, distribution, reliability, worst rows, formula and properties", () => {
    for (const heading of [
      "Losses",
      "Groups",
      "Distribution of the losses",
      "Reliability",
      "Worst rows",
      "What the losses are",
    ])
      expect(html).toContain(`<h2>${heading}</h2>`);
    expect(html).toContain("expected calibration error");
    expect(html).toContain("<math");
    expect(html).toContain("Properties of crossEntropy");
    expect(html).toContain("skill");
  });
  test("the page needs nothing else: no script, no link, no address but those of namespaces", () => {
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|<[^>]*\son\w+=/i);
    const addresses = html.match(/https?:\/\/[^"' <]+/g) ?? [];
    expect([...new Set(addresses)].sort()).toEqual([
      "http://www.w3.org/1998/Math/MathML",
      "http://www.w3.org/2000/svg",
    ]);
  });
  test("what stands in a file stays text", () => {
    expect(html).not.toContain(EVIL);
    expect(html).toContain("&#60;img src=x onerror");
  });
  for (const width of [360, 1280]) {
    for (const scheme of ["light", "dark"] as const) {
      test(`at ${width} pixels, ${scheme}: nothing is cut off, nothing is asked of a server, axe finds no serious violation`, async () => {
        requests.length = 0;
        await open(width, scheme);
        expect(requests).toEqual([`file://${path("page.html")}`]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        // The page forbids scripts, so axe is brought in by the browser's debugger and not by a tag.
        await page.evaluate(
          readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
        );
        const { violations } = (await page.evaluate("axe.run()")) as {
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        };
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`)).toEqual([]);
      });
      test(`at ${width} pixels, ${scheme}: each picture is shown once, for that width`, async () => {
        await open(width, scheme);
        const shown = (await page.evaluate(
          "[...document.querySelectorAll('figure')].map((figure) => [...figure.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).map((svg) => svg.getBoundingClientRect().width))",
        )) as number[][];
        expect(shown.length).toBeGreaterThanOrEqual(5);
        for (const widths of shown) expect(widths).toEqual([width === 360 ? 328 : 640]);
      });
      test(`at ${width} pixels, ${scheme}: the ground is ${scheme}`, async () => {
        await open(width, scheme);
        const ground = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
        expect(ground).toBe(scheme === "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
      });
    }
  }
});

describe("lossc eval --plot", () => {
  test("--plot out.svg holds one picture for each loss, group and prediction", async () => {
    expect((await here([...WORDS.split(" "), "--plot", "out.svg"])).code).toBe(0);
    const svg = readFileSync(path("out.svg"), "utf8");
    expect(svg.match(/<svg /g)).toHaveLength(1 + 2 + 2 + 1);
    expect(svg).not.toContain("<img");
  });
  test("--plot out.png is a PNG, twice as wide as the picture", async () => {
    expect((await here([...WORDS.split(" "), "--plot", "out.png"])).code).toBe(0);
    const png = readFileSync(path("out.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1280);
  });
  test("a PNG has its text where there is no font: ours has every sign that pictures use", async () => {
    const draw = (text: string) =>
      pngOf(
        `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="2" y="20" font-family="system-ui, Arial, sans-serif">${text}</text></svg>`,
      );
    const size = async (text: string) => (await draw(text)).length;
    const nothing = await size("");
    const box = await draw("\u200e\u{10ffff}");
    for (const sign of ["A", "·", "…", "−", "∞", "⁻", "⁶", "≤", "é", "λ", "Я"]) {
      expect(await size(sign), sign).toBeGreaterThan(nothing);
      expect(Buffer.compare(Buffer.from(await draw(sign)), Buffer.from(box)), sign).not.toBe(0);
    }
  });
});
