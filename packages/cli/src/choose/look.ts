// Looks at a file before losses are recommended: what its numbers say of the problem.

import { numberSources, rowPrefixes, rowSources, scalarNames } from "lossc/columns";
import { CommandError } from "../errors.ts";
import { columnsCalled } from "../eval/columns.ts";
import { type Database, openDatabase } from "../eval/database.ts";
import type { PredictionFile } from "../eval/file.ts";
import { givenFiles } from "../eval/input/given.ts";
import { openFiles } from "../eval/input/open.ts";
import { labelNumberOf, numberOf, textOf } from "../eval/sql.ts";
import { grouped, shortNumber } from "../format/number.ts";
import type { Notes } from "../notes.ts";
import type { OutputFlags } from "../output.ts";
import { listed } from "../suggest.ts";
import { terminalOf } from "../terminal.ts";

export interface Seen {
  /** What was looked at. */
  readonly columns: Readonly<Record<string, string>>;
  /** What it is: "a number per row", "two classes", "7 classes". */
  readonly kind: string;
  /** Of losses that such data can be given to. */
  readonly families: readonly string[];
  /** What was seen, a sentence each. */
  readonly sentences: readonly string[];
  /** The problems that this speaks for, the clearest first. */
  readonly problems: readonly string[];
}

export interface LookFlags extends OutputFlags {
  readonly target?: string;
  readonly prediction?: string;
}

export async function look(path: string, flags: LookFlags, notes: Notes): Promise<Seen> {
  const files = await givenFiles([path], undefined, notes);
  const database = await openDatabase({
    debug: flags.debug,
    progress: terminalOf(flags.color, flags.quiet).progress,
  });
  try {
    const file = await openFiles({ files, arrays: [], where: undefined }, database);
    const target = columnOf(file, flags.target, "--target", scalarNames.target.sure);
    if (target === undefined)
      throw new CommandError(
        `no column of ${file.path} is called like a target.`,
        `Name it: --target COLUMN\nColumns of the file: ${listed(file.columns.map(({ name }) => name))}`,
      );
    return await lookAt(file, target, flags, database);
  } finally {
    database.close();
  }
}

function columnOf(
  file: PredictionFile,
  given: string | undefined,
  flag: string,
  names: readonly string[],
): string | undefined {
  if (given !== undefined) return columnsCalled(given, file, flag)[0].name;
  return numberSources(file.columns, names)[0]?.columns[0].name;
}

