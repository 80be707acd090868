// From a problem to losses: rows of a table, each a question to cards and inputs that gives a reason with its numbers.

import { said } from "../card/numbers.ts";
import { isPointwise, isVectors } from "../views/view.ts";
import { type Candidate, RIGHT, WRONG } from "./candidate.ts";
import { type drawbacks, isConvex, isSmooth, leaves, most, pull, settled, steepest } from "./facts.ts";

export interface ProblemRow {
  /** One word, for the command line. */
  readonly name: string;
  readonly title: string;
  /** What matters, in a sentence or two. */
  readonly advice: string;
  readonly families: readonly string[];
  /** Why a loss helps, or nothing where it does not. */
  readonly why: (candidate: Candidate) => string | undefined;
  readonly but: readonly (keyof typeof drawbacks)[];
  /** Larger comes first; those alike keep the catalogue's order. */
  readonly rank?: (candidate: Candidate) => number;
}

const hasResidual = ({ card }: Candidate): boolean =>
  card.view?.name === "residual" && card.view.wrong === "both";
const joined = (...parts: readonly (string | undefined)[]): string | undefined => {
  const said = parts.filter((part) => part !== undefined);
  return said.length > 0 ? said.join("; ") : undefined;
};
/** Names of parameters whose definition fits. */
const paramsThat = ({ params }: Candidate, fits: (spec: Record<string, unknown>) => boolean): string =>
  Object.entries(params)
    .filter(([, spec]) => fits(spec as unknown as Record<string, unknown>))
    .map(([name]) => `\`${name}\``)
    .join(", ");

/** Cross-entropy's restraint: a sample's pull is 1 − p. */
const PLAIN = (1 - RIGHT) / (1 - WRONG);

/** A pull of less than this share is none: a margin, and no restraint. */
const NEGLIGIBLE = 1e-6;

const kindsOf = ({ structure }: Candidate) => new Set(structure.data.map(({ kind }) => kind));
const vectorsOf = ({ structure }: Candidate) => structure.models.filter(isVectors).length;

/** What embeddings are compared in, from what a loss is given. */
function given(candidate: Candidate): string {
  const kinds = kindsOf(candidate);
  if (candidate.structure.data.length === 0)
    return vectorsOf(candidate) > 2
      ? "for triplets that you choose"
      : "for two sides, of which row i belongs to row i";
  if (kinds.has("binary") || kinds.has("sign")) return "for pairs known to be the same or not";
  return vectorsOf(candidate) > 1 ? "for labelled samples and a centre per class" : "for labelled batches";
}

