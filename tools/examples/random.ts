// Random numbers from a seed, so that a file comes out the same wherever and whenever it is made.

export interface Random {
  /** In [low, high). */
  uniform(low: number, high: number): number;
  normal(mean: number, standardDeviation: number): number;
  /** One of them. */
  among<T>(things: readonly T[]): T;
  /** Brings them into a random order, in place. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(things: T): T;
}

export function randomFrom(seed: number): Random {
  const next = mulberry32(seed);
  const uniform = (low: number, high: number): number => low + (high - low) * next();

  // Marsaglia's polar method: unlike Box and Muller's it needs no sine, whose last bit differs between versions of V8.
  function normal(mean: number, standardDeviation: number): number {
    for (;;) {
      const [x, y] = [uniform(-1, 1), uniform(-1, 1)];
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        return mean + standardDeviation * x * Math.sqrt((-2 * Math.log(square)) / square);
      }
    }
  }

  return {
    uniform,
    normal,
    among: (things) => things[Math.floor(uniform(0, things.length))],
    shuffle(things) {
      for (let last = things.length - 1; last > 0; last--) {
        const chosen = Math.floor(uniform(0, last + 1));
        [things[last], things[chosen]] = [things[chosen], things[last]];
      }
      return things;
    },
  };
}

/** Tommy Ettinger's generator: 32 bits of state are plenty for a few thousand rows. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
