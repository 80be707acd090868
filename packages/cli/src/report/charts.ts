// The pictures of a result: how losses are distributed, what groups cost, whether probabilities are honest.

import { type PlotOptions, plotBars, plotHistogram, plotReliability } from "@lossc/plot";
import { histogramOf } from "../eval/collect/histogram.ts";
import type { EvalResult } from "../eval/result.ts";
import type { Material } from "./material.ts";

export interface Chart {
  /** Which part of a report it belongs to. */
  readonly part: "distribution" | "groups" | "reliability";
  /** What is under it, where that is not all. */
  readonly note?: string;
  draw(options: PlotOptions): string;
}

/** More bars are not told apart. */
const MOST_GROUPS = 40;

export const chartsOf = (material: Material): readonly Chart[] => [
  ...distributionCharts(material),
  ...groupCharts(material.result),
  ...reliabilityCharts(material.result),
];

/** One for each loss: their scales differ. */
function distributionCharts({ plans, distributions, result }: Material): Chart[] {
  return plans.flatMap((plan): Chart[] => {
    const distribution = distributions.of(plan);
    const { text } = plan.spec;
    const mean = result.results.find(({ total, spec }) => total && spec === text)?.value ?? null;
    const histogram = distribution && histogramOf([{ label: text, mean, distribution }]);
    if (!histogram) return [];
    return [
      {
        part: "distribution",
        draw: (options) => plotHistogram(histogram, { title: `${text}: losses of the rows`, ...options }),
      },
    ];
  });
}

function groupCharts({ by, results }: EvalResult): Chart[] {
  if (by === undefined) return [];
  const specs = [...new Set(results.map(({ spec }) => spec))];
  return specs.map((spec): Chart => {
    const rows = results.filter((row) => row.spec === spec && !row.total);
    const shown =
      rows.length <= MOST_GROUPS
        ? rows
        : [...rows].sort((a, b) => (b.value ?? 0) - (a.value ?? 0)).slice(0, MOST_GROUPS);
    const groups = shown.map(({ group }) => (group === null ? "(missing)" : String(group)));
    const values = shown.map(({ value }) => value ?? Number.NaN);
    return {
      part: "groups",
      ...(rows.length > shown.length && {
        note: `The ${MOST_GROUPS} groups with the largest means, of ${rows.length}.`,
      }),
      draw: (options) =>
        plotBars(groups, [{ label: spec, values }], {
          title: `${spec} by ${by}`,
          valueLabel: `mean of ${spec}`,
          ...options,
        }),
    };
  });
}

function reliabilityCharts({ calibration = [] }: EvalResult): Chart[] {
  return calibration
    .filter(({ count }) => count > 0)
    .map(({ source, event, bins }) => {
      const filled = bins.map((bin) => ({
        ...bin,
        predicted: bin.predicted ?? 0,
        observed: bin.observed ?? 0,
      }));
      return {
        part: "reliability",
        draw: (options) =>
          plotReliability([{ label: source, bins: filled }], { title: `Reliability (${event})`, ...options }),
      };
    });
}
