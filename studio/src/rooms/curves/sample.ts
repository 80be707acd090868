// Curves of chosen losses over one view, their numbers at the probe, and the ranges in which they are drawn.

import catalogueViews from "virtual:views";
import { type AnyLoss, type Curve, catalogue, curve, type View, viewsOf } from "lossc";
import type { Chosen } from "../../losses/named.ts";

/** What a first look at a view shows, where three losses of the catalogue in their order would tell less. */
const telling: Readonly<Record<string, string>> = {
  residual: "mse,huber,tukeyBiweight",
  margin: "hinge,logistic,zeroOne",
  logit: "bceWithLogits,binaryFocal,powerBce",
  lead: "crossEntropy,multiclassHinge,focal",
  angle: "normFace,arcFace,cosFace",
  shift: "iou,giou,diou",
};

const found = new WeakMap<object, readonly View[]>();
/** The views of a loss: the catalogue's are known, one's own are asked once. */
export function viewsFor(loss: AnyLoss): readonly View[] {
  const known = catalogue.get(loss.name) === loss ? catalogueViews[loss.name] : found.get(loss);
  const views = known ?? viewsOf(loss);
  if (!known) found.set(loss, views);
  return views;
}

export const viewOf = (loss: AnyLoss, over: string): View | undefined =>
  viewsFor(loss).find(({ name }) => name === over);

/** Every view that losses have, most used first, each with the losses that tell most along it. */
export function allViews(): { readonly name: string; readonly losses: string }[] {
  const users = new Map<string, string[]>();
  for (const loss of catalogue.values()) {
    for (const { name } of viewsFor(loss)) users.set(name, [...(users.get(name) ?? []), loss.name]);
  }
  return [...users]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, list]) => ({ name, losses: telling[name] ?? list.slice(0, 3).join(",") }));
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The view's range about its middle, times the zoom, within its domain. */
export function intervalOf({ range: [low, high], domain }: View, zoom: number): Interval {
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * zoom];
  return { from: Math.max(domain[0], middle - half), to: Math.min(domain[1], middle + half) };
}

type Taken = Pick<Curve, "x" | "value" | "gradient" | "curvature" | "curvatureBy">;
/** An even number: slopes at the very middle are what ties give there, and not the curve. */
const POINTS = 240;
const kept = new Map<string, Taken>();

/** A loss's curve; the last ones are kept, for one of several changes at a time. */
export function sampled({ loss, params }: Chosen, over: string, interval: Interval, target: number): Taken {
  const options = { over, ...interval, target, params, points: POINTS };
  const key = JSON.stringify([loss.name, options]);
  let taken = catalogue.has(loss.name) ? kept.get(key) : undefined;
  if (!taken) {
    taken = curve(loss, options);
    kept.set(key, taken);
    if (kept.size > 64) kept.delete(kept.keys().next().value!);
  }
  return taken;
}

export interface Point {
  readonly value: number;
  readonly gradient: number;
  readonly curvature: number;
}

/** A loss at one place of a view. */
export function at({ loss, params }: Chosen, view: View, x: number, target: number): Point {
  const short = 1e-3;
  const isLast = x + short > view.domain[1];
  const [from, to] = isLast ? [x - short, x] : [x, x + short];
  const { value, gradient, curvature } = curve(loss, {
    over: view.name,
    from,
    to,
    points: 2,
    target,
    params,
  });
  const i = isLast ? 1 : 0;
  return { value: value[i], gradient: gradient[i], curvature: curvature[i] };
}

/** What a chart's height must hold: of several curves what is not far beyond the middle one, so that one that grows without bound does
 * not flatten the others. It leaves the chart instead. */
export function reach(curves: readonly Float64Array[]): [number, number] {
  const bounds = curves.map((values) => {
    const finite = values.filter(Number.isFinite);
    return [Math.min(0, ...finite), Math.max(0, ...finite)] as const;
  });
  const middle = (side: 0 | 1) => {
    const sorted = bounds.map((bound) => Math.abs(bound[side])).sort((a, b) => a - b);
    const large = sorted.filter((bound) => bound > 0);
    const usual = large[Math.floor((large.length - 1) / 2)] ?? 0;
    return sorted.findLast((bound) => bound <= 2.5 * usual) ?? usual;
  };
  const [low, high] = [middle(0), middle(1)];
  const room = 0.08 * (low + high || 1);
  return [low > 0 ? -low - room : -room, high + room];
}
