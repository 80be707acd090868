// The printer of formulas, loaded when it is asked for. A build may put this in the place of `index.ts`: see later.ts of the package.

import { LossError } from "../../errors.ts";

let printer: typeof import("./index.ts") | undefined;

export async function loadFormulas(): Promise<void> {
  printer ??= await import("./index.ts");
}

export const formulaOf: typeof import("./index.ts").formulaOf = (...given) => {
  if (printer) return printer.formulaOf(...given);
  throw new LossError("unsupported", "the printer of formulas is not loaded.", {
    target: "formula",
    note: "This page was built with formulasLater(): await loadFormulas() of lossc/later before you read a formula.",
  });
};
