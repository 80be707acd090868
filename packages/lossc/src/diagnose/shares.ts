// How the gradient is shared out: which samples have none, what the largest carry, and what each class does.

import type { Call, Subject } from "./subject.ts";
import type { GradientShares } from "./types.ts";

/** The length of every sample's gradient, over all inputs that have numbers of its own; NaN where it is not finite. */
export function gradientLengths({ inputs, samples, result }: Call): Float64Array | undefined {
  if (result === undefined || samples === 0) return undefined;
  const own = inputs.filter(({ spec, width }) => width !== undefined && spec.name in result.grads);
  if (own.length === 0) return undefined;
  const lengths = new Float64Array(samples);
  for (const { spec, width } of own) {
    const { data } = result.grads[spec.name];
    for (let i = 0; i < data.length; i++) {
      const sample = Math.floor(i / width!);
      lengths[sample] = Math.hypot(lengths[sample], data[i]);
    }
  }
  return lengths.map((length) => (Number.isFinite(length) ? length : Number.NaN));
}

/** Whether a sample counts, by its own mask and weight. */
export function countsOf({ inputs, samples }: Call): (sample: number) => boolean {
  const own = inputs.find(({ width }) => width !== undefined && width > 0);
  return own === undefined || samples === 0 ? () => true : (sample) => own.counts(sample * own.width!);
}

/** Labels, where every sample has one: of a class, of two classes, or of an index. */
export function labelsOf({ inputs }: Call): Subject | undefined {
  return inputs.find(
    ({ spec, form, width }) =>
      width === 1 &&
      (spec.kind === "index" || form === "index" || spec.kind === "binary" || spec.kind === "sign"),
  );
}

export function sharesOf(call: Call): GradientShares | undefined {
  const lengths = gradientLengths(call);
  if (lengths === undefined) return undefined;
  const counts = countsOf(call);
  const counted = Array.from(lengths.keys()).filter(
    (sample) => counts(sample) && !Number.isNaN(lengths[sample]),
  );
  const total = counted.reduce((sum, sample) => sum + lengths[sample], 0);
  const zero = counted.filter((sample) => lengths[sample] === 0).length;
  const sorted = [...counted].sort((a, b) => lengths[b] - lengths[a]);
  const largest = sorted.slice(0, Math.max(1, Math.ceil(counted.length / 100)));
  const share = (samples: readonly number[]) =>
    total === 0 ? 0 : samples.reduce((sum, sample) => sum + lengths[sample], 0) / total;
  const labels = labelsOf(call);
  const byClass = new Map<number, number[]>();
  if (labels) {
    for (const sample of counted) {
      const label = labels.data[sample];
      const members = byClass.get(label);
      if (members) members.push(sample);
      else byClass.set(label, [sample]);
    }
  }
  return {
    samples: counted.length,
    zero,
    zeroShare: counted.length === 0 ? 0 : zero / counted.length,
    largestShare: share(largest),
    largest,
    ...(labels && {
      byClass: [...byClass]
        .sort(([a], [b]) => a - b)
        .map(([label, members]) => ({ label, samples: members.length, share: share(members) })),
    }),
  };
}
