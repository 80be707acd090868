// Every room, in a real browser: it opens, its main gesture works in all four ways, its address is its state, its
// numbers are the library's, and anybody can use it.

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse, read } from "../src/state/address.ts";
import { launch } from "./browser.ts";
import { rows } from "./rooms.ts";
import { serve } from "./serve.ts";
import {
  dragByMouse,
  dragByTouch,
  handle,
  numberField,
  paintOf,
  type Visit,
  visit,
  workOf,
} from "./visit.ts";

/** One picture in sixty of a second. */
const FRAME_MS = 16.7;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let server: Server;
let address: string;
beforeAll(async () => {
  [browser, { server, address }] = await Promise.all([launch(), serve(inject("studio"))]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe.each(rows.map((row) => [row.room.id, row] as const))("room %s", (id, { room, expected, trains }) => {
  let at: Visit;
  const start = `#/${id}/${room.version}`;
  beforeAll(async () => {
    at = await visit(browser, address);
    await at.go(start);
  });
  afterAll(async () => {
    await at?.context.close();
  });

  it("opens at its start, with something to drag", async () => {
    expect(await at.page.locator("h1").textContent()).not.toBe("");
    await at.page.locator(handle).first().waitFor();
    expect(await at.hash()).toBe(start);
  });

  const gestures: Readonly<Record<string, () => Promise<void>>> = {
    mouse: () => dragByMouse(at.page, at.page.locator(handle).first(), 30, -20),
    touch: () => dragByTouch(at.page, at.page.locator(handle).first(), -45, 25),
    keyboard: async () => {
      await at.page.locator(handle).first().focus();
      await at.page.keyboard.press("ArrowRight");
    },
    "number field": async () => {
      const field = at.page.locator(numberField).first();
      await field.fill(String(Number(await field.inputValue()) * 0.9 + 0.07));
      await field.press("Enter");
    },
  };
  it.each(Object.keys(gestures))(
    "its main gesture works by %s, Back undoes it, and it can be had again",
    async (name) => {
      const before = await at.hash();
      await gestures[name]();
      const after = await at.moved(before);
      await at.page.goBack();
      expect(await at.moved(after)).toBe(before);
      await at.page.goForward();
      expect(await at.moved(before)).toBe(after);
    },
  );

  it("survives a reload, and its numbers are the library's", async () => {
    const hash = await at.hash();
    await at.page.reload();
    await at.page.locator(handle).first().waitFor();
    expect(await at.hash()).toBe(hash);
    const { state, wrong } = read(room.fields, parse(hash)!.fields);
    expect(wrong).toEqual([]);
    if (trains) await at.page.locator(`[data-reading="step"][value="${state.step}"]`).waitFor();
    for (const [name, value] of Object.entries(expected(state as never))) {
      expect(await at.reading(name), name).toBeCloseTo(value, 9);
    }
  });

  it("every step of its story is a state with a text, in both languages", async () => {
    expect(room.story.length).toBeGreaterThan(0);
    for (const lang of ["en", "zh"]) {
      await at.go(`${start}?lang=${lang}`);
      for (let step = 1; step <= room.story.length; step++) {
        await at.page
          .locator(".step")
          .nth(step - 1)
          .click();
        const text = at.page.locator(".story p");
        expect((await text.textContent())!.length).toBeGreaterThan(20);
        expect(await at.page.locator("main").innerText()).not.toMatch(/undefined|NaN|\{\w+\}/);
      }
    }
  });

  if (trains) {
    it("trains the same again from the same address", async () => {
      const results: number[] = [];
      for (let i = 0; i < 2; i++) {
        await at.go(`${start}?step=20`);
        await at.page.locator('[data-reading="step"][value="20"]').waitFor();
        results.push(await at.reading(trains));
      }
      expect(results[0]).not.toBeNaN();
      expect(results[1]).toBe(results[0]);
      await at.page.locator(".player button").nth(1).click();
      await at.page.locator('[data-reading="step"][value="20"]').waitFor({ state: "detached" });
      expect(await at.reading(trains)).not.toBe(results[0]);
      await at.page.locator(".player .play").first().click();
      await at.page.waitForFunction(
        () => Number(document.querySelector('[data-reading="step"]')?.getAttribute("value")) > 60,
      );
    });
  }

  it(`a move of the drag takes at most ${FRAME_MS} ms of work and as much of painting, so that 60 pictures a second are to be had`, async () => {
    await at.go(start);
    const target = at.page.locator(handle).first();
    const moves = 60;
    await dragByMouse(at.page, target, 5, 0, 30);
    const worked = await workOf(at.page);
    await dragByMouse(at.page, target, -60, 10, moves);
    const work = (await worked()) / moves;
    const painted = await paintOf(at.page); // apart, for watching it takes work
    await dragByMouse(at.page, target, 60, -10, moves);
    const paint = (await painted()) / moves;
    console.log(`${id}: ${work.toFixed(1)} ms of work for a move, ${paint.toFixed(1)} of painting`);
    expect(work).toBeLessThan(FRAME_MS);
    expect(paint).toBeGreaterThan(0);
    expect(paint).toBeLessThan(FRAME_MS);
  });

  it("axe finds nothing serious, light and dark, wide and narrow; and nothing is wider than the screen", async () => {
    await at.go(start);
    await at.page.evaluate(axe);
    for (const width of [1280, 360]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await at.page.setViewportSize({ width, height: 900 });
        await at.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const found = await at.page.evaluate(async () => {
          const { violations } = await (
            globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
          ).axe.run();
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
        });
        expect(found, `${width} ${colorScheme}`).toEqual([]);
        expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await small(at), `targets at ${width}`).toEqual([]);
      }
    }
  });

  it("did nothing wrong meanwhile: no error, no refusal by its policy, no request off its folder", () => {
    expect(at.wrong).toEqual([]);
  });
});

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Buttons, handles, fields and links that are smaller than 24 pixels, but for links inside a sentence. */
const small = ({ page }: Visit) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, summary, nav a, .reach")]
      .map((element) => [element.getBoundingClientRect(), element] as const)
      .filter(([{ width, height }, element]) => {
        const label = element.closest("label")?.getBoundingClientRect();
        return (
          width > 0 && Math.min(Math.max(width, label?.width ?? 0), Math.max(height, label?.height ?? 0)) < 24
        );
      })
      .map(([{ width, height }, element]) => `${element.outerHTML.slice(0, 80)} ${width}×${height}`),
  );