export const problemRows: readonly ProblemRow[] = [
  {
    name: "outliers",
    title: "Some targets are far off",
    advice:
      "One sample must not decide a step. A bounded slope keeps outliers from winning and stays convex; a slope that falls again forgets them, and wants a start that is near already.",
    families: ["regression"],
    why: (candidate) => (hasResidual(candidate) ? pull(candidate.card) : undefined),
    but: ["notConvex", "dead", "corners"],
    rank: ({ card }) => (isConvex(card) ? 2 : 0) + (isSmooth(card) ? 1 : 0),
  },
  {
    name: "quantiles",
    title: "Errors to one side cost more",
    advice:
      "Slopes of different size to both sides of 0 lead to a quantile instead of the mean or the median.",
    families: ["regression"],
    why: (candidate) => {
      const share = paramsThat(candidate, ({ above, below }) => above === 0 && below === 1);
      const corner = candidate.card.kinks?.places.find(({ at }) => at === 0);
      if (share === "" || !corner) return undefined;
      return `slopes ${said(corner.left)} and ${said(corner.right)} to both sides of ${candidate.card.view!.symbol} = 0, in a ratio that ${share} sets`;
    },
    but: ["corners"],
  },
  {
    name: "tolerance",
    title: "Small errors do not matter",
    advice: "A flat bottom leaves errors alone that are within what you can measure.",
    families: ["regression"],
    why: (candidate) => (hasResidual(candidate) ? settled(candidate.card) : undefined),
    but: ["notConvex", "corners"],
  },
  {
    name: "percent",
    title: "Errors count as a share of the target",
    advice:
      "A loss that stays when prediction and target are scaled together treats 1 of 10 like 100 of 1,000.",
    families: ["regression"],
    why: ({ card }) =>
      card.invariances.some(
        ({ name, holds }) => holds && name.startsWith("scale of") && name.includes(" and "),
      )
        ? "the same when prediction and target are scaled alike"
        : undefined,
    but: ["corners", "notConvex", "dead"],
  },
  {
    name: "counts",
    title: "Targets are counts or amounts",
    advice: "Targets that cannot be negative, and spread more the larger they are.",
    families: ["regression"],
    why: ({ structure, card }) => {
      const domain = structure.data.find(({ kind }) => kind === "float")?.domain;
      return domain === "nonNegative" || domain === "aboveMinusOne"
        ? `takes targets ${domain === "nonNegative" ? "≥ 0" : "> −1"}; least at ${card.view!.symbol} = ${said(card.minimum!.at)}`
        : undefined;
    },
    but: ["notConvex", "unbounded", "dead"],
  },
  {
    name: "uncertainty",
    title: "The model says how sure it is",
    advice: "A predicted spread divides the error, and its logarithm keeps it from growing.",
    families: ["regression"],
    why: ({ structure }) => {
      const spread = structure.models.find((place) => isPointwise(place) && place.domain === "positive");
      return spread ? `\`${spread.name}\` is an output of the model too, and gets a gradient` : undefined;
    },
    but: ["unbounded"],
  },
  {
    name: "smooth",
    title: "The optimiser wants a smooth, convex loss",
    advice:
      "Newton's method, boosting and L-BFGS use curvature: no corners, no fall of the slope, no slope without bound.",
    families: ["regression", "binary", "margin", "multiclass"],
    why: ({ card }) =>
      isConvex(card) && isSmooth(card) && Number.isFinite(card.largestSlope?.value)
        ? `convex, no corner, ${steepest(card)}`
        : undefined,
    but: ["notProper"],
  },
  {
    name: "calibrated",
    title: "Probabilities should be right",
    advice:
      "A proper score is least, in expectation, where the model says the true probabilities; anything else trades them for something.",
    families: ["binary", "multiclass", "distribution"],
    why: ({ card }) => (card.proper?.holds ? card.proper.evidence : undefined),
    but: ["unbounded"],
  },
  {
    name: "imbalance",
    title: "Few positives, or classes of very different size",
    advice:
      "Either what is right already must pull less, so that many easy samples do not outweigh the few, or the classes' sizes must enter. The option `classWeight` does the second for every loss of classes; probabilities then are those of the weighted classes.",
    families: ["binary", "multiclass", "margin"],
    why: (candidate) => {
      const { restraint } = candidate;
      const counts = paramsThat(candidate, ({ axes }) => axes !== undefined);
      const restrained =
        restraint !== undefined && restraint < PLAIN / 2 && restraint > NEGLIGIBLE
          ? `a sample at p = ${RIGHT} pulls ${said(restraint)} times as much as one at p = ${WRONG} (cross-entropy: ${said(PLAIN)})`
          : undefined;
      return joined(restrained, counts === "" ? undefined : `takes a number per class: ${counts}`);
    },
    but: ["notProper", "dead"],
    rank: ({ restraint }) => (restraint !== undefined && restraint > NEGLIGIBLE ? -restraint : -1),
  },
  {
    name: "labelNoise",
    title: "Some labels are wrong",
    advice:
      "A wrong label is a sample that the model is sure of and right about, and is told it is not. A loss that is bounded, or whose slope falls again, lets it go; in exchange it learns slowly from a start that knows nothing.",
    families: ["binary", "multiclass", "margin"],
    why: ({ card }) =>
      card.outlier?.influence === "redescending" ? joined(most(card), pull(card)) : undefined,
    but: ["notConvex", "dead", "notProper"],
  },
  {
    name: "margin",
    title: "What is right by a margin should be left alone",
    advice:
      "A slope of exactly 0 from a margin on: only samples near the boundary take part (support vectors).",
    families: ["margin", "multiclass", "ranking"],
    why: ({ card }) => (card.outlier?.influence === "none" ? undefined : settled(card)),
    but: ["notConvex", "corners", "unbounded", "notProper"],
    rank: ({ card }) => (isConvex(card) ? 1 : 0),
  },
  {
    name: "boxes",
    title: "Boxes",
    advice:
      "Overlap alone has no slope between boxes that do not meet; what has a term for their distance goes on pulling.",
    families: ["box"],
    why: ({ card }) => {
      const from = card.deadZones?.on.at(-1)?.[0];
      return joined(
        from === undefined
          ? "pulls at any distance"
          : `a unit box pulls with more than 1 % of the largest slope up to a shift of ${said(from)}`,
        most(card),
        leaves(card, "scale of both boxes") ? "the same for small and large boxes" : undefined,
      );
    },
    but: ["notConvex"],
    rank: ({ card }) => card.deadZones?.on.at(-1)?.[0] ?? Number.POSITIVE_INFINITY,
  },
  {
    name: "embeddings",
    title: "Embeddings: like near like",
    advice: "Choose by the data you have: pairs, triplets, labelled batches, or two sides of one thing.",
    families: ["metric"],
    why: (candidate) => {
      const { card } = candidate;
      const lengths = card.invariances.some(({ name, holds }) => holds && name.startsWith("scale of"));
      return joined(given(candidate), lengths ? "only directions matter" : "lengths matter", steepest(card));
    },
    but: ["unbounded"],
  },
  {
    name: "faces",
    title: "Very many classes, and new ones later (faces)",
    advice:
      "A margin at the true class's angle draws each class together, so that classes never seen are told apart as well. Where the slope dies at wide angles, begin with a smaller margin.",
    families: ["head"],
    why: ({ card }) =>
      joined(
        steepest(card),
        leaves(card, "scale of features")
          ? "only the feature's direction matters"
          : "the feature's length matters",
      ),
    but: ["dead", "corners"],
  },
  {
    name: "ranking",
    title: "The order matters, not the score",
    advice:
      "Pairs or lists of which one side should be above. A loss that stays when all scores are shifted knows order alone.",
    families: ["ranking"],
    why: ({ card, structure }) => {
      const shifted = card.invariances.find(({ name }) => name.startsWith("shift of all"));
      const isList = structure.data.some((place) => place.kind === "float");
      return joined(
        isList ? "for lists with a relevance per item" : "for pairs, or a true class and its best rival",
        shifted
          ? shifted.holds
            ? "knows differences of scores alone"
            : "wants scores on the right side of fixed margins"
          : undefined,
        steepest(card),
      );
    },
    but: ["corners"],
  },
  {
    name: "distributions",
    title: "A whole distribution is the target",
    advice: "Soft labels, a teacher's answers, histograms.",
    families: ["distribution"],
    why: ({ card, structure }) =>
      structure.data.length === 0
        ? undefined
        : joined(
            card.range &&
              (Number.isFinite(card.range.to)
                ? most(card)
                : "what the target has and the model excludes costs without bound"),
            pull(card),
          ),
    but: ["notConvex", "notProper"],
  },
  {
    name: "segmentation",
    title: "Masks: overlap, not pixels",
    advice:
      "Losses of a whole mask weigh a small object like a large one. Their slope on a pixel that is sure and wrong may be small: add a cross-entropy for the start.",
    families: ["segmentation"],
    why: ({ card }) => joined(most(card), steepest(card)),
    but: ["dead", "notConvex"],
  },
  {
    name: "weights",
    title: "Weights should stay small, or be few",
    advice: "A corner at 0 draws small weights to exactly 0; a square draws large ones most.",
    families: ["penalty"],
    why: ({ card }) => {
      const corner = card.kinks?.places.find(({ at }) => at === 0);
      return corner
        ? `makes weights exactly 0: its slope is ${said(corner.right)} up to w = 0`
        : `shrinks the large: ${card.largestSlope!.evidence.replace("grows", "its slope grows")}`;
    },
    but: [],
  },
];
