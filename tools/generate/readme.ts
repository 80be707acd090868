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
        return `| ${family} | [\`${loss.name}\`](docs/losses/${loss.name}.md) | ${title} | ${params.join(", ")} |`;
      }),
  );
  return ["| family | name | what it is | parameters and defaults |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}

const shown = (value: unknown): string => (value === Math.E ? "e" : String(value));

/** Where each engine runs, and what it computes in; an engine without a row fails the generation. */
const platforms: Readonly<Record<string, readonly [precision: string, runs: string]>> = {
  reference: [
    "float64; float32 inputs and results are converted",
    "any JavaScript runtime with ES2022: it uses no platform API (tested on Node 20)",
  ],
  wasm: [
    "float32 or float64, sums in float64",
    "runtimes with WebAssembly SIMD, threads where memory can be shared (the same bits on Node 20, 22, 24, Deno 2 and Chromium 147, in pages with and without shared memory)",
  ],
};

export function platformTable(engines: readonly string[]): string {
  const rows = engines.map((engine) => {
    const row = platforms[engine];
    if (!row) throw new Error(`tools/generate/readme.ts: say where the engine "${engine}" runs`);
    return `| \`${engine}\` | ${row[0]} | ${row[1]} |`;
  });
  return ["| engine | computes in | runs in |", "|---|---|---|", ...rows].join("\n");
}
