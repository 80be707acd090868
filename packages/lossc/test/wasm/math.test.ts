// The SIMD functions against float64 (float32 lanes) and against V8's float64 functions (float64 lanes), in ulp.

import { describe, expect, it } from "vitest";
import type { Node } from "../../src/backends/wasm/assembler.ts";
import type { Lanes, Precision } from "../../src/backends/wasm/lanes.ts";
import { math } from "../../src/backends/wasm/math/index.ts";
import { rows } from "../../src/backends/wasm/ops.ts";
import * as scalar from "../../src/language/scalar.ts";
import { exactly } from "../../src/passes/ranges.ts";
import { ulps, vectorised } from "./kernel.ts";

const edges = [
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
  1,
  -1,
  2,
  0.5,
  1e-45,
  -1e-45,
  1e-40,
  -1e-40,
  2 ** -126,
  3.4e38,
  -3.4e38,
  88.7,
  88.73,
  -103.9,
  -87.4,
  1e300,
  -1e300,
  709.78,
  -745.1,
  5e-324,
  -5e-324,
];

/** Both signs over all magnitudes, and densely where functions bend. */
function grid(precision: Precision): number[] {
  let state = 12345;
  const random = (): number => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const numbers = [...edges];
  for (let i = 0; i < 20_000; i++) {
    const magnitude = 2 ** ((i / 20_000) * 256 - 128);
    numbers.push(
      magnitude,
      -magnitude,
      (random() * 2 - 1) * 3,
      (random() * 2 - 1) * 100,
      1 + (random() - 0.5) * 0.01,
    );
  }
  return precision === "float32" ? numbers.map(Math.fround) : numbers;
}

interface Case {
  readonly want: (a: number) => number;
  readonly ulp: readonly [float32: number, float64: number];
  readonly domain?: (a: number) => boolean;
}

/** The bounds are what was measured, rounded up; float64 ones hold the error of the oracle too. */
const cases = {
  exp: { want: Math.exp, ulp: [1.1, 2] },
  expm1: { want: Math.expm1, ulp: [1.7, 2] },
  log: { want: Math.log, ulp: [0.8, 2] },
  logModerate: { want: Math.log, ulp: [0.8, 2], domain: (a) => !(a > math.MODERATE) },
  log1p: { want: Math.log1p, ulp: [0.8, 2] },
  log1mexp: { want: scalar.log1mexp, ulp: [3, 2], domain: (a) => !(a > 0) },
  sigmoid: { want: scalar.sigmoid, ulp: [2.5, 3] },
  softplus: { want: scalar.softplus, ulp: [1.9, 3] },
  tanh: { want: Math.tanh, ulp: [2.5, 3] },
  sin: { want: Math.sin, ulp: [0.51, 2], domain: (a) => !(Math.abs(a) > 2 ** 21) },
  cos: { want: Math.cos, ulp: [0.51, 2], domain: (a) => !(Math.abs(a) > 2 ** 21) },
  atan: { want: Math.atan, ulp: [0.51, 2] },
  lgamma: { want: scalar.logGamma, ulp: [0.51, 20000], domain: (a) => a > 0 },
  digamma: { want: scalar.digamma, ulp: [0.51, 20000], domain: (a) => a > 1e-30 && a < 1e30 },
  trigamma: { want: scalar.trigamma, ulp: [0.51, 4], domain: (a) => a > 1e-30 && a < 1e30 },
} satisfies Record<string, Case>;

/** Of 1 + p + p² + …, by powers and without. */
const GEOMETRIC = { float32: 4, float64: 4 } as const;

/** The largest error and where, over arguments. */
function worst(
  precision: Precision,
  got: readonly number[],
  want: readonly number[],
  at: (i: number) => string,
): [number, string] {
  let error = 0;
  let place = "";
  got.forEach((value, i) => {
    const distance = ulps(precision, value, want[i]);
    if (distance <= error) return;
    error = distance;
    place = `${at(i)}: ${value}, not ${want[i]}`;
  });
  return [error, place];
}

