// Products and limits that are grouped anew for the parameters at hand: fewer instructions, the same numbers.

import { expect, it } from "vitest";
import { regroup } from "../../src/backends/wasm/regroup.ts";
import { crossEntropy, defineLoss, huber, tukeyBiweight } from "../../src/index.ts";
import type { Expr } from "../../src/language/expr.ts";
import { lower } from "../../src/passes/lower/index.ts";
import type { Compute, Kernel, Statement } from "../../src/passes/lower/ir.ts";
import { parameterRange } from "../../src/passes/ranges.ts";
import { requestOf } from "../lower/request.ts";

const inputs = { prediction: [1, 4, 9], target: [0, 0, 0] };

function kernelsOf(
  loss: typeof huber | typeof tukeyBiweight,
  params: Readonly<Record<string, number>>,
): Kernel[] {
  const { program } = requestOf(() => loss.valueAndGrad(inputs, { ...params, engine: "reference" }));
  const ranges = new Map(Object.entries(params).map(([name, value]) => [name, parameterRange(value)]));
  const kernel = lower(program);
  return [kernel, regroup(kernel, { params: ranges, inputs: new Map() })];
}
const bodyOf = ({ body }: Kernel): readonly Compute[] =>
  body.flatMap((statement: Statement) =>
    statement.kind === "loop" ? statement.body.filter((inner) => inner.kind === "compute") : [],
  );
const count = (kernel: Kernel, ...ops: readonly Compute["op"][]): number =>
  bodyOf(kernel).filter(({ op }) => ops.includes(op)).length;

it("a row of factors that are the same for all elements multiplies once", () => {
  const [before, after] = kernelsOf(tukeyBiweight, { c: 4.6851, scale: 2 });
  expect(count(before, "mul", "weigh") - count(after, "mul", "weigh")).toBe(5);
  expect(count(after, "weigh")).toBe(1); // the one where the residual may be infinite
});

it("a factor that is made before a row's loop stays one", () => {
  const { program } = requestOf(() =>
    crossEntropy.valueAndGrad({ logits: [[1, 2, 3]], target: [0] }, { engine: "reference" }),
  );
  const products = (list: readonly Statement[]): number =>
    list.filter((statement) => statement.kind === "compute" && statement.op === "mul").length;
  const rows = ({ body }: Kernel): number[] =>
    body
      .flatMap((statement) => (statement.kind === "loop" ? statement.body : []))
      .flatMap((statement) => (statement.kind === "loop" ? [products(statement.body)] : []));
  const kernel = lower(program);
  expect(rows(regroup(kernel, { params: new Map(), inputs: new Map() }))).toEqual(rows(kernel));
});

it("factors whose product may leave float32 stay apart", () => {
  const [before, after] = kernelsOf(tukeyBiweight, { c: 1e10, scale: 1e10 });
  const products = ({ op }: Compute): boolean => op === "mul" || op === "weigh";
  const [all, left] = [before, after].map((kernel) => bodyOf(kernel).filter(products).length);
  expect(all - left).toBe(1); // 3 · 2 of the slope; 1/c and 1/scale, which are 1e-10, multiply one by one
  const { value, grads } = tukeyBiweight.valueAndGrad(
    { prediction: new Float32Array([3e19, 1]), target: new Float32Array([0, 0]) },
    { c: 1e10, scale: 1e10, engine: "wasm", reduction: "sum", validate: false },
  );
  const exact = tukeyBiweight.valueAndGrad(
    { prediction: [3e19, 1], target: [0, 0] },
    { c: 1e10, scale: 1e10, engine: "reference", reduction: "sum", validate: false },
  );
  expect(value / exact.value).toBeCloseTo(1, 5);
  expect(grads.prediction.data[0] / exact.grads.prediction.data[0]).toBeCloseTo(1, 5);
});

it("a clipped size times its sign is a clipped number", () => {
  const [before, after] = kernelsOf(huber, { delta: 1.5 });
  expect([count(before, "sign"), count(before, "max")]).toEqual([1, 0]);
  expect([count(after, "sign"), count(after, "max")]).toEqual([0, 2]); // one in code, where equal nodes are one
  const prediction = new Float32Array([-9, -1, -0, 0, 1, 9, Number.NaN, Infinity, -Infinity]);
  const { grads } = huber.valueAndGrad(
    { prediction, target: new Float32Array(9) },
    { delta: 1.5, engine: "wasm", reduction: "sum", validate: false },
  );
  expect([...grads.prediction.data]).toEqual([-1.5, -1, -0, 0, 1, 1.5, Number.NaN, 1.5, -1.5]);
});

it("the area below a clipped number is taken from the clipped number", () => {
  const [before, after] = kernelsOf(huber, { delta: 1.5 });
  expect([count(before, "abs", "square"), count(after, "abs", "square")]).toEqual([2, 0]);
  const prediction = new Float32Array([
    -9,
    -1,
    -1e-20,
    0,
    0.5,
    1.5,
    9,
    3e38,
    Number.NaN,
    Infinity,
    -Infinity,
  ]);
  const { perSample } = huber.valueAndGrad(
    { prediction, target: new Float32Array(11) },
    { delta: 1.5, engine: "wasm", reduction: "sum", perSample: true, validate: false },
  );
  const want = [12.375, 0.5, 5e-41, 0, 0.125, 1.125, 12.375, 4.5e38, Number.NaN, Infinity, Infinity];
  expect([...perSample!.data]).toEqual([...Float32Array.from(want)]);
});

type Form = (parts: Readonly<Record<"r" | "m" | "delta", Expr>>) => Expr;
const alike = (form: Form): typeof huber =>
  defineLoss({
    name: "alike",
    family: "regression",
    inputs: { prediction: "...", target: "..." },
    params: { delta: { default: 1.5, above: 0, doc: "A limit." } },
    expr({ prediction, target, delta }) {
      const r = prediction.sub(target);
      return form({ r, m: r.abs().min(delta), delta });
    },
  }) as unknown as typeof huber;

it.each([
  [
    "of a number that is not the size",
    alike(({ r, m, delta }) => m.square().mul(0.5).add(r.exp().sub(m).mul(delta))),
  ],
  ["with another share", alike(({ r, m, delta }) => m.square().mul(0.25).add(r.abs().sub(m).mul(delta)))],
])("what looks like an area, %s, is none", (_, loss) => {
  const [, after] = kernelsOf(loss, { delta: 1.5 });
  expect(count(after, "square", "abs")).toBe(2);
  const [got, want] = (["wasm", "reference"] as const).map((engine) =>
    loss.valueAndGrad({ prediction: [-9, -1, 0.5, 9], target: [0, 0, 0, 0] }, { engine, reduction: "sum" }),
  );
  expect(got.value).toBeCloseTo(want.value, 12);
});

it("a limit that may be negative is none", () => {
  const [before] = kernelsOf(huber, { delta: 1.5 });
  const after = regroup(before, {
    params: new Map([["delta", { low: -1, high: 1, mayBeNaN: false }]]),
    inputs: new Map(),
  });
  expect(count(after, "sign", "abs", "square")).toBe(3);
});
