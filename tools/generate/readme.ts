// The README's generated parts: what stands between `<!-- name -->` and `<!-- /name -->`.

import type { LossInfo } from "../../packages/lossc/src/contract/types.ts";
import type { LossDoc } from "./docs.ts";

export function replaceSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`README.md: ${open} … ${close} is missing`);
  return `${text.slice(0, from + open.length)}\n${content}\n${text.slice(to)}`;
}

/** One row per loss, families in the order of the catalogue's first appearance. */
export function catalogueTable(losses: readonly LossInfo[], docs: Readonly<Record<string, LossDoc>>): string {
  const families = [...new Set(losses.map(({ family }) => family))].sort();
  const rows = families.flatMap((family) =>
    losses
      .filter((loss) => loss.family === family)
      .map((loss) => {
        const params = Object.entries(loss.params).map(
          ([name, { default: value }]) => `\`${name}\` ${shown(value)}`,
        );
        const title = docs[loss.name].summary.replace(/\.$/, "").replaceAll("|", "\\|");
        return `| ${family} | \`${loss.name}\` | ${title} | ${params.join(", ")} |`;
      }),
  );
  return ["| family | name | what it is | parameters and defaults |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}

const shown = (value: unknown): string => (value === Math.E ? "e" : String(value));
