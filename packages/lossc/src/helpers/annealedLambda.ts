// How the weight of the plain cosine beside an angular margin falls while a head is trained.

/** The weight at a step of training: max(min, base·(1 + gamma·step)^−power), 1000 falling to 5 by default.
 * Liu et al. 2017, SphereFace, and its published training settings. */
export function annealedLambda(
  step: number,
  {
    base = 1000,
    gamma = 0.12,
    power = 1,
    min = 5,
  }: {
    readonly base?: number;
    readonly gamma?: number;
    readonly power?: number;
    readonly min?: number;
  } = {},
): number {
  return Math.max(min, base * (1 + gamma * step) ** -power);
}
