// The property card against what the literature says of well-known losses, and every card of the catalogue.

import { describe, expect, it } from "vitest";
import type { Evident } from "../../src/analysis/types.ts";
import {
  type CardOptions,
  catalogue,
  combine,
  defineLoss,
  type PropertyCard,
  wordsOf,
} from "../../src/index.ts";
import { losses } from "../vectors.ts";

const card = (name: string, options?: CardOptions): PropertyCard => catalogue.get(name)!.properties(options);
const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS_INF } = Number;

/** A card in the few facts that textbooks give. */
interface Textbook {
  readonly options?: CardOptions;
  readonly convex: true | readonly (readonly [number, number])[];
  /** Where it has a corner or a step, and the slope taken there. */
  readonly kinks?: readonly (readonly [at: number, taken: number])[];
  readonly steepest: number;
  readonly steepestAt?: number;
  readonly dead?: readonly (readonly [number, number])[];
  readonly outlier: "unbounded" | "bounded" | "redescending" | "none";
  readonly limit?: number;
  readonly least: number;
  readonly leastOn: readonly [number, number];
  readonly most?: number;
}

const tukey = 4.6851;

/** Where an influence function that redescends from its peak has fallen to 1 % of it, on both sides. */
function faded(influence: (r: number) => number, peak: number): readonly (readonly [number, number])[] {
  let [alive, dead] = [peak, 1e6];
  for (let i = 0; i < 100; i++) {
    const middle = (alive + dead) / 2;
    if (influence(middle) > influence(peak) / 100) alive = middle;
    else dead = middle;
  }
  return [
    [MINUS_INF, -dead],
    [dead, INF],
  ];
}
const biweight = (r: number): number => (r < tukey ? r * (1 - (r / tukey) ** 2) ** 2 : 0);

