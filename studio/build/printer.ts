// The printer of formulas apart from the page's first load. Every loss can print its formula, so the printer, a fifth of
// the library, comes with the first loss; but the catalogue's formulas were printed when the page was built. What the
// library imports is a stand-in here, and the printer is loaded when a loss of one's own is to be printed.

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const id = "virtual:printer";
const printer = fileURLToPath(new URL("./backends/latex/index.js", import.meta.resolve("lossc")));

const standIn = `let printer;
export const loadPrinter = async () => { printer ??= await import(${JSON.stringify(printer)}); };
export const formulaOf = (...given) => {
  if (!printer) throw new Error("The printer of formulas is not loaded: loadPrinter() comes first.");
  return printer.formulaOf(...given);
};`;

export function printerLater(): Plugin {
  let isBuild = false;
  let isReplaced = false;
  return {
    name: "lossc-printer-later",
    enforce: "pre",
    configResolved(config) {
      isBuild = config.command === "build";
    },
    async resolveId(source, importer, options) {
      if (source === id) return `\0${id}`;
      if (!isBuild || importer === `\0${id}` || !source.endsWith("/latex/index.js")) return undefined;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (resolved?.id !== printer) return undefined;
      isReplaced = true;
      return `\0${id}`;
    },
    load: (asked) =>
      asked !== `\0${id}`
        ? undefined
        : isBuild
          ? standIn
          : "export const loadPrinter = async () => undefined;",
    buildEnd() {
      if (isBuild && !isReplaced)
        this.error("The library no longer imports its formula printer from backends/latex.");
    },
  };
}
