// Formulas are set when the page is built: the catalogue's LaTeX becomes MathML, which browsers draw by themselves, so
// that no LaTeX engine, style sheet or font is loaded.

import katex from "katex";
import { type AnyLoss, catalogue } from "lossc";
import type { Plugin } from "vite";

const id = "virtual:formulas";

/** MathML of one LaTeX formula, without its source. */
export const mathMl = (latex: string): string =>
  katex
    .renderToString(latex, { output: "mathml", displayMode: true, throwOnError: true, strict: false })
    .replace(/<annotation[\s\S]*?<\/annotation>/g, "")
    .replace(/^<span class="katex">|<\/span>$/g, "");

const formulaOf = ({ formula, name }: AnyLoss) => ({
  name,
  value: mathMl(formula.value),
  gradient: Object.fromEntries(
    Object.entries(formula.gradient).map(([input, latex]) => [input, mathMl(latex)]),
  ),
});

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
      const own = [...catalogue.values()].filter((loss) => loss.family === family).map(formulaOf);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(own))});`;
    },
  };
}
