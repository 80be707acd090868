// What may be wrong with what a loss made of a call: losses and gradients that are not finite, are 0, or come from few samples.

import { whereIn } from "../contract/checks.ts";
import { type Gap, phrase } from "../phrase.ts";
import { type CallRule, firstWhere } from "./rule.ts";
import { countsOf, gradientLengths } from "./shares.ts";
import type { Call } from "./subject.ts";

/** Samples from which shares say something. */
const MANY = 100;

const whichSample = ({ shape }: Call, sample: number): Gap => whereIn(shape, sample).words;

/** The losses of samples, where they are of the samples' own shape. */
const lossesOf = ({ result, samples }: Call): ArrayLike<number> | undefined =>
  result?.perSample && result.perSample.data.length === samples ? result.perSample.data : undefined;

/** Samples whose inputs explain what comes of them: something is NaN, or a label is none. */
function explained({ inputs, samples, settings }: Call): Uint8Array {
  const marked = new Uint8Array(samples);
  for (const { data, width, classes, spec, form } of inputs) {
    const isLabel = classes !== undefined && (spec.kind === "index" || form === "index");
    const lowest = spec.none ? -1 : 0;
    const isNone = (x: number) =>
      isLabel && x !== settings.ignoreIndex && !(Number.isInteger(x) && x >= lowest && x < classes);
    for (let i = 0; i < data.length; i++) {
      if (!Number.isNaN(data[i]) && !isNone(data[i])) continue;
      if (width === undefined) return marked.fill(1);
      marked[Math.floor(i / width)] = 1;
    }
  }
  return marked;
}

export const resultRules: readonly CallRule[] = [
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
            message: phrase`The loss of ${whichSample(call, first)} is ${losses[first]}: ${
              judged
                ? phrase`"${judged.spec.name}" gives what is true the probability 0`
                : phrase`its true value is beyond all numbers`
            }.`,
            remedy: judged
              ? phrase`Take the loss of logits, or keep probabilities away from 0 and 1.`
              : phrase`Look for an overflow, or for a true class that is masked out by -Infinity.`,
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
      const known = explained(call);
      const { first, count } = firstWhere(losses.length, (i) => Number.isNaN(losses[i]) && known[i] === 0);
      return count === 0
        ? undefined
        : {
            severity: "error",
            message: phrase`The loss of ${whichSample(call, first)} is NaN, though none of its inputs is.`,
            remedy: phrase`Infinite or very large inputs make it: see the other findings, or scale the inputs.`,
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
      const known = explained(call);
      const losses = lossesOf(call);
      const { first, count } = firstWhere(
        lengths.length,
        (i) => Number.isNaN(lengths[i]) && known[i] === 0 && Number.isFinite(losses?.[i] ?? 0),
      );
      return count === 0
        ? undefined
        : {
            severity: "error",
            message: phrase`The gradient of ${whichSample(call, first)} is not finite, though its loss is.`,
            remedy: phrase`The true slope is infinite there, or beyond the largest number: scale the inputs.`,
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
            message: phrase`This loss has gradient 0 everywhere: it measures, and nothing can be learnt from it.`,
            remedy: phrase`Train with a loss that has a slope, and report this one.`,
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
        message: phrase`All ${shares.samples} samples have gradient 0 although the loss is ${call.value}: nothing can be learnt.`,
        remedy: phrase`The loss is flat where the predictions are: take one with a slope there, or bring the predictions nearer first.`,
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
            message: phrase`All losses and gradients are 0: there is nothing left to learn from these samples.`,
            remedy: phrase`A larger margin, or harder samples, would give some.`,
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
            message: phrase`${count} of ${shares.samples} samples have a loss but gradient 0, the first at ${whichSample(call, first)}.`,
            remedy: phrase`The loss is flat for them: take one with a slope there if they are not outliers.`,
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
            message: phrase`${shares.largest.length} of ${shares.samples} samples carry ${Math.round(shares.largestShare * 100)} % of the gradient, the first at ${whichSample(call, shares.largest[0])}.`,
            remedy: phrase`If they are outliers, take a loss whose slope is bounded.`,
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
            message: phrase`Class ${heavy.label}, ${heavy.samples} of ${shares.samples} samples, carries ${Math.round(heavy.share * 100)} % of the gradient.`,
            remedy: phrase`Weigh classes, classWeight: "balanced", or focus on hard samples.`,
            count: heavy.samples,
          }
        : undefined;
    },
  },
];