describe.each(["float32", "float64"] as const)("%s", (precision) => {
  it.each(Object.entries(cases) as [keyof typeof cases, Case][])(
    "%s is within its bound",
    (name, { want, ulp, domain }) => {
      const arguments_ = grid(precision).filter(domain ?? (() => true));
      const got = vectorised(precision, 1, math[name] as (v: Lanes, a: Node) => Node)(arguments_);
      const [error, place] = worst(precision, got, arguments_.map(want), (i) => `${name}(${arguments_[i]})`);
      expect(error, place).toBeLessThanOrEqual(ulp[precision === "float32" ? 0 : 1]);
      const zeros = arguments_.filter((a, i) => want(a) === 0 && !Object.is(want(a), got[i]));
      expect(zeros.map((a) => `${name}(${a})`)).toEqual([]);
    },
  );

  it.each([0.3, 0.5, 1, 2, 3, 4, 7.25, 100])("geometric of %s terms is within its bound", (count) => {
    const round = precision === "float32" ? Math.fround : Number;
    const fractions = grid(precision).filter((a) => a >= 0 && a <= 0.5);
    // Near 0 and near 1: what is near 1 has lost the digits of the other, of which both are made.
    const numbers = [...fractions.map(round), ...fractions.map((p) => round(1 - p))];
    const others = [...fractions.map((a) => round(1 - a)), ...fractions.map(round)];
    const want = numbers.map((a, i) => scalar.geometric(a, count, others[i]));
    const any = vectorised(precision, 3, math.geometric);
    const known = vectorised(precision, 2, (v, a, p) => {
      const range = { low: 0, high: 1, mayBeNaN: false };
      const args = [
        { node: a, range },
        { node: v.constant(count), constant: count, range: exactly(count) },
      ];
      return rows.geometric(v, a, args[1].node, p, args);
    });
    const got = [
      any(
        numbers,
        numbers.map(() => count),
        others,
      ),
      known(numbers, others),
    ];
    for (const values of got) {
      const [error, place] = worst(precision, values, want, (i) => `${numbers[i]}`);
      expect(error, place).toBeLessThanOrEqual(GEOMETRIC[precision]);
    }
  });

  it("log1p and log of what is known to be near 1 are one series", () => {
    const shares = grid(precision).filter((a) => a >= -0.5 && a <= 1);
    const range = { low: -0.5, high: 1, mayBeNaN: false };
    const near = vectorised(precision, 1, (v, a) => rows.log1p(v, a, a, a, [{ range }]));
    const [error, place] = worst(
      precision,
      near(shares),
      shares.map(Math.log1p),
      (i) => `log1p(${shares[i]})`,
    );
    expect(error, place).toBeLessThanOrEqual(precision === "float32" ? 2 : 3);
    const numbers = shares.map((a) => (precision === "float32" ? Math.fround(1 + a) : 1 + a));
    const beside = { low: 0.5, high: 2, mayBeNaN: false };
    const log = vectorised(precision, 1, (v, a) => rows.log(v, a, a, a, [{ range: beside }]));
    const [other, where] = worst(precision, log(numbers), numbers.map(Math.log), (i) => `log(${numbers[i]})`);
    expect(other, where).toBeLessThanOrEqual(precision === "float32" ? 2 : 3);
  });

  const signed = [
    ...edges,
    3,
    -3,
    7.5,
    -7.5,
    1 + 1e-7,
    1 - 1e-7,
    ...Array.from({ length: 200 }, (_, i) => (i - 100) / 7.3),
  ];
  const positive = [...edges, ...Array.from({ length: 200 }, (_, i) => Math.exp((i - 100) / 9))];
  const pairs = {
    pow: { want: (a: number, b: number) => a ** b, a: positive, b: signed },
    atan2: { want: Math.atan2, a: signed, b: signed },
  };
  it.each(Object.entries(pairs))("%s is within a unit", (name, { want, a, b }) => {
    const round = precision === "float32" ? Math.fround : (x: number) => x;
    const all = a.flatMap((x) => b.map((y) => [round(x), round(y)] as const));
    const formula = math[name as "pow" | "atan2"] as (v: Lanes, a: Node, b: Node) => Node;
    const got = vectorised(
      precision,
      2,
      formula,
    )(
      all.map(([x]) => x),
      all.map(([, y]) => y),
    );
    const [error, place] = worst(
      precision,
      got,
      all.map(([x, y]) => want(x, y)),
      (i) => `${name}(${all[i]})`,
    );
    expect(error, place).toBeLessThanOrEqual(precision === "float32" ? 0.51 : 1.01);
  });

  it.each([1, 2, 3])("exprel of order %s is within its bound", (order) => {
    const arguments_ = grid(precision).filter((a) => !(Math.abs(a) > 700));
    const got = vectorised(precision, 1, (v, a) => math.exprel(v, a, order))(arguments_);
    const want = arguments_.map((a) => scalar.exprel(a, order));
    const [error, place] = worst(precision, got, want, (i) => `${arguments_[i]}`);
    expect(error, place).toBeLessThanOrEqual(precision === "float32" ? 0.51 : 20); // the recurrence cancels just beyond 1
  });
});