const textbook: Readonly<Record<string, Textbook>> = {
  // Huber & Ronchetti 2009, Robust Statistics, ch. 1–4: the mean's influence is unbounded, the median's ±1, Huber's ±δ.
  mse: { convex: true, steepest: INF, outlier: "unbounded", least: 0, leastOn: [0, 0] },
  mae: {
    convex: true,
    kinks: [[0, 0]],
    steepest: 1,
    steepestAt: 0,
    outlier: "bounded",
    limit: 1,
    least: 0,
    leastOn: [0, 0],
  },
  huber: {
    options: { params: { delta: 2 } },
    convex: true,
    steepest: 2,
    steepestAt: 2,
    outlier: "bounded",
    limit: 2,
    least: 0,
    leastOn: [0, 0],
  },
  // Girshick 2015, Fast R-CNN, eq. 3: slope r within ±1, ±1 outside.
  smoothL1: {
    convex: true,
    steepest: 1,
    steepestAt: 1,
    outlier: "bounded",
    limit: 1,
    least: 0,
    leastOn: [0, 0],
  },
  // Charbonnier et al. 1997: slope r/√(1 + r²), strictly convex, tends to ±1.
  pseudoHuber: {
    convex: true,
    steepest: 1,
    steepestAt: INF,
    outlier: "bounded",
    limit: 1,
    least: 0,
    leastOn: [0, 0],
  },
  // Green 1990: log cosh has slope tanh r.
  logCosh: {
    convex: true,
    steepest: 1,
    steepestAt: INF,
    outlier: "bounded",
    limit: 1,
    least: 0,
    leastOn: [0, 0],
  },
  // Beaton & Tukey 1974: ψ = r(1 − (r/c)²)² for |r| ≤ c, largest at c/√5, where it is 16c/(25√5), 0 beyond c.
  tukeyBiweight: {
    convex: [
      [-tukey, -tukey / Math.sqrt(5)],
      [tukey / Math.sqrt(5), tukey],
    ],
    steepest: (16 * tukey) / (25 * Math.sqrt(5)),
    steepestAt: tukey / Math.sqrt(5),
    dead: faded(biweight, tukey / Math.sqrt(5)),
    outlier: "redescending",
    limit: 0,
    least: 0,
    leastOn: [0, 0],
    most: tukey ** 2 / 6,
  },
  // Holland & Welsch 1977, Robust Regression Using Iteratively Reweighted Least-Squares: Cauchy ψ = r/(1 + r²/2) here, largest
  // at √2, redescends as 2/r; Welsch ψ = r·exp(−r²/2), largest at 1.
  cauchy: {
    convex: [
      [MINUS_INF, -Math.SQRT2],
      [Math.SQRT2, INF],
    ],
    steepest: Math.SQRT1_2,
    steepestAt: Math.SQRT2,
    dead: faded((r) => r / (1 + r ** 2 / 2), Math.SQRT2),
    outlier: "redescending",
    limit: 0,
    least: 0,
    leastOn: [0, 0],
  },
  welsch: {
    convex: [
      [MINUS_INF, -1],
      [1, INF],
    ],
    steepest: Math.exp(-0.5),
    steepestAt: 1,
    dead: faded((r) => r * Math.exp(-(r ** 2) / 2), 1),
    outlier: "redescending",
    limit: 0,
    least: 0,
    leastOn: [0, 0],
    most: 1,
  },
  // Geman & McClure 1987, as Barron 2019 writes it: inflection at r² = 4/3.
  gemanMcClure: {
    convex: [
      [MINUS_INF, -2 / Math.sqrt(3)],
      [2 / Math.sqrt(3), INF],
    ],
    steepest: (3 * Math.sqrt(3)) / 8,
    steepestAt: 2 / Math.sqrt(3),
    dead: faded((r) => (16 * r) / (r ** 2 + 4) ** 2, 2 / Math.sqrt(3)),
    outlier: "redescending",
    limit: 0,
    least: 0,
    leastOn: [0, 0],
    most: 2,
  },
  // Koenker & Bassett 1978: slopes −q and 1 − q of prediction − target.
  quantile: {
    options: { params: { q: 0.9 } },
    convex: true,
    kinks: [[0, -0.4]],
    steepest: 0.9,
    outlier: "bounded",
    limit: -0.9,
    least: 0,
    leastOn: [0, 0],
  },
  // Vapnik 1995, The Nature of Statistical Learning Theory, ch. 6: nothing within ε, slope ±1 outside.
  epsilonInsensitive: {
    convex: true,
    kinks: [
      [-0.1, 0],
      [0.1, 0],
    ],
    steepest: 1,
    steepestAt: 0.1,
    outlier: "bounded",
    limit: 1,
    least: 0,
    leastOn: [-0.1, 0.1],
  },
  // Bartlett, Jordan & McAuliffe 2006, Convexity, Classification, and Risk Bounds, table 1 and sec. 2: convex surrogates of
  // the zero-one loss.
  hinge: {
    convex: true,
    kinks: [[1, 0]],
    steepest: 1,
    steepestAt: 1,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [1, INF],
  },
  squaredHinge: { convex: true, steepest: INF, outlier: "unbounded", least: 0, leastOn: [1, INF] },
  logistic: {
    convex: true,
    steepest: 1,
    steepestAt: MINUS_INF,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [INF, INF],
  },
  exponential: { convex: true, steepest: INF, outlier: "unbounded", least: 0, leastOn: [INF, INF] },
  perceptron: {
    convex: true,
    kinks: [[0, 0]],
    steepest: 1,
    steepestAt: 0,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [0, INF],
  },
  zeroOne: {
    convex: [[0, 0]],
    kinks: [[0, 0]],
    steepest: 0,
    dead: [[MINUS_INF, 0]],
    outlier: "none",
    least: 0,
    leastOn: [0, INF],
    most: 1,
  },
  // Zhang 2004, Statistical Behavior and Consistency of Classification Methods Based on Convex Risk Minimization, sec. 2.
  modifiedHuber: {
    convex: true,
    steepest: 4,
    steepestAt: -1,
    outlier: "bounded",
    limit: -4,
    least: 0,
    leastOn: [1, INF],
  },
  // Wu & Liu 2007, Robust Truncated Hinge Loss Support Vector Machines: outliers beyond s do not pull; not convex.
  ramp: {
    convex: [[-0.5, -0.5]],
    kinks: [
      [-0.5, 0],
      [1, 0],
    ],
    steepest: 1,
    dead: [[MINUS_INF, -0.5]],
    outlier: "redescending",
    limit: 0,
    least: 0,
    leastOn: [1, INF],
    most: 1.5,
  },
  // Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, sec. 10.6: linear far on the wrong side.
  bceWithLogits: {
    convex: true,
    steepest: 1,
    steepestAt: MINUS_INF,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [INF, INF],
  },
  crossEntropy: {
    convex: true,
    steepest: 1,
    steepestAt: MINUS_INF,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [INF, INF],
  },
  // Good 1952: −log p, slope −1/p.
  bce: { convex: true, steepest: INF, steepestAt: 0, outlier: "unbounded", least: 0, leastOn: [1, 1] },
  // Crammer & Singer 2001: the lead's hinge.
  crammerSinger: {
    convex: true,
    kinks: [[1, 0]],
    steepest: 1,
    steepestAt: 1,
    outlier: "bounded",
    limit: -1,
    least: 0,
    leastOn: [1, INF],
  },
  // Tibshirani 1996 and Hoerl & Kennard 1970.
  l1Penalty: { convex: true, kinks: [[0, 0]], steepest: 1, outlier: "bounded", least: 0, leastOn: [0, 0] },
  l2Penalty: { convex: true, steepest: INF, outlier: "unbounded", least: 0, leastOn: [0, 0] },
};

