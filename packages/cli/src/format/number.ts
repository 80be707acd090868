// Numbers for people. Programs get them from JSON and CSV, where every digit is kept.

/** Seven significant digits: enough to compare two models, and no more than fits a table. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e9 ? value.toPrecision(7) : value.toExponential(6);
}

/** A whole number with its thousands apart, for sentences: 10,000. */
export const grouped = (count: number): string => count.toLocaleString("en-US");

/** How many of how many, with the share where there are any: "3 (0.3%)". */
export function share(part: number, whole: number): string {
  if (part === 0) return "0";
  const percent = (100 * part) / whole;
  const digits = percent >= 99.95 || percent === 0 ? 0 : percent >= 0.1 ? 1 : 2;
  return `${part} (${percent < 0.01 ? "<0.01" : percent.toFixed(digits)}%)`;
}