describe("with 37 bits", () => {
  /** Of either sign and every size that float32 inputs lead to, and densely where functions bend. */
  const grid = edges
    .slice(0, 20)
    .concat(
      Array.from({ length: 50_000 }, (_, i) => [
        2 ** (i / 100 - 250),
        -(2 ** (i / 100 - 250)),
        (i / 50_000 - 0.5) * 6,
        (i / 50_000 - 0.5) * 1400,
      ]).flat(),
    );
  const within = {
    exp: { want: Math.exp, domain: (a: number) => !(a < -690) || a === Number.NEGATIVE_INFINITY },
    expNonPositive: { want: Math.exp, domain: (a: number) => !(a > 0) && !(a < -690 && a > -1e308) },
    expm1: { want: Math.expm1 },
    expm1NonPositive: { want: Math.expm1, domain: (a: number) => !(a > 0) },
    log: { want: Math.log },
    log1p: { want: Math.log1p },
    log1pNonNegative: { want: Math.log1p, domain: (a: number) => !(a < 0 || Object.is(a, -0)) },
    log1pUnit: { want: Math.log1p, domain: (a: number) => a >= -0.5 && a <= 1 },
    pow: { want: Math.sqrt, domain: (a: number) => !(a < 0) },
  } satisfies Record<string, { want: (a: number) => number; domain?: (a: number) => boolean }>;
  /** Of e = eˣ, x ≤ 0, which is a quotient itself. */
  const ofDecay = {
    "1 / (1 + e)": { of: (v, e, one) => v.div(one, v.add(e, one)), want: (x) => 1 / (1 + Math.exp(x)) },
    "e / (1 + e)": {
      of: (v, e, one) => v.mul(e, v.div(one, v.add(e, one))),
      want: (x) => Math.exp(x) / (1 + Math.exp(x)),
    },
    "e / (2 + e)": {
      of: (v, e) => v.div(e, v.add(e, v.constant(2))),
      want: (x) => Math.exp(x) / (2 + Math.exp(x)),
    },
    "log(1 + e)": { of: (v, e) => math.log1pUnit(v, e), want: (x) => Math.log1p(Math.exp(x)) },
  } satisfies Record<string, { of: (v: Lanes, e: Node, one: Node) => Node; want: (x: number) => number }>;
  it.each(Object.entries(ofDecay))("%s is within 2^−36 of it, from −∞ to 0", (_, { of, want }) => {
    const arguments_ = grid.filter((a) => !(a > 0) && !(a < -690 && a > -1e308));
    const got = vectorised("short", 1, (v, a) => of(v, math.expNonPositive(v, a), v.constant(1)))(arguments_);
    const wrong = arguments_.filter((a, i) => {
      const exact = want(a);
      return Number.isNaN(exact) ? !Number.isNaN(got[i]) : !(Math.abs(got[i] - exact) <= 2 ** -36 * exact);
    });
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(within) as [keyof typeof within, { want: Case["want"]; domain?: Case["domain"] }][])(
    "%s is within 2^−37 of it, and exact where nothing is to be rounded",
    (name, { want, domain }) => {
      const arguments_ = grid.filter(domain ?? (() => true));
      const formula = (v: Lanes, a: Node) =>
        name === "pow" ? math.pow(v, a, v.constant(0.5)) : math[name](v, a);
      const got = vectorised("short", 1, formula)(arguments_);
      const wrong = arguments_.filter((a, i) => {
        const exact = want(a);
        if (!Number.isFinite(exact) || exact === 0) return !Object.is(got[i], exact) && !(name === "pow");
        return !(Math.abs(got[i] - exact) <= 2 ** -37 * Math.abs(exact));
      });
      expect(wrong.slice(0, 5).map((a) => `${name}(${a}) is not ${got[arguments_.indexOf(a)]}`)).toEqual([]);
    },
  );
});