/** Numbers, infinite ones included, to five digits. */
function close(found: unknown, expected: unknown, what: string): void {
  if (typeof expected === "number") {
    if (Number.isFinite(expected)) expect(found as number, what).toBeCloseTo(expected, 4);
    else expect(found, what).toBe(expected);
    return;
  }
  expect((found as unknown[]).length, what).toBe((expected as unknown[]).length);
  for (const [i, one] of (expected as unknown[]).entries()) close((found as unknown[])[i], one, what);
}

describe("properties() says what the literature says", () => {
  it.each(Object.entries(textbook))("%s", (name, said) => {
    const found = card(name, said.options);
    expect(found.convex!.holds, "convex").toBe(said.convex === true);
    close(found.convex!.notOn, said.convex === true ? [] : said.convex, "not convex on");
    close(
      found.kinks!.places.map(({ at, taken }) => [at, taken]),
      said.kinks ?? [],
      "kinks",
    );
    close(found.largestSlope!.value, said.steepest, "largest slope");
    if (said.steepestAt !== undefined) close(found.largestSlope!.at, said.steepestAt, "largest slope at");
    close(found.deadZones!.on, said.dead ?? [], "dead zones");
    expect(found.outlier!.influence).toBe(said.outlier);
    if (said.limit !== undefined) close(found.outlier!.limit, said.limit, "limit");
    close([found.minimum!.value, ...found.minimum!.on!], [said.least, ...said.leastOn], "minimum");
    close(found.range!.to, said.most ?? INF, "range");
  });
  it("numbers that a search found are round where they are round", () => {
    expect(card("hinge", { params: { margin: 3 } }).kinks!.places[0].at).toBe(3);
    expect(card("huber", { params: { delta: 1.7 } }).largestSlope).toMatchObject({ value: 1.7, at: 1.7 });
    expect(card("ramp", { params: { s: -0.25 } }).convex!.notOn).toEqual([[-0.25, -0.25]]);
    expect(card("welsch", { params: { c: 3 } }).convex!.notOn).toEqual([
      [MINUS_INF, -3],
      [3, INF],
    ]);
  });
  it("the zero-one loss has no gradient to learn from, and says so", () => {
    expect(card("zeroOne").deadZones!.evidence).toContain("no gradient to learn from");
    expect(card("zeroOne").kinks!.places).toEqual([{ at: 0, left: 0, right: 0, taken: 0, step: -1 }]);
  });
});

