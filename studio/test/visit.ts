// One visit to the page in a test: opened in a browser of its own context, and everything it does wrong noted.

import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { fixedWork, paceOf } from "../../packages/lossc/test/pace.ts";

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, refusals by the content policy, and requests that left the page's own folder. */
  readonly wrong: string[];
  /** Goes to an address of the page and waits until the room is there. */
  go(hash: string): Promise<void>;
  hash(): Promise<string>;
  /** A reading in full. */
  reading(name: string): Promise<number>;
  /** Waits until the address is another than the one given, and gives it. */
  moved(from: string): Promise<string>;
}

export const handle = "[data-main]";
export const numberField = "[data-main-field]";

export async function visit(
  browser: Browser,
  address: string,
  size: { width: number; height: number } = { width: 1280, height: 900 },
): Promise<Visit> {
  const context = await browser.newContext({ viewport: size, locale: "en-US", hasTouch: true });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) wrong.push(`request: ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const hash = () => page.evaluate(() => location.hash);
  return {
    page,
    context,
    wrong,
    hash,
    async go(to) {
      if (page.url().startsWith(address)) await page.goto("about:blank");
      await page.goto(address + to);
      await page.locator(".room").first().waitFor();
    },
    reading: async (name) =>
      Number(await page.locator(`[data-reading="${name}"]`).first().getAttribute("value")),
    async moved(from) {
      await page.waitForFunction((old) => location.hash !== old, from, { timeout: 5000 });
      return hash();
    },
  };
}

/** Drags by the mouse, in steps, as hands do. */
export async function dragByMouse(
  page: Page,
  target: Locator,
  dx: number,
  dy: number,
  steps = 5,
): Promise<void> {
  const [x, y] = await middle(target);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= steps; i++) await page.mouse.move(x + (dx * i) / steps, y + (dy * i) / steps);
  await page.mouse.up();
}

/** Drags by a finger. */
export async function dragByTouch(page: Page, target: Locator, dx: number, dy: number): Promise<void> {
  const [x, y] = await middle(target);
  const session = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await send("touchStart", [{ x, y }]);
  for (let i = 1; i <= 5; i++) await send("touchMove", [{ x: x + (dx * i) / 5, y: y + (dy * i) / 5 }]);
  await send("touchEnd", []);
  await session.detach();
}

async function middle(target: Locator): Promise<[number, number]> {
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Measures the processor time of a page's main thread, in milliseconds, from now on. */
export async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const total = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const before = await total();
  return async () => (await total()) - before;
}

/** How many times slower the machine is here and now than the one that budgets are for: they grow with it. Processor time is
 * half as much again where the other half of a core works for somebody else. */
export async function paceHere(browser: Browser): Promise<number> {
  const page = await browser.newPage();
  const tries: number[] = [];
  for (let i = 0; i < 5; i++) {
    const worked = await workOf(page);
    await page.evaluate(fixedWork);
    tries.push(await worked());
  }
  await page.close();
  return paceOf("page", tries);
}

/** Measures the processor time in which the browser's other threads paint, in milliseconds, from now on. */
export async function paintOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  let total = 0;
  session.on("Tracing.dataCollected", ({ value }) => {
    const tasks = (value as { name?: string; tdur?: number }[]).filter(({ name }) => name === "RasterTask");
    total += tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
  });
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await complete;
    await session.detach();
    return total;
  };
}
