// Formulas are set when the page is built: the catalogue's LaTeX becomes MathML, which browsers draw by themselves, so
// that no LaTeX engine, style sheet or font is loaded.

import { catalogue } from "lossc";
import type { Plugin } from "vite";
import { typeset } from "../src/ui/mathml.ts";

const id = "virtual:formulas";

/** One module per family of losses, so that a room loads the formulas it shows and no others. */
export function formulas(): Plugin {
  const families = [...new Set([...catalogue.values()].map(({ family }) => family))];
  return {
    name: "lossc-formulas",
    resolveId: (source) => (source.startsWith(id) ? `\0${source}` : undefined),
    load(source) {
      if (source === `\0${id}`) {
        const rows = families.map((family) => `"${family}": () => import("${id}/${family}")`);
        return `export default { ${rows.join(", ")} };`;
      }
      if (!source.startsWith(`\0${id}/`)) return undefined;
      const family = source.slice(id.length + 2);
      const own = [...catalogue.values()].filter((loss) => loss.family === family).map(typeset);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(own))});`;
    },
  };
}
