// What looks for hindrances finds them.

import { expect, it } from "vitest";
import { hindrances } from "./axe.ts";
import { useSite } from "./site.ts";

const site = useSite();

it.each([
  ["a button without a name", '<button style="width: 40px; height: 40px"></button>', /^button-name: /],
  ["pale text", '<p style="color: #bbb; background: #fff">pale</p>', /^color-contrast: /],
  ["a small target", '<button style="width: 9px; height: 9px; padding: 0">x</button>', /^small: /],
  ["what is wider than the screen", '<div style="width: 3000px">wide</div>', /^wide: 3\d{3} pixels of 1280/],
])("%s", async (_, html, expected) => {
  const { page, context } = await site.visit();
  await page.setContent(`<html lang="en"><title>x</title><main><h1>A page</h1>${html}</main></html>`);
  const found = await hindrances(page);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
  await context.close();
});
