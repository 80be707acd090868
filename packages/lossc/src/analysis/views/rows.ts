// Views of losses of a row: the lead of the true class, its probability, a pixel of a mask, an item of a list.

import type { Place, Structure } from "../structure.ts";
import {
  along,
  INFINITE,
  isFloat,
  isPointwise,
  type Moved,
  only,
  type PlacedView,
  type Row,
  sameAxes,
  sigmoid,
  truthOf,
  UNIT,
  type ViewRow,
} from "./view.ts";

/** How many classes a row of a view has. */
export const CLASSES = 3;
const others = <T>(value: T): T[] => new Array(CLASSES - 1).fill(value);

/** A row of logits, log-probabilities or probabilities of the classes, the first of them at x. */
function classRow(output: Place): Pick<
  PlacedView,
  "name" | "label" | "symbol" | "domain" | "range" | "wrongFrom" | "probability"
> & {
  readonly row: (x: number) => Moved[];
} {
  if (output.domain === undefined) {
    return {
      name: "lead",
      label: `lead z of the true class over ${CLASSES - 1} others`,
      symbol: "z",
      domain: INFINITE,
      range: [-6, 6],
      wrongFrom: 0,
      probability: (z) => sigmoid(z - Math.log(CLASSES - 1)),
      row: (x) => [along(x), ...others(0)],
    };
  }
  const rest = (p: number): number => (1 - p) / (CLASSES - 1);
  const share = -1 / (CLASSES - 1);
  return {
    name: "probability",
    label: `probability p of the true class of ${CLASSES}`,
    symbol: "p",
    domain: UNIT,
    range: UNIT,
    wrongFrom: 1 / CLASSES,
    probability: (p) => p,
    row:
      output.domain === "distribution"
        ? (p) => [along(p), ...others(along(rest(p), share))]
        : (p) => [
            along(Math.log(p), 1 / p, -1 / p ** 2),
            ...others(along(Math.log(rest(p)), -1 / (1 - p), -1 / (1 - p) ** 2)),
          ],
  };
}

const endsWith = ({ words }: Place, axis: string | undefined): boolean =>
  words.length > 1 && words.at(-1)!.name === axis;
const leading = ({ axes }: Place): string => axes.split(" ").slice(0, -1).join(" ");

/** Classes: a row of outputs and which of them is true. */
export const classes: ViewRow = (structure) => {
  const { models, data } = structure;
  const truth = only(data.filter(({ kind }) => kind === "classes"));
  const output =
    truth && models.find((place) => endsWith(place, truth.over) && leading(place) === truth.axes);
  if (!truth || !output) return [];
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < CLASSES;
  const target = truthOf(structure, 0, isClass, `a class from 0 to ${CLASSES - 1}`);
  const { row, ...view } = classRow(output);
  return [
    {
      ...view,
      wrong: "below",
      samples: truth.words[0].name,
      sizes: { [truth.over!]: CLASSES },
      sample: (x) => {
        const values = row(x);
        const moved = target === 0 ? values : swapped(values, target);
        return { [output.name]: moved, [truth.name]: [target] };
      },
    },
  ];
};

/** The row with the true class at another place. */
function swapped(values: readonly Moved[], place: number): Moved[] {
  const moved = [...values];
  [moved[0], moved[place]] = [moved[place], moved[0]];
  return moved;
}

/** A distribution that should be near another, which is sure of nothing; or one by itself. */
export const distribution: ViewRow = ({ models, data }) => {
  const output = only(
    models.filter(({ words, kind }) => kind === "float" && words.length > 1 && words[0].many),
  );
  if (!output) return [];
  const truth = only(data);
  if (truth ? truth.domain !== "distribution" || !sameAxes(truth, output) : data.length > 0) return [];
  const { row, wrongFrom: _, ...view } = classRow(output);
  const target = [0.8, ...others(0.2 / (CLASSES - 1))];
  const label =
    view.label.replace("the true class", "the first class") + (truth ? ", whose target is 0.8" : "");
  return [
    {
      ...view,
      label,
      wrong: truth ? "both" : "neither",
      samples: output.words[0].name,
      sizes: { [output.words.at(-1)!.name]: CLASSES },
      sample: (x) => ({ [output.name]: row(x), ...(truth && { [truth.name]: target }) }),
    },
  ];
};

