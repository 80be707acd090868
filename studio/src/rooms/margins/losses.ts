// Which losses train a boundary, and the score that a boundary gives a point.

import { type AnyLoss, activations, catalogue } from "lossc";

/** Losses of a score and a sign. */
export const fits = ({ inputs }: AnyLoss): boolean =>
  Object.keys(inputs).sort().join() === "score,target" && inputs.target.kind === "sign";

/** Two weights and a bias, over coordinates from −1 to 1. */
export type Boundary = readonly [number, number, number];

export const scale = (value: number): number => (value - 5) / 5;
export const score = ([a, b, c]: Boundary, { x, y }: { x: number; y: number }): number =>
  a * scale(x) + b * scale(y) + c;

const corners = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
] as const;

/** The ends, on the plane's edges, of the line on which a boundary's score is `level`; none where it does not cross the
 * plane. Ends far beyond it would make browsers lay dashes over thousands of pixels that nobody sees. */
export function lineAt(boundary: Boundary, level: number): [number, number][] {
  return corners.flatMap(([x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % 4];
    const here = score(boundary, { x, y }) - level;
    const next = score(boundary, { x: nextX, y: nextY }) - level;
    if (here < 0 === next < 0) return [];
    const part = here / (here - next);
    return [[x + part * (nextX - x), y + part * (nextY - y)] satisfies [number, number]];
  });
}

export interface Scored {
  readonly exp: readonly number[];
  readonly probability: readonly number[];
  readonly losses: readonly {
    readonly name: string;
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
}

const bases = { e: Math.E, "2": 2, "10": 10 } as const;

/** Three scores on their way to a loss. The temperature divides the scores, so slopes by the scores are divided by it. */
export function scored(
  scores: readonly number[],
  label: number,
  { base, temperature, margin }: { base: keyof typeof bases; temperature: number; margin: number },
): Scored {
  const logits = scores.map((one) => one / temperature);
  const rows = [
    { name: "crossEntropy", logits, options: base === "e" ? {} : { base: bases[base] }, by: temperature },
    { name: "multiclassHinge", logits: scores, options: { margin }, by: 1 },
  ];
  return {
    exp: logits.map(Math.exp),
    probability: activations.softmax.value(logits),
    losses: rows.map(({ name, logits, options, by }) => {
      const { value, grads } = catalogue
        .get(name)!
        .valueAndGrad({ logits: [logits], target: [label] }, options);
      return { name, value, gradient: [...grads.logits.data].map((slope) => slope / by) };
    }),
  };
}
