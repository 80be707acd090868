// The property card: what a textbook asserts about a loss, measured from the loss itself.

import { type Line, lineOf } from "../line.ts";
import type { Subject } from "../subject.ts";
import type { CardOptions, PropertyCard } from "../types.ts";
import { findView, placedViews, toldOf } from "../views/index.ts";
import { extent, leastOf } from "./extent.ts";
import { invariances } from "./invariances.ts";
import { proper } from "./proper.ts";
import { convex, kinks, kinksOf } from "./shape.ts";
import { deadZones, largestSlope, outlier } from "./slopes.ts";
import { trackOf } from "./track.ts";

export function cardOf(subject: Subject, { params = {}, over, target }: CardOptions = {}): PropertyCard {
  const hasView = over !== undefined || placedViews(subject, params, target).length > 0;
  const view = hasView ? findView(subject, over, params, target) : undefined;
  const score = proper(subject, params);
  return {
    loss: subject.name,
    params,
    view: view && toldOf(view),
    ...(view && alongLine(lineOf(subject, view, params))),
    ...(score && { proper: score }),
    invariances: invariances(subject, params),
  };
}

/** The facts of a view. */
function alongLine(line: Line): Partial<PropertyCard> {
  const track = trackOf(line);
  const least = leastOf(track);
  const places = kinksOf(track);
  const largest = largestSlope(track, least);
  const far = outlier(track, least);
  return {
    convex: convex(track, places),
    kinks: kinks(track, places),
    largestSlope: largest,
    ...(line.view.wrong !== "neither" && { deadZones: deadZones(track, least, largest) }),
    ...(far && { outlier: far }),
    ...extent(track, least),
  };
}
