// Views of losses of vectors: the angle at a head's true class, the angle or the distance of two embeddings.

import type { Place } from "../structure.ts";
import { CLASSES } from "./rows.ts";
import {
  along,
  HALF_LINE,
  isVectors,
  type Moved,
  only,
  type PlacedView,
  type Row,
  truthOf,
  type ViewRow,
} from "./view.ts";

/** Coordinates of every vector: two in which one turns, the others for what stays at a right angle. */
const WIDTH = 4;
const HALF_TURN: readonly [number, number] = [0, Math.PI];

/** A vector of a length, turned by an angle from the first axis towards the second. */
const turned = (angle: number, length = 1): Moved[] => {
  const [cos, sin] = [length * Math.cos(angle), length * Math.sin(angle)];
  return [along(cos, -sin, -cos), along(sin, cos, -sin), 0, 0];
};
/** The same, held. */
const fixed = (angle: number, length = 1, from = 0): number[] =>
  Array.from({ length: WIDTH }, (_, i) =>
    i === from ? length * Math.cos(angle) : i === from + 1 ? length * Math.sin(angle) : 0,
  );
const first = fixed(0);
/** Of length 1 along the k-th axis. */
const axis = (k: number): number[] => fixed(0, 1, k);
/** Moved away from the first axis's end. */
const away = (distance: number): Moved[] => [1, along(distance), 0, 0];

const angleView = {
  symbol: "θ",
  domain: HALF_TURN,
  range: HALF_TURN,
  wrong: "above",
  wrongFrom: Math.PI / 2,
  closed: true,
  resolution: 1e-6, // a cosine near 1 tells angles apart by their squares
} as const;
const distanceView = { symbol: "d", domain: HALF_LINE, range: [0, 3], wrong: "above" } as const;

/** The length of a feature before a head. */
const LENGTH = 16;

/** A head: features, a vector per class, and the true class. The other classes stay at right angles. */
export const head: ViewRow = ({ models, data }) => {
  const truth = only(data.filter(({ kind }) => kind === "classes"));
  const weights = truth && models.find((place) => isVectors(place) && place.words[0].name === truth.over);
  const features =
    weights &&
    models.find(
      (place) => isVectors(place) && place !== weights && place.words[1].name === weights.words[1].name,
    );
  if (!truth || !weights || !features) return [];
  const classVectors = [first, ...Array.from({ length: CLASSES - 1 }, (_, j) => axis(2 + j))].flat();
  const common = {
    samples: features.words[0].name,
    sizes: { [features.words[1].name]: WIDTH, [truth.over!]: CLASSES },
    shared: { [weights.name]: classVectors },
  };
  const byLength = (length: number): Moved[] =>
    fixed(1).map((x): Moved => (x === 0 ? 0 : along(x * length, x)));
  return [
    {
      ...angleView,
      ...common,
      name: "angle",
      label: `angle θ of a feature of length ${LENGTH} and its class`,
      sample: (x) => ({ [features.name]: turned(x, LENGTH), [truth.name]: [0] }),
    },
    {
      ...common,
      name: "length",
      label: "length ℓ of a feature, 1 radian from its class",
      symbol: "ℓ",
      domain: HALF_LINE,
      range: [0.5, 120],
      wrong: "neither",
      sample: (x) => ({ [features.name]: byLength(x), [truth.name]: [0] }),
    },
  ];
};

/** A feature and the centre of its class. */
export const centre: ViewRow = ({ models, data }) => {
  const labels = only(data.filter(({ kind }) => kind === "index"));
  const centers = labels && models.find((place) => isVectors(place) && place.words[0].name === labels.over);
  const features = centers && models.find((place) => isVectors(place) && place !== centers);
  if (!labels || !centers || !features) return [];
  return [
    {
      ...distanceView,
      name: "distance",
      label: "distance d of a feature and its class's centre",
      samples: features.words[0].name,
      sizes: { [features.words[1].name]: WIDTH, [labels.over!]: 1 },
      shared: { [centers.name]: fixed(0, 0) },
      sample: (x) => ({ [features.name]: [along(x), 0, 0, 0], [labels.name]: [0] }),
    },
  ];
};

