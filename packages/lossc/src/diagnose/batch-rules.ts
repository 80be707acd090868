// What may be wrong with the samples of a batch beside one another: weights that are none, vectors that coincide, classes that
// do not occur, outputs that are all the same.

import { checkWeight } from "../contract/checks.ts";
import { LossError } from "../errors.ts";
import { phrase } from "../phrase.ts";
import { type CallRule, firstWhere } from "./rule.ts";
import { labelsOf } from "./shares.ts";
import type { Call, Subject } from "./subject.ts";

/** From so many samples per class on, a class that does not occur is no accident. */
const SAMPLES_PER_CLASS = 5;

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

function isCollapsed(vectors: Subject): boolean {
  const { distinct, rows } = firstCoincident(vectors);
  return distinct === 1 && rows > 2;
}

export const batchRules: readonly CallRule[] = [
  {
    code: "bad-weight",
    find: ({ weight, shape, body }) => {
      if (weight === undefined) return undefined;
      try {
        checkWeight(weight.data, { loss: body.name, input: "weight", shape, counts: () => true, params: {} });
        return undefined;
      } catch (error) {
        if (!(error instanceof LossError && error.phrases)) throw error;
        return {
          severity: "error",
          message: error.phrases.message,
          remedy: phrase`A weight says how much a sample counts; 0 leaves it out.`,
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
            message: phrase`No sample counts, so the loss is 0 and so is its gradient.`,
            remedy: phrase`Look at the mask, the weights and ignored labels; a loss of pairs wants two samples of a class and one of another.`,
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
          message: phrase`"${found.spec.name}" are the same vector for all samples, so no distance has a gradient.`,
          remedy: phrase`The model has collapsed: lower the learning rate, or start with semi-hard or all triplets.`,
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
          message: phrase`"${vectors.spec.name}" are the same at rows ${pair[0]} and ${pair[1]}; a distance of 0 has gradient 0.`,
          remedy: phrase`Look for a sample that is twice in the batch.`,
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
            message: phrase`"${first.spec.name}" and "${second.spec.name}" are the same vector at row ${sample}; a distance of 0 has gradient 0.`,
            remedy: phrase`Look for a sample that is paired with itself.`,
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
        message: phrase`"${labels.spec.name}" has no sample of class ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? " …" : ""} among ${counted}.`,
        remedy: phrase`Its logit is only ever pushed down; check the labels, or draw batches by class.`,
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
        message: phrase`"${labels.spec.name}" is ${label} for all ${counted} samples: the other class is never seen.`,
        remedy: phrase`Check the labels, or draw batches that have both.`,
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
          message: phrase`"${same.spec.name}" are the same for all ${samples} samples.`,
          remedy: phrase`The model does not look at its input: check for dead units, frozen layers, features of one value.`,
          input: same.spec.name,
          count: samples,
        }
      );
    },
  },
];