/** The row of outputs of a loss of classes, the view it has, and a truth that is sure of a class. */
export function outputOfClasses(structure: Structure):
  | {
      readonly view: PlacedView;
      readonly output: Place;
      readonly truthOf: (label: number) => Readonly<Record<string, readonly number[]>>;
    }
  | undefined {
  const { models, data } = structure;
  const [truth] = data;
  const view = [...classes(structure), ...distribution(structure)][0];
  if (!view || !truth) return undefined;
  const oneHot = (label: number) => [0, 1, 2].map((k) => (k === label ? 1 : 0));
  const isSure = truth.kind === "classes";
  const output = models.find(({ name }) => name in view.sample(view.range[0]))!;
  return { view, output, truthOf: (label) => ({ [truth.name]: isSure ? [label] : oneHot(label) }) };
}

/** Four pixels: two of the object, of which the first is at x, and two of the background; all others are right. */
const PIXELS = [1, 1, 0, 0];
const SURE = 2;

/** A mask over all pixels of a sample: one pixel, or all of them. */
export const pixel: ViewRow = ({ models, data }) => {
  const truth = only(data.filter(({ domain }) => domain === "probability" || domain === "mask"));
  const output = truth && models.find((place) => sameAxes(place, truth) && place.domain === undefined);
  if (!truth || !output || !isPointwise(truth) || truth.words.length < 2) return [];
  const common = {
    symbol: "x",
    domain: INFINITE,
    range: [-6, 6],
    wrong: "below",
    wrongFrom: 0,
    samples: truth.words[0].name,
    sizes: { [truth.words[1].name]: PIXELS.length },
  } as const;
  const side = (i: number) => 2 * PIXELS[i] - 1;
  const withTruth = (row: (i: number) => Moved): Row => ({
    [output.name]: PIXELS.map((_, i) => row(i)),
    [truth.name]: PIXELS,
  });
  return [
    {
      ...common,
      name: "pixel",
      label: "logit x of one of two pixels of the object, all others being right",
      sample: (x) => withTruth((i) => (i === 0 ? along(x) : SURE * side(i))),
    },
    {
      ...common,
      name: "mask",
      label: "logit x of all pixels of the object, and −x of the background",
      sample: (x) => withTruth((i) => along(side(i) * x, side(i))),
    },
  ];
};

/** The same with a row of classes for every pixel: two pixels of each of two classes. */
export const pixelClasses: ViewRow = ({ models, data }) => {
  const truth = only(data.filter(({ kind, words }) => kind === "index" && words.length === 2));
  const output =
    truth && models.find((place) => endsWith(place, truth.over) && leading(place) === truth.axes);
  if (!truth || !output || output.domain !== undefined) return [];
  const pixels = truth.words[1].name;
  return [
    {
      name: "pixel",
      label: "lead z of the true class at one of two pixels, all others being right",
      symbol: "z",
      domain: INFINITE,
      range: [-6, 6],
      wrong: "below",
      wrongFrom: 0,
      samples: truth.words[0].name,
      sizes: { [pixels]: PIXELS.length, [truth.over!]: 2 },
      sample: (x) => ({
        [output.name]: PIXELS.flatMap((label, i) => {
          const own: Moved = i === 0 ? along(x) : SURE;
          return label === 1 ? [0, own] : [own, 0];
        }),
        [truth.name]: PIXELS,
      }),
    },
  ];
};

/** A list of two items, the first the more relevant. */
export const list: ViewRow = ({ models, data }) => {
  const truth = only(data.filter(isFloat));
  const scores = truth && only(models.filter((place) => sameAxes(place, truth) && place.words.length === 2));
  if (
    !truth ||
    !scores ||
    truth.domain === "distribution" ||
    scores.domain !== undefined ||
    truth.words[1].many ||
    truth.words[1].size !== undefined
  )
    return [];
  const relevance = [1, 0];
  const sizes = { [truth.words[1].name]: relevance.length };
  const common = { domain: INFINITE, samples: truth.words[0].name, sizes } as const;
  const row = (...values: Moved[]): Row => ({ [scores.name]: values, [truth.name]: relevance });
  // Scores that are compared may be shifted; predictions of numbers may not.
  const shifted = [[row(0.5, 0.25), row(1.5, 1.25)]] as const;
  return [
    {
      ...common,
      name: "lead",
      label: "lead z of the more relevant of two items",
      symbol: "z",
      range: [-6, 6],
      wrong: "below",
      wrongFrom: 0,
      sample: (x) => row(along(x), 0),
      sameFor: shifted,
    },
    {
      ...common,
      name: "residual",
      label: "residual r of one of two elements",
      symbol: "r",
      range: [-4, 4],
      wrong: "both",
      differsFor: shifted,
      sample: (x) => ({ [scores.name]: [along(x), 0], [truth.name]: [0, 0] }),
    },
  ];
};
