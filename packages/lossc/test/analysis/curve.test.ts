// Views and curves: every loss has one, and it is the loss itself with its derivatives.

import { describe, expect, it } from "vitest";
import {
  type Curve,
  catalogue,
  combine,
  crossEntropy,
  curve,
  defineLoss,
  hinge,
  huber,
  iou,
  viewsOf,
} from "../../src/index.ts";
import { losses } from "../vectors.ts";

const views = losses.flatMap((loss) =>
  viewsOf(loss).map((view) => [loss.name, view.name, view.range] as const),
);

/** Their gradient holds a factor constant, as their papers say, and so is not the slope of the value. */
const heldFactors = new Set(["circle"]);

/** The largest difference of a derivative from the central difference of what it is of. */
function worst(
  of: (curve: Curve) => Float64Array,
  derivative: Float64Array,
  at: (shift: number) => Curve,
): number {
  const step = 1e-5;
  const [before, after] = [at(-step), at(step)];
  let largest = 0;
  for (let i = 0; i < derivative.length; i++) {
    const difference = (of(after)[i] - of(before)[i]) / (after.x[i] - before.x[i]);
    largest = Math.max(largest, Math.abs(derivative[i] - difference) / (1 + Math.abs(difference)));
  }
  return largest;
}

describe("views", () => {
  it("every loss of the catalogue has one", () => {
    expect(losses.filter((loss) => viewsOf(loss).length === 0).map(({ name }) => name)).toEqual([]);
  });
  it("names of a loss's views differ, and their ranges lie in their domains", () => {
    for (const loss of losses) {
      const found = viewsOf(loss);
      expect(new Set(found.map(({ name }) => name)).size, loss.name).toBe(found.length);
      for (const { name, domain, range } of found) {
        expect(range[0], `${loss.name} ${name}`).toBeGreaterThanOrEqual(domain[0]);
        expect(range[1], `${loss.name} ${name}`).toBeLessThanOrEqual(domain[1]);
      }
    }
  });
  it.each([
    ["huber", "residual"],
    ["mape", "residual prediction"],
    ["poissonNll", "prediction"],
    ["gaussianNll", "residual variance"],
    ["hinge", "margin"],
    ["marginRanking", "margin"],
    ["bceWithLogits", "logit"],
    ["bce", "probability"],
    ["crossEntropy", "lead"],
    ["categoricalCrossEntropy", "probability"],
    ["nll", "probability"],
    ["klDivergence", "lead"],
    ["entropy", "lead"],
    ["rankNet", "lead"],
    ["dice", "pixel mask"],
    ["lovaszSoftmax", "pixel"],
    ["arcFace", "angle length"],
    ["center", "distance"],
    ["contrastive", "distance"],
    ["cosineEmbedding", "angle distance"],
    ["triplet", "angle distance"],
    ["tripletBatchHard", "angle distance"],
    ["ntXent", "angle distance"],
    ["clip", "angle distance"],
    ["giou", "shift scale"],
    ["l2Penalty", "weight"],
    ["deepId2", "lead distance"],
  ])("viewsOf(%s) are %s", (name, names) => {
    expect(
      viewsOf(catalogue.get(name)!)
        .map((view) => view.name)
        .join(" "),
    ).toBe(names);
  });
  it("a view may depend on parameters: probabilities have no lead", () => {
    expect(viewsOf(catalogue.get("klDivergence")!, { from: "probabilities" })[0].name).toBe("probability");
    expect(viewsOf(catalogue.get("triplet")!, { normalize: false }).map(({ name }) => name)).toEqual([
      "distance",
    ]);
  });
});

