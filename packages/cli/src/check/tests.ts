// What a loss is tried for, one row each: what it must do, and the first input on which it does not.

import type { AnyLoss } from "lossc";
import { topological } from "lossc/language";
import { numbers as randomFrom } from "../random.ts";
import { type Point, pointOf } from "./points.ts";

export interface Trial {
  readonly loss: AnyLoss;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly points: number;
}

export interface Finding {
  readonly name: string;
  /** "skipped": it does not apply, as `evidence` says. */
  readonly verdict: "holds" | "breaks" | "skipped";
  readonly evidence: string;
  /** The input on which it breaks. */
  readonly point?: Point;
}

type Test = (trial: Trial) => Omit<Finding, "name">;

type Call = {
  readonly value: number;
  readonly grads: Readonly<Record<string, { readonly data: ArrayLike<number> }>>;
};

const call = ({ loss, params }: Trial, point: Point, options: object = {}): Call =>
  loss.valueAndGrad(point, {
    ...params,
    reduction: "sum",
    engine: "reference",
    ...options,
  }) as unknown as Call;
const value = (trial: Trial, point: Point): number => call(trial, point, { wrt: [], validate: false }).value;

function* pointsOf(trial: Trial, extreme: boolean): Generator<Point> {
  const random = randomFrom(trial.seed + (extreme ? 1e6 : 0));
  for (let i = 0; i < trial.points; i++) yield pointOf(trial.loss, trial.params, random, extreme);
}

/** Runs a test at every point until it says what is wrong. */
const atPoints =
  (extreme: boolean, fault: (trial: Trial, point: Point) => string | undefined): Test =>
  (trial) => {
    let tried = 0;
    for (const point of pointsOf(trial, extreme)) {
      tried += 1;
      const wrong = thrown(() => fault(trial, point));
      if (wrong !== undefined) return { verdict: "breaks", evidence: wrong, point };
    }
    return {
      verdict: "holds",
      evidence: `at ${tried} ${extreme ? "extreme" : "random"} points, seed ${trial.seed}`,
    };
  };

function thrown(work: () => string | undefined): string | undefined {
  try {
    return work();
  } catch (error) {
    return `it throws: ${(error as Error).message}`;
  }
}

export const tests: Readonly<Record<string, Test>> = {
  "a number comes out": atPoints(false, (trial, point) => {
    const found = value(trial, point);
    return Number.isFinite(found) ? undefined : `the loss is ${found}`;
  }),
  "the gradient is the slope": (trial) => {
    const held = topological([trial.loss.expr]).some(({ op }) => op === "stopGradient");
    return held
      ? {
          verdict: "skipped",
          evidence: "it holds parts constant in its gradient (stopGradient), which is so no slope",
        }
      : atPoints(false, slopeFault)(trial);
  },
  "extreme inputs give no NaN": atPoints(true, (trial, point) => {
    const { value: found, grads } = call(trial, point);
    if (Number.isNaN(found)) return "the loss is NaN";
    for (const [input, { data }] of Object.entries(grads)) {
      const place = Array.from(data).findIndex(Number.isNaN);
      if (place >= 0) return `the gradient by ${input} is NaN at place ${place}`;
    }
    return undefined;
  }),
  "float32 agrees with float64": atPoints(false, float32Fault),
  "the check value comes out": ({ loss }) => {
    const { check } = loss;
    if (!check) return { verdict: "skipped", evidence: "the definition brings no check value" };
    const found = loss(check.inputs, { ...check.options }) as number;
    const agrees = Math.abs(found - check.value) <= 1e-6 * Math.abs(check.value) + 1e-12;
    return agrees
      ? { verdict: "holds", evidence: String(check.value) }
      : { verdict: "breaks", evidence: `${found} comes out where the definition says ${check.value}` };
  },
};

/** Steps this small keep about nine digits of a central difference in float64. */
const STEP = 1e-5;
const TOLERANCE = 1e-5;

/** Compares each partial derivative with a central difference. At a kink, where the slopes on both sides differ, any
 * slope between them will do. */
function slopeFault(trial: Trial, point: Point): string | undefined {
  const { grads } = call(trial, point);
  const middle = value(trial, point);
  for (const [input, { data: gradient }] of Object.entries(grads)) {
    const { data, shape } = point[input];
    for (let place = 0; place < data.length; place++) {
      const step = STEP * Math.max(1, Math.abs(data[place]));
      const at = (offset: number): number => {
        const moved = Float64Array.from(data);
        moved[place] += offset;
        return value(trial, { ...point, [input]: { data: moved, shape } });
      };
      const [below, above] = [(middle - at(-step)) / step, (at(step) - middle) / step];
      const slope = (below + above) / 2;
      const scale = Math.max(1, Math.abs(slope), Math.abs(middle));
      const smooth = Math.abs(above - below) < 1e-2 * scale;
      const [low, high] = smooth ? [slope, slope] : [Math.min(below, above), Math.max(below, above)];
      const slack = TOLERANCE * scale;
      if (!(gradient[place] >= low - slack && gradient[place] <= high + slack))
        return `the gradient by ${input} at place ${place} is ${gradient[place]}, the slope there ${smooth ? slope : `from ${low} to ${high}`}`;
    }
  }
  return undefined;
}

/** float32 keeps seven digits; a loss that loses more than four of them needs another form. */
const FLOAT32_TOLERANCE = 1e-3;

function float32Fault(trial: Trial, point: Point): string | undefined {
  // Both from the same numbers: those that float32 has.
  const rounded = Object.fromEntries(
    Object.entries(point).map(([name, { data, shape }]) => [
      name,
      { data: Float64Array.from(data, Math.fround), shape },
    ]),
  );
  const wide = call(trial, rounded, { validate: false });
  const narrow = call(trial, rounded, { dtype: "float32", validate: false });
  const scale = Math.max(1, Math.abs(wide.value));
  if (!(Math.abs(narrow.value - wide.value) <= FLOAT32_TOLERANCE * scale))
    return `the loss is ${narrow.value} in float32 and ${wide.value} in float64`;
  for (const [input, { data }] of Object.entries(wide.grads)) {
    const largest = Math.max(1, ...Array.from(data, Math.abs));
    const other = narrow.grads[input].data;
    const place = Array.from(data).findIndex(
      (x, i) => !(Math.abs(other[i] - x) <= FLOAT32_TOLERANCE * largest),
    );
    if (place >= 0)
      return `the gradient by ${input} at place ${place} is ${other[place]} in float32 and ${data[place]} in float64`;
  }
  return undefined;
}
