// How far a long scan is, on stderr, where a person looks at it.

import { grouped } from "../format/number.ts";

/** Shorter work needs no word. */
const PATIENCE = 1000;
const INTERVAL = 100;

export interface Progress {
  at(rows: number): void;
  done(): void;
}

/** `total` is how many rows there are, where that is known. */
export function newProgress(shown: boolean, total?: number): Progress {
  const begun = Date.now();
  let last = 0;
  return {
    at(rows) {
      const now = Date.now();
      if (!shown || now - begun < PATIENCE || now - last < INTERVAL) return;
      last = now;
      process.stderr.write(
        `\r\u001b[K${grouped(rows)}${total ? ofTotal(rows, total, now - begun) : " rows"}`,
      );
    },
    done() {
      if (last > 0) process.stderr.write("\r\u001b[K");
    },
  };
}

function ofTotal(rows: number, total: number, elapsed: number): string {
  const left = Math.ceil((elapsed * (total - rows)) / rows / 1000);
  return ` of ${grouped(total)} rows · ${Math.floor((100 * rows) / total)} % · ${left} s left`;
}