describe("proper scores", () => {
  // Gneiting & Raftery 2007, Strictly Proper Scoring Rules, Prediction, and Estimation: log score and Brier score are
  // strictly proper. Charoenphakdee et al. 2021, On Focal Loss for Class-Posterior Probability Estimation: focal is
  // classification-calibrated and not proper. Zhang & Sabuncu 2018: generalized cross-entropy is (1 − p^q)/q, which no
  // power scoring rule completes. Menon et al. 2021: logit adjustment with equal counts is cross-entropy.
  it.each([
    ["bce", true],
    ["bceWithLogits", true],
    ["crossEntropy", true],
    ["categoricalCrossEntropy", true],
    ["nll", true],
    ["klDivergence", true],
    ["logitAdjusted", true],
    ["binaryFocal", false],
    ["focal", false],
    ["powerBce", false],
    ["asymmetric", false],
    ["generalizedCrossEntropy", false],
    ["multiclassHinge", false],
    ["poly", false],
  ])("%s: %s", (name, holds) => {
    expect(card(name).proper!.holds).toBe(holds);
  });
  it("parameters decide: focal without focus is proper, with class counts adjusted logits are not", () => {
    expect(card("binaryFocal", { params: { gamma: 0, alpha: null } }).proper!.holds).toBe(true);
    expect(card("focal", { params: { gamma: 0 } }).proper!.holds).toBe(true);
    expect(card("bceWithLogits", { params: { posWeight: 3 } }).proper!.holds).toBe(false);
    expect(card("logitAdjusted", { params: { classCounts: [100, 10, 1] } }).proper!.holds).toBe(false);
    expect(card("crossEntropy", { params: { labelSmoothing: 0.1 } }).proper!.holds).toBe(false);
  });
  it("the squared error of a probability is Brier's score, proper; the absolute error is not, it wants 0 or 1", () => {
    const ofProbability = (name: string, power: number) =>
      defineLoss({
        name,
        family: "binary",
        inputs: {
          probability: { axes: "...", domain: "probability" },
          target: { axes: "...", kind: "binary" },
        },
        expr: ({ probability, target }) => {
          const error = (truth: number) => probability.sub(truth).abs().pow(power);
          return target.expect(error(1), error(0));
        },
      });
    expect(ofProbability("brier", 2).properties().proper).toMatchObject({ holds: true });
    const absolute = ofProbability("absolute", 1).properties().proper!;
    expect(absolute.holds).toBe(false);
    expect(absolute.evidence).toMatch(/least at p = 0\.(005|995)/);
  });
  it("a loss that is NaN for some predictions says nothing", () => {
    const broken = defineLoss({
      name: "broken",
      family: "multiclass",
      inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
      expr: ({ logits, target }) => target.expect(({ at }) => at(logits).log()),
    });
    const { proper, range } = broken.properties();
    expect(proper).toBeUndefined();
    expect(range).toBeDefined();
  });
  it("losses that are not of probabilities say nothing", () => {
    for (const name of ["huber", "hinge", "giou", "arcFace", "dice"])
      expect(card(name).proper, name).toBeUndefined();
  });
});

describe("invariances", () => {
  const holds = (name: string, options?: CardOptions) =>
    card(name, options)
      .invariances.filter((one) => one.holds)
      .map((one) => one.name);
  it.each([
    ["mse", "shift of prediction and target; sign of the residual"],
    ["mape", "scale of prediction and target"],
    ["msle", ""],
    // A softmax does not know what is added to all logits: Goodfellow et al. 2016, Deep Learning, sec. 6.2.2.3.
    ["crossEntropy", "shift of all logits of a row; order of the classes"],
    // The margins of CR-CNN are on the scores themselves: dos Santos et al. 2015, eq. 1.
    ["relationRanking", "order of the classes"],
    ["binaryFocal", ""],
    ["hinge", "swap of the two classes"],
    // Rezatofighi et al. 2019: GIoU is invariant to scale and symmetric.
    ["giou", "shift of both boxes; scale of both boxes; swap of the boxes"],
    ["contrastive", "shift of all vectors; rotation of all vectors"],
    ["sphereFace", "order of the classes; scale of weights; rotation of all vectors"],
    ["largeMarginSoftmax", "order of the classes; rotation of all vectors"],
    [
      "normFace",
      "order of the classes; scale of features; scale of weights; scale of all vectors; rotation of all vectors",
    ],
    // Meng et al. 2021: the margin follows from the feature's length.
    ["magFace", "order of the classes; scale of weights; rotation of all vectors"],
    ["ntXent", "scale of embeddings; rotation of embeddings"],
    ["l2Penalty", "sign of the weights"],
  ])("%s: %s", (name, names) => {
    expect(holds(name).join("; ")).toBe(names);
  });
  it("parameters decide: quantiles other than the median are not symmetric, weighted focal swaps classes unweighted", () => {
    expect(holds("quantile", { params: { q: 0.9 } })).not.toContain("sign of the residual");
    expect(holds("binaryFocal", { params: { alpha: null } })).toContain("swap of the two classes");
    expect(holds("triplet", { params: { normalize: false } })).toEqual([
      "shift of all vectors",
      "rotation of all vectors",
    ]);
  });
});

