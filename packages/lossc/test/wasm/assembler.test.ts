// When nodes are computed.

import { expect, it } from "vitest";
import { assemble, Func, i32, make } from "../../src/backends/wasm/assembler.ts";
import { webAssembly } from "../../src/backends/wasm/webassembly.ts";

it("a node is computed where that is asked for, and once", () => {
  const f = new Func(["i32"]);
  const x = f.variable("i32", f.params[0]);
  const triple = make("i32.mul", [x, i32(3)]);
  f.compute(triple);
  f.set(x, i32(100));
  f.result = make("i32.add", [triple, triple]);
  const module = new webAssembly!.Module(assemble({ f }, { shared: false, least: 1 }));
  const memory = new webAssembly!.Memory({ initial: 1 });
  const instance = new webAssembly!.Instance(module, { env: { memory } });
  expect((instance.exports.f as (x: number) => number)(7)).toBe(42);
});
