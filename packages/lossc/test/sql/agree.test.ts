// The SQL of every pointwise loss against the reference engine, row by row: ordinary and extreme numbers, weights.

import { expect, it } from "vitest";
import { catalogue } from "../../src/index.ts";
import { type RowsFor, sqlOf } from "../../src/sql.ts";
import { combinations, isPointwise, makeTable, openDuckDB, run, valuesOf } from "./table.ts";

const connection = await openDuckDB();
const pointwise = [...catalogue.values()].filter(isPointwise);

/** Losses whose rows depend on each other, though each has one number per row. */
const together = new Set(["ghmC", "ghmR", "lovaszHinge"]);

it("most losses of one number per row have SQL, and the others say why not", () => {
  for (const loss of pointwise) {
    const needed = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
    const inputs = Object.fromEntries(needed.map(([name]) => [name, name]));
    const make = () => sqlOf([{ loss, inputs }]);
    if (together.has(loss.name)) expect(make, loss.name).toThrow(/has no SQL|cannot/);
    else expect(make(), loss.name).toMatch(/^SELECT/);
  }
  expect(pointwise.length - together.size).toBeGreaterThan(25);
});

/** Its target may be any number but 0, which is no interval. */
const withoutOrdinaryRows = new Set(["mape"]);

/** |a − b| as a share of |b|; numbers too small for a normal double count as 0. */
const difference = (a: number, b: number): number =>
  Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(b), 1e-290);

it.each(pointwise.filter(({ name }) => !together.has(name)).map((loss) => [loss.name, loss] as const))(
  "%s: every row has the same loss in SQL and in the reference",
  async (_, loss) => {
    const specs = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
    const names = specs.map(([name]) => name);
    const defaults = Object.fromEntries(
      Object.entries(loss.params).map(([name, { default: value }]) => [name, value]),
    );
    const table = combinations(specs.map(([, spec]) => valuesOf(spec, defaults)));
    const weights = table.map((_, i) => [0, 1, 0.25, 3][i % 4]);
    await makeTable(
      connection,
      [...names, "w"],
      table.map((row, i) => [...row, weights[i]]),
    );
    const inputs = Object.fromEntries(names.map((name) => [name, name]));
    const given = Object.fromEntries(names.map((name, i) => [name, table.map((row) => row[i])]));
    const { data } = loss(given, { reduction: "none", engine: "reference", weight: weights }) as {
      data: Float64Array;
    };

    const sums = async (rows: RowsFor) =>
      run(connection, sqlOf([{ loss, inputs, weight: "w" }], { by: '"id"', rows }));
    const whole = await sums("all");
    const parts = withoutOrdinaryRows.has(loss.name)
      ? whole
      : [...(await sums("ordinary")), ...(await sums("others"))];
    for (const [what, rows] of [
      ["all", whole],
      ["parts", parts],
    ] as const) {
      expect(rows.length, what).toBe(table.length);
      for (const { group, loss: value, weight, n, bad } of rows) {
        const where = `${what}: ${names.map((name, i) => `${name} ${table[group][i]}`).join(", ")}, weight ${weights[group]}`;
        expect([weight, n, bad], where).toEqual([weights[group], weights[group] === 0 ? 0 : 1, 0]);
        expect(
          difference(value ?? Number.NaN, data[group]),
          `${where}: ${value} for ${data[group]}`,
        ).toBeLessThan(1e-12);
      }
    }
  },
);
