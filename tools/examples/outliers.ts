// Makes outliers.csv: simulated points on a line, 15 % of them grossly wrong, and two lines fitted to them all,
// by least squares and by Tukey's biweight. Both are found by gradient descent on lossc's gradients.

import { huber, mse, tukeyBiweight } from "lossc";
import { rounded, writeCsv } from "./csv.ts";
import { type Random, randomFrom } from "./random.ts";

const INLIERS = 170;
const OUTLIERS = 30;
const TRUTH: Line = { intercept: 2, slope: 1.5 };

interface Point {
  readonly kind: "inlier" | "outlier";
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

type PredictionGradient = (prediction: Float64Array, target: Float64Array) => ArrayLike<number>;

export function makeOutliers(folder: URL): void {
  const points = simulate(randomFrom(2));
  const leastSquares = fitLine(
    points,
    { intercept: 0, slope: 0 },
    (prediction, target) => mse.valueAndGrad({ prediction, target }).grads.prediction.data,
  );
  // Beyond c scales the biweight has no gradient, so from a bad start it may keep the outliers and drop the rest:
  // Huber's line, which is pulled but not thrown, is a good one.
  const start = fitLine(
    points,
    leastSquares,
    (prediction, target) => huber.valueAndGrad({ prediction, target }).grads.prediction.data,
  );
  const tukey = fitLine(
    points,
    start,
    (prediction, target) =>
      tukeyBiweight.valueAndGrad({ prediction, target }, { scale: "mad" }).grads.prediction.data,
  );
  writeCsv(new URL("outliers.csv", folder), points, [
    { name: "id", of: (_, index) => index },
    { name: "kind", of: ({ kind }) => kind },
    { name: "x", of: ({ x }) => x, decimals: 3 },
    { name: "y", of: ({ y }) => y, decimals: 3 },
    { name: "least_squares", of: ({ x }) => at(leastSquares, x), decimals: 4 },
    { name: "tukey", of: ({ x }) => at(tukey, x), decimals: 4 },
  ]);
  console.log("outliers.csv");
  const lines = { truth: TRUTH, "least squares": leastSquares, huber: start, tukey };
  for (const [name, { intercept, slope }] of Object.entries(lines)) {
    console.log(`  ${name.padEnd(13)} y = ${intercept.toFixed(6)} + ${slope.toFixed(6)} x`);
  }
}

/** Inliers scatter by 1, the scale that the losses take by default. Outliers lie far below, and mostly on the right,
 * where they have the leverage to tilt a line. */
function simulate(random: Random): Point[] {
  const inliers = Array.from({ length: INLIERS }, (): Point => {
    const x = random.uniform(0, 10);
    return point("inlier", x, at(TRUTH, x) + random.normal(0, 1));
  });
  const outliers = Array.from({ length: OUTLIERS }, (): Point => {
    const x = 10 * Math.sqrt(random.uniform(0.2, 1));
    return point("outlier", x, at(TRUTH, x) - random.uniform(12, 30));
  });
  return random.shuffle([...inliers, ...outliers]);
}

/** As the file holds it, so that who reads the file finds the same lines. */
const point = (kind: Point["kind"], x: number, y: number): Point => ({
  kind,
  x: rounded(x, 3),
  y: rounded(y, 3),
});

const at = ({ intercept, slope }: Line, x: number): number => intercept + slope * x;

/** The line where the gradient is 0, from a line near it. */
function fitLine(points: readonly Point[], start: Line, gradient: PredictionGradient): Line {
  // With x centred and scaled to variance 1 the two directions are alike, and one step length is right for both.
  const mean = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const deviation = Math.sqrt(points.reduce((sum, { x }) => sum + (x - mean) ** 2, 0) / points.length);
  const input = Float64Array.from(points, ({ x }) => (x - mean) / deviation);
  const target = Float64Array.from(points, ({ y }) => y);
  let height = at(start, mean);
  let tilt = start.slope * deviation;
  for (let step = 0; step < 10_000; step++) {
    const prediction = input.map((x) => height + tilt * x);
    const byPrediction = gradient(prediction, target);
    let [byHeight, byTilt] = [0, 0];
    for (let i = 0; i < input.length; i++) {
      byHeight += byPrediction[i];
      byTilt += byPrediction[i] * input[i];
    }
    if (Math.hypot(byHeight, byTilt) < 1e-12) {
      return { intercept: height - (tilt / deviation) * mean, slope: tilt / deviation };
    }
    // The curvature is at most 2 (mse), 1 (huber) and 1/scale² (tukeyBiweight): half a step is stable for each.
    height -= 0.5 * byHeight;
    tilt -= 0.5 * byTilt;
  }
  throw new Error("The fit of a line did not come to rest in 10,000 steps.");
}
