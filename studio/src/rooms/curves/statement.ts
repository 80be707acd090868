// The columns that an example of a statement reads: named as people name them, one for each side of a box and each class.

import type { AnyLoss } from "lossc";
import { boxSides } from "lossc/columns";

const CLASSES = ["0", "1", "2"];

interface Asked {
  readonly loss: AnyLoss;
  readonly options: { readonly format?: unknown };
}

/** Of every input that has to be given; classes are three. */
export function columnsOf({ loss, options }: Asked): Record<string, string | string[]> {
  const [sides] = boxSides[String(options.format ?? "xyxy")] ?? boxSides.xyxy;
  const given = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
  return Object.fromEntries(
    given.map(([name, { axes }]) => {
      const [axis] = axes.split(" ").filter((word) => word !== "n" && !word.endsWith("..."));
      if (axis === undefined) return [name, name];
      return [name, (axis === String(sides.length) ? sides : CLASSES).map((last) => `${name}_${last}`)];
    }),
  );
}
