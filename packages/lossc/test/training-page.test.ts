// The examples of docs/training.md run, and print what the page says.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/training.md"), "utf8");
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

it("has four examples", () => {
  expect(blocks.length).toBe(4);
});

it.each(blocks.map((code) => [/import \{ ([^}]*)/.exec(code)![1].trim(), code]))("%s", (_, code) => {
  const folder = mkdtempSync(join(tmpdir(), "lossc-page-"));
  try {
    const file = join(folder, "example.ts");
    const source = (subpath = "") => JSON.stringify(join(root, `packages/lossc/src${subpath}/index.ts`));
    writeFileSync(
      file,
      code.replace(/"lossc(\/columns)?"/, (_, subpath) => source(subpath)),
    );
    const printed = execFileSync(process.execPath, ["--import", "tsx", file], {
      cwd: root,
      encoding: "utf8",
    });
    const said = code.split("\n").filter((line) => line.startsWith("// "));
    expect(printed.trimEnd().split("\n")).toEqual(said.map((line) => line.slice(3)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
