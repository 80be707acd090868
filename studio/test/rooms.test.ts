// Every room, in a real browser: it opens, its main gesture works in all four ways, its address is its state, its
// numbers are the library's, and anybody can use it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaults, parse, read } from "../src/state/address.ts";
import { hindrances, mannerOf, seeAs } from "./axe.ts";
import { rows } from "./rooms.ts";
import { useSite } from "./site.ts";
import { dragByMouse, dragByTouch, handle, numberField, paintOf, type Visit, workOf } from "./visit.ts";

/** One picture in sixty of a second. */
const FRAME_MS = 16.7;

const site = useSite();

describe.each(rows.map((row) => [row.room.id, row] as const))("room %s", (id, { room, expected, trains }) => {
  let at: Visit;
  const start = `#/${id}/${room.version}`;
  beforeAll(async () => {
    at = await site.visit();
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
    const pace = await site.pace();
    const both = `${work.toFixed(1)} ms of work for a move, ${paint.toFixed(1)} of painting`;
    console.log(`${id}: ${both}, pace ${pace.toFixed(2)}`);
    expect(work).toBeLessThan(FRAME_MS * pace);
    expect(paint).toBeGreaterThan(0);
    expect(paint).toBeLessThan(FRAME_MS * pace);
  });

  it("nothing serious hinders anybody at its start, light and dark, wide and narrow", async () => {
    await at.go(start);
    for (const width of [1280, 360])
      for (const colorScheme of ["light", "dark"] as const) {
        await seeAs(at.page, { width, colorScheme });
        expect(await hindrances(at.page), `${width} ${colorScheme}`).toEqual([]);
      }
  });

  it.each(["en", "zh"] as const)(
    "every step of its story is a state with a text, which hinders nobody, wide or narrow, light or dark: %s",
    async (lang) => {
      expect(room.story.length).toBeGreaterThan(0);
      await at.go(`${start}?lang=${lang}`);
      for (const [index, change] of room.story.entries()) {
        await seeAs(at.page, mannerOf(lang, index));
        await at.page.locator(".step").nth(index).click();
        const text = at.page.locator(".story p");
        expect((await text.textContent())!.length).toBeGreaterThan(20);
        const { step } = { ...defaults(room.fields), ...(change as object) } as { step?: number };
        if (trains) await at.page.locator(`[data-reading="step"][value="${step}"]`).first().waitFor();
        expect(await at.page.locator("main").innerText()).not.toMatch(/undefined|NaN|\{\w+\}/);
        expect(await hindrances(at.page), `step ${index + 1}`).toEqual([]);
      }
    },
  );

  it("did nothing wrong meanwhile: no error, no refusal by its policy, no request off its folder", () => {
    expect(at.wrong).toEqual([]);
  });
});
