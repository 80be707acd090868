// The page's loss of one's own. Its parser is loaded when there is a text, for most visits have none.

import type { AnyLoss } from "lossc";
import { page } from "../state/page.svelte.ts";

let parser = $state.raw<typeof import("./own.ts")>();

/** The loss that the address holds, as a list: none without a text, while its parser loads, and while it has a mistake. */
export function ownLosses(): readonly AnyLoss[] {
  const text = page.state.own;
  if (text === "") return [];
  if (parser) return parser.ownLosses(text);
  import("./own.ts").then((module) => {
    parser = module;
  });
  return [];
}
