// How people name the columns of prediction files, by the input of a loss they belong to.

/** The kinds of numbers that stand for one prediction. They are never taken for one another silently. */
export type Numbers = "any" | "logits" | "probabilities" | "logProbabilities";

/** What columns of one thing are called, in small letters. */
export interface Names {
  readonly sure: readonly string[];
  /** Taken where no sure one is there, and said. */
  readonly perhaps?: readonly string[];
}

const truth = ["y_true", "y", "label", "labels", "target", "targets", "truth", "actual", "ground_truth"];
const predicted = ["y_pred", "y_hat", "yhat", "pred", "preds", "prediction", "predictions", "predicted"];

/** One number per row. */
export const scalarNames: Readonly<Record<string, Names>> = {
  target: { sure: truth },
  labels: { sure: truth },
  prediction: { sure: predicted },
  logits: { sure: ["logit", "logits"], perhaps: ["score", "scores"] },
  score: {
    sure: ["score", "scores", "margin", "decision", "decision_function"],
    perhaps: ["logit", "logits"],
  },
  probability: {
    sure: ["prob", "probs", "proba", "probability", "probabilities", "p", "y_prob", "p_hat"],
    perhaps: ["score", "y_score", ...predicted],
  },
  variance: { sure: ["variance", "var"] },
  logVariance: { sure: ["log_variance", "logvariance", "log_var", "logvar"] },
  scores: { sure: ["score", "scores"], perhaps: ["logit", "logits", ...predicted] },
  relevance: { sure: ["relevance", "rel", "grade", "gain"], perhaps: truth },
};

/** Several numbers per row, one for each class: what stands before the class's name, as in `logit_7`. */
export const rowPrefixes: Readonly<Record<Exclude<Numbers, "any">, Names>> = {
  logits: { sure: ["logit", "logits"], perhaps: ["score", "scores", ...predicted] },
  probabilities: { sure: ["prob", "probs", "proba", "probability", "p", "y_prob"], perhaps: predicted },
  logProbabilities: {
    sure: ["log_prob", "log_probs", "logprob", "log_p", "logp", "log_probability"],
    perhaps: predicted,
  },
};
/** Several numbers per row that are compared with each other, of documents or classes. */
export const scorePrefixes: Names = { sure: ["score", "scores"], perhaps: ["logit", "logits", ...predicted] };
/** A probability per class that is given. */
export const truthPrefixes: Names = { sure: ["true", ...truth] };

/** Vectors: what stands before the place, as in `e_12`. */
export const vectorPrefixes: Readonly<Record<string, Names>> = {
  embeddings: {
    sure: ["embedding", "embeddings", "emb", "e"],
    perhaps: ["feature", "features", "vector", "x"],
  },
  features: {
    sure: ["feature", "features", "feat", "f"],
    perhaps: ["embedding", "embeddings", "emb", "e", "x"],
  },
};
/** Columns that may say which rows belong together: named in an error, never taken unasked. */
export const queryNames = [
  "qid",
  "query",
  "query_id",
  "queryid",
  "image",
  "image_id",
  "group",
  "group_id",
  "session",
];

/** Boxes: what stands before x1 y1 x2 y2. */
export const boxPrefixes: Readonly<Record<string, Names>> = {
  prediction: { sure: [...predicted, "p"] },
  target: { sure: ["true", "t", "gt", "actual", ...truth] },
};
/** The four sides in each format; the same four under two names. */
export const boxSides: Readonly<Record<string, readonly (readonly [string, string, string, string])[]>> = {
  xyxy: [
    ["x1", "y1", "x2", "y2"],
    ["xmin", "ymin", "xmax", "ymax"],
  ],
  xywh: [
    ["x", "y", "w", "h"],
    ["x", "y", "width", "height"],
  ],
  cxcywh: [["cx", "cy", "w", "h"]],
};

/** Columns that say which row it is, the likeliest first. */
export const idNames = [
  "id",
  "key",
  "row_id",
  "sample_id",
  "example_id",
  "image_id",
  "doc_id",
  "uuid",
  "guid",
  "index",
];

/** Columns of weights: never used unasked, but worth a word. */
export const weightNames = ["weight", "weights", "sample_weight", "w"];

/** Of an input that has one number per row; what is in no table goes by its own name, as camelCase or snake_case. */
export const namesOf = (input: string): Names =>
  scalarNames[input] ?? { sure: [...new Set([input.toLowerCase(), snake(input)])] };

/** Which numbers an input is, as `domain` of its declaration and its name say. `isRow`: several per row. */
export function numbersOf(input: string, domain: string | undefined, isRow: boolean): Numbers {
  if (domain === "distribution" || domain === "probability") return "probabilities";
  if (domain === "logDistribution") return "logProbabilities";
  return input === "logits" || (isRow && input === "prediction" && domain !== "box") ? "logits" : "any";
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
