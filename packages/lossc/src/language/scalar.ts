// Scalar functions that JavaScript's Math lacks, in float64, accurate over the whole range.

/** log(1 + eᵃ): the exponential never overflows. */
export function softplus(a: number): number {
  return a > 0 ? a + Math.log1p(Math.exp(-a)) : Math.log1p(Math.exp(a));
}

/** 1 / (1 + e⁻ᵃ): exact to the last bits in both tails. */
export function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}

/** log(1 − eᵃ) for a ≤ 0; −∞ at 0. Mächler 2012, "Accurately computing log(1 − exp(−|a|))", eq. 7. */
export function log1mexp(a: number): number {
  return a > -Math.LN2 ? Math.log(-Math.expm1(a)) : Math.log1p(-Math.exp(a));
}

/** (1 − cᵇ)/a for a probability c, a = 1 − c and b > 0: the geometric series 1 + c + c² + …, to b terms. Both sides are
 * given: what is near 1 has lost the digits of the other. */
export function geometric(a: number, b: number, c: number): number {
  const log = c < 0.5 ? Math.log(c) : Math.log1p(-a);
  return a * b < 1e-17 ? b : -Math.expm1(b * log) / a;
}

/** The φ functions of exponential integrators; φ₁ is exprel. Continuous through 0, where φ_k = 1/k!. */
export function exprel(a: number, order: number): number {
  if (Math.abs(a) < 1) {
    // Σ aⁱ/(i + k)!, from the far end so that small terms are added first.
    let sum = 0;
    for (let i = 18; i >= 1; i--) sum = ((sum + 1) * a) / (i + order);
    let factorial = 1;
    for (let i = 2; i <= order; i++) factorial *= i;
    return (sum + 1) / factorial;
  }
  if (a === Number.NEGATIVE_INFINITY) return 0;
  if (a === Number.POSITIVE_INFINITY) return a;
  let value = Math.expm1(a) / a;
  let factorial = 1;
  for (let k = 1; k < order; k++) {
    factorial *= k;
    value = (value - 1 / factorial) / a;
  }
  return value;
}

/** log Γ(a) for a > 0 by Lanczos' series (g = 7, nine terms), and the shift log Γ(a) = log Γ(a + 1) − log a near 0. */
export function logGamma(a: number): number {
  if (!(a > 0)) return a === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (a === Number.POSITIVE_INFINITY) return a;
  if (a === 1 || a === 2) return 0;
  if (a < 0.5) return logGamma(a + 1) - Math.log(a);
  if (a > 1e7) return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * a);
  const x = a - 1;
  let series = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) series += lanczos[i] / (x + i);
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(series);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** d/da log Γ(a) for a >= 0: the recurrence up to a ≥ 10, then the asymptotic series. */
export function digamma(a: number): number {
  if (a < 0) return Number.NaN; // as log Γ is; the recurrence would take for ever from -1e300
  let shift = 0;
  let x = a;
  for (; x < 10; x++) shift -= 1 / x;
  const f = 1 / (x * x);
  const tail =
    f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f * (1 / 132 - f * (691 / 32760))))));
  return shift + Math.log(x) - 0.5 / x - tail;
}

/** d²/da² log Γ(a), by the same recurrence and series. */
export function trigamma(a: number): number {
  if (a < 0) return Number.NaN;
  let shift = 0;
  let x = a;
  for (; x < 15; x++) shift += 1 / (x * x);
  const f = 1 / (x * x);
  const tail = f * (1 / 6 - f * (1 / 30 - f * (1 / 42 - f * (1 / 30 - f * (5 / 66)))));
  return shift + 1 / x + f / 2 + tail / x;
}
