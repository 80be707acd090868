// Named axes: how "n c", "..." and "n... 4" are read, and what a set of names does under an operation.

import { LossError } from "../errors.ts";
import { phrase } from "../phrase.ts";

/** One word of an axes string: `n` one dimension, `n...` any number of dimensions as one axis, `4` a fixed size. */
export interface AxisSpec {
  readonly name: string;
  /** Stands for any number of dimensions, zero included, seen as one. */
  readonly many: boolean;
  /** The size it must have, where the word is a number. */
  readonly size?: number;
}

/** Reads `"n... c"`. The word `...` alone is an axis of that name that takes any shape. */
export function parseAxes(text: string): readonly AxisSpec[] {
  const specs = text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word): AxisSpec => {
      if (word === "...") return { name: "...", many: true };
      const match = /^([A-Za-z][A-Za-z0-9]*)(\.\.\.)?$|^([1-9][0-9]*)$/.exec(word);
      if (!match) {
        throw new LossError("definition", phrase`"${word}" in axes "${text}" is not an axis.`, {
          note: phrase`Write names, "..." or a size: "n c", "...", "n 4".`,
        });
      }
      if (match[3]) return { name: match[3], many: false, size: Number(match[3]) };
      return { name: match[1], many: match[2] !== undefined };
    });
  if (specs.filter((spec) => spec.many).length > 1) {
    throw new LossError(
      "definition",
      phrase`axes "${text}" have two words with "...", so a shape could not be told apart.`,
    );
  }
  if (new Set(specs.map((spec) => spec.name)).size !== specs.length) {
    throw new LossError("definition", phrase`axes "${text}" name an axis twice.`);
  }
  return specs;
}

/** All axes of two lists, in order of first appearance. */
export function unionAxes(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b === a || b.length === 0) return a;
  if (a.length === 0) return b;
  let all = a;
  for (let i = 0; i < b.length; i++) if (!all.includes(b[i])) all = [...all, b[i]];
  return all;
}

export function withoutAxis(axes: readonly string[], axis: string): readonly string[] {
  return axes.includes(axis) ? axes.filter((name) => name !== axis) : axes;
}
