// `lossc compare`: the same losses on two files of predictions, row by row: is the difference real?

import { CommandError } from "../errors.ts";
import { type EvalFlags, readSpecs } from "../eval/flags.ts";
import type { LossSpec } from "../eval/spec.ts";
import { Notes } from "../notes.ts";
import { checkOutput, formatOf, outputTerminal, writeResult } from "../output.ts";
import { checkSameLength, type Matched, match } from "./match.ts";
import { type Changed, type CompareResult, type CompareRow, renderers } from "./render.ts";
import { readSide, type Side } from "./side.ts";
import { comparePairs, type Settings } from "./statistics.ts";

interface CompareFlags extends EvalFlags {
  readonly key?: string;
  readonly against?: readonly string[];
  readonly top: string;
  readonly confidence: string;
  readonly resamples: string;
  readonly seed: string;
}

export async function compare(words: readonly string[], given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as CompareFlags;
  const specs = readSpecs(flags);
  const settings = readSettings(flags);
  const top = number(flags.top, "--top", (x) => Number.isInteger(x) && x >= 0, "a whole number");
  checkOutput(flags.output);
  const notes = new Notes(flags.quiet === true);
  const [a, b] = await readSides(words, specs, flags, notes);
  if (flags.key === undefined) checkSameLength([a, b]);
  const matched = specs.map((_, i) => match(i, [a, b], flags.key));
  const result: CompareResult = {
    a: labelOf(a, b, flags.prediction),
    b: labelOf(b, a, flags.against),
    key: flags.key ?? null,
    by: flags.by ?? null,
    seed: settings.seed,
    confidence: settings.confidence,
    rows: matched[0].keys.length,
    onlyA: Math.max(...matched.map(({ onlyA }) => onlyA)),
    onlyB: Math.max(...matched.map(({ onlyB }) => onlyB)),
    results: specs.flatMap((spec, i) => rowsOf(spec, matched[i], flags.by !== undefined, settings)),
    changed: specs.map((spec, i) => ({ loss: spec.text, rows: mostChanged(matched[i], top) })),
  };
  if (result.onlyA + result.onlyB > 0)
    notes.say(`rows without a usable partner are left out: ${result.onlyA} of A, ${result.onlyB} of B.`);
  writeResult(renderers[formatOf(flags)](result, outputTerminal(flags)), flags.output);
}

async function readSides(
  words: readonly string[],
  specs: readonly LossSpec[],
  flags: CompareFlags,
  notes: Notes,
): Promise<readonly [Side, Side]> {
  const [first, second = first] = words;
  if (first === undefined || words.length > 2 || (words.length === 1 && flags.against === undefined))
    throw new CommandError(
      `${words.length === 0 ? "no file is" : words.length === 1 ? "one file is" : `${words.length} files are`} given to compare.`,
      "Name two, as in lossc compare old.parquet new.parquet --loss crossEntropy; or one and two columns: --prediction y_old --against y_new",
    );
  if (words.length === 2 && flags.against !== undefined)
    throw new CommandError(
      "--against is for two columns of one file, and two files are given.",
      "Leave one out.",
    );
  const other = flags.against === undefined ? flags : { ...flags, prediction: flags.against };
  const a = await readSide(first, specs, flags, flags.key, notes);
  return [a, await readSide(second, specs, other, flags.key, notes)];
}

/** A file's name, or a column's where both are of one file. */
const labelOf = (side: Side, other: Side, columns: readonly string[] | undefined): string =>
  side.path === other.path && columns ? columns.join(" ") : side.path;

function readSettings({ confidence, resamples, seed }: CompareFlags): Settings {
  return {
    confidence: number(confidence, "--confidence", (x) => x > 0 && x < 1, "a share between 0 and 1"),
    resamples: number(
      resamples,
      "--resamples",
      (x) => Number.isInteger(x) && x >= 100,
      "a whole number from 100",
    ),
    seed: number(seed, "--seed", (x) => Number.isInteger(x) && x >= 0, "a whole number"),
  };
}

function number(text: string, flag: string, fits: (x: number) => boolean, expected: string): number {
  const value = Number(text);
  if (text.trim() !== "" && fits(value)) return value;
  throw new CommandError(`${flag} ${text} is not ${expected}.`, `Give ${expected}.`);
}

/** One row for each group, and the total. */
function rowsOf(spec: LossSpec, matched: Matched, byGroup: boolean, settings: Settings): CompareRow[] {
  const places = new Map<string | null, number[]>();
  for (const [i, group] of matched.groups.entries()) {
    const list = places.get(group);
    if (list) list.push(i);
    else places.set(group, [i]);
  }
  const order = new Intl.Collator("en", { numeric: true });
  const groups = byGroup
    ? [...places].sort(([x], [y]) =>
        x === null || y === null ? +(x === null) - +(y === null) : order.compare(x, y),
      )
    : [];
  const all = matched.keys.map((_, i) => i);
  return [
    ...groups.map(([group, rows]) => rowOf(spec, matched, rows, { group, total: false }, settings)),
    rowOf(spec, matched, all, { group: null, total: true }, settings),
  ];
}

function rowOf(
  spec: LossSpec,
  { a, b, weights }: Matched,
  rows: readonly number[],
  which: Pick<CompareRow, "group" | "total">,
  settings: Settings,
): CompareRow {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  const [lossesA, lossesB, own] = [pick(a), pick(b), pick(weights)];
  const differences = lossesB.map((loss, i) => loss - lossesA[i]);
  const usable = differences.every(Number.isFinite);
  const mean = (values: Float64Array) => values.reduce((x, y) => x + y, 0) / own.reduce((x, y) => x + y, 0);
  return {
    loss: spec.text,
    ...which,
    rows: rows.length,
    a: mean(lossesA),
    b: mean(lossesB),
    ...(usable
      ? comparePairs({ differences, weights: own }, settings)
      : {
          difference: mean(differences),
          interval: [Number.NaN, Number.NaN] as const,
          p: Number.NaN,
          method: "none" as const,
        }),
  };
}

/** Those with the largest difference, whichever way. */
function mostChanged({ keys, a, b }: Matched, count: number): Changed[] {
  const places = keys.map((_, i) => i);
  places.sort((i, j) => Math.abs(b[j] - a[j]) - Math.abs(b[i] - a[i]) || i - j);
  return places.slice(0, count).map((i) => ({ key: keys[i], a: a[i], b: b[i], difference: b[i] - a[i] }));
}
