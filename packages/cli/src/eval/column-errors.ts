// What is said of columns: how a source is called, which flag names it, and why none was taken.

import {
  boxPrefixes,
  boxSides,
  boxSources,
  namesOf,
  numberSources,
  queryNames,
  rowPrefixes,
  rowSources,
  type Source,
  scalarNames,
} from "lossc/columns";
import { CommandError } from "../errors.ts";
import { listed } from "../suggest.ts";
import type { Column, PredictionFile } from "./file.ts";
import { prefixesOf } from "./find.ts";
import { flagName, isPrediction, parametersOf, type Wanted } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export const sourceText = ({ columns }: Source): string =>
  columns.length > 4
    ? `${columns[0].name} … ${columns.at(-1)!.name}`
    : columns.map(({ name }) => name).join(" ");

export function perhapsNote({ loss }: LossSpec, one: Wanted, source: Source): string {
  const what = {
    any: `its input "${one.name}"`,
    logits: "logits (raw scores)",
    probabilities: "probabilities",
    logProbabilities: "log-probabilities",
  }[one.numbers];
  return `${loss.name}: ${sourceText(source)} ${source.columns.length > 1 ? "are" : "is"} read as ${what}.`;
}

export function ambiguous(
  { loss }: LossSpec,
  one: Wanted,
  sources: readonly Source[],
  all: readonly Wanted[],
): CommandError {
  const texts = sources.map(sourceText);
  const flag = flagName(one, all);
  return new CommandError(
    `${loss.name}: "${one.name}" could be ${texts.map((text) => `"${text}"`).join(" or ")}.`,
    `Say which: ${texts.map((_, i) => asFlag(flag, sources[i])).join("  or  ")}`,
  );
}

/** Two inputs of which one is given, found both. */
export function oneOfTwo(
  { loss }: LossSpec,
  both: readonly { readonly wanted: Wanted; readonly source: Source }[],
  all: readonly Wanted[],
): CommandError {
  const names = both.map(({ wanted, source }) => `"${wanted.name}" (${sourceText(source)})`);
  return new CommandError(
    `${loss.name}: it takes ${names.join(" or ")}, not both.`,
    `Say which: ${both.map(({ wanted, source }) => asFlag(isPrediction(wanted, all) ? "--prediction" : `--input ${wanted.name}=`, source)).join("  or  ")}`,
  );
}

/** How a person would name a source with a flag. */
function asFlag(flag: string, { columns }: Source): string {
  const names = columns.map(({ name }) => name);
  const text =
    names.length > 4
      ? `'${names[0].replace(/[^_.\-: ]+$/, "")}*'`
      : names.join(flag.endsWith("=") ? "," : " ");
  return flag.endsWith("=") ? `${flag}${text}` : `${flag} ${text}`;
}

export function missing(
  spec: LossSpec,
  one: Wanted,
  file: PredictionFile,
  all: readonly Wanted[],
  grouped: boolean,
): CommandError {
  const { loss } = spec;
  const flag = flagName(one, all);
  const value =
    one.size === 4 ? "X1 Y1 X2 Y2" : one.shape === "row" && !one.elements ? "'PATTERN_*'" : "COLUMN";
  const lines = [
    `Name ${value === "COLUMN" ? "it" : "them"}: ${flag}${flag.endsWith("=") ? "" : " "}${value}`,
  ];
  if (one.elements && !grouped) lines.push(queryLine(one, file.columns));
  lines.push(...otherKind(spec, one, file.columns));
  lines.push(`Columns of the file: ${listed(file.columns.map(({ name }) => name))}`);
  return new CommandError(
    `${loss.name}: no column of ${file.path} is called like its input "${one.name}" (looked for ${lookedFor(spec, one)}).`,
    lines.join("\n"),
  );
}

/** Elements that are rows of their own need a column that says which belong together. */
function queryLine(one: Wanted, columns: readonly Column[]): string {
  const likely = columns.find(({ name }) => queryNames.includes(name.toLowerCase()));
  const found = numberSources(columns, [...namesOf(one.name).sure, ...(namesOf(one.name).perhaps ?? [])]);
  const has = found.length > 0 ? `${sourceText(found[0])} has one for each row` : "Where each row has one";
  return `${has}: say which rows belong together with --query ${likely?.name ?? "COLUMN"}`;
}

function lookedFor(spec: LossSpec, one: Wanted): string {
  if (one.size === 4) {
    const [sides] = boxSides[String(parametersOf(spec).format ?? "xyxy")] ?? [[]];
    return (boxPrefixes[one.name]?.sure ?? [one.name])
      .slice(0, 3)
      .map((prefix) => `${prefix}_${sides[0]} … ${prefix}_${sides[3]}`)
      .join(", ");
  }
  if (one.elements && one.shape === "row" && one.numbers === "any")
    return prefixesOf(one)
      .sure.map((name) => `lists ${name}`)
      .join(", ");
  if (one.shape === "row")
    return prefixesOf(one)
      .sure.map((prefix) => `${prefix}_<class>`)
      .join(", ");
  return namesOf(one.name).sure.join(", ");
}

/** Columns of another kind of number are not taken for the input, but they tell what was perhaps meant. */
function otherKind({ loss }: LossSpec, one: Wanted, columns: readonly Column[]): string[] {
  if (one.size === 4) {
    const prefixes = boxPrefixes[one.name]?.sure ?? [one.name];
    const other = (["xyxy", "xywh", "cxcywh"] as const).filter((format) =>
      boxSources(columns, prefixes, format).some(({ kind }) => kind === "row"),
    );
    return other.map(
      (format) =>
        `The file has boxes that look like ${format}; if they are, say so: --loss ${loss.name}:format=${format}`,
    );
  }
  const found = [
    ...numberSources(columns, scalarNames.probability.sure),
    ...rowSources(columns, rowPrefixes.probabilities.sure),
  ];
  if (one.numbers === "logits" && one.spec.role === "model" && found.length > 0) {
    return [
      `${sourceText(found[0])} looks like probabilities, and ${loss.name} wants logits: take a loss of probabilities (lossc list).`,
    ];
  }
  const rows = rowSources(columns, [...rowPrefixes.logits.sure]);
  if (one.shape === "number" && one.numbers === "logits" && rows.length > 0) {
    return [`${sourceText(rows[0])} are one logit per class, which crossEntropy and its kin take.`];
  }
  return [];
}
