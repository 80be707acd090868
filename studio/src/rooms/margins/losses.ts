// Which losses train a boundary, and the score that a boundary gives a point.

import { type AnyLoss, activations, catalogue } from "lossc";
import type { Point } from "../../state/fields.ts";

/** Losses of a score and a sign. */
export const fits = ({ inputs }: AnyLoss): boolean =>
  Object.keys(inputs).sort().join() === "score,target" && inputs.target.kind === "sign";

/** Two weights and a bias, over coordinates from −1 to 1. */
export type Boundary = readonly [number, number, number];

export const scale = (value: number): number => (value - 5) / 5;
export const score = ([a, b, c]: Boundary, { x, y }: Point): number => a * scale(x) + b * scale(y) + c;

/** The ends of the line on which a boundary's score is `level`, far beyond the plane; none where it has no direction. */
export function lineAt([a, b, c]: Boundary, level: number): [number, number][] {
  const length = Math.hypot(a, b);
  if (length < 1e-9) return [];
  const [px, py] = [(a * (level - c)) / length ** 2, (b * (level - c)) / length ** 2];
  return [-40, 40].map((t) => [5 + 5 * (px - (t * b) / length), 5 + 5 * (py + (t * a) / length)]);
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
