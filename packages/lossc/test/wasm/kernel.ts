// Small modules for the tests: a vector formula applied to arrays.

import { assemble, Func, i32, make, type Node } from "../../src/backends/wasm/assembler.ts";
import { type Grade, Lanes, Pool } from "../../src/backends/wasm/lanes.ts";
import { webAssembly } from "../../src/backends/wasm/webassembly.ts";

/** Where arguments lie: the constants come first. */
const START = 65536;

type Formula = (v: Lanes, ...args: readonly Node[]) => Node;

/** Applies a formula of vectors to arrays of equal length. */
export function vectorised(grade: Grade, arity: number, formula: Formula) {
  const pool = new Pool();
  const f = new Func(["i32", "i32", "i32"]);
  const [base, length, stride] = f.params;
  const v = new Lanes(grade, pool, base);
  f.for(i32(0), length, 16, (i) => {
    const address = make("i32.add", [i, i32(START)]);
    const args = Array.from({ length: arity }, (_, k) =>
      v.load(f, make("i32.add", [address, make("i32.mul", [stride, i32(k)])])),
    );
    f.store(
      "v128.store",
      make("i32.add", [address, make("i32.mul", [stride, i32(arity)])]),
      formula(v, ...args),
    );
  });
  const bytes = assemble({ run: f }, { shared: false, least: 1 }, pool.helpers.functions);
  const module = new webAssembly!.Module(bytes);
  return (...arrays: readonly (readonly number[])[]): number[] => {
    const count = arrays[0].length;
    const padded = Math.ceil((count * v.size) / 16) * 16;
    const memory = new webAssembly!.Memory({ initial: 2 + Math.ceil((padded * (arity + 1)) / 65536) });
    new Uint8Array(memory.buffer).set(pool.bytes);
    const view = (k: number) =>
      grade === "float32"
        ? new Float32Array(memory.buffer, START + k * padded, count)
        : new Float64Array(memory.buffer, START + k * padded, count);
    arrays.forEach((array, k) => {
      view(k).set(array);
    });
    const instance = new webAssembly!.Instance(module, { env: { memory } });
    (instance.exports.run as (base: number, length: number, stride: number) => void)(0, padded, padded);
    return [...view(arity)];
  };
}

/** How many representable numbers lie between a result and the true value, as a real number. */
export function ulps(precision: "float32" | "float64", got: number, want: number): number {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Number.POSITIVE_INFINITY;
  if (got === want) return 0;
  const limit = precision === "float32" ? 2 ** 128 : Number.POSITIVE_INFINITY;
  if (Math.abs(want) >= limit * (1 - 2 ** -25))
    return Math.abs(got) === Number.POSITIVE_INFINITY && Math.sign(got) === Math.sign(want)
      ? 0
      : Number.POSITIVE_INFINITY;
  const [digits, least] = precision === "float32" ? [23, -126] : [52, -1022];
  const exponent = want === 0 ? least : Math.max(Math.floor(Math.log2(Math.abs(want))), least);
  return Math.abs(got - want) / 2 ** Math.max(exponent - digits, -1074);
}
