// What the page is made of: its own files, what its package names, and what lossc offers to everybody.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import library from "../../packages/lossc/package.json" with { type: "json" };
import studio from "../package.json" with { type: "json" };

const root = fileURLToPath(new URL("..", import.meta.url));
const under = (folder: string) =>
  (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((file) => /\.(ts|svelte|css)$/.test(file))
    .map((file) => join(folder, file));

const importing = /(?:\bfrom|\bimport|@import)\s*\(?\s*["'`]([^"'`]+)["'`]/g;
const naming = /\bnew URL\(\s*["'`]([^"'`]+)["'`]/g;
const found = (file: string, what: RegExp) =>
  [...readFileSync(join(root, file), "utf8").matchAll(what)].map(([, target]) => target);
/** Of a file of the page, the places that it names as well. */
const imports = (file: string) => [...found(file, importing), ...found(file, naming)];
/** Whether it is known only when the code runs, as in code that a build writes. */
const isFilledIn = (target: string) => target.includes("${");
/** Where a relative import leads, from the studio's folder. */
const led = (file: string, target: string) => relative(root, join(root, dirname(file), target));

const subpaths = Object.keys(library.exports).map((subpath) => subpath.replace(/^\./, "lossc"));
const packages = Object.keys({ ...studio.dependencies, ...studio.devDependencies });
const packageOf = (target: string) => /^(?:@[^/]+\/)?[^/]+/.exec(target)![0];

const page = [...under("src"), ...under("build"), "vite.config.ts", "svelte.config.js"];

it("relative imports stay in the studio, and the page's in src", () => {
  expect(page.length).toBeGreaterThan(100);
  let count = 0;
  for (const file of page)
    for (const target of imports(file).filter((one) => one.startsWith("."))) {
      const path = led(file, target);
      count += 1;
      expect(path, `${file} imports ${target}`).toMatch(
        file.startsWith("src/") ? /^src\// : /^(src|build)\//,
      );
      if (!isFilledIn(target)) expect(existsSync(join(root, path)), `${file} imports ${target}`).toBe(true);
    }
  expect(count).toBeGreaterThan(200);
});

it("of lossc it imports public subpaths, of others what its package names", () => {
  for (const file of page)
    for (const target of imports(file).filter((one) => !/^(\.|virtual:)/.test(one) && !isFilledIn(one))) {
      const said = `${file} imports ${target}`;
      if (target.startsWith("node:")) expect(file, said).not.toMatch(/^src\//);
      else if (packageOf(target) === "lossc") expect(subpaths, said).toContain(target);
      else expect(packages, said).toContain(packageOf(target));
    }
});

it("nothing of the page names a place inside a package", () => {
  for (const file of page)
    expect(readFileSync(join(root, file), "utf8"), file).not.toMatch(
      /packages\/|\/dist\/|import\.meta\.resolve/,
    );
});

it("tests import helpers of the packages' tests and what a package says of itself, nothing else", () => {
  for (const file of [...under("test"), "vitest.config.ts"])
    for (const target of found(file, importing).filter((one) => one.startsWith("."))) {
      const path = led(file, target);
      if (path.startsWith(".."))
        expect(path, `${file} imports ${target}`).toMatch(/^\.\.\/packages\/\w+\/(test\/|package\.json$)/);
    }
});
