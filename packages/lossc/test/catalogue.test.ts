// What holds for every loss of the catalogue, derived and not listed.

import { describe, expect, it } from "vitest";
import { bodyOf } from "../src/contract/define.ts";
import { buildProgram } from "../src/contract/program.ts";
import { docs } from "../src/docs.ts";
import { type AnyLoss, catalogue, type Tensor } from "../src/index.ts";
import { topological } from "../src/language/expr.ts";
import { verify } from "../src/language/verify.ts";
import { flat, losses, type Nested, shapeOf, type VectorCase, vectorsOf } from "./vectors.ts";

type Data = Readonly<Record<string, { data: Float64Array; shape: number[] }>>;

const tensors = (inputs: Readonly<Record<string, Nested>>): Data =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, nested]) => [
      name,
      { data: Float64Array.from(flat(nested)), shape: shapeOf(nested) },
    ]),
  );

/** Cases on which differences can be taken: ordinary numbers, finite results, and no kink by design. */
const ordinary = (one: VectorCase): boolean => {
  const numbers = [...Object.values(one.inputs), ...Object.values(one.grads), one.value].flatMap(flat);
  const plain = numbers.every((x) => Number.isFinite(x) && Math.abs(x) < 100);
  return (
    plain &&
    !/kink|tie|coincid|identical|same|equal|zero|one class|edge|disjoint|exact|touch|boundary|point|0 and 1/i.test(
      one.name,
    )
  );
};

/** Cases of huge, tiny or infinite numbers, or of a place where a loss is special. */
const isExtreme = (one: VectorCase): boolean =>
  [...Object.values(one.inputs), ...Object.values(one.grads), one.value]
    .flatMap(flat)
    .some((x) => !Number.isFinite(x) || Math.abs(x) >= 100 || (x !== 0 && Math.abs(x) < 1e-6)) ||
  /kink|coincid|identical|apart|without area|parallel|opposite|edge/i.test(one.name);

/** Their gradient is the same whatever the numbers are, so it is not NaN either. */
const flatGradient = new Set(["nll", "zeroOne"]);

/** The call without options: optional inputs left out. */
const plainVariant = (loss: AnyLoss) => {
  const body = bodyOf(loss);
  return {
    statics: Object.fromEntries(
      Object.entries(body.params)
        .filter(([, { default: value, static: fixed }]) => typeof value !== "number" || fixed)
        .map(([key, spec]) => [key, spec.default]),
    ),
    vectors: [],
    forms: {},
    absent: body.inputs.filter(({ optional }) => optional).map(({ name }) => name),
    given: {},
  };
};
/** Whether a loss's parts have different samples: then nothing is per sample. */
const hasMixedSamples = (loss: AnyLoss): boolean =>
  new Set(
    bodyOf(loss)
      .parts(plainVariant(loss))
      .map((part) => part.loss.axes.join()),
  ).size > 1;