describe("curve", () => {
  it.each(views)(
    "%s by its %s: the gradient is the value's central difference, the curvature the gradient's",
    (name, over, range) => {
      const loss = catalogue.get(name)!;
      const width = range[1] - range[0];
      // Uneven, to miss the kinks, which lie at round numbers.
      const at = (shift: number) =>
        curve(loss, {
          over,
          from: range[0] + 0.0137 * width + shift,
          to: range[1] - 0.0171 * width + shift,
          points: 11,
        });
      const { gradient, curvature } = at(0);
      if (!heldFactors.has(name)) expect(worst(({ value }) => value, gradient, at)).toBeLessThan(1e-5);
      expect(worst((one) => one.gradient, curvature, at)).toBeLessThan(1e-5);
    },
  );
  it("is the loss: huber's values and gradients by its residual", () => {
    const { x, value, gradient, curvature, curvatureBy } = curve(huber, {
      from: -3,
      to: 3,
      points: 7,
      params: { delta: 2 },
    });
    expect(Array.from(x)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (let i = 0; i < x.length; i++) {
      const one = huber.valueAndGrad({ prediction: [x[i]], target: [0] }, { delta: 2 });
      expect(value[i]).toBe(one.value);
      expect(gradient[i]).toBe(one.grads.prediction.data[0]);
    }
    expect([curvature[0], curvature[2], curvature[4], curvatureBy]).toEqual([0, 1, 1, "expression"]);
  });
  it("the target says which side is right", () => {
    const positive = curve(catalogue.get("bceWithLogits")!, { points: 5 });
    const negative = curve(catalogue.get("bceWithLogits")!, { points: 5, target: 0 });
    expect(Array.from(negative.value)).toEqual(Array.from(positive.value).reverse());
    expect([positive.view.wrong, negative.view.wrong]).toEqual(["below", "above"]);
    expect(curve(hinge, { target: -1, from: -1, to: 1, points: 3 }).value).toEqual(
      curve(hinge, { from: -1, to: 1, points: 3 }).value,
    );
  });
  it("an end of the domain is in the curve: a sure and wrong answer costs Infinity", () => {
    const { value, gradient } = curve(catalogue.get("bce")!, { points: 3 });
    expect([value[0], gradient[0]]).toEqual([Infinity, -Infinity]);
    expect([value[2], gradient[2]]).toEqual([0, -1]);
  });
  it("a loss that looks at the whole batch is seen among companions", () => {
    const alone = curve(catalogue.get("tukeyBiweight")!, { points: 9 });
    const among = curve(catalogue.get("tukeyBiweight")!, { points: 9, params: { scale: "mad" } });
    expect(alone.curvatureBy).toBe("expression");
    expect(among.curvatureBy).toBe("differences");
    expect(among.value).not.toEqual(alone.value);
  });
  it("a loss that you define has curves, and so has a combination", () => {
    const softened = defineLoss({
      name: "softened",
      family: "mine",
      inputs: { output: "...", truth: { axes: "...", role: "data" } },
      expr: ({ output, truth }) => output.sub(truth).square().add(1).sqrt(),
    });
    const own = curve(softened, { from: 0, to: 1, points: 2 });
    expect(own.view.name).toBe("residual");
    expect(own.gradient[1]).toBeCloseTo(Math.SQRT1_2, 14);
    const svm = curve(combine({ hinge: 1, l2Penalty: 0.5 }), { from: -2, to: 2, points: 5 });
    expect(svm.value).toEqual(curve(hinge, { from: -2, to: 2, points: 5 }).value);
    const both = combine({ crossEntropy: 1, center: 0.1 });
    expect(viewsOf(both).map(({ name }) => name)).toContain("distance");
    expect(curve(both, { points: 3 }).value).toEqual(curve(crossEntropy, { points: 3 }).value);
  });
  it("what a view does not move is held in the shape it must have, by axes and by parameters", () => {
    const binned = defineLoss({
      name: "binned",
      family: "mine",
      inputs: {
        prediction: "...",
        target: "...",
        edges: { axes: "bins", role: "data", domain: "positive" },
        anchor: { axes: "n... 4", role: "data", domain: "box" },
        share: { axes: "", role: "data", domain: "probability" },
      },
      params: { bins: { default: 5, integer: true, min: 1, sizeOf: "bins", doc: "How many." } },
      expr: ({ prediction, target, edges, share }) =>
        prediction.sub(target).square().mul(edges.sum("bins")).mul(share),
    });
    // Five edges held at 1, a share held at ½.
    expect(curve(binned, { from: 0, to: 2, points: 3 }).value[2]).toBe(4 * 5 * 0.5);
    expect(binned.properties().convex!.holds).toBe(true);
  });
  it.each([
    [{ over: "residul" }, 'huber: there is no view "residul". Did you mean "residual"?'],
    [{ from: 1, to: 1 }, 'huber: "from" is 1 and "to" is 1; a curve runs from a number to a larger one.'],
    [{ points: 1 }, 'huber: "points" is 1; a curve has 2 or more.'],
    [{ params: { dleta: 1 } }, 'huber: there is no option "dleta". Did you mean "delta"?'],
    [{ params: { reduction: "sum" } }, 'huber: "reduction" is an option of calls, not of curves and cards.'],
  ])("curve(huber, %o) says what is wrong", (options, message) => {
    expect(() => curve(huber, options)).toThrow(message);
  });
  it("a target that the loss cannot have, and an interval outside the domain, are errors", () => {
    expect(() => curve(catalogue.get("bce")!, { target: 2 })).toThrow(
      'bce: "target" is 2; it must be in [0, 1].',
    );
    expect(() => curve(crossEntropy, { target: 3 })).toThrow(
      'crossEntropy: "target" is 3; it must be a class from 0 to 2.',
    );
    expect(() => curve(catalogue.get("bce")!, { from: -1, to: 1 })).toThrow("the probability is in [0, 1]");
    expect(() => curve(iou, { over: "margin" })).toThrow(
      'iou: there is no view "margin". There are: shift, scale.',
    );
  });
});
