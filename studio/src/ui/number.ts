// How numbers are written for people: at most four significant digits, a true minus sign, words for what is none.

export function shown(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const written =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(digits - 2).replace("e+", "e")
      : String(Number(value.toPrecision(digits)));
  return written.replace(/-/g, "−");
}