describe.each(losses.map((loss) => [loss.name, loss] as const))("%s", (name, loss) => {
  const perSample = !hasMixedSamples(loss);
  const { cases } = vectorsOf(name);
  const usable = cases.filter(ordinary);

  it("has its name, a reference, a doc text, a check value and inputs with axes", () => {
    expect(catalogue.get(name)).toBe(loss);
    expect(loss.references.length).toBeGreaterThan(0);
    expect(docs[name].summary).toMatch(/\.$/);
    expect(docs[name].detail.length).toBeGreaterThan(40);
    expect(Object.values(loss.inputs).every(({ axes, optional }) => axes.length > 0 || optional)).toBe(true);
  });

  it("gives its check value", () => {
    const { inputs, options, value } = loss.check!;
    const computed = loss(inputs as never, options) as number;
    expect(Math.abs(computed - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value));
  });

  it("has at least five vectors with options, and one of extreme numbers or a place that is special", () => {
    const withOptions = cases.filter(({ options = {} }) =>
      Object.keys(options).some((key) => key !== "reduction"),
    );
    expect(withOptions.length).toBeGreaterThanOrEqual(5);
    expect(cases.filter(isExtreme).length).toBeGreaterThanOrEqual(1);
  });

  // Where a definition holds a part constant (ciou's α, a MAD), its gradient is not the difference of its values;
  // the vectors' oracle takes differences with that part held.
  const holdsConstant = topological([loss.expr]).some(({ op }) => op === "stopGradient");
  if (!holdsConstant)
    it("its gradient is the central difference", () => {
      let compared = 0;
      for (const one of usable
        .filter(({ options }) => options?.reduction !== "none" && options?.scale !== "mad")
        .slice(0, 12)) {
        const { grads } = loss.valueAndGrad(one.inputs, one.options);
        const data = tensors(one.inputs);
        for (const [input, grad] of Object.entries(grads)) {
          const { data: at } = data[input];
          for (let i = 0; i < at.length; i++) {
            const [here, h] = [at[i], 1e-6 * Math.max(1, Math.abs(at[i]))];
            const moved = (by: number) => {
              at[i] = here + by;
              const value = loss(data, { ...one.options, validate: false }) as number;
              at[i] = here;
              return value;
            };
            const [above, middle, below] = [moved(h), moved(0), moved(-h)];
            // Where the slopes on both sides differ there is a kink within h.
            if (Math.abs(above - 2 * middle + below) > 1e-3 * h) continue;
            compared += 1;
            const slack = 2e-6 * Math.max(1, Math.abs(grad.data[i])) + (1e-15 * Math.abs(middle)) / h;
            expect(
              Math.abs(grad.data[i] - (above - below) / (2 * h)),
              `${one.name}: ${input}[${i}]`,
            ).toBeLessThanOrEqual(slack);
          }
        }
      }
      expect(compared).toBeGreaterThan(5);
    });

  if (perSample)
    it("mean, sum and none agree", () => {
      for (const { inputs, options } of usable) {
        const { value: sum, weightSum } = loss.valueAndGrad(inputs, { ...options, reduction: "sum" });
        const mean = loss(inputs, { ...options, reduction: "mean", meanOver: "weight" }) as number;
        const each = loss(inputs, { ...options, reduction: "none" }) as Tensor;
        const total = Array.from(each.data).reduce((a, b) => a + b, 0);
        expect(Math.abs(total - sum)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(sum)));
        if (weightSum > 0)
          expect(Math.abs(mean * weightSum - sum)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(sum)));
      }
    });

  if (perSample && loss.family !== "penalty")
    it("a constant weight changes neither the mean nor its gradient", () => {
      for (const { inputs, options } of usable.filter(
        (one) => one.options?.weight === undefined && one.options?.meanOver === undefined,
      )) {
        const plain = loss.valueAndGrad(inputs, { ...options, reduction: "mean" });
        const { shape } = loss(inputs, { ...options, reduction: "none" }) as Tensor;
        const weight = { data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(2.5), shape };
        const weighted = loss.valueAndGrad(inputs, { ...options, reduction: "mean", weight });
        expect(Math.abs(weighted.value - plain.value)).toBeLessThanOrEqual(
          1e-13 * Math.max(1, Math.abs(plain.value)),
        );
        for (const [input, { data }] of Object.entries(plain.grads)) {
          data.forEach((g, i) => {
            expect(Math.abs(weighted.grads[input].data[i] - g)).toBeLessThanOrEqual(
              1e-12 * Math.max(1, Math.abs(g)),
            );
          });
        }
        expect(weighted.count).toBe(plain.count);
      }
    });

  it("float32 in gives float32 out, near the float64 result", () => {
    const one = usable[0];
    const wide = tensors(one.inputs);
    const narrow = Object.fromEntries(
      Object.entries(wide).map(([input, { data, shape }]) => {
        const { kind } = loss.inputs[input];
        const whole = kind === "index" || (kind === "classes" && data.every(Number.isInteger));
        return [input, { data: whole ? Int32Array.from(data) : Float32Array.from(data), shape }];
      }),
    );
    const { grads, value } = loss.valueAndGrad(narrow, one.options);
    const exact = loss.valueAndGrad(wide, one.options);
    expect(Math.abs(value - exact.value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(exact.value)));
    for (const { data } of Object.values(grads)) expect(data).toBeInstanceOf(Float32Array);
    for (const { data } of Object.values(exact.grads)) expect(data).toBeInstanceOf(Float64Array);
  });

  it("NaN in gives NaN out, in value and gradient", () => {
    const data = tensors(usable[0].inputs);
    const [input] = Object.entries(loss.inputs).find(([key, { role }]) => role === "model" && key in data)!;
    data[input].data[0] = Number.NaN;
    const { value, grads } = loss.valueAndGrad(data, usable[0].options);
    expect(value).toBeNaN();
    if (!flatGradient.has(name)) expect(grads[input].data.some(Number.isNaN)).toBe(true);
  });

  it("every program it makes is well formed after every pass", () => {
    const body = bodyOf(loss);
    const wrt = body.inputs
      .filter(({ role, optional }) => role === "model" && !optional)
      .map(({ name }) => name);
    const reductions = ["mean", "sum", "none"] as const;
    for (const reduction of perSample ? reductions : reductions.slice(0, 2)) {
      for (const given of perSample ? [{}, { weight: true, mask: true }] : [{}]) {
        const variant = { ...plainVariant(loss), given };
        const request = { reduction, meanOver: "weight" as const, wrt, perSample: reduction === "none" };
        const program = buildProgram(name, body.parts(variant), body.inputs, variant, request, true);
        verify(Object.values(program.outputs).map(({ expr }) => expr));
      }
    }
  });

  it("its formula and its expression are text", () => {
    expect(String(loss.expr).length).toBeGreaterThan(3);
    expect(loss.formula.value.length).toBeGreaterThan(3);
    expect(Object.keys(loss.formula.gradient)).toEqual(
      Object.entries(loss.inputs)
        .filter(([, { role, optional }]) => role === "model" && !optional)
        .map(([input]) => input),
    );
  });
});

it("the catalogue's order is its names'", () => {
  const names = losses.map((loss: AnyLoss) => loss.name);
  expect(names).toEqual([...names].sort());
});
