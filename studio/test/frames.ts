// Pictures a second while the main handle of a room is dragged, by the wall's clock: `npm run frames -w studio [ROOM …]`.
// It measures the machine and what else runs on it as well, so it is no test; the tests hold the work behind a picture.

import { availableParallelism, cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { launch } from "./browser.ts";
import { serve } from "./serve.ts";
import { handle, visit } from "./visit.ts";

const RUNS = 5;
const DRAG_MS = 3000;
/** A mouse tells of its moves 125 times a second. */
const MOVE_MS = 8;

const rooms = process.argv.length > 2 ? process.argv.slice(2) : ["curves", "outliers", "margins", "boxes"];

/** Drags in a circle for three seconds; the pictures drawn meanwhile per second, and how long the longest took. */
async function drag(page: Page): Promise<{ rate: number; longest: number }> {
  const target = page.locator(handle).first();
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(`{
    const times = (window.times = []);
    const next = (now) => { times.push(now); window.asked = requestAnimationFrame(next); };
    window.asked = requestAnimationFrame(next);
  }`);
  const start = performance.now();
  let moved: Promise<void> | undefined;
  for (let i = 1; performance.now() - start < DRAG_MS; i++) {
    const angle = (i * MOVE_MS) / 300;
    // Not awaited: a mouse does not wait for the page either.
    moved = page.mouse.move(x + 40 * (Math.cos(angle) - 1), y + 40 * Math.sin(angle));
    await new Promise((resolve) => setTimeout(resolve, start + i * MOVE_MS - performance.now()));
    if (i % 25 === 0) await moved;
  }
  await moved;
  const times = (await page.evaluate("cancelAnimationFrame(window.asked), window.times")) as number[];
  await page.mouse.up();
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  return { rate: (1000 * gaps.length) / (times.at(-1)! - times[0]), longest: Math.max(...gaps) };
}

const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(" ");
console.log(`${cpus()[0].model}, ${availableParallelism()} cores; load ${load()} before`);
const browser = await launch();
const { address, server } = await serve(fileURLToPath(new URL("../dist", import.meta.url)));
console.log(`Chromium ${browser.version()}`);
for (const room of rooms) {
  const at = await visit(browser, address);
  await at.go(`#/${room}/1`);
  await at.page.locator(handle).first().waitFor();
  await drag(at.page);
  const runs = [];
  for (let i = 0; i < RUNS; i++) runs.push(await drag(at.page));
  const rates = runs.map(({ rate }) => rate.toFixed(1)).join(" ");
  console.log(
    `${room}: ${rates} pictures a second; longest gap ${Math.max(...runs.map(({ longest }) => longest)).toFixed(0)} ms`,
  );
  await at.context.close();
}
console.log(`load ${load()} after`);
await browser.close();
server.close();
