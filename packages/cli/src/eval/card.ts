// The property card of a loss as it is evaluated: with the parameters of --loss.

import type { PropertyCard } from "lossc";
import type { LossSpec } from "./spec.ts";

const cards = new WeakMap<LossSpec, PropertyCard>();

/** Undefined where the library cannot make one of these parameters. */
export function cardOf(spec: LossSpec): PropertyCard | undefined {
  const known = cards.get(spec);
  if (known) return known;
  const { loss } = spec as unknown as {
    readonly loss: { properties?(options: { params: object }): PropertyCard };
  };
  const params = Object.fromEntries(
    Object.entries(spec.options).filter(([name]) => Object.hasOwn(spec.loss.params, name)),
  );
  const card = loss.properties?.({ params });
  if (card) cards.set(spec, card);
  return card;
}
