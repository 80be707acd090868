// What a loss is called in other libraries.

import type { AnyLoss } from "../../../packages/lossc/src/index.ts";
import { libraries, namesOf } from "../../../packages/lossc/src/names/index.ts";
import { code, table } from "./markdown.ts";

export function elsewhereSection(loss: AnyLoss): string | undefined {
  const peers = namesOf(loss.name);
  if (peers.length === 0) return undefined;
  const rows = libraries.flatMap(({ library, differs: always }) => {
    const there = peers.filter((peer) => peer.library === library);
    const groups = [...new Set(there.map(({ differs }) => differs))];
    return groups.map((differs, i) => [
      i === 0 ? library : "",
      there
        .filter((peer) => peer.differs === differs)
        .map(({ name }) => code(name))
        .join(", "),
      [differs, i === 0 ? always : undefined].filter((part) => part !== undefined).join("; "),
    ]);
  });
  return table(["library", "name", "what differs"], rows);
}
