// A bad cell in words: the command's sentence, in the page's language.

import type { Path } from "../../strings/say.svelte.ts";
import type { BadCell } from "./rows.ts";

type Say = (path: Path, values: Readonly<Record<string, string | number>>) => string;

/** What is wrong with a cell, and what was expected. */
export function toldOf({ row, column, said, found, number, rule, classes }: BadCell, say: Say): string {
  const [first, last] = [classes[0], classes.at(-1)];
  const all = classes.length > 4 ? `${first} … ${last}` : classes.join(", ");
  const expected = say(`rooms.data.expected.${rule}`, { count: classes.length, all });
  return say(`rooms.data.bad.${said}`, { row, column, found, number, expected });
}