async function lookAt(
  file: PredictionFile,
  target: string,
  flags: LookFlags,
  database: Database,
): Promise<Seen> {
  const t = labelNumberOf(target);
  const [about] = await database.rows(
    `SELECT count(*)::DOUBLE AS rows, count(DISTINCT ${textOf(target)})::DOUBLE AS values, count(${t})::DOUBLE AS numbers,
      min(${t}) AS low, max(${t}) AS high, coalesce(bool_and(${t} = floor(${t})), false) AS whole
      FROM ${file.from([target], new Set())}`,
  );
  const { rows, values, numbers, low, high, whole } = about as Record<string, number> & { whole: boolean };
  if (rows === 0)
    throw new CommandError(`${file.path} has columns but no rows.`, "Check the program that made it.");
  const predicted = (names: readonly string[]) => columnOf(file, flags.prediction, "--prediction", names);
  const isBinary = numbers === rows && values === 2 && (low === 0 || low === -1) && high === 1;
  const classRows = rowSources(file.columns, [...rowPrefixes.logits.sure, ...rowPrefixes.probabilities.sure]);
  if (isBinary) {
    const names = ["probability", "logits", "score", "prediction"].flatMap((name) => scalarNames[name].sure);
    return twoClasses(file, target, predicted(names), database);
  }
  if (numbers < rows || (whole && classRows.length > 0)) return classes(file, target, database);
  return numbersOf(file, target, predicted(scalarNames.prediction.sure), database);
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const one = (row: Record<string, unknown>, name: string): number => Number(row[name] ?? Number.NaN);

/** A normal distribution has one error in 1.7 million beyond five of its scales. */
const FAR = 5;
const MANY_FAR = 1e-3;

/** Targets that are numbers: the tails of the residuals, and what the targets are. */
async function numbersOf(
  file: PredictionFile,
  target: string,
  prediction: string | undefined,
  database: Database,
): Promise<Seen> {
  const t = numberOf(target);
  const sentences: string[] = [];
  const problems: string[] = [];
  if (prediction === undefined)
    sentences.push(
      "There are no predictions, so residuals cannot be looked at: --prediction COLUMN names them.",
    );
  else {
    const [tails] = await database.rows(
      `SELECT *, (SELECT avg((abs(r - middle) > ${FAR} * scale)::INTEGER) FROM residuals) AS far,
          (SELECT max(abs(r - middle)) / scale FROM residuals) AS farthest
        FROM (SELECT median(r) AS middle, 1.4826 * mad(r) AS scale, kurtosis(r) AS kurtosis FROM residuals)`.replace(
        /^/,
        `WITH residuals AS MATERIALIZED (SELECT ${numberOf(prediction)} - ${t} AS r FROM ${file.from([target, prediction], new Set())}
          WHERE isfinite(${numberOf(prediction)} - ${t})) `,
      ),
    );
    const [scale, far, farthest] = ["scale", "far", "farthest"].map((name) => one(tails, name));
    if (scale > 0) {
      sentences.push(
        `Residuals have a scale of ${shortNumber(scale)} (1.4826 median absolute deviations); ${far === 0 ? "none lies" : `${percent(far)} lie`} more than ${FAR} scales off${far === 0 ? "" : `, the farthest ${shortNumber(Number(farthest.toPrecision(2)))}`}. A normal distribution has one in 1.7 million there.`,
      );
      if (far >= MANY_FAR) problems.push("outliers");
    } else
      sentences.push(
        "More than half of the residuals are the same, so they have no scale to measure tails by.",
      );
    const bias = one(tails, "middle");
    if (scale > 0 && Math.abs(bias) > scale / 2)
      sentences.push(
        `Half of the predictions are off by more than ${shortNumber(bias)} to one side: the model is biased, which no loss repairs.`,
      );
  }
  const [spread] = await database.rows(
    `SELECT min(t) AS low, median(t) AS middle, max(t) AS high, bool_and(t = floor(t)) AS whole
      FROM (SELECT ${t} AS t FROM ${file.from([target], new Set())}) WHERE isfinite(t)`,
  );
  const [low, middle, high] = ["low", "middle", "high"].map((name) => one(spread, name));
  if (spread.whole === true && low >= 0) {
    sentences.push(`Targets are whole numbers from ${low} to ${grouped(high)}, as counts are.`);
    problems.push("counts");
  } else if (low > 0 && high > 100 * middle) {
    sentences.push(
      `Targets are positive and the largest is ${shortNumber(Number((high / middle).toPrecision(2)))} times the median.`,
    );
    problems.push("percent");
  }
  if (problems.length === 0) problems.push("smooth");
  return {
    columns: { target, ...(prediction !== undefined && { prediction }) },
    kind: "a number per row",
    families: ["regression"],
    sentences,
    problems,
  };
}

/** Sure predictions: at least this probability. */
const SURE = 0.95;

async function twoClasses(
  file: PredictionFile,
  target: string,
  score: string | undefined,
  database: Database,
): Promise<Seen> {
  const label = `(${labelNumberOf(target)} > 0)::INTEGER`;
  const columns = score === undefined ? [target] : [target, score];
  const s = score === undefined ? "NULL::DOUBLE" : numberOf(score);
  const [found] = await database.rows(
    `WITH given AS (SELECT ${label} AS y, ${s} AS s FROM ${file.from(columns, new Set())}),
      ranged AS (SELECT *, (SELECT bool_and(s BETWEEN 0 AND 1) FROM given) AS probability FROM given),
      told AS (SELECT y, CASE WHEN probability THEN s ELSE 1 / (1 + exp(-greatest(least(s, 700), -700))) END AS p, probability FROM ranged)
    SELECT avg(y) AS positives, avg(p) AS predicted, bool_and(probability) AS probability,
      avg((greatest(p, 1 - p) >= ${SURE})::INTEGER) AS sure,
      avg(CASE WHEN greatest(p, 1 - p) >= ${SURE} THEN ((p >= 0.5)::INTEGER <> y)::INTEGER END) AS wrong,
      avg(CASE WHEN greatest(p, 1 - p) >= ${SURE} THEN 1 - greatest(p, 1 - p) END) AS expected FROM told`,
  );
  const [positives, predicted, sure, wrong, expected] = [
    "positives",
    "predicted",
    "sure",
    "wrong",
    "expected",
  ].map((name) => one(found, name));
  const sentences = [`${percent(positives)} of the labels are positive.`];
  const problems: string[] = [];
  if (Math.min(positives, 1 - positives) < 0.1) problems.push("imbalance");
  if (score !== undefined) {
    sentences.push(
      `${score} is read as ${found.probability === true ? "a probability" : "a logit"}; on average it says ${percent(predicted)}.`,
    );
    if (sure > 0)
      sentences.push(
        `Of the ${percent(sure)} of rows that the model is sure of (probability ${SURE} or more), ${percent(wrong)} are labelled otherwise; it expects ${percent(expected)}.`,
      );
    if (sure > 0.05 && wrong > 0.005 && wrong > 2 * expected) problems.unshift("labelNoise");
    if (Math.abs(predicted - positives) > 0.05) problems.push("calibrated");
  }
  if (problems.length === 0) problems.push("calibrated");
  return {
    columns: { target, ...(score !== undefined && { score }) },
    kind: "two classes",
    families: ["binary", "margin"],
    sentences,
    problems,
  };
}

async function classes(file: PredictionFile, target: string, database: Database): Promise<Seen> {
  const counts = await database.rows(
    `SELECT ${textOf(target)} AS label, count(*)::DOUBLE AS n FROM ${file.from([target], new Set())} GROUP BY 1 ORDER BY n DESC`,
  );
  const [first, last] = [counts[0], counts[counts.length - 1]];
  const ratio = one(first, "n") / one(last, "n");
  const sentences = [
    `${counts.length} classes: the most frequent, ${first.label}, has ${grouped(one(first, "n"))} rows, the rarest, ${last.label}, has ${grouped(one(last, "n"))}.`,
  ];
  const problems = ratio > 10 ? ["imbalance"] : ["calibrated"];
  return {
    columns: { target },
    kind: `${counts.length} classes`,
    families: ["multiclass"],
    sentences,
    problems,
  };
}