describe("cards", () => {
  it("of all losses of the catalogue are made, with evidence for every fact and no NaN", () => {
    for (const loss of losses) {
      const { view, params: _, loss: name, invariances, ...facts } = loss.properties();
      expect(view, name).toBeDefined();
      for (const [fact, found] of Object.entries(facts)) {
        if (found === undefined) continue;
        expect((found as { evidence: string }).evidence.length, `${name} ${fact}`).toBeGreaterThan(3);
        expect(
          JSON.stringify(found, (_, x) => (Number.isNaN(x) ? "NaN" : x)),
          `${name} ${fact}`,
        ).not.toContain("NaN");
        const { evidence, phrase } = found as Evident;
        expect(wordsOf(phrase!), `${name} ${fact}`).toBe(evidence);
      }
    }
  }, 120_000);
  it("are by the view, the target and the parameters asked for", () => {
    expect(card("bceWithLogits", { target: 0 }).outlier!.limit).toBe(1);
    expect(card("giou", { over: "scale" }).view!.name).toBe("scale");
    expect(card("barron", { params: { alpha: 2 } }).outlier!.influence).toBe("unbounded");
    expect(card("barron", { params: { alpha: 0 } }).outlier!.influence).toBe("redescending");
    expect(() => card("giou", { over: "scal" })).toThrow(
      'giou: there is no view "scal". Did you mean "scale"?',
    );
    expect(() => card("huber", { params: { delta: -1 } })).toThrow(
      'huber: "delta" is -1; it must be a number > 0.',
    );
  });
  it("of a loss that you define, and of a combination", () => {
    const brier = defineLoss({
      name: "brier",
      family: "binary",
      inputs: {
        probability: { axes: "...", domain: "probability" },
        target: { axes: "...", kind: "binary" },
      },
      expr: ({ probability, target }) => probability.sub(target.value).square(),
    });
    expect(brier.properties()).toMatchObject({
      convex: { holds: true },
      largestSlope: { value: 2, at: 0 },
      outlier: { influence: "bounded", limit: -2 },
    });
    expect(combine({ mse: 1, mae: 1 }).properties().kinks!.places).toEqual([
      { at: 0, left: -1, right: 1, taken: 0 },
    ]);
  });
  it("of a loss without a view has what needs none; where a loss is not defined, nothing is said", () => {
    const apart = defineLoss({
      name: "apart",
      family: "mine",
      inputs: {
        first: "n d",
        second: "n d",
        temperature: { axes: "", domain: "positive" },
        third: "n d",
        fourth: "n d",
      },
      expr: ({ first, second, third, fourth, temperature }) =>
        first.sub(second).square().sum("d").add(third.sub(fourth).square().sum("d")).div(temperature),
    });
    const { view, convex, invariances } = apart.properties();
    expect([view, convex]).toEqual([undefined, undefined]);
    expect(invariances.filter(({ holds }) => holds).map(({ name }) => name)).toEqual([
      "shift of all vectors",
      "rotation of all vectors",
    ]);
    const halfDefined = defineLoss({
      name: "halfDefined",
      family: "mine",
      inputs: { prediction: "...", target: "..." },
      expr: ({ prediction, target }) => prediction.sub(target).log(),
    });
    const card = halfDefined.properties();
    expect(card.invariances).toEqual([]);
    expect(card.largestSlope!.value).toBe(INF);
    expect(JSON.stringify(card, (_, x) => (Number.isNaN(x) ? "NaN" : x))).not.toContain("NaN");
  });
  it("a margin added beyond a half-turn makes ArcFace jump where its continuation begins", () => {
    // Deng et al. 2019, sec. 2.2, and every published code: beyond θ = π − m the logit is s(cos θ − m sin m).
    const { kinks } = card("arcFace");
    expect(kinks!.places).toHaveLength(1);
    expect(kinks!.places[0].at).toBeCloseTo(Math.PI - 0.5, 8);
    // The logit falls from −64 to 64(cos(π − ½) − ½ sin ½); of a sure mistake the loss steps by as much.
    expect(kinks!.places[0].step).toBeCloseTo(-64 - 64 * (Math.cos(Math.PI - 0.5) - 0.5 * Math.sin(0.5)), 4);
  });
});
