// The SQL of every pointwise loss as text, reviewed in `expected.json`, and the reasons of those that have none; and that
// losses of a row of classes, or of boxes, agree with the reference. `UPDATE=1 npx vitest run sql/text` writes the texts.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type AnyLoss, catalogue, LossError } from "../../src/index.ts";
import { sqlOf } from "../../src/sql.ts";
import { isPointwise, makeTable, openDuckDB, run } from "./table.ts";

const file = new URL("expected.json", import.meta.url);
const CLASSES = 3;

/** The columns of each input that a loss needs: one, four sides of a box, or three classes. */
function columnsOf(loss: AnyLoss): Record<string, string | string[]> {
  const samples = loss.expr.axes;
  const needed = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
  return Object.fromEntries(
    needed.map(([name, { axes }]) => {
      const words = axes.split(" ").filter((word) => word !== "");
      const beside = words.filter(
        (word) => !samples.includes(word === "..." ? word : word.replace("...", "")),
      );
      if (beside.length === 0 || samples.length === 0) return [name, name];
      const count = /^\d+$/.test(beside[0]) ? Number(beside[0]) : CLASSES;
      return [name, Array.from({ length: count }, (_, i) => `${name}_${i}`)];
    }),
  );
}

function textOf(loss: AnyLoss): string[] {
  try {
    return sqlOf([{ loss, inputs: columnsOf(loss) }]).split("\n");
  } catch (error) {
    if (error instanceof LossError) return [`-- ${error.code}: ${error.message}`];
    throw error;
  }
}

const texts = new Map([...catalogue].map(([name, loss]) => [name, textOf(loss)]));
const hasSql = (name: string): boolean => texts.get(name)![0].startsWith("SELECT");

it("the SQL of every pointwise loss is the reviewed one, and so is why others have none", () => {
  const reviewed = [...texts].filter(([name]) => isPointwise(catalogue.get(name)!) || !hasSql(name));
  const made = `${JSON.stringify(Object.fromEntries(reviewed), null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(file, made);
  expect(JSON.parse(made)).toEqual(JSON.parse(readFileSync(file, "utf8")));
});

const connection = await openDuckDB();
const ofRows = [...catalogue.values()].filter((loss) => hasSql(loss.name) && !isPointwise(loss));

it.each(ofRows.map((loss) => [loss.name, loss] as const))(
  "%s of several columns agrees with the reference",
  async (_, loss) => {
    const columns = columnsOf(loss);
    const names = Object.values(columns).flat();
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const rows = Array.from({ length: 300 }, () =>
      Object.entries(columns).flatMap(([name, given]) => cellsOf(loss.inputs[name], given, random)),
    );
    await makeTable(connection, names, rows);
    let at = 0;
    const inputs = Object.fromEntries(
      Object.entries(columns).map(([name, given]) => {
        const [from, count] = [at, Array.isArray(given) ? given.length : 1];
        at += count;
        return [name, rows.map((row) => (Array.isArray(given) ? row.slice(from, from + count) : row[from]))];
      }),
    );
    const { data } = loss(inputs, { reduction: "none", engine: "reference" }) as { data: Float64Array };
    for (const { group, loss: value, n, bad } of await run(
      connection,
      sqlOf([{ loss, inputs: columns }], { by: '"id"' }),
    )) {
      expect([n, bad]).toEqual([1, 0]);
      const expected = data[group];
      expect(Math.abs(value! - expected), `row ${group}: ${value} for ${expected}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(expected)),
      );
    }
  },
);

/** Cells that an input may hold. */
function cellsOf(
  { kind, domain }: AnyLoss["inputs"][string],
  given: string | string[],
  random: () => number,
): number[] {
  const count = Array.isArray(given) ? given.length : 1;
  const some = Array.from({ length: count }, () => 8 * random() - 4);
  if (kind === "classes") return [Math.floor(random() * CLASSES)];
  if (kind === "binary") return some.map(() => random());
  if (kind === "sign") return some.map(() => (random() > 0.5 ? 1 : -1));
  if (domain === "box") return [some[0], some[1], some[0] + 3 * random(), some[1] + 3 * random()];
  if (
    domain === "distribution" ||
    domain === "logDistribution" ||
    kind !== "float" ||
    typeof domain === "function"
  ) {
    const shares = some.map(() => random() + 0.01);
    const total = shares.reduce((a, b) => a + b, 0);
    return shares.map((share) => (domain === "logDistribution" ? Math.log(share / total) : share / total));
  }
  return some.map((x) => (domain === undefined ? x : Math.abs(x) / 4));
}
