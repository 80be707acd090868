// Prints the inputs that accuracy is measured on, for every loss of the catalogue: ordinary numbers and extremes, by what
// an input is. `oracle.py` reads them and adds what comes out in exact arithmetic.
//
//   npx tsx tools/accuracy/inputs.ts | python tools/accuracy/oracle.py

import type { AnyLoss } from "../../packages/lossc/src/index.ts";
import { catalogue } from "../../packages/lossc/src/index.ts";
import { type Random, randomFrom } from "../examples/random.ts";

type Spec = AnyLoss["inputs"][string];
type Fill = (random: Random, spec: Spec, place: number) => number;

const sizes: Readonly<Record<string, number>> = { n: 6, c: 4, d: 3, p: 4, "...": 5, w: 5 };
const single = Math.fround;

/** Numbers around these, so that no two are equal; all are float32 numbers, so that both precisions have the same truth. */
const around =
  (...sizesOf: number[]): Fill =>
  (random) =>
    single(random.among([-1, 1]) * random.among(sizesOf) * random.uniform(0.9, 1.1));
const normal: Fill = (random) => single(random.normal(0, 1.5));

/** A family of inputs: which losses have it, and how their floating inputs are filled. */
interface Regime {
  readonly name: string;
  readonly applies: (loss: AnyLoss) => boolean;
  readonly fill: Fill;
  /** Which inputs it is about: those that a model produces, unless it says otherwise. */
  readonly of?: (spec: Spec) => boolean;
}

const has = (test: (spec: Spec) => boolean) => (loss: AnyLoss) =>
  Object.values(loss.inputs).some((spec) => !spec.optional && test(spec));
const isModel = (spec: Spec): boolean => spec.role === "model";
const isFree = (spec: Spec): boolean => isModel(spec) && typeof spec.domain !== "string";
const isVector = (spec: Spec): boolean => isFree(spec) && / d$/.test(spec.axes);
const families =
  (...names: string[]) =>
  (loss: AnyLoss) =>
    names.includes(loss.family);
const hasDomain =
  (...names: string[]) =>
  (spec: Spec): boolean =>
    isModel(spec) && names.includes(String(spec.domain));

/** Rows of a batch of vectors: the row before, nearly the row before, its opposite. */
const directions: readonly (readonly number[])[] = [
  [3, 4, 0],
  [3, 4, 0],
  [3, 4, single(1e-6)],
  [-3, -4, 0],
  [-3, -4, single(4e-6)],
  [0.5, -0.25, 2],
];

const regimes: readonly Regime[] = [
  { name: "ordinary", applies: () => true, fill: normal, of: () => false },
  { name: "ordinary again", applies: () => true, fill: normal, of: () => false },
  {
    name: "small",
    applies: has((spec) => isFree(spec) && !isVector(spec)),
    fill: around(1e-8, 1e-5, 1e-3),
    of: isFree,
  },
  {
    name: "to 1e4",
    applies: (loss) => has((spec) => isFree(spec) && !isVector(spec))(loss),
    fill: around(5, 17, 40, 90, 750, 9000),
    of: isFree,
  },
  {
    name: "infinite",
    applies: families("binary", "margin"),
    fill: (random) => random.among([-1, 1]) * Number.POSITIVE_INFINITY,
    of: isFree,
  },
  {
    name: "a class at -Infinity",
    applies: (loss) => families("multiclass", "distribution")(loss) && has(isFree)(loss),
    fill: (random, spec, place) =>
      place % sizes.c === 3 ? Number.NEGATIVE_INFINITY : normal(random, spec, place),
    of: isFree,
  },
  {
    name: "probabilities at 0 and 1",
    applies: has(hasDomain("probability")),
    fill: (_, __, place) => [0, 1, single(1e-30), 2 ** -24, 1 - 2 ** -24, 0.5][place % 6],
    of: hasDomain("probability"),
  },
  {
    name: "probabilities within 1e-12 of 1",
    applies: has(hasDomain("probability")),
    fill: (_, __, place) => [1 - 2 ** -40, 2 ** -40, 1 - 2 ** -53, 1e-300, 1 - 1e-12, 0.5][place % 6],
    of: hasDomain("probability"),
  },
  {
    name: "rows at 0 and 1",
    applies: has(hasDomain("distribution")),
    fill: (_, __, place) =>
      [1, 0, 0, 0, 1 - 2 ** -24, 2 ** -25, 2 ** -25, 0, 0.25, 0.25, 0.5, single(1e-30)][place % 12],
    of: hasDomain("distribution"),
  },
  {
    name: "cosines at ±1 and coincident vectors",
    applies: has(isVector),
    fill: (_, __, place) => directions[Math.floor(place / 3) % 6][place % 3],
    of: isVector,
  },
  {
    name: "vectors from 1e-6 to 1e6",
    applies: has(isVector),
    fill: (random, _, place) => single(random.normal(0, 1) * 10 ** ((Math.floor(place / 3) % 5) * 3 - 6)),
    of: isVector,
  },
];

/** Boxes in pairs: ordinary, nested, apart, far apart, touching, thin, without area, both without area. */
const boxes: Readonly<Record<string, readonly (readonly number[])[]>> = {
  prediction: [
    [0, 0, 2, 2],
    [1, 1, 2, 2],
    [0, 0, 1, 1],
    [0, 0, 1, 1],
    [0.25, 0, 1, 1],
    [0, 0, 1000, 0.125],
    [1, 1, 1, 3],
    [5, 5, 5, 5],
    [0, 0, 1.0009765625, 1],
  ],
  target: [
    [1, 1, 3, 3.5],
    [0, 0, 3, 5],
    [2, 0.5, 3, 3],
    [1e6, 1e6, 1000001, 1000003],
    [1, 0.5, 2, 3],
    [0, 0, 0.125, 1000],
    [0, 0, 2, 2.5],
    [7, 5, 7, 5],
    [0, 0, 1, 1],
  ],
};

