// Long loops in float64 lanes try two ways into the same function: whichever they take, the bits are the same.

import { expect, it } from "vitest";
import { compileProgram, instantiate, makeMemory } from "../../src/backends/wasm/compile.ts";
import { MANY, straightName, turnedName, Ways } from "../../src/backends/wasm/turned.ts";
import { binaryFocal, huber } from "../../src/index.ts";
import { requestOf } from "../lower/request.ts";

it("has a turned way for loops that crowd the registers, and for no others", () => {
  const options = { engine: "reference" } as const;
  const focal = requestOf(() => binaryFocal.valueAndGrad({ logits: [1], target: [1] }, options));
  const plain = requestOf(() => huber.valueAndGrad({ prediction: [1], target: [1] }, options));
  const [crowded, light] = [focal, plain].map(({ program }) => compileProgram(program, "float32"));
  const turned = (compiled: typeof light) =>
    compiled.emitted.steps.map((step) => step.kind === "loop" && step.hasTurned);
  expect(turned(crowded)).toContain(true);
  expect(turned(light)).not.toContain(true);
  const names = Object.keys(instantiate(crowded, makeMemory(1)).exports);
  expect(names.filter((name) => name.startsWith("turned"))).toHaveLength(1);
});

it("a loop of many blocks gives the gradients of its parts", () => {
  const n = 300_000;
  const logits = Float32Array.from({ length: n }, (_, i) => 6 * Math.sin(i * 0.37));
  const target = Float32Array.from({ length: n }, (_, i) => (i * 7) % 2);
  const options = { engine: "wasm", reduction: "sum" } as const;
  const whole = binaryFocal.valueAndGrad({ logits, target }, options);
  const third = n / 3;
  for (let part = 0; part < 3; part++) {
    const [from, to] = [part * third, (part + 1) * third];
    const inputs = { logits: logits.subarray(from, to), target: target.subarray(from, to) };
    const { grads } = binaryFocal.valueAndGrad(inputs, options);
    expect(grads.logits.data).toEqual(whole.grads.logits.data.subarray(from, to));
  }
  expect(n / 4096).toBeGreaterThan(MANY);
  expect(third / 4096).toBeLessThan(MANY);
});

it("goes on in the way that was faster", () => {
  const wait = (ms: number) => () => {
    for (const begin = performance.now(); performance.now() - begin < ms; );
  };
  for (const slow of [straightName(0), turnedName(0)]) {
    const exports = { [straightName(0)]: wait(0.1), [turnedName(0)]: wait(0.1), [slow]: wait(0.5) };
    const ways = new Ways();
    let way = ways.begin({ exports }, { number: 0, hasTurned: true } as never, MANY);
    while (ways.left > 0) way = ways.try(0, 0, 0, 0, 0);
    expect(way).toBe(slow === straightName(0) ? exports[turnedName(0)] : exports[straightName(0)]);
  }
});
