// How far long work is, on stderr, where a person looks at it.

import { setInterval } from "node:timers";
import { grouped } from "../format/number.ts";
import { atSignal } from "../signals.ts";

/** Shorter work needs no word. */
const PATIENCE = 1000;
const INTERVAL = 100;
const CLEAR = "\r\u001b[K";

export interface Progress {
  at(rows: number): void;
  done(): void;
}

/** `total` is how many rows there are, where that is known. */
export function newProgress(shown: boolean, total?: number): Progress {
  const line = newLine(shown);
  return {
    at: (rows) =>
      line.say((elapsed) =>
        total
          ? `${grouped(rows)} of ${grouped(total)} rows · ${ahead(rows / total, elapsed)}`
          : `${grouped(rows)} rows`,
      ),
    done: line.done,
  };
}

/** Shows how far work is that runs elsewhere, until it is done. `share` is how much of it is, above 0 and at most 1;
 * undefined where that is not known (yet). */
export async function withProgress<T>(
  work: Promise<T>,
  shown: boolean,
  share: () => number | undefined,
): Promise<T> {
  if (!shown) return work;
  const line = newLine(shown);
  const timer = setInterval(() => {
    const part = share();
    line.say((elapsed) => (part === undefined ? `${seconds(elapsed)} s` : ahead(part, elapsed)));
  }, INTERVAL);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    line.done();
  }
}

interface Line {
  /** `text` of the milliseconds that have gone by. */
  say(text: (elapsed: number) => string): void;
  done(): void;
}

function newLine(shown: boolean): Line {
  const begun = Date.now();
  let last = 0;
  const clear = () => {
    if (last > 0) process.stderr.write(CLEAR);
  };
  const forget = atSignal(clear);
  return {
    say(text) {
      const now = Date.now();
      if (!shown || now - begun < PATIENCE || now - last < INTERVAL) return;
      last = now;
      process.stderr.write(`${CLEAR}${text(now - begun)}`);
    },
    done() {
      clear();
      forget();
    },
  };
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
const ahead = (share: number, elapsed: number): string =>
  `${Math.floor(100 * share)} % · ${seconds((elapsed * (1 - share)) / share)} s left`;