/** Parameters at the edge of what they may be, each over ordinary and extreme inputs. */
const edges: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  alphaIou: [{ alpha: 0.5 }],
  asymmetric: [{ gammaPos: 0.5, gammaNeg: 0.5 }],
  barron: [0, 1e-12, -1e-12, 2, 2 - 2 ** -40, -2, 0.5].map((alpha) => ({ alpha })),
  binaryFocal: [{ gamma: 0.5 }, { gamma: 0 }],
  focal: [{ gamma: 0.5 }, { gamma: 0 }],
  focalTversky: [{ gamma: 0.25 }],
  gaussianNll: [{ full: true }],
  generalizedCrossEntropy: [{ q: 1e-9 }, { q: 1 }],
  iou: [{ form: "log" }, { form: "square" }],
  poissonNll: [{ full: true }],
  powerBce: [{ n: 0.125 }, { n: 40 }],
  smoothL1: [{ beta: 0 }, { beta: 1e-3 }],
};

/** Options that the oracle wants to be told. */
const said: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  penalty: { lambda: 1 },
  ldam: { classCounts: [40, 3, 12, 1] },
  logitAdjusted: { classCounts: [40, 3, 12, 1] },
};
const nothing = {};
const told = (loss: AnyLoss) => said[loss.name] ?? said[loss.family] ?? nothing;

/** What an input is filled with where a regime says nothing of it. */
function ordinary(spec: Spec, random: Random, count: number, name: string): number[] {
  const each = (fill: () => number) => Array.from({ length: count }, fill);
  const rows = (): number[] =>
    Array.from({ length: count / sizes.c }, () => {
      const eighths = [1, 1, 1, 1];
      for (let left = 4; left > 0; left--) eighths[Math.floor(random.uniform(0, sizes.c))] += 1;
      return eighths.map((share) => share / 8);
    }).flat();
  if (spec.kind === "classes" || (spec.kind === "index" && spec.over))
    return each(() => Math.floor(random.uniform(0, spec.maskedBy ? 3 : sizes.c)));
  if (spec.kind === "index") return each(() => Math.floor(random.uniform(0, 2)));
  if (spec.kind === "binary") return each(() => random.among([0, 1]));
  if (spec.kind === "sign") return each(() => random.among([-1, 1]));
  if (name === "relevance") return each(() => Math.floor(random.uniform(0, 4)));
  const byDomain: Readonly<Record<string, () => number[]>> = {
    probability: () =>
      each(() => (spec.role === "data" ? random.among([0, 1, 0.25]) : single(random.uniform(0.02, 0.98)))),
    distribution: rows,
    logDistribution: () => rows().map((p) => single(Math.log(p))),
    positive: () => each(() => single(random.uniform(0.2, 3))),
    nonNegative: () => each(() => single(random.uniform(0, 3))),
    nonZero: () => each(() => single(random.uniform(0.5, 3))),
    aboveMinusOne: () => each(() => single(random.uniform(-0.9, 3))),
    mask: () => each(() => random.among([0, 1])),
  };
  const fill = byDomain[String(spec.domain)];
  return fill ? fill() : each(() => normal(random, spec, 0));
}

const shapeOf = (spec: Spec): number[] =>
  spec.axes.split(" ").map((word) => Number(word) || sizes[word === "..." ? word : word.replace("...", "")]);

const nested = (data: readonly number[], [size, ...inner]: readonly number[]): unknown =>
  inner.length === 0
    ? data
    : Array.from({ length: size }, (_, i) =>
        nested(data.slice((i * data.length) / size, ((i + 1) * data.length) / size), inner),
      );

function caseOf(loss: AnyLoss, regime: Regime, options: Readonly<Record<string, unknown>>, seed: number) {
  const random = randomFrom(seed);
  const inputs = Object.fromEntries(
    Object.entries(loss.inputs)
      .filter(([, { optional }]) => !optional)
      .map(([name, spec]) => {
        if (spec.domain === "box") return [name, boxes[name]];
        const shape = shapeOf(spec);
        const count = shape.reduce((a, b) => a * b, 1);
        const filled = (regime.of ?? isModel)(spec)
          ? Array.from({ length: count }, (_, i) => regime.fill(random, spec, i))
          : ordinary(spec, random, count, name);
        return [name, nested(filled, shape)];
      }),
  );
  const edge = options === told(loss) ? [] : Object.entries(options);
  const name = [regime.name, ...edge.map(([key, value]) => `${key} ${value}`)].join(", ");
  return { name, inputs, options };
}

const written = [...catalogue.values()].map((loss, i) => {
  const used = regimes.filter(({ applies }) => applies(loss));
  const plain = used.map((regime, k) => caseOf(loss, regime, told(loss), 1000 * i + k));
  const atEdges = (edges[loss.name] ?? []).flatMap((options, e) =>
    used
      .filter(({ name }) => name !== "ordinary again")
      .map((regime, k) => caseOf(loss, regime, options, 1000 * i + 100 + 10 * e + k)),
  );
  return { loss: loss.name, cases: [...plain, ...atEdges] };
});
console.log(
  JSON.stringify(written, (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  ),
);
