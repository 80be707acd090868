// From numbers to pixels: linear and logarithmic scales with the ticks that an axis shows.

import { scaleLinear, scaleLog } from "d3-scale";
import { formatNumber, tickLabels } from "./numbers.ts";

export type ScaleKind = "linear" | "log";
export type Range = readonly [low: number, high: number];

export interface Scale {
  (value: number): number;
  readonly domain: Range;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

export interface ScaleSettings {
  readonly kind?: ScaleKind;
  /** Widen the domain to round numbers. Default false. */
  readonly nice?: boolean;
  /** Widen a linear domain by this share at both ends, so that lines do not lie on the panel's edge. Default 0. */
  readonly pad?: number;
  /** How many ticks, roughly. Default 5. */
  readonly count?: number;
}

/** Throws a RangeError where a logarithmic scale would have to show 0 or less. */
export function scaleOf(domain: Range, pixels: Range, settings: ScaleSettings = {}): Scale {
  return settings.kind === "log" ? logScale(domain, pixels, settings) : linearScale(domain, pixels, settings);
}

function linearScale(
  domain: Range,
  pixels: Range,
  { nice = false, count = 5, pad = 0 }: ScaleSettings,
): Scale {
  const scale = scaleLinear(apart(domain), pixels);
  if (nice) scale.nice(count);
  const ticks = scale.ticks(count);
  const [from, to] = scale.domain();
  scale.domain([from - pad * (to - from), to + pad * (to - from)]);
  const [low, high] = scale.domain();
  return Object.assign((value: number) => scale(value), {
    domain: [low, high] as const,
    ticks,
    labels: tickLabels(ticks),
  });
}

/** A domain with something between its ends: a constant gets one unit of its own size, numbers too small to be divided
 * by count as 0. */
export function apart([low, high]: Range): Range {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest > TINY && high - low > 1e-12 * largest) return [low, high];
  const size = largest > TINY ? largest : 1;
  return [low - size / 2, high + size / 2];
}

const TINY = 1e-290;

function logScale([low, high]: Range, pixels: Range, { nice = false, count = 5 }: ScaleSettings): Scale {
  if (!(low > 0)) throw new RangeError(`a logarithmic axis starts at ${low}; it must start above 0.`);
  const scale = scaleLog(low < high ? [low, high] : [low / 2, high * 2], pixels);
  if (nice) scale.nice();
  const [from, to] = scale.domain();
  const ticks = logTicks(from, to, count);
  return Object.assign((value: number) => scale(value), {
    domain: [from, to] as const,
    ticks,
    labels: ticks.map((tick) => formatNumber(tick)),
  });
}

/** Powers of ten, every so many where there are too many; 2 and 5 between them where there are too few. */
function logTicks(from: number, to: number, count: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / (count + 1)));
  const powers: number[] = [];
  for (let exponent = Math.ceil(first / every) * every; exponent <= last; exponent += every) {
    powers.push(Number(`1e${exponent}`));
  }
  if (powers.length > 2) return powers;
  const between: number[] = [];
  for (let exponent = first - 1; exponent <= last; exponent++) {
    for (const digit of [1, 2, 5]) between.push(Number(`${digit}e${exponent}`));
  }
  const inside = between.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
  return inside.length > 1 ? inside : [from, to];
}
