// What a view's axis is called: the library's own label in English, its name and letter in other languages.

import type { View } from "lossc";
import { type Path, say, speaking } from "./say.svelte.ts";

/** A view of a loss of one's own may have no word here. */
export const viewName = (name: string): string => say(`views.${name}` as Path) || name;

export const axisLabel = ({ name, label, symbol }: View): string =>
  speaking() === "en" ? label : `${viewName(name)} ${symbol}`;
