// Parts of the library apart from a page's first load: `import … from "lossc/later"`. Every loss can print its formula and be
// a kernel, so the printer and the compiler come with the first loss that is imported, an eighth of it and nearly half. A
// page that shows formulas late, or computes little before it is drawn, need not wait for them.
//
//   vite.config.ts, or Rollup's or Rolldown's:  plugins: [formulasLater(), kernelsLater()]
//   in the page:                                await loadFormulas(); loss.formula.value
//                                               await loadKernels();  loss(many numbers)

export { loadKernels } from "./backends/kernels/later.ts";
export { loadFormulas } from "./backends/latex/later.ts";

/** What a plugin of Vite, Rollup and Rolldown has of `this` and of its own. */
interface Resolver {
  resolve(
    source: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ): Promise<{ readonly id: string } | null>;
}

/** A plugin that leaves a part out of what is loaded first; it becomes a chunk of its own. */
export interface LaterPlugin {
  readonly name: string;
  readonly enforce: "pre";
  /** In Vite's development server all is there at once. */
  readonly apply: "build";
  resolveId(
    this: Resolver,
    source: string,
    importer: string | undefined,
  ): Promise<{ readonly id: string } | null>;
}

/** Imports of a part's index in this package are led to a module that loads it. */
const later = (part: string, index: string): LaterPlugin => ({
  name: `lossc-${part}-later`,
  enforce: "pre",
  apply: "build",
  async resolveId(source, importer) {
    if (!source.endsWith(index)) return null;
    return this.resolve(source.replace(/index\.js$/, "later.js"), importer, { skipSelf: true });
  },
});

/** For the build of a page: `loss.formula` then throws until `loadFormulas()` has come. */
export const formulasLater = (): LaterPlugin => later("formulas", "/backends/latex/index.js");

/** For the build of a page: until `loadKernels()` has come, `engine: "auto"` takes the reference engine, the same numbers
 * more slowly, and `compile` and `engine: "wasm"` throw `unsupported`. */
export const kernelsLater = (): LaterPlugin => later("kernels", "/backends/kernels/index.js");
