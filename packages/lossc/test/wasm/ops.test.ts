// Rows of ops that take few instructions: what they give for edges, and what they share.

import { describe, expect, it } from "vitest";
import type { Node } from "../../src/backends/wasm/assembler.ts";
import type { Lanes } from "../../src/backends/wasm/lanes.ts";
import { rows } from "../../src/backends/wasm/ops.ts";
import { ops } from "../../src/language/ops.ts";
import { anything } from "../../src/passes/ranges.ts";
import { vectorised } from "./kernel.ts";

const edges = [0, -0, 1, -1, 0.5, 2 ** -149, 2 ** 120, Infinity, -Infinity, Number.NaN];
const left = edges.flatMap((a) => edges.map(() => a));
const right = edges.flatMap(() => edges);
const facts = [{ range: anything }, { range: anything }];

type Name = "min" | "max" | "above" | "weigh";
const row = (name: Name, v: Lanes, a: Node, b: Node): Node => rows[name](v, a, b, b, facts);
/** A product with the slope of relu, as gradients have it. */
const sloped = (v: Lanes, a: Node, b: Node): Node => row("weigh", v, a, rows.step(v, b, b, b, facts));
/** Without the sign of 0. */
const plain = (numbers: readonly number[]): number[] => numbers.map((x) => x || (x === 0 ? 0 : x));

describe.each(["float32", "float64"] as const)("in %s", (precision) => {
  it.each(["min", "max", "above", "weigh"] as const)("%s of all edges is that of the language", (name) => {
    const got = vectorised(precision, 2, (v, a, b) => row(name, v, a, b))(left, right);
    const want = left.map((a, i) => ops[name].apply(a, right[i]));
    const rounded = precision === "float32" ? want.map(Math.fround) : want;
    expect(plain(got)).toEqual(plain(rounded));
  });

  it("above(b, a) is 1 − above(a, b) where that is there, NaN included", () => {
    let both: Node[] = [];
    const got = vectorised(precision, 2, (v, a, b) => {
      both = [row("above", v, a, b), row("above", v, b, a)];
      return both[1];
    })(left, right);
    expect(got).toEqual(left.map((a, i) => ops.above.apply(right[i], a)));
    expect(both[1].args[1]).toBe(both[0]);
  });

  it("what a slope of 1 or 0 weighs is kept or 0, without a product", () => {
    let products = 0;
    const got = vectorised(precision, 2, (v, a, b) => {
      const node = sloped(v, a, b);
      const bytes = v.mul(a, b).bytes;
      const count = ({ bytes: own, args }: Node): number =>
        args.reduce((sum, arg) => sum + count(arg), own === bytes ? 1 : 0);
      products = count(node);
      return node;
    })(left, right);
    const want = left.map((a, i) => ops.weigh.apply(a, ops.step.apply(right[i])));
    expect(plain(got)).toEqual(plain(precision === "float32" ? want.map(Math.fround) : want));
    expect(products).toBe(0);
  });
});
