// What may be wrong with a call as a whole: classes that do not occur, samples that coincide, losses and gradients that are
// not finite, are 0, or come from few samples.

import { checkWeight, whereIn } from "../contract/checks.ts";
import { LossError } from "../errors.ts";
import { countsOf, gradientLengths, labelsOf } from "./shares.ts";
import type { Call, Subject } from "./subject.ts";
import type { Finding, GradientShares } from "./types.ts";

type Found = Omit<Finding, "code">;

interface CallRule {
  readonly code: string;
  readonly find: (call: Call, shares: GradientShares | undefined) => Found | undefined;
}

/** From so many samples per class on, a class that does not occur is no accident. */
const SAMPLES_PER_CLASS = 5;
/** Samples from which shares say something. */
const MANY = 100;

const whichSample = ({ shape }: Call, sample: number): string => whereIn(shape, sample).words;

/** Rows of vectors, by their text; the first two samples with the same. */
function firstCoincident({ data, row, counts }: Subject): {
  pair?: [number, number];
  distinct: number;
  rows: number;
} {
  const seen = new Map<string, number>();
  let pair: [number, number] | undefined;
  let rows = 0;
  for (let from = 0; row > 0 && from < data.length; from += row) {
    if (!counts(from)) continue;
    rows += 1;
    const text = Array.from({ length: row }, (_, j) => data[from + j]).join();
    const before = seen.get(text);
    if (before === undefined) seen.set(text, from / row);
    else pair ??= [before, from / row];
  }
  return { ...(pair && { pair }), distinct: seen.size, rows };
}

const vectorsOf = ({ inputs }: Call): readonly Subject[] =>
  inputs.filter(
    ({ spec, width }) => spec.role === "model" && width !== undefined && spec.words.at(-1)?.name === "d",
  );

/** Counted labels and how often each occurs. */
function occurrences(labels: Subject): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.data.length; i++) {
    if (labels.counts(i)) counts.set(labels.data[i], (counts.get(labels.data[i]) ?? 0) + 1);
  }
  return counts;
}

const firstWhere = (length: number, holds: (i: number) => boolean): { first: number; count: number } => {
  let first = -1;
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (!holds(i)) continue;
    if (first < 0) first = i;
    count += 1;
  }
  return { first, count };
};

/** The losses of samples, where they are of the samples' own shape. */
const lossesOf = ({ result, samples }: Call): ArrayLike<number> | undefined =>
  result?.perSample && result.perSample.data.length === samples ? result.perSample.data : undefined;

/** Samples in whose inputs something is NaN, which explains what comes of them. */
function samplesWithNaN({ inputs, samples }: Call): Uint8Array {
  const marked = new Uint8Array(samples);
  for (const { data, width } of inputs) {
    if (width === undefined) {
      for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return marked.fill(1);
      continue;
    }
    for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) marked[Math.floor(i / width)] = 1;
  }
  return marked;
}

