// What `accumulate` adds up: the weighed loss and the weight of every sample, for each summand of a loss, and how the sums
// become a value.

import type { Output } from "../backends/backend.ts";
import { LossError } from "../errors.ts";
import type { Body, Prepared } from "./body.ts";
import { ExactSum } from "./exact-sum.ts";
import type { Settings } from "./options.ts";
import { keptProgram, sampleAxesOf } from "./prepare.ts";
import { noteOutputs, programOf } from "./program.ts";
import type { PreparedCall } from "./run.ts";
import { mixesSamples, weighSamples } from "./samples.ts";
import type { Part, Variant } from "./variant.ts";

/** The loss of everything seen so far. */
export interface Accumulated {
  /** Reduced as the options say: the mean by default. */
  readonly value: number;
  /** Σ w over the counted samples. */
  readonly weightSum: number;
  /** How many samples counted. */
  readonly count: number;
  /** How many batches were given. */
  readonly batches: number;
  readonly notes: readonly string[];
}

/** The sums of one summand of the loss. */
export interface Sums {
  readonly factor: number;
  /** Without samples; its value is weighed by the samples' weights. */
  readonly penalty: boolean;
  readonly loss: ExactSum;
  readonly weight: ExactSum;
  count: number;
}

/** The outputs of a summand, by its place. */
const outputOf = (i: number, what: "loss" | "weight" | "factor"): string => `part.${i}.${what}`;

/** The program of w·ℓ and w of every sample, for each summand. */
export function samplesProgram(body: Body, variant: Variant): Prepared {
  return keptProgram(body, [variant, "samples"], () => {
    const parts = body.parts(variant);
    for (const part of parts) refuseMixing(body.name, part);
    const sampleAxes = sampleAxesOf(parts);
    if (sampleAxes.length === 0 && parts.every(({ loss }) => loss.axes.length === 0)) {
      throw new LossError("unsupported", "accumulate: a penalty has no samples.", {
        loss: body.name,
        note: "Call it once, or accumulate a combination with a loss that has.",
      });
    }
    const outputs: Record<string, Output> = noteOutputs(parts);
    parts.forEach((part, i) => {
      const { axes, weighted, weight } = weighSamples(part, variant);
      outputs[outputOf(i, "factor")] = { expr: part.coefficient, axes: [] };
      outputs[outputOf(i, "loss")] = { expr: weighted, axes };
      outputs[outputOf(i, "weight")] = { expr: weight, axes };
    });
    return { program: programOf(outputs, parts), sampleAxes };
  });
}

function refuseMixing(loss: string, { loss: expr, state }: Part): void {
  const keeps = Object.keys(state);
  if (keeps.length > 0) {
    throw new LossError(
      "unsupported",
      `accumulate: it keeps ${keeps.join(" and ")} over batches, so the batches' order shows.`,
      { loss, note: "Call it batch by batch, each with the state of the last." },
    );
  }
  if (mixesSamples(expr)) {
    throw new LossError(
      "unsupported",
      "accumulate: the loss of a sample depends on the other samples of its batch.",
      { loss, note: "Call it with all the data at once, or average the batches' losses yourself." },
    );
  }
}

/** Adds what an engine found for a batch. A penalty is weighed by the samples of the first summand that has some. */
export function addBatch(
  { program }: PreparedCall,
  values: Readonly<Record<string, ArrayLike<number>>>,
  sumsOf: (i: number, about: Pick<Sums, "factor" | "penalty">) => Sums,
): void {
  const count = Object.keys(values).filter((name) => name.endsWith(".factor")).length;
  const places = Array.from({ length: count }, (_, i) => i);
  const axesOf = (i: number) => program.outputs[outputOf(i, "loss")].axes;
  const main = places.find((i) => axesOf(i).length > 0)!;
  const batchWeight = new ExactSum();
  for (const weight of Array.from(values[outputOf(main, "weight")])) batchWeight.add(weight);
  for (const i of places) {
    const penalty = axesOf(i).length === 0;
    const sums = sumsOf(i, { factor: values[outputOf(i, "factor")][0], penalty });
    const losses = values[outputOf(i, "loss")];
    if (penalty) {
      if (batchWeight.total === 0) continue;
      sums.loss.add(losses[0] * batchWeight.total);
      sums.weight.add(batchWeight.total);
      continue;
    }
    const weights = values[outputOf(i, "weight")];
    for (let sample = 0; sample < losses.length; sample++) {
      sums.loss.add(losses[sample]);
      sums.weight.add(weights[sample]);
      if (weights[sample] !== 0) sums.count += 1;
    }
  }
}

/** The value of the whole, by the same rule as in one call. */
export function reduced(
  { name: loss }: Body,
  { reduction, meanOver, onEmpty }: Settings,
  sums: readonly Sums[],
  notes: ReadonlySet<string>,
  batches: number,
): Accumulated {
  const main = sums.find(({ penalty }) => !penalty);
  const count = main?.count ?? 0;
  if (count === 0 && onEmpty === "throw") {
    throw new LossError("empty", "no sample counts.", {
      loss,
      note: 'onEmpty: "zero" or "nan" returns a value instead.',
    });
  }
  const meanOf = ({ penalty, loss: total, weight, count: counted }: Sums): number => {
    if (reduction === "sum" && !penalty) return total.total;
    const whole = meanOver === "count" && !penalty ? counted : weight.total;
    return whole === 0 ? 0 : total.total / whole;
  };
  const empty = onEmpty === "nan" ? Number.NaN : 0;
  return {
    value: count === 0 ? empty : sums.reduce((value, part) => value + part.factor * meanOf(part), 0),
    weightSum: main?.weight.total ?? 0,
    count,
    batches,
    notes: [...notes].sort(),
  };
}
