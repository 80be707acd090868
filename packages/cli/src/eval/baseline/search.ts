// The least value of a function of a few numbers, with its slope: from several starts downhill (L-BFGS, Nocedal & Wright
// 2006, algorithm 7.4), then number by number, which also finds the corners of losses that have no slope there.

export interface Slope {
  readonly value: number;
  readonly slope: Float64Array;
}
export type Objective = (free: Float64Array) => Slope;

export interface Least {
  readonly free: Float64Array;
  readonly value: number;
}

/** Number by number only where there are few: each costs dozens of evaluations. */
const MOST_BY_ONE = 24;

export function leastOf(objective: Objective, starts: readonly Float64Array[]): Least | undefined {
  let best: Least | undefined;
  const better = (least: Least) => {
    if (Number.isFinite(least.value) && (best === undefined || least.value < best.value)) best = least;
  };
  for (const start of starts) better({ free: start, value: objective(start).value });
  if (!best) return undefined;
  better(downhill(objective, best.free));
  if (best.free.length <= MOST_BY_ONE) better(byOne((free) => objective(free).value, best));
  return best;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const along = (from: Float64Array, direction: Float64Array, step: number): Float64Array =>
  from.map((x, i) => x + step * direction[i]);

const MEMORY = 8;
const ITERATIONS = 200;

function downhill(objective: Objective, start: Float64Array): Least {
  let free = start;
  let { value, slope } = objective(free);
  const steps: { readonly s: Float64Array; readonly y: Float64Array }[] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    if (slope.some((g) => !Number.isFinite(g)) || dot(slope, slope) === 0) break;
    let direction = descent(slope, steps);
    if (dot(direction, slope) >= 0) direction = slope.map((g) => -g);
    let step = steps.length === 0 ? 1 / Math.sqrt(dot(slope, slope)) : 1;
    let next: (Slope & { readonly free: Float64Array }) | undefined;
    for (let halving = 0; halving < 40 && !next; halving++, step /= 2) {
      const there = along(free, direction, step);
      const found = objective(there);
      if (found.value <= value + 1e-4 * step * dot(direction, slope)) next = { ...found, free: there };
    }
    if (!next) break;
    const s = next.free.map((x, i) => x - free[i]);
    const y = next.slope.map((g, i) => g - slope[i]);
    if (dot(s, y) > 0) steps.push({ s, y });
    if (steps.length > MEMORY) steps.shift();
    const gained = value - next.value;
    ({ free, value, slope } = next);
    if (gained <= 1e-13 * Math.abs(value)) break;
  }
  return { free, value };
}

/** The two-loop recursion. */
function descent(
  slope: Float64Array,
  steps: readonly { readonly s: Float64Array; readonly y: Float64Array }[],
): Float64Array {
  const direction = slope.slice();
  const parts: number[] = [];
  for (const { s, y } of [...steps].reverse()) {
    const part = dot(s, direction) / dot(s, y);
    parts.unshift(part);
    for (let i = 0; i < direction.length; i++) direction[i] -= part * y[i];
  }
  const last = steps.at(-1);
  const scale = last ? dot(last.s, last.y) / dot(last.y, last.y) : 1;
  for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  for (const [k, { s, y }] of steps.entries()) {
    const back = parts[k] - dot(y, direction) / dot(s, y);
    for (let i = 0; i < direction.length; i++) direction[i] += back * s[i];
  }
  return direction.map((d) => -d);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SWEEPS = 3;

/** Each number by itself, with a bracket that narrows to it: golden section. */
function byOne(value: (free: Float64Array) => number, start: Least): Least {
  let best = start;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = best.value;
    for (let i = 0; i < best.free.length; i++) {
      const at = (x: number): Least => {
        const free = best.free.slice();
        free[i] = x;
        return { free, value: value(free) };
      };
      const reach = Math.max(1e-3, 0.25 * Math.abs(best.free[i])) / 4 ** sweep;
      let [low, high] = [best.free[i] - reach, best.free[i] + reach];
      let [a, b] = [at(high - GOLDEN * (high - low)), at(low + GOLDEN * (high - low))];
      for (let k = 0; k < 48 && high - low > 1e-12 * Math.max(1, Math.abs(low)); k++) {
        if (a.value <= b.value) {
          high = b.free[i];
          b = a;
          a = at(high - GOLDEN * (high - low));
        } else {
          low = a.free[i];
          a = b;
          b = at(low + GOLDEN * (high - low));
        }
      }
      const found = a.value <= b.value ? a : b;
      if (found.value < best.value) best = found;
    }
    if (before - best.value <= 1e-13 * Math.abs(best.value)) break;
  }
  return best;
}
