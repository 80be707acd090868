// Chooses from all wrong numbers the ones that docs/peers.md shows, and writes them to found.json: of each call the most
// telling value and the most telling gradient.
//
//   python tools/peers/search.py && (cd tools/peers/npm && npm ci --ignore-scripts && node search.mjs) && npx tsx tools/peers/select.ts && npm run generate

import { writeFileSync } from "node:fs";
import type { Precision } from "../accuracy/measure.ts";
import { answerOf, isWrong, numberOf, type Question, readJson } from "./ours.ts";

export interface Wrong extends Question {
  readonly library: string;
  readonly call: string;
  readonly precision: Precision;
  readonly of: string;
  readonly got: number;
  readonly true: number;
}

interface Search {
  readonly versions: Readonly<Record<string, string>>;
  readonly asked: Readonly<Record<string, number>>;
  readonly wrong: readonly Wrong[];
}

export interface Found extends Omit<Search, "wrong"> {
  /** How many numbers were wrong, by call. */
  readonly wrong: Readonly<Record<string, number>>;
  readonly rows: readonly Wrong[];
}

/** How much a wrong number tells: something that is no number first, a lost 1e-44 last. */
function telling({ got, true: truth, precision, inputs }: Wrong): number {
  // An infinite logit by itself is a rarer mishap than a large one; a class at -Infinity is an everyday mask.
  const far = Object.values(inputs).some((nested) =>
    (nested as readonly unknown[]).some((x) => Math.abs(x as number) === Infinity),
  );
  const kind =
    Number.isNaN(got) && Number.isFinite(truth)
      ? 6
      : !Number.isFinite(got) && Number.isFinite(truth)
        ? 5
        : !Number.isFinite(truth)
          ? 3
          : Math.max(Math.abs(got), Math.abs(truth)) < 1e-7
            ? 1
            : 2 + Math.min(2, Math.abs(Math.log10(Math.abs(got / truth)) || 0));
  return kind - (far ? 5 : 0) + (precision === "float64" ? 0.5 : 0);
}

const searches = ["wrong-python.json", "wrong-npm.json"].map((file) => readJson<Search>(file));
const wrong = searches.flatMap((search) => search.wrong);
const weAreRight = (one: Wrong): boolean =>
  !isWrong(numberOf(answerOf(one, one.precision), one.of), one.true, one.precision);
const callOf = ({ library, call }: Wrong): string => `${library} ${call}`;
const calls = [...new Set(wrong.map(callOf))];
const rows = calls.flatMap((call) => {
  const own = wrong
    .filter((one) => callOf(one) === call)
    .sort((a, b) => telling(b) - telling(a))
    .filter(weAreRight);
  const value = own.find(({ of }) => of === "value");
  const gradient = own.find(({ of }) => of !== "value");
  return [value, gradient].filter((one) => one !== undefined);
});
const found: Found = {
  versions: Object.assign({}, ...searches.map(({ versions }) => versions)),
  asked: Object.assign({}, ...searches.map(({ asked }) => asked)),
  wrong: Object.fromEntries(calls.map((call) => [call, wrong.filter((one) => callOf(one) === call).length])),
  rows,
};
const text = JSON.stringify(
  found,
  (_, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item),
  1,
);
writeFileSync(new URL("found.json", import.meta.url), `${text}\n`);
console.log(`${rows.length} rows of ${wrong.length} wrong numbers`);
