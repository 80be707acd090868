// Where value or slope of a loss jump: intervals in which they do not follow from the ends are cut ever smaller, until
// nothing surprises or what does fits between two neighbouring numbers.

import { median, type Point } from "./point.ts";

/** Two neighbouring numbers between which value or slope jumps. */
export interface Break {
  readonly before: Point;
  readonly after: Point;
}

/** How closely to look. */
export interface Effort {
  /** Cuts of an interval that behaves smoothly, after which it is believed. */
  readonly patience: number;
  /** The search ends with so many evaluations, whatever is left. */
  readonly most: number;
  /** At first only intervals that surprise more than this times those around them do are looked into. */
  readonly unlike: number;
}

export interface Scales {
  readonly slope: number;
  readonly value: number;
}

/** Jumps of less than this share of the scale are not looked for. */
const SMALLEST = 1e-6;
/** Numbers this close to 0 are 0. */
const NOTHING = 1e-280;
/** Not in the middle: a corner that is met exactly, whose slope taken is the mean, must not look smooth. */
const SPLIT = 0.45;
/** An interval that has surprised so often has a jump, and only the half that has it is followed. */
const SURE = 5;

interface Span {
  readonly before: Point;
  readonly after: Point;
  readonly last: number;
  /** How often in a row the surprise has fallen as a smooth function's does, and how often not. */
  readonly calm: number;
  readonly stubborn: number;
}

/** All breaks between neighbouring points, and every point that was evaluated on the way. */
export function breaksOf(
  first: readonly Point[],
  evaluate: (xs: readonly number[]) => readonly Point[],
  scales: Scales,
  grain: (x: number) => number,
  { patience, most, unlike }: Effort,
): { readonly breaks: readonly Break[]; readonly met: readonly Point[] } {
  const met: Point[] = [];
  const breaks: Break[] = [];
  const isNarrow = (a: number, b: number): boolean =>
    b - a <= Math.max(8 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b)), grain((a + b) / 2), NOTHING);
  let live = first
    .slice(1)
    .map(
      (after, i): Span => ({ before: first[i], after, last: Number.POSITIVE_INFINITY, calm: 0, stubborn: 0 }),
    );
  for (let round = 0; live.length > 0 && met.length < most; round++) {
    live = live.filter(({ before, after }) =>
      Number.isFinite(before.slope + after.slope + before.value + after.value),
    );
    const middles = evaluate(live.map(({ before, after }) => splitOf(before.x, after.x)));
    met.push(...middles);
    const wrong = live.map(({ before, after }, i) => surprise(before, middles[i], after, scales));
    const limit = (i: number): number =>
      round === 0
        ? Math.max(SMALLEST, unlike * median([-2, -1, 1, 2].map((by) => wrong[i + by] ?? 0)))
        : SMALLEST;
    live = live.flatMap((span, i): Span[] => {
      const { before, after, last, stubborn } = span;
      if (!(wrong[i] >= limit(i))) return [];
      // Of a jump's two halves one has it: the other, if still here, stands beside.
      const sibling =
        live[i - 1]?.after === before && live[i - 1].last === last
          ? i - 1
          : live[i + 1]?.before === after && live[i + 1].last === last
            ? i + 1
            : -1;
      if (
        stubborn > SURE &&
        sibling >= 0 &&
        (wrong[sibling] > wrong[i] || (wrong[sibling] === wrong[i] && sibling < i))
      )
        return [];
      const isCalm = wrong[i] <= last / 2;
      const calm = isCalm ? span.calm + 1 : 0;
      if (calm > patience) return [];
      if (isNarrow(before.x, after.x)) {
        breaks.push({ before, after });
        return [];
      }
      const half = { last: wrong[i], calm, stubborn: isCalm ? 0 : stubborn + 1 };
      return [
        { ...half, before, after: middles[i] },
        { ...half, before: middles[i], after },
      ];
    });
  }
  breaks.sort((a, b) => a.before.x - b.before.x);
  return { breaks: joined(breaks, isNarrow), met };
}

/** How far slope or value in between is from the straight line between its neighbours', as a share of the scale. Value
 * and slope are judged apart: a gradient that holds a factor constant is not the slope of the value. */
function surprise(before: Point, middle: Point, after: Point, scales: Scales): number {
  const share = (middle.x - before.x) / (after.x - before.x);
  const of = (which: "slope" | "value"): number => {
    const [a, b] = [before[which], after[which]];
    const largest = Math.max(scales[which], Math.abs(a), Math.abs(b));
    return Math.abs(middle[which] - (a + share * (b - a))) / largest || 0;
  };
  return Math.max(of("slope"), of("value"));
}

/** Towards 0 in powers, elsewhere by a share of the interval. */
function splitOf(a: number, b: number): number {
  if (a === 0) return b * 1e-6;
  if (b === 0) return a * 1e-6;
  if (Math.sign(a) !== Math.sign(b)) return 0;
  const ratio = Math.abs(a / b);
  if (ratio > 4 || ratio < 0.25) return Math.sign(a) * Math.sqrt(Math.abs(a)) * Math.sqrt(Math.abs(b));
  return a + SPLIT * (b - a);
}

/** Two halves of a break that is met exactly are one. */
function joined(breaks: readonly Break[], isNarrow: (a: number, b: number) => boolean): Break[] {
  const whole: Break[] = [];
  for (const one of breaks) {
    const last = whole.at(-1);
    if (last && isNarrow(last.after.x, one.before.x))
      whole[whole.length - 1] = { before: last.before, after: one.after };
    else whole.push(one);
  }
  return whole;
}
