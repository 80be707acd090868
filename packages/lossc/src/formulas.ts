// Formulas apart from a page's first load: `import … from "lossc/formulas"`. Every loss can print its formula, so the
// printer comes with the first loss that is imported, an eighth of it; a page that shows formulas late or never need not
// wait for it.
//
//   vite.config.ts, or Rollup's or Rolldown's:  plugins: [formulasLater()]
//   in the page:                                await loadFormulas(); loss.formula.value

export { loadFormulas } from "./backends/latex/later.ts";

/** What a plugin of Vite, Rollup and Rolldown has of `this` and of its own. */
interface Resolver {
  resolve(
    source: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ): Promise<{ readonly id: string } | null>;
}

/** A plugin that leaves the printer out of what is loaded first; it becomes a chunk of its own. */
export interface FormulasLater {
  readonly name: string;
  readonly enforce: "pre";
  /** In Vite's development server formulas are there at once. */
  readonly apply: "build";
  resolveId(
    this: Resolver,
    source: string,
    importer: string | undefined,
  ): Promise<{ readonly id: string } | null>;
}

const printer = "/backends/latex/index.js";

/** For the build of a page: `loss.formula` then throws until `loadFormulas()` has come. The one import of the printer
 * in this package is led to a module that loads it. */
export const formulasLater = (): FormulasLater => ({
  name: "lossc-formulas-later",
  enforce: "pre",
  apply: "build",
  async resolveId(source, importer) {
    if (!source.endsWith(printer)) return null;
    return this.resolve(source.replace(/index\.js$/, "later.js"), importer, { skipSelf: true });
  },
});
