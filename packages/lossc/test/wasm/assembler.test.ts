// When nodes are computed, and where locals have their places.

import { expect, it } from "vitest";
import { assemble, Func, f64, i32, load, make, type Node } from "../../src/backends/wasm/assembler.ts";
import { webAssembly } from "../../src/backends/wasm/webassembly.ts";

/** What a function of one i32 gives. */
function run(f: Func, x: number): unknown {
  const module = new webAssembly!.Module(assemble({ f }, { shared: false, least: 1 }));
  const memory = new webAssembly!.Memory({ initial: 1 });
  const instance = new webAssembly!.Instance(module, { env: { memory } });
  return (instance.exports.f as (x: number) => number)(x);
}

it("a node is computed where that is asked for, and once", () => {
  const f = new Func(["i32"]);
  const x = f.variable("i32", f.params[0]);
  const triple = make("i32.mul", [x, i32(3)]);
  f.compute(triple);
  f.set(x, i32(100));
  f.result = make("i32.add", [triple, triple]);
  expect(run(f, 7)).toBe(42);
});

it("more locals than one byte can name, of several types, are told apart", () => {
  const f = new Func(["i32"]);
  const add = (a: Node, b: Node): Node => make("f64.add", [a, b]);
  const [x] = f.params;
  const whole = Array.from({ length: 150 }, (_, i) => f.let(make("i32.add", [x, i32(i)])));
  const unused = f.variable("f32");
  const wide = whole.map((n, i) => f.let(add(make("f64.convert_i32_s", [n]), f64(i / 2))));
  // The last ones are used most, and the first ones stand furthest.
  const often = wide.slice(100);
  f.result = [...wide, ...often, ...often].reduce<Node>(add, f64(0));
  expect(unused.type).toBe("f32");
  const value = (i: number): number => 1000 + 1.5 * i;
  const want = wide.reduce((sum, _, i) => sum + value(i) * (i < 100 ? 1 : 3), 0);
  expect(run(f, 1000)).toBe(want);
});

it("so are more than two bytes can name", () => {
  const f = new Func(["i32"]);
  const many = 17_000;
  const all = Array.from({ length: many }, (_, i) => f.let(make("i32.add", [f.params[0], i32(i)])));
  const sum = f.variable("i32");
  for (const one of all) f.set(sum, make("i32.add", [sum, one]));
  f.result = sum;
  expect(run(f, 2)).toBe(2 * many + (many * (many - 1)) / 2);
});

it("what a loop does not change is computed before it, unless it reads memory", () => {
  const f = new Func(["i32"]);
  const [x] = f.params;
  const sum = f.variable("i32");
  f.store("i32.store", i32(0), i32(5));
  f.for(i32(0), i32(4), 1, (i) => {
    const fixed = make("i32.mul", [x, make("i32.add", [x, i32(1)])]);
    f.store("i32.store", i32(0), make("i32.add", [load("i32.load", i32(0)), i]));
    f.set(sum, make("i32.add", [sum, make("i32.add", [fixed, i])]));
  });
  f.result = sum;
  expect(run(f, 3)).toBe(4 * 12 + 6);
});
