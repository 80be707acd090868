// Views of losses of one number and its target: residual, margin, logit, probability, difference, weight.

import type { Place } from "../structure.ts";
import {
  along,
  HALF_LINE,
  INFINITE,
  isFloat,
  isPointwise,
  only,
  type PlacedView,
  sameAxes,
  sigmoid,
  truthOf,
  UNIT,
  type ViewRow,
} from "./view.ts";

/** A truth that fits what an input may hold. */
const truthIn: Readonly<Record<string, number>> = {
  positive: 1,
  nonNegative: 1,
  nonZero: 1,
  aboveMinusOne: 1,
};
/** Where an input of a domain begins. */
const lowest: Readonly<Record<string, number>> = { positive: 0, nonNegative: 0, aboveMinusOne: -1 };

const samplesOf = ({ words }: Place) => words[0].name;
const notRegression = new Set(["probability", "mask", "box", "distribution"]);

/** A prediction and the number it should be. */
export const residual: ViewRow = ({ models, data, target: asked }) => {
  const truth = only(data.filter((place) => isFloat(place) && isPointwise(place)));
  const prediction = truth && models.find((place) => isPointwise(place) && sameAxes(place, truth));
  if (!truth || !prediction || notRegression.has(truth.domain ?? "")) return [];
  const target = asked ?? truthIn[truth.domain ?? ""] ?? 0;
  const low = lowest[prediction.domain ?? ""] ?? Number.NEGATIVE_INFINITY;
  const common = { samples: samplesOf(truth), sizes: {}, wrong: "both" } as const;
  const byResidual: PlacedView = {
    ...common,
    name: "residual",
    label: "residual r = prediction − target",
    symbol: "r",
    domain: [low - target, Number.POSITIVE_INFINITY],
    range: [Math.max(-4, low - target + 0.02), 4],
    ...(target !== 0 && { resolution: 1e-6 * Math.abs(target) }),
    sample: (x) => ({ [prediction.name]: [along(target + x)], [truth.name]: [target] }),
  };
  if (truth.domain === undefined) return [byResidual];
  const byPrediction: PlacedView = {
    ...common,
    name: "prediction",
    label: `prediction ŷ, the target being ${target}`,
    symbol: "ŷ",
    domain: [low, Number.POSITIVE_INFINITY],
    range: [Math.max(target - 4, low + 0.02), target + 4],
    sample: (x) => ({ [prediction.name]: [along(x)], [truth.name]: [target] }),
  };
  // A rate's logarithm and a count have no difference that means anything.
  const sameUnit = truth.domain === "nonZero" || prediction.domain === truth.domain;
  return sameUnit ? [byResidual, byPrediction] : [byPrediction];
};

/** A predicted spread, of an error of 1. */
export const spread: ViewRow = (structure) => {
  const [first] = residual(structure);
  const variance = only(structure.models.filter(({ domain }) => domain === "positive").filter(isPointwise));
  if (!first || !variance || structure.models.length < 2) return [];
  const error = first.sample(1);
  const fixed = Object.fromEntries(
    Object.entries(error).map(([name, row]) => [name, row.map((x) => (typeof x === "number" ? x : x[0]))]),
  );
  return [
    {
      name: variance.name,
      label: `${variance.name} v, the error being 1`,
      symbol: "v",
      domain: HALF_LINE,
      range: [0.05, 5],
      wrong: "neither",
      samples: first.samples,
      sizes: {},
      sample: (x) => ({ ...fixed, [variance.name]: [along(x)] }),
    },
  ];
};

/** A score whose sign should be the target's, or two of which the target says the larger. */
export const margin: ViewRow = (structure) => {
  const { models, data } = structure;
  const truth = only(data.filter(({ kind }) => kind === "sign").filter(isPointwise));
  const scores = truth ? models.filter((place) => isPointwise(place) && sameAxes(place, truth)) : [];
  if (!truth || scores.length === 0 || scores.length > 2) return [];
  const asked = truthOf(
    structure,
    1,
    (y) => y === 1 || y === 0 || y === -1,
    "1, or for the other class −1 or 0",
  );
  const target = asked > 0 ? 1 : -1;
  const [first, second] = scores;
  return [
    {
      name: "margin",
      label: second ? "margin z = target · (first − second)" : "margin z = target · score",
      symbol: "z",
      domain: INFINITE,
      range: [-3, 3],
      wrong: "below",
      wrongFrom: 0,
      samples: samplesOf(truth),
      sizes: {},
      sample: (z) => ({
        [first.name]: [along(target * z, target)],
        ...(second && { [second.name]: [0] }),
        [truth.name]: [target],
      }),
    },
  ];
};

/** A logit, or a probability, and whether it should be high. */
export const binary: ViewRow = (structure) => {
  const { models, data } = structure;
  const truth = only(data.filter(({ kind }) => kind === "binary").filter(isPointwise));
  const output = truth && models.find((place) => isPointwise(place) && sameAxes(place, truth));
  if (!truth || !output) return [];
  const asked = truthOf(structure, 1, (t) => t >= 0 && t <= 1, "in [0, 1]");
  const wrong = asked === 1 ? "below" : asked === 0 ? "above" : "both";
  const common = {
    wrong,
    samples: samplesOf(truth),
    sizes: {},
    sample: (x: number) => ({ [output.name]: [along(x)], [truth.name]: [asked] }),
  } as const;
  return output.domain === "probability"
    ? [
        {
          ...common,
          name: "probability",
          label: `probability p, the target being ${asked}`,
          symbol: "p",
          domain: UNIT,
          range: UNIT,
          ...(wrong !== "both" && { wrongFrom: 0.5 }),
          probability: (p) => p,
        },
      ]
    : [
        {
          ...common,
          name: "logit",
          label: `logit x, the target being ${asked}`,
          symbol: "x",
          domain: INFINITE,
          range: [-6, 6],
          ...(wrong !== "both" && { wrongFrom: 0 }),
          probability: sigmoid,
        },
      ];
};

/** A parameter that is drawn to 0. */
export const weight: ViewRow = ({ models, data }) => {
  const weights = only(models);
  if (!weights || data.length > 0 || !isPointwise(weights)) return [];
  return [
    {
      name: "weight",
      label: "weight w",
      symbol: "w",
      domain: INFINITE,
      range: [-3, 3],
      wrong: "both",
      samples: samplesOf(weights),
      sizes: {},
      batch: true,
      sample: (x) => ({ [weights.name]: [along(x)] }),
    },
  ];
};
