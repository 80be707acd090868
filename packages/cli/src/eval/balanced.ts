// Balanced class weights of a file: what every class must weigh so that all weigh the same.

import type { Plan } from "./plan.ts";
import type { Judged } from "./rows.ts";

/** N / (C · count) of every class over the file, as the library has it: asked group by group it would count in each. */
export function balancedWeights(plan: Plan, judged: Judged, used: Int32Array): number[] {
  const target = plan.inputs.find(({ wanted }) => ["classes", "binary", "sign"].includes(wanted.spec.kind))!;
  const { labels, matrix, wanted } = target;
  const ignored = plan.spec.options.ignoreIndex;
  const counts = new Array<number>(
    wanted.spec.kind === "classes" ? (labels?.names.length ?? matrix.width) : 2,
  ).fill(0);
  for (const row of used) {
    if (labels) {
      const label = judged.labels.get(wanted.name)![row];
      if (label >= 0) counts[label] += 1;
    } else if (matrix.width > 1) {
      for (let place = 0; place < matrix.width; place++)
        counts[place] += matrix.data[row * matrix.width + place];
    } else if (matrix.data[row] !== ignored) {
      const positive = wanted.spec.kind === "sign" ? +(matrix.data[row] > 0) : matrix.data[row];
      counts[1] += positive;
      counts[0] += 1 - positive;
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}