export const callRules: readonly CallRule[] = [
  {
    code: "bad-weight",
    find: ({ weight, shape, body }) => {
      if (weight === undefined) return undefined;
      try {
        checkWeight(weight.data, { loss: body.name, input: "weight", shape, counts: () => true, params: {} });
        return undefined;
      } catch (error) {
        if (!(error instanceof LossError)) throw error;
        return {
          severity: "error",
          message: error.message.slice(`${body.name}: `.length),
          remedy: "A weight says how much a sample counts; 0 leaves it out.",
          at: error.at ?? [],
          count: 1,
        };
      }
    },
  },
  {
    code: "nothing-counted",
    find: ({ result, samples }) =>
      result?.count === 0 && samples > 0
        ? {
            severity: "error",
            message: "No sample counts, so the loss is 0 and so is its gradient.",
            remedy:
              "Look at the mask, the weights and ignored labels; a loss of pairs wants two samples of a class and one of another.",
            count: samples,
          }
        : undefined,
  },
  {
    code: "collapsed-embeddings",
    find: (call) => {
      const found = call.meet ? vectorsOf(call).find((vectors) => isCollapsed(vectors)) : undefined;
      return (
        found && {
          severity: "error",
          message: `"${found.spec.name}" are the same vector for all samples, so no distance has a gradient.`,
          remedy:
            "The model has collapsed: lower the learning rate, or start with semi-hard or all triplets.",
          input: found.spec.name,
          at: [0],
          sample: 0,
          count: call.samples,
        }
      );
    },
  },
  {
    code: "coincident-embeddings",
    find: (call) => {
      if (!call.meet) return undefined;
      for (const vectors of vectorsOf(call)) {
        const { pair, distinct, rows } = firstCoincident(vectors);
        if (pair === undefined || (distinct === 1 && rows > 2)) continue;
        return {
          severity: "warning",
          message: `"${vectors.spec.name}" are the same at rows ${pair[0]} and ${pair[1]}; a distance of 0 has gradient 0.`,
          remedy: "Look for a sample that is twice in the batch.",
          input: vectors.spec.name,
          at: [pair[1]],
          sample: pair[1],
          count: rows - distinct,
        };
      }
      return undefined;
    },
  },
  {
    code: "coincident-pairs",
    find: (call) => {
      const vectors = vectorsOf(call);
      for (const [i, first] of vectors.entries()) {
        for (const second of vectors.slice(i + 1)) {
          const { row, data } = first;
          if (second.data.length !== data.length || row === 0) continue;
          const same = (sample: number) =>
            first.counts(sample * row) &&
            Array.from({ length: row }, (_, j) => sample * row + j).every(
              (at) => data[at] === second.data[at],
            );
          const { first: sample, count } = firstWhere(data.length / row, same);
          if (count === 0) continue;
          return {
            severity: "warning",
            message: `"${first.spec.name}" and "${second.spec.name}" are the same vector at row ${sample}; a distance of 0 has gradient 0.`,
            remedy: "Look for a sample that is paired with itself.",
            input: second.spec.name,
            at: [sample],
            sample,
            count,
          };
        }
      }
      return undefined;
    },
  },
  {
    code: "class-never-seen",
    find: (call) => {
      const labels = labelsOf(call);
      const classes = labels?.classes;
      if (labels === undefined || classes === undefined) return undefined;
      const seen = occurrences(labels);
      const counted = [...seen.values()].reduce((a, b) => a + b, 0);
      const missing = Array.from({ length: classes }, (_, label) => label).filter(
        (label) => !seen.has(label),
      );
      if (missing.length === 0 || missing.length === classes || counted < SAMPLES_PER_CLASS * classes)
        return undefined;
      return {
        severity: "warning",
        message: `"${labels.spec.name}" has no sample of class ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? " …" : ""} among ${counted}.`,
        remedy: "Its logit is only ever pushed down; check the labels, or draw batches by class.",
        input: labels.spec.name,
        count: missing.length,
      };
    },
  },
  {
    code: "one-class",
    find: (call) => {
      const labels = labelsOf(call);
      if (labels === undefined || (labels.spec.kind !== "binary" && labels.spec.kind !== "sign"))
        return undefined;
      const seen = occurrences(labels);
      const counted = [...seen.values()].reduce((a, b) => a + b, 0);
      if (seen.size !== 1 || counted < 2 * SAMPLES_PER_CLASS) return undefined;
      const [label] = seen.keys();
      return {
        severity: "warning",
        message: `"${labels.spec.name}" is ${label} for all ${counted} samples: the other class is never seen.`,
        remedy: "Check the labels, or draw batches that have both.",
        input: labels.spec.name,
        count: counted,
      };
    },
  },
  {
    code: "constant-output",
    find: ({ inputs, samples }) => {
      const same = inputs.find(
        ({ spec, data, width }) =>
          spec.role === "model" &&
          width !== undefined &&
          width > 0 &&
          samples >= 8 &&
          !Number.isNaN(data[0]) &&
          firstWhere(data.length, (i) => data[i] !== data[i % width]).count === 0,
      );
      return (
        same && {
          severity: "warning",
          message: `"${same.spec.name}" are the same for all ${samples} samples.`,
          remedy:
            "The model does not look at its input: check for dead units, frozen layers, features of one value.",
          input: same.spec.name,
          count: samples,
        }
      );
    },
  },
  {
    code: "infinite-loss",
    find: (call) => {
      const losses = lossesOf(call);
      if (losses === undefined) return undefined;
      const { first, count } = firstWhere(
        losses.length,
        (i) => Math.abs(losses[i]) === Number.POSITIVE_INFINITY,
      );
      const judged = call.inputs.find(
        ({ domain }) => domain === "probability" || domain === "distribution" || domain === "logDistribution",
      );
      return count === 0
        ? undefined
        : {
            severity: "error",
            message: `The loss of ${whichSample(call, first)} is ${losses[first]}: ${
              judged
                ? `"${judged.spec.name}" gives what is true the probability 0`
                : "its true value is beyond all numbers"
            }.`,
            remedy: judged
              ? "Take the loss of logits, or keep probabilities away from 0 and 1."
              : "Look for an overflow, or for a true class that is masked out by -Infinity.",
            sample: first,
            count,
          };
    },
  },
  {
    code: "nan-loss",
    find: (call) => {
      const losses = lossesOf(call);
      if (losses === undefined) return undefined;
      const explained = samplesWithNaN(call);
      const { first, count } = firstWhere(
        losses.length,
        (i) => Number.isNaN(losses[i]) && explained[i] === 0,
      );
      return count === 0
        ? undefined
        : {
            severity: "error",
            message: `The loss of ${whichSample(call, first)} is NaN, though none of its inputs is.`,
            remedy: "Infinite inputs or labels out of range make it: see the other findings.",
            sample: first,
            count,
          };
    },
  },
  {
    code: "gradient-not-finite",
    find: (call) => {
      const lengths = gradientLengths(call);
      if (lengths === undefined) return undefined;
      const explained = samplesWithNaN(call);
      const losses = lossesOf(call);
      const { first, count } = firstWhere(
        lengths.length,
        (i) => Number.isNaN(lengths[i]) && explained[i] === 0 && Number.isFinite(losses?.[i] ?? 0),
      );
      return count === 0
        ? undefined
        : {
            severity: "error",
            message: `The gradient of ${whichSample(call, first)} is not finite, though its loss is.`,
            remedy: "The true slope is infinite there, or beyond the largest number: scale the inputs.",
            sample: first,
            count,
          };
    },
  },
  {
    code: "no-slope",
    find: ({ slopeless, samples }) =>
      slopeless && samples > 0
        ? {
            severity: "note",
            message: "This loss has gradient 0 everywhere: it measures, and nothing can be learnt from it.",
            remedy: "Train with a loss that has a slope, and report this one.",
            count: samples,
          }
        : undefined,
  },
  {
    code: "no-gradient",
    find: (call, shares) => {
      if (
        call.slopeless ||
        !shares ||
        shares.samples === 0 ||
        shares.zero < shares.samples ||
        call.value === 0
      )
        return undefined;
      return {
        severity: "error",
        message: `All ${shares.samples} samples have gradient 0 although the loss is ${call.value}: nothing can be learnt.`,
        remedy:
          "The loss is flat where the predictions are: take one with a slope there, or bring the predictions nearer first.",
        count: shares.samples,
      };
    },
  },
  {
    code: "nothing-to-learn",
    find: (call, shares) => {
      const flat =
        !call.slopeless && shares && shares.samples > 0 && shares.zero === shares.samples && call.value === 0;
      return flat && call.result!.count > 0
        ? {
            severity: "note",
            message: "All losses and gradients are 0: there is nothing left to learn from these samples.",
            remedy: "A larger margin, or harder samples, would give some.",
            count: shares.samples,
          }
        : undefined;
    },
  },
  {
    code: "mostly-zero-gradient",
    find: (call, shares) => {
      const losses = lossesOf(call);
      const lengths = gradientLengths(call);
      if (
        call.slopeless ||
        !shares ||
        !losses ||
        !lengths ||
        shares.samples < 20 ||
        shares.zero === shares.samples
      )
        return undefined;
      const counts = countsOf(call);
      const { first, count } = firstWhere(
        lengths.length,
        (i) => counts(i) && lengths[i] === 0 && Math.abs(losses[i]) > 0,
      );
      return count / shares.samples < 0.5
        ? undefined
        : {
            severity: "warning",
            message: `${count} of ${shares.samples} samples have a loss but gradient 0, the first at ${whichSample(call, first)}.`,
            remedy: "The loss is flat for them: take one with a slope there if they are not outliers.",
            sample: first,
            count,
          };
    },
  },
  {
    code: "few-samples-carry-the-gradient",
    find: (call, shares) =>
      shares && shares.samples >= MANY && shares.largestShare > 0.5
        ? {
            severity: "warning",
            message: `${shares.largest.length} of ${shares.samples} samples carry ${Math.round(shares.largestShare * 100)} % of the gradient, the first at ${whichSample(call, shares.largest[0])}.`,
            remedy: "If they are outliers, take a loss whose slope is bounded.",
            sample: shares.largest[0],
            count: shares.largest.length,
          }
        : undefined,
  },
  {
    code: "one-class-carries-the-gradient",
    find: (_, shares) => {
      const classes = shares?.byClass ?? [];
      const heavy = classes.find(({ share }) => share > 0.9);
      return shares && heavy && classes.length > 1 && shares.samples >= MANY
        ? {
            severity: "note",
            message: `Class ${heavy.label}, ${heavy.samples} of ${shares.samples} samples, carries ${Math.round(heavy.share * 100)} % of the gradient.`,
            remedy: 'Weigh classes, classWeight: "balanced", or focus on hard samples.',
            count: heavy.samples,
          }
        : undefined;
    },
  },
];

function isCollapsed(vectors: Subject): boolean {
  const { distinct, rows } = firstCoincident(vectors);
  return distinct === 1 && rows > 2;
}
