// A loss of one's own: from text to a loss in every room, and to a TypeScript module that compiles and gives the same.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type AnyLoss, catalogue } from "lossc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kinds, moduleOf, ownOf } from "../src/losses/own.ts";
import { kindNames, writeOwn } from "../src/losses/own-text.ts";
import { useSite } from "./site.ts";

const sample = {
  regression: { prediction: [0.3, -2, 4], target: [1, 1, -1] },
  margin: { score: [0.3, -2, 4], target: [1, 1, -1] },
  binary: { logits: [0.3, -2, 4], target: [1, 0, 1] },
  classes: {
    logits: [
      [3, 1, -3],
      [0, 2, 1],
    ],
    target: [0, 2],
  },
} as const;

describe("as a module", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  let folder: string;
  beforeAll(() => {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    folder = mkdtempSync(join(root, "node_modules/.own-"));
    for (const kind of kindNames) {
      writeFileSync(join(folder, `${kind}.ts`), moduleOf(writeOwn(kind, kinds[kind].example), "mine")!);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(kindNames)("%s: has the numbers of the text", async (kind) => {
    const { mine } = (await import(pathToFileURL(join(folder, `${kind}.ts`)).href)) as { mine: AnyLoss };
    const { loss } = ownOf(writeOwn(kind, kinds[kind].example));
    expect(mine(sample[kind])).toBe(loss!(sample[kind]));
    expect(mine.valueAndGrad(sample[kind])).toEqual(loss!.valueAndGrad(sample[kind]));
  });

  it.each(kindNames)("%s: the command line checks it and finds that nothing breaks", (kind) => {
    const command = fileURLToPath(new URL("../../packages/cli/bin/lossc.js", import.meta.url));
    const words = [command, "check", `./${kind}.ts`];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
    expect(stderr).not.toContain("Error");
    expect(stdout).toContain("Nothing breaks.");
    expect(status).toBe(0);
  });

  it("compiles with strict types", () => {
    const config = {
      compilerOptions: { strict: true, module: "nodenext", noEmit: true, skipLibCheck: true, types: [] },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });
});

describe("in the page", () => {
  const site = useSite();

  it("a mistake is marked at its place, what was right stays, and the text is in the address", async () => {
    const at = await site.visit();
    await at.go("#/write/1");
    const text = at.page.locator("textarea");
    const before = await at.hash();
    await text.fill("prediction - traget");
    await expect.poll(() => at.page.locator(".behind mark").textContent()).toBe("traget");
    expect(await at.page.locator(".mistake").textContent()).toContain('Did you mean "target"?');
    expect(await at.moved(before)).toContain("own=regression:");
    expect(await at.reading("value")).toBe(1);
    await text.fill("abs(prediction - target) * 3");
    await expect.poll(() => at.reading("value")).toBe(4.5);
    // The formula is printed here, by the printer that comes now.
    await at.page.locator(".formula math").first().waitFor();
    expect(await at.page.locator(".formula math").first().textContent()).toContain("3");
    await at.page.getByRole("button", { name: "Measure" }).click();
    await at.page.getByText("ns").first().waitFor();
    expect(at.wrong).toEqual([]);
    await at.context.close();
  });

  it.each([
    ["regression", "(prediction - target)^2", "Curves", "value-own", "value-huber"],
    ["regression", "(prediction - target)^2", "Outliers", "slope-own", "slope-huber"],
    ["margin", "max(0, 1 - target * score)", "Margins", "loss-own", "loss-hinge"],
    ["binary", "softplus(logits) - target * logits", "Imbalance", "loss-own", "loss-bceWithLogits"],
  ] as const)("%s %s goes with its reader to %s", async (kind, text, room, reading, beside) => {
    const at = await site.visit();
    await at.go(`#/write/1?own=${encodeURIComponent(writeOwn(kind, text))}`);
    await at.page.getByRole("link", { name: `Use it in ${room}` }).click();
    await at.page.locator(`[data-reading="${reading}"]`).waitFor();
    const own = await at.reading(reading);
    if (room === "Curves") expect(own).toBe(catalogue.get("mse")!({ prediction: [1.5], target: [0] }));
    if (room === "Margins" || room === "Imbalance") expect(own).toBeCloseTo(await at.reading(beside), 10);
    expect(own).not.toBeNaN();
    expect(at.wrong).toEqual([]);
    await at.context.close();
  });
});
