// Whether a loss is a proper score: whether the expected loss, over truths drawn with probability q, is least where the
// model says p = q. Tried over a grid of q and p.

import { LossError } from "../../errors.ts";
import { type Gap, phrase } from "../../phrase.ts";
import { lineOf } from "../line.ts";
import { type Place, structureOf } from "../structure.ts";
import type { Subject } from "../subject.ts";
import type { PropertyCard } from "../types.ts";
import { placedViews } from "../views/index.ts";
import { stack } from "../views/inputs.ts";
import { outputOfClasses } from "../views/rows.ts";
import type { PlacedView } from "../views/view.ts";
import { evident } from "./evidence.ts";
import { said } from "./numbers.ts";

type Options = Readonly<Record<string, unknown>>;
type Proper = NonNullable<PropertyCard["proper"]>;

/** Every loss at every p of a grid, by the truth: `losses[y][i]`. */
interface Table {
  readonly p: readonly (readonly number[])[];
  readonly losses: readonly ArrayLike<number>[];
  /** How the model says p, where not by itself. */
  readonly link: Gap;
}

export function proper(subject: Subject, options: Options): Proper | undefined {
  try {
    const table = binaryTable(subject, options) ?? classTable(subject, options);
    return table && judged(table);
  } catch (error) {
    // No loss of a sample by itself, so no expected one.
    if (error instanceof LossError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/** Steps of a probability on the grid for two classes, and for three. */
const FINE = 200;
const COARSE = 20;

/** A loss of one probability, or of its logit. */
function binaryTable(subject: Subject, options: Options): Table | undefined {
  const lines = [0, 1].map((target) => {
    const hasTarget = structureOf(subject, options).data.some(({ kind }) => kind === "binary");
    const view = hasTarget && placedViews(subject, options, target).find(({ probability }) => probability);
    return view ? lineOf(subject, view, options) : undefined;
  });
  if (!lines[0] || !lines[1]) return undefined;
  const p = Array.from({ length: FINE - 1 }, (_, i) => (i + 1) / FINE);
  const isProbability = lines[1].view.domain[0] === 0;
  const x = p.map((one) => (isProbability ? one : Math.log(one / (1 - one))));
  return {
    p: p.map((one) => [1 - one, one]),
    losses: lines.map((line) => line!.at(x).value),
    link: isProbability ? "" : phrase`, p being σ of the logit`,
  };
}

/** A loss of a row of probabilities, log-probabilities or logits of three classes. */
function classTable(subject: Subject, options: Options): Table | undefined {
  const found = outputOfClasses(structureOf(subject, options));
  if (!found) return undefined;
  const { view, output, truthOf } = found;
  const p: number[][] = [];
  for (let i = 1; i < COARSE; i++)
    for (let j = 1; i + j < COARSE; j++) p.push([i / COARSE, j / COARSE, (COARSE - i - j) / COARSE]);
  const row = rowOf(output);
  const losses = [0, 1, 2].map((label) =>
    valuesOf(
      subject,
      view,
      p.map((one) => ({ [output.name]: row(one), ...truthOf(label) })),
      options,
    ),
  );
  return { p, losses, link: output.domain === undefined ? phrase`, p being the softmax of the logits` : "" };
}

const rowOf =
  ({ domain }: Place) =>
  (p: readonly number[]): number[] =>
    domain === "distribution" ? [...p] : p.map(Math.log);

function valuesOf(
  subject: Subject,
  view: PlacedView,
  rows: readonly Readonly<Record<string, readonly number[]>>[],
  options: Options,
): ArrayLike<number> {
  const { inputs } = stack(subject, view, rows, options);
  return subject.evaluate({ inputs, directions: {}, options, of: "samples", second: false }).values;
}

/** Expected losses that differ by less than this share are the same. */
const SAME = 1e-10;

/** Nothing of a loss that is NaN for some prediction: no expected loss is least. */
function judged({ p, losses, link }: Table): Proper | undefined {
  if (losses.some((of) => Array.prototype.some.call(of, Number.isNaN))) return undefined;
  let worst: { q: readonly number[]; at: readonly number[]; away: number } | undefined;
  let strict = true;
  let asked = 0;
  for (const q of p
    .filter((one) => one.every((share) => share > 0.04))
    .filter((_, i, all) => i % Math.ceil(all.length / 40) === 0)) {
    asked++;
    const expected = p.map((_, i) => q.reduce((sum, share, y) => sum + share * losses[y][i], 0));
    const least = Math.min(...expected);
    const own = expected[p.indexOf(q)];
    const scale = Math.max(...expected.map(Math.abs));
    const best = expected.indexOf(least);
    if (own - least <= SAME * scale) {
      strict &&= expected.filter((one) => one - least <= SAME * scale).length === 1;
      continue;
    }
    const away = Math.max(...q.map((share, y) => Math.abs(share - p[best][y])));
    if (!worst || away > worst.away) worst = { q, at: p[best], away };
  }
  if (!worst) {
    const evidence = strict
      ? phrase`the expected loss is least at p = q and nowhere else, for each of ${asked} q tried${link}`
      : phrase`the expected loss is least at p = q, and elsewhere too, for each of ${asked} q tried${link}`;
    return { holds: true, ...evident(evidence) };
  }
  const shown = (share: readonly number[]) =>
    share.length === 2 ? said(share[1]) : `(${share.map(said).join(", ")})`;
  return {
    holds: false,
    ...evident(phrase`for q = ${shown(worst.q)} the expected loss is least at p = ${shown(worst.at)}${link}`),
  };
}
