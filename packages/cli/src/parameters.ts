// Parameters and options in words, for list and show.

import type { AnyLoss } from "lossc";

export type Parameter = AnyLoss["params"][string];

/** `delta=1`, as one would type it. */
export const assignment = (name: string, { default: value }: Parameter): string =>
  `${name}=${defaultText(value)}`;

/** Euler's number is better known by its name. */
export const defaultText = (value: Parameter["default"]): string => (value === Math.E ? "e" : String(value));

/** What it may be: "> 0", "0 … 1, or null", "a whole number, 1 … 8". */
export function rangeText({
  default: value,
  above,
  below,
  min,
  max,
  integer,
  choices,
  or,
  axes,
}: Parameter): string {
  if (choices) return choices.join(" | ");
  if (typeof value === "boolean") return "true | false";
  const low = above !== undefined ? `> ${above}` : min !== undefined ? `>= ${min}` : "";
  const high = below !== undefined ? `< ${shorten(below)}` : max !== undefined ? `<= ${shorten(max)}` : "";
  const range = [low, high].filter((part) => part !== "").join(" and ");
  const words = [integer ? `whole${range === "" ? "" : ` ${range}`}` : range || "any number"];
  if (axes !== undefined) words.push("a list with one per class");
  for (const word of or ?? []) words.push(String(word));
  return words.join(", or ");
}

const shorten = (bound: number): string => (bound === Math.PI ? "π" : String(bound));

/** Options that losses of a kind share, and what they do. */
export const optionDocs: Readonly<Record<string, string>> = {
  classWeight: "[1,2,3] a weight per class, or balanced",
  ignoreIndex: "rows with this label do not count",
  labelSmoothing: "0 … 1, how much of the target goes to all classes alike",
  posWeight: "multiplies the loss of positive targets",
  encoding: "sign for targets -1 and +1, binary for 0 and 1",
  meanOver: "weight (Σ w·loss / Σ w) or count (Σ w·loss / rows that count)",
};
