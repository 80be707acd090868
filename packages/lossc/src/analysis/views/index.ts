// The one-dimensional views of a loss: rows of a table that its inputs match by kind, role, axes and domain.

import { LossError, suggestion } from "../../errors.ts";
import { structureOf } from "../structure.ts";
import type { Subject } from "../subject.ts";
import type { View } from "../types.ts";
import { box } from "./boxes.ts";
import { sameLoss } from "./inputs.ts";
import { binary, margin, residual, spread, weight } from "./pointwise.ts";
import { classes, distribution, list, pixel, pixelClasses } from "./rows.ts";
import { batch, centre, head, pair, partners, triplet } from "./vectors.ts";
import type { PlacedView, ViewRow } from "./view.ts";

/** In the order in which a loss's views are listed. */
const rows: readonly ViewRow[] = [
  residual,
  spread,
  margin,
  binary,
  classes,
  distribution,
  pixel,
  pixelClasses,
  list,
  head,
  centre,
  pair,
  triplet,
  batch,
  partners,
  box,
  weight,
];

type Options = Readonly<Record<string, unknown>>;

/** The views that the inputs of a loss have under certain parameters, most telling first. */
export function placedViews(subject: Subject, options: Options = {}, target?: number): readonly PlacedView[] {
  const structure = structureOf(subject, options, target);
  const views = rows.flatMap((row) => row(structure));
  const isSame = (view: PlacedView, pairs: NonNullable<PlacedView["sameFor"]>) =>
    pairs.every((pair) => sameLoss(subject, view, pair, options));
  return views.filter(
    (view) =>
      (!view.sameFor || isSame(view, view.sameFor)) && !(view.differsFor && isSame(view, view.differsFor)),
  );
}

/** The view of a name; the first where none is asked for. Throws where a loss has none, or none of that name. */
export function findView(
  subject: Subject,
  over: string | undefined,
  options: Options,
  target?: number,
): PlacedView {
  const views = placedViews(subject, options, target);
  const found = over === undefined ? views[0] : views.find(({ name }) => name === over);
  if (found) return found;
  if (views.length === 0)
    throw new LossError("unsupported", "its inputs have no one-dimensional view.", {
      loss: subject.name,
      note: "Views need a prediction and its target in the roles that the language has.",
    });
  const names = views.map(({ name }) => name);
  throw new LossError("bad-option", `there is no view "${over}".`, {
    loss: subject.name,
    option: "over",
    note: suggestion(over!, names),
  });
}

/** What is told of a view, without what makes its samples. */
export const toldOf = ({ name, label, symbol, domain, range, wrong }: PlacedView): View => ({
  name,
  label,
  symbol,
  domain,
  range,
  wrong,
});
