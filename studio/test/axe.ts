// What keeps somebody from using the page as it stands: axe's serious findings, what is too small, what is too wide.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How somebody sees the page. */
export interface Seen {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

/** How a step of a story is seen in a language: in the other one it is seen the other way round, and over four steps all
 * widths, colours and languages meet. */
export function mannerOf(lang: "en" | "zh", step: number): Seen {
  const turned = lang === "zh" ? 3 : 0;
  const bits = (step % 4) ^ turned;
  return { width: bits & 1 ? 360 : 1280, colorScheme: bits & 2 ? "dark" : "light" };
}

/** Nothing moves, so that what is looked at stands still. */
export async function seeAs(page: Page, { width, colorScheme }: Seen): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
}

/** One line per finding; none is well. */
export async function hindrances(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return [...(await violations(page)), ...(await small(page)), ...(await wide(page))];
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}
interface Axe {
  run(options: object): Promise<{ readonly violations: readonly Violation[] }>;
}

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });

/** Buttons, handles, fields and links that are smaller than 24 pixels, but for links inside a sentence. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, summary, nav a, .reach")]
      .map((element) => [element.getBoundingClientRect(), element] as const)
      .filter(([{ width, height }, element]) => {
        const label = element.closest("label")?.getBoundingClientRect();
        return (
          width > 0 && Math.min(Math.max(width, label?.width ?? 0), Math.max(height, label?.height ?? 0)) < 24
        );
      })
      .map(([{ width, height }, element]) => `small: ${element.outerHTML.slice(0, 80)} ${width}×${height}`),
  );

const wide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`wide: ${scrollWidth} pixels of ${clientWidth}`] : [];
  });
