// The pages of the losses: their examples give the numbers that they say, their formulas are LaTeX, their links lead
// somewhere. That they are fresh is checked by `npm run generate -- --check`.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { catalogue, families } from "../src/index.ts";

const folder = new URL("../../../docs/losses/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");

type Numbers = number | readonly Numbers[];

interface Line {
  readonly expression: string;
  readonly said: Numbers;
  readonly given: Numbers;
}

/** Runs a page's example: every line `expression; // numbers` is computed and set beside what it says. */
function runExample(page: string): Line[] {
  const code = /```ts\n([\s\S]*?)```/.exec(page)![1];
  const [importLine, name] = /^import \{ (\w+) \} from "lossc";$/m.exec(code)!;
  const lines = [...code.matchAll(/^(\w[\w.]*); \/\/ (.+)$/gm)];
  const body = `${code.replace(importLine, "")}\nreturn [${lines.map(([, expression]) => expression).join(", ")}];`;
  const results = new Function(name, body)(catalogue.get(name)) as unknown[];
  return lines.map(([, expression, said], i) => ({
    expression,
    said: new Function(`return ${said}`)() as Numbers,
    given: nested(results[i]),
  }));
}

/** A number as it is, a tensor as nested arrays. */
function nested(value: unknown): Numbers {
  if (typeof value === "number") return value;
  const { data, shape } = value as { data: Float64Array; shape: readonly number[] };
  let rows: Numbers[] = Array.from(data);
  for (const size of [...shape].slice(1).reverse())
    rows = Array.from({ length: rows.length / size }, (_, i) => rows.slice(i * size, (i + 1) * size));
  return shape.length === 0 ? rows[0] : rows;
}

/** Alike to the six digits that pages show. */
function expectAlike(given: Numbers, said: Numbers, where: string): void {
  if (typeof said === "number") {
    const slack = Number.isFinite(said) ? 1e-5 * Math.abs(said) : 0;
    if (given !== said)
      expect(Math.abs((given as number) - said), `${where}: ${given}`).toBeLessThanOrEqual(slack);
    return;
  }
  const list = given as readonly Numbers[];
  expect(list.length, where).toBe(said.length);
  said.forEach((one, i) => {
    expectAlike(list[i], one, `${where}[${i}]`);
  });
}

describe.each([...catalogue.values()].map((loss) => [loss.name, loss] as const))(
  "the page of %s",
  (name, loss) => {
    const page = read(`${name}.md`);

    it("has an example that gives the numbers it says, of the value and of every gradient", () => {
      const lines = runExample(page);
      for (const { expression, said, given } of lines) expectAlike(given, said, expression);
      const shown = lines.map(({ expression }) => expression);
      const inputs = Object.entries(loss.inputs).filter(([, { role }]) => role === "model");
      const given = Object.keys(loss.check!.inputs);
      expect(shown).toEqual([
        "value",
        ...inputs.filter(([input]) => given.includes(input)).map(([input]) => `grads.${input}`),
      ]);
    });

    it("has formulas that render", () => {
      const formulas = [
        ...[...page.matchAll(/```math\n([\s\S]*?)\n```/g)].map(([, latex]) => latex),
        ...[...page.matchAll(/\$`([^`]*)`\$/g)].map(([, latex]) => latex),
      ];
      expect(formulas.length).toBeGreaterThan(1);
      for (const latex of formulas) {
        expect(latex).not.toContain("operatorname");
        katex.renderToString(latex, { displayMode: true, throwOnError: true, strict: "error" });
      }
    });

    it("says every input, parameter and reference, and its picture and links exist", () => {
      for (const word of [...Object.keys(loss.inputs), ...Object.keys(loss.params)])
        expect(page).toContain(`| \`${word}\` |`);
      for (const reference of loss.references) expect(page).toContain(`- ${reference}`);
      for (const [, target] of page.matchAll(/\]\(([^)#]+)[^)]*\)/g))
        expect(existsSync(new URL(target, folder)), target).toBe(true);
    });
  },
);

it("the index has every loss, under its family", () => {
  const index = read("README.md");
  const parts = index.split(/^## /m);
  for (const { name, family } of catalogue.values()) {
    const title = (families as Readonly<Record<string, string>>)[family];
    expect(
      parts.find((part) => part.startsWith(`${title}\n`)),
      name,
    ).toContain(`[\`${name}\`](${name}.md)`);
  }
});

it("there is no page of a loss that does not exist", () => {
  const names = readdirSync(folder).map((file) => file.replace(/\.(md|svg)$/, ""));
  for (const name of names) expect([...catalogue.keys(), ...Object.keys(families), "README"]).toContain(name);
});
