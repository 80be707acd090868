// Which losses train the classifier: those of logits and a target in [0, 1], and cross-entropy with weighted positives.

import { type AnyLoss, catalogue } from "lossc";
import { type Chosen, chosen } from "../../losses/named.ts";
import type { Pick } from "../../state/fields.ts";
import { NEGATIVES } from "./room.ts";

export const fits = ({ inputs }: AnyLoss): boolean =>
  Object.entries(inputs).every(
    ([name, { optional }]) => name === "logits" || name === "target" || optional,
  ) &&
  inputs.target?.kind === "binary" &&
  inputs.logits?.axes === "...";

/** The series of weighted cross-entropy: the last, whatever else is chosen. */
const WEIGHTED = 7;

export interface Row extends Chosen {
  /** How readings of it are called. */
  readonly key: string;
}

export function rowsOf(
  losses: readonly Pick[],
  weighted: boolean,
  positives: number,
  own: readonly AnyLoss[],
): readonly Row[] {
  const rows = chosen(losses, fits, { own }).map((row) => ({ ...row, key: row.loss.name }));
  if (!weighted) return rows;
  const loss = catalogue.get("bceWithLogits")!;
  const posWeight = Number((NEGATIVES / positives).toPrecision(3));
  const pick = { name: loss.name, params: {} };
  const title = `${loss.name} posWeight ${posWeight}`;
  return [...rows, { loss, pick, params: { posWeight }, series: WEIGHTED, title, key: "weighted" }];
}
