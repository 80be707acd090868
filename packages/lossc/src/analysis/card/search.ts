// Where on a line something changes, and where it is largest: intervals cut ever smaller.

/** Which of some places have a property. */
export type Test = (xs: readonly number[]) => readonly boolean[];

/** The number next to where a property ends, on the side that has it: `yes` has, `no` has not. Each step cuts the
 * interval at `cuts` places, tried together. */
export function boundary(test: Test, yes: number, no: number, cuts: number): number {
  let [inside, outside] = [yes, no];
  for (let step = 0; step < 1200; step++) {
    const tried = placesBetween(inside, outside, cuts);
    if (tried.length === 0) break;
    const has = test(tried);
    const end = has.indexOf(false);
    const last = end < 0 ? tried.length - 1 : end - 1;
    if (end >= 0) outside = tried[end];
    if (last >= 0) inside = tried[last];
  }
  return inside;
}

/** Places from a to b, both left out: even ones, or between numbers of very different size even powers. */
function placesBetween(a: number, b: number, cuts: number): number[] {
  const at = placer(a, b);
  const found: number[] = [];
  for (let i = 1; i <= cuts; i++) {
    const x = at(i / (cuts + 1));
    if (x !== a && x !== b && x !== found.at(-1)) found.push(x);
  }
  return found;
}

/** Closer to 0 than this is 0. */
const TINY = 1e-290;

function placer(a: number, b: number): (share: number) => number {
  if (Math.max(Math.abs(a), Math.abs(b)) < TINY) return () => a;
  if (Math.sign(a) * Math.sign(b) < 0) return () => 0;
  const far = Math.max(Math.abs(a), Math.abs(b)) / Math.min(Math.abs(a), Math.abs(b)) > 4;
  if (!far) return (share) => a + (b - a) * share;
  const sign = Math.sign(a) || Math.sign(b);
  const [p, q] = [a, b].map((x) => Math.log(Math.max(Math.abs(x), TINY)));
  return (share) => sign * Math.exp(p + (q - p) * share);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Where `height` is largest between two numbers that have one peak between them: to about 1e-8, for near a peak nothing
 * changes. */
export function peak(height: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [atC, atD] = [height(c), height(d)];
  for (let i = 0; i < 60 && b - a > 1e-10 * Math.max(Math.abs(a), Math.abs(b)); i++) {
    if (atC >= atD) {
      [b, d, atD] = [d, c, atC];
      c = b - GOLDEN * (b - a);
      atC = height(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + GOLDEN * (b - a);
      atD = height(d);
    }
  }
  return (a + b) / 2;
}