/** The angle and the distance of two vectors, of which the second moves. Losses of directions alone have both. */
function turnedAndMoved(
  place: Place,
  between: string,
  sample: (second: readonly Moved[]) => Row,
  more: { readonly wrong?: PlacedView["wrong"]; readonly batch?: true } = {},
): PlacedView[] {
  const common = { samples: place.words[0].name, sizes: { [place.words[1].name]: WIDTH }, ...more };
  return [
    {
      ...angleView,
      ...common,
      name: "angle",
      label: `angle θ of ${between}`,
      sample: (x) => sample(turned(x)),
      // Only of losses that lengths do not change, near and far.
      sameFor: [0.3, 1, 2, 2.8].map((x) => [sample(turned(x)), sample(turned(x, 2))] as const),
    },
    {
      ...distanceView,
      ...common,
      name: "distance",
      label: `distance d of ${between}`,
      sample: (x) => sample(away(x)),
    },
  ];
}

/** Two vectors, and whether they belong together. */
export const pair: ViewRow = (structure) => {
  const { models, data } = structure;
  const truth = only(data.filter(({ kind }) => kind === "binary" || kind === "sign"));
  const [a, b, ...rest] = models.filter(isVectors);
  if (truth?.words.length !== 1 || truth.words[0].many || !b || rest.length > 0) return [];
  const asked = truthOf(
    structure,
    1,
    (y) => y === 1 || y === 0 || y === -1,
    "1, or for two that differ 0 or −1",
  );
  const together = asked > 0;
  const target = together ? 1 : truth.kind === "sign" ? -1 : 0;
  const views = turnedAndMoved(
    a,
    together ? "two equals" : "two that differ",
    (moved) => ({ [a.name]: first, [b.name]: moved, [truth.name]: [target] }),
    together ? {} : { wrong: "below" },
  );
  return together ? views : views.map(({ wrongFrom: _, ...view }) => view);
};

/** An anchor, what should be near it, and what should not: the second moves. */
export const triplet: ViewRow = ({ models, data }) => {
  const vectors = models.filter(isVectors);
  if (vectors.length !== 3 || data.length > 0 || !vectors.every(({ axes }) => axes === vectors[0].axes))
    return [];
  const [anchor, positive, negative] = vectors;
  return turnedAndMoved(anchor, "anchor and positive, the negative at a right angle", (moved) => ({
    [anchor.name]: first,
    [positive.name]: moved,
    [negative.name]: axis(2),
  }));
};

/** Rows that each have one partner on the other side: a batch of three pairs, of which the first partner moves. */
export const partners: ViewRow = ({ models, data }) => {
  const [a, b, ...rest] = models.filter(isVectors);
  if (!b || rest.length > 0 || data.length > 0 || a.axes !== b.axes) return [];
  return turnedAndMoved(
    a,
    "one of three pairs, the others being equal",
    (moved) => ({
      [a.name]: [...first, ...axis(2), ...axis(3)],
      [b.name]: [...moved, ...axis(2), ...axis(3)],
    }),
    { batch: true },
  );
};

/** A batch with labels: two samples of each of two classes, of which one moves. */
export const batch: ViewRow = ({ models, data }) => {
  const labels = only(
    data.filter(({ kind, words }) => (kind === "index" || kind === "classes") && words.length === 1),
  );
  const embeddings =
    labels && only(models.filter(isVectors).filter(({ words }) => words[0].name !== labels.over));
  const hasVectorsOfClasses = models.some(
    (place) => isVectors(place) && place.words[0].name === labels?.over,
  );
  if (!labels || !embeddings || hasVectorsOfClasses) return [];
  return turnedAndMoved(
    embeddings,
    "two of a class, two of another at right angles",
    (moved) => ({
      [embeddings.name]: [...first, ...moved, ...axis(2), ...fixed(0.5, 1, 2)],
      [labels.name]: [0, 0, 1, 1],
    }),
    { batch: true },
  );
};
