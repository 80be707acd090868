// A fixed piece of work that tells how fast a machine is at the moment, for tests whose limits are times.

/** Objects, texts and tables, as programs are busy with. Needs nothing around it: a page runs it too. */
export function fixedWork(): number {
  const words = new Map<string, object[]>();
  for (let i = 0; i < 180_000; i++) {
    const key = `word ${i % 5000}`;
    words.set(key, [...(words.get(key) ?? []).slice(-5), { i, half: i / 2 }]);
  }
  return JSON.stringify([...words]).length;
}

/** Milliseconds that it takes on the machine that limits are for, which does nothing else: in Chromium 147 and in Node 20. */
const usual = { page: 38, node: 50 };
/** How many times slower than that a machine is whose tries took so long; at least 1. */
export const paceOf = (where: keyof typeof usual, tries: readonly number[]): number =>
  Math.max(1, Math.min(...tries) / usual[where]);
