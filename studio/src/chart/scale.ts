// Linear scales and their ticks. The studio needs no other, so it carries no library for them.

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** From a value to a place in pixels. */
  at(value: number): number;
  /** From a place to a value. */
  value(place: number): number;
}

export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const slope = (end - start) / (to - from || 1);
  return {
    from,
    to,
    at: (value) => start + (value - from) * slope,
    value: (place) => from + (place - start) / slope,
  };
}

/** The step of 1, 2 or 5 times a power of ten that gives about `count` ticks. */
export function tickStep(from: number, to: number, count: number): number {
  const rough = Math.abs(to - from) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999)!;
  return factor * power;
}

/** Round values in [from, to]. */
export function ticks(from: number, to: number, count: number): number[] {
  const step = tickStep(from, to, count);
  const first = Math.ceil(Math.min(from, to) / step - 1e-9);
  const last = Math.floor(Math.max(from, to) / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** Pixels from a chart's corner beyond which nothing is seen; browsers lay a line's dashes as far as it goes. */
const FAR = 4000;

/** An SVG path through points; what is not finite makes a gap, what is far outside is held where nobody sees it. */
export function path(points: readonly (readonly [number, number])[]): string {
  let text = "";
  let open = false;
  for (const [x, y] of points) {
    if (Number.isNaN(x) || Number.isNaN(y)) {
      open = false;
      continue;
    }
    text += `${open ? "L" : "M"}${hold(x).toFixed(1)} ${hold(y).toFixed(1)}`;
    open = true;
  }
  return text;
}
const hold = (place: number) => Math.max(-FAR, Math.min(FAR, place));
