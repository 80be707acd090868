// Pairs of samples: distances and similarities of an anchor (axis n) to every other sample (axis m).

import { type Expr, iota, where } from "../../language/expr.ts";

/** What losses of a labelled batch take. */
export const batchInputs = { embeddings: "n d", labels: { axes: "n", kind: "index" } } as const;

/** What losses of triplets take. */
export const tripletParams = {
  margin: { default: 0.2, doc: "How much nearer the positive must be." },
  distance: {
    default: "squared",
    choices: ["squared", "euclidean"],
    doc: "The squared or the plain Euclidean distance.",
  },
  normalize: { default: true, doc: "Bring embeddings to unit length first." },
} as const;

export interface Kinds {
  /** Another sample with the anchor's label. */
  readonly positive: Expr;
  readonly negative: Expr;
}

export interface Pairs extends Kinds {
  readonly between: Expr;
}

/** The length of a difference; a norm has gradient 0 at 0, so coincident embeddings do not pull. */
export const distanceOf = (difference: Expr, distance: string): Expr =>
  distance === "euclidean" ? difference.norm("d") : difference.square().sum("d");

/** Which samples have the anchor's label. */
export function kindsOf(labels: Expr): Kinds {
  const same = labels.eq(labels.rename("n", "m"));
  return { positive: same.and(iota("n").ne(iota("m"))), negative: same.not() };
}

export function pairs(embeddings: Expr, labels: Expr, distance: string, normalize: boolean): Pairs {
  const anchors = normalize ? embeddings.unit("d") : embeddings;
  const difference = anchors.sub(anchors.rename("n", "m"));
  return { between: distanceOf(difference, distance), ...kindsOf(labels) };
}

/** The cosine of every row of `first` (axis n) with every row of `second` (axis m). */
export const similarities = (first: Expr, second: Expr): Expr =>
  first.unit("d").contract(second.unit("d").rename("n", "m"), "d");

/** Every sample's cosines with all others at a temperature, as logits along m: a sample is no partner of its own. */
export const logitsOfOthers = (embeddings: Expr, temperature: Expr): Expr =>
  where(
    iota("n").eq(iota("m")),
    Number.NEGATIVE_INFINITY,
    similarities(embeddings, embeddings).div(temperature),
  );

/** Minus the log-probability, along m, of each row's own partner. */
export const ownPartner = (logits: Expr): Expr => logits.logSoftmax("m").take(iota("n"), "m").neg();
