// From what an address names to losses that can be called; what does not exist or does not fit is left out.

import { type AnyLoss, catalogue } from "lossc";
import type { Pick } from "../state/fields.ts";

export interface Chosen {
  readonly loss: AnyLoss;
  readonly pick: Pick;
  /** Its parameters: those given that it takes and that are in range. */
  readonly params: Pick["params"];
  /** Which of the series' styles it is drawn in: its place in the list. */
  readonly series: number;
  /** "huber", or "huber delta 2" where the parameter is not its default. */
  readonly title: string;
}

/** The losses of a list that a room can use, with their parameters but for those that the room settles itself. A list
 * may name the reader's own losses. */
export function chosen(
  list: readonly Pick[],
  fits: (loss: AnyLoss) => boolean,
  { own = [], without = [] }: { own?: readonly AnyLoss[]; without?: readonly string[] } = {},
): Chosen[] {
  return list.flatMap((pick, series) => {
    const loss = catalogue.get(pick.name) ?? own.find(({ name }) => name === pick.name);
    if (!loss || !fits(loss)) return [];
    const params = Object.fromEntries(
      Object.entries(pick.params).filter(
        ([name, value]) => !without.includes(name) && isAllowed(loss, name, value),
      ),
    );
    const said = Object.entries(params).map(([name, value]) => ` ${name} ${value}`);
    return [{ loss, pick, params, series, title: loss.name + said.join("") }];
  });
}

export function isAllowed({ params }: AnyLoss, name: string, value: unknown): boolean {
  const spec = params[name];
  if (!spec) return false;
  if (spec.choices) return spec.choices.includes(value as string);
  if (typeof spec.default === "boolean") return typeof value === "boolean";
  if (typeof value !== "number") return spec.or?.includes(value as string | null) ?? false;
  return (
    (spec.above === undefined || value > spec.above) &&
    (spec.below === undefined || value < spec.below) &&
    (spec.min === undefined || value >= spec.min) &&
    (spec.max === undefined || value <= spec.max) &&
    (!spec.integer || Number.isInteger(value))
  );
}

/** A slider's range for a parameter: the declared one, as far as hands go. */
export function sliderOf({ params }: AnyLoss, name: string): { min: number; max: number; step: number } {
  const { default: fallback, integer, above, below, min, max } = params[name];
  const usual = Math.abs(Number(fallback)) || 1;
  const step = integer ? 1 : 10 ** Math.floor(Math.log10(usual / 10));
  const low = min ?? (above !== undefined ? above + step : -4 * usual);
  const high = max ?? (below !== undefined ? below - step : Math.max(4 * usual, low + 4 * usual));
  return { min: low, max: high, step };
}

/** Every loss that fits, by family. */
export function byFamily(
  fits: (loss: AnyLoss) => boolean,
  own: readonly AnyLoss[] = [],
): Map<string, AnyLoss[]> {
  const families = new Map<string, AnyLoss[]>();
  for (const loss of [...own, ...catalogue.values()].filter(fits)) {
    families.set(loss.family, [...(families.get(loss.family) ?? []), loss]);
  }
  return families;
}
