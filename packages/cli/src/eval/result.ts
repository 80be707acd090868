// The result of eval: what a run has found, whatever the format it is written in.

import type { Constant } from "./baseline/index.ts";
import type { Calibration } from "./collect/reliability.ts";
import type { WorstRow } from "./collect/top.ts";
import type { Check } from "./conditions/judge.ts";

/** One loss on one group, or on all rows. */
export interface ResultRow {
  readonly spec: string;
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value of the --by column; null where it is missing, and for the total. */
  readonly group: string | number | null;
  readonly total: boolean;
  /** Σ w·ℓ / Σ w; null where nothing counted. */
  readonly value: number | null;
  readonly weightSum: number;
  readonly count: number;
  readonly bad: number;
  /** Rows whose loss is infinite or NaN. */
  readonly nonFinite: number;
  /** The mean of the best constant prediction, under --baseline; null where there is none. */
  readonly baseline?: number | null;
  /** 1 − value / baseline. */
  readonly skill?: number | null;
}

/** The rows with the largest losses of one loss. */
export interface WorstRows {
  readonly spec: string;
  readonly rows: readonly WorstRow[];
}

/** The constant prediction that a skill is against. */
export interface ConstantPrediction {
  readonly spec: string;
  readonly constant: Constant | null;
}

export interface EvalResult {
  readonly file: string;
  readonly files: readonly string[];
  readonly rows: number;
  /** The columns of each input, of --weight and of --by. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly by: string | undefined;
  readonly results: readonly ResultRow[];
  readonly baselines?: readonly ConstantPrediction[];
  readonly worst?: readonly WorstRows[];
  readonly calibration?: readonly Calibration[];
  readonly checks?: readonly Check[];
}

/** An infinite parameter (alpha=-inf) is a value and not a failure: it keeps its name. */
export const jsonParams = (params: ResultRow["params"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
