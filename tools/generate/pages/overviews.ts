// Pictures of several losses of a family over one view, for the index of the pages and the README.

import { catalogue, curve, type PropertyCard } from "../../../packages/lossc/src/index.ts";
import { plotCurves } from "../../../packages/plot/src/index.ts";

interface Overview {
  readonly title: string;
  /** Names, in the legend's order, with parameters where the default is not meant. */
  readonly losses: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly from?: number;
  readonly to?: number;
}

/** By the family's word. */
export const overviews: Readonly<Record<string, Overview>> = {
  regression: {
    title: "How much may an outlier pull?",
    losses: { mse: {}, mae: {}, huber: {}, cauchy: {}, welsch: {}, tukeyBiweight: {} },
    from: -6,
    to: 6,
  },
  binary: {
    title: "A positive, from surely wrong to surely right",
    losses: { bceWithLogits: {}, binaryFocal: { alpha: null }, asymmetric: {}, powerBce: {} },
  },
  margin: {
    title: "Surrogates of the zero-one loss",
    losses: {
      zeroOne: {},
      hinge: {},
      logistic: {},
      squaredHinge: {},
      exponential: {},
      modifiedHuber: {},
      ramp: {},
    },
    from: -3,
    to: 3,
  },
  multiclass: {
    title: "The true class, from behind to ahead",
    losses: {
      crossEntropy: {},
      focal: {},
      poly: {},
      generalizedCrossEntropy: {},
      crammerSinger: {},
      multiclassRamp: {},
    },
  },
  head: {
    title: "Margins on the angle, all with scale 30",
    losses: {
      normFace: { scale: 30 },
      cosFace: { scale: 30 },
      arcFace: { scale: 30 },
      combinedMargin: { scale: 30 },
    },
  },
  box: {
    title: "A box that slides past its target",
    losses: { iou: {}, giou: {}, diou: {}, siou: {}, alphaIou: {} },
  },
};

/** The picture of a family's overview; `card` gives those of default parameters. */
export function overviewOf(
  { title, losses, from, to }: Overview,
  card: (name: string) => PropertyCard | undefined,
): string {
  const entries = Object.entries(losses);
  const curves = entries.map(([name, params]) =>
    curve(catalogue.get(name)!, {
      params,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }),
  );
  const cards = entries.map(([name, params]) =>
    Object.keys(params).length === 0 ? card(name) : catalogue.get(name)!.properties({ params }),
  );
  return plotCurves(curves, { title, cards, height: 560 });
}
