// Makes boxes.csv: true boxes in an image of 640 × 480, and the boxes that an imagined detector predicts for them.

import { rounded, writeCsv } from "./csv.ts";
import { type Random, randomFrom } from "./random.ts";

const WIDTH = 640;
const HEIGHT = 480;
const SMALLEST_SIDE = 8;

/** Corners: left, top, right, bottom. */
interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Pair {
  readonly kind: string;
  readonly predicted: Box;
  readonly truth: Box;
}

interface Kind {
  readonly count: number;
  /** May give a box that is not of the kind; then the pair is drawn again. */
  readonly predict: (truth: Box, random: Random) => Box;
  readonly holds: (predicted: Box, truth: Box) => boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  // Sides off by some hundredths of the box: a good detector.
  close: { count: 1000, predict: (truth, random) => noisy(truth, 0.04, random), holds: meets },
  // Sides off by some tenths of it: a detector that is still learning.
  shifted: {
    count: 600,
    predict: (truth, random) => noisy(truth, random.among([0.15, 0.3]), random),
    holds: meets,
  },
  // One within the other: a part taken for the whole, or the whole for a part.
  enclosed: {
    count: 400,
    predict: (truth, random) => (random.uniform(0, 1) < 0.5 ? partOf(truth, random) : around(truth, random)),
    holds: (predicted, truth) => encloses(predicted, truth) || encloses(truth, predicted),
  },
  // The centre and the area are right and the aspect ratio is wrong, which ciou has a term for.
  reshaped: { count: 200, predict: reshaped, holds: meets },
  // The two do not meet: an overlap says nothing of how far apart they are.
  disjoint: {
    count: 300,
    predict: (truth, random) => moved(noisy(truth, 0.15, random), random),
    holds: (predicted, truth) => !meets(predicted, truth),
  },
};

export function makeBoxes(folder: URL): void {
  const random = randomFrom(3);
  const pairs = random.shuffle(
    Object.keys(kinds).flatMap((kind) =>
      Array.from({ length: kinds[kind].count }, () => pairOf(kind, random)),
    ),
  );
  const corners = (["x1", "y1", "x2", "y2"] as const).map((corner) => ({ corner, decimals: 2 }));
  writeCsv(new URL("boxes.csv", folder), pairs, [
    { name: "id", of: (_, index) => index },
    { name: "kind", of: ({ kind }) => kind },
    ...corners.map(({ corner, decimals }) => ({
      name: `pred_${corner}`,
      of: ({ predicted }: Pair) => predicted[corner],
      decimals,
    })),
    ...corners.map(({ corner, decimals }) => ({
      name: `true_${corner}`,
      of: ({ truth }: Pair) => truth[corner],
      decimals,
    })),
  ]);
  console.log("boxes.csv");
  const counts = Object.entries(kinds).map(([kind, { count }]) => `${count} ${kind}`);
  console.log(`  ${pairs.length} pairs: ${counts.join(", ")}`);
}

function pairOf(kind: string, random: Random): Pair {
  const { predict, holds } = kinds[kind];
  for (;;) {
    const truth = stored(trueBox(random));
    const predicted = stored(predict(truth, random));
    if (fits(predicted) && holds(predicted, truth)) return { kind, predicted, truth };
  }
}

/** Of any size with small ones more frequent, as in photographs, and at most thrice as wide as high or as high as wide. */
function trueBox(random: Random): Box {
  const size = Math.exp(random.uniform(Math.log(16), Math.log(240)));
  const aspect = Math.exp(random.uniform(-Math.log(3), Math.log(3)));
  const [width, height] = [size * Math.sqrt(aspect), size / Math.sqrt(aspect)];
  if (width > WIDTH || height > HEIGHT) return trueBox(random);
  const [x1, y1] = [random.uniform(0, WIDTH - width), random.uniform(0, HEIGHT - height)];
  return { x1, y1, x2: x1 + width, y2: y1 + height };
}

/** Every side off by a normal error of `error` times the box's extent in that direction. */
function noisy({ x1, y1, x2, y2 }: Box, error: number, random: Random): Box {
  const [byWidth, byHeight] = [error * (x2 - x1), error * (y2 - y1)];
  return {
    x1: random.normal(x1, byWidth),
    y1: random.normal(y1, byHeight),
    x2: random.normal(x2, byWidth),
    y2: random.normal(y2, byHeight),
  };
}

function partOf({ x1, y1, x2, y2 }: Box, random: Random): Box {
  const [width, height] = [(x2 - x1) * random.uniform(0.3, 0.9), (y2 - y1) * random.uniform(0.3, 0.9)];
  const [left, top] = [random.uniform(x1, x2 - width), random.uniform(y1, y2 - height)];
  return { x1: left, y1: top, x2: left + width, y2: top + height };
}

function around({ x1, y1, x2, y2 }: Box, random: Random): Box {
  const [width, height] = [x2 - x1, y2 - y1];
  return {
    x1: x1 - width * random.uniform(0.05, 0.6),
    y1: y1 - height * random.uniform(0.05, 0.6),
    x2: x2 + width * random.uniform(0.05, 0.6),
    y2: y2 + height * random.uniform(0.05, 0.6),
  };
}

function reshaped({ x1, y1, x2, y2 }: Box, random: Random): Box {
  const stretch = random.among([random.uniform(0.5, 0.8), random.uniform(1.25, 2)]);
  const [width, height] = [(x2 - x1) * stretch, (y2 - y1) / stretch];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return { x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 };
}

/** To anywhere within three of its own sizes, so that some are near misses and some are far off. */
function moved({ x1, y1, x2, y2 }: Box, random: Random): Box {
  const [byX, byY] = [(x2 - x1) * random.uniform(-3, 3), (y2 - y1) * random.uniform(-3, 3)];
  return { x1: x1 + byX, y1: y1 + byY, x2: x2 + byX, y2: y2 + byY };
}

/** As the file holds it: what `holds` says is then true of the file. */
const stored = ({ x1, y1, x2, y2 }: Box): Box => ({
  x1: rounded(x1, 2),
  y1: rounded(y1, 2),
  x2: rounded(x2, 2),
  y2: rounded(y2, 2),
});

const fits = ({ x1, y1, x2, y2 }: Box): boolean =>
  x1 >= 0 && y1 >= 0 && x2 <= WIDTH && y2 <= HEIGHT && x2 - x1 >= SMALLEST_SIDE && y2 - y1 >= SMALLEST_SIDE;

function meets(a: Box, b: Box): boolean {
  return Math.min(a.x2, b.x2) > Math.max(a.x1, b.x1) && Math.min(a.y2, b.y2) > Math.max(a.y1, b.y1);
}

const encloses = (outer: Box, inner: Box): boolean =>
  outer.x1 <= inner.x1 && outer.y1 <= inner.y1 && outer.x2 >= inner.x2 && outer.y2 >= inner.y2;
