// Numbers as people write them: a true minus, ten to a power where zeros would have to be counted.

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (exponent: number): string =>
  (exponent < 0 ? "⁻" : "") +
  [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202F");
const sign = (value: number): string => (value < 0 ? "−" : "");

/** A number with so many significant digits, and no zeros at the end: "0.05", "−12 500", "1.6·10⁻⁷", "∞". */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return `${sign(value)}∞`;
  if (value === 0) return "0";
  const [mantissa, power] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent > 5) return `${sign(value)}${scientific(trimmed(mantissa), exponent)}`;
  const decimals = Math.max(0, digits - 1 - exponent);
  const [whole, fraction] = trimmed(Math.abs(value).toFixed(decimals)).split(".");
  return `${sign(value)}${grouped(whole)}${fraction === undefined ? "" : `.${fraction}`}`;
}

const trimmed = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
const scientific = (mantissa: string, exponent: number): string =>
  `${mantissa === "1" ? "" : `${mantissa}·`}10${raised(exponent)}`;

/** Labels of an axis's ticks, all with the decimals that the finest needs. */
export function tickLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const steps = ticks.slice(1).map((tick, i) => Math.abs(tick - ticks[i]));
  const step = Math.min(...steps.filter((each) => each > 0), largest || 1);
  if (largest >= 1e6 || (largest > 0 && largest < 1e-3)) return ticks.map((tick) => formatNumber(tick, 4));
  const decimals = Math.max(
    0,
    ...[0, 1, 2, 3, 4, 5, 6].filter((count) => !isWhole(step, count)).map((count) => count + 1),
  );
  return ticks.map((tick) => {
    const [whole, fraction] = Math.abs(tick).toFixed(decimals).split(".");
    const zero = Number(`${whole}.${fraction ?? 0}`) === 0;
    return `${zero ? "" : sign(tick)}${grouped(whole)}${fraction === undefined || zero ? "" : `.${fraction}`}`;
  });
}

/** Whether a step is a whole number of 10^−decimals. */
function isWhole(step: number, decimals: number): boolean {
  const scaled = step * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled);
}
