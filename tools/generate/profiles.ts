// What `lossc show` and `lossc list` say of the catalogue, one line for each loss: packages/cli/data/losses.jsonl.

import { readFileSync } from "node:fs";
import { profileOf } from "../../packages/cli/src/profile/profile.ts";
import { lineOf } from "../../packages/cli/src/profile/text.ts";
import { type AnyLoss, catalogue, curve, families, viewsOf } from "../../packages/lossc/src/index.ts";
import { printProgram } from "../../packages/lossc/src/language/index.ts";
import type { LossDoc } from "./docs.ts";

export const profilesFile = "packages/cli/data/losses.jsonl";

/** As the pages have them: deriving all formulas takes a while, and a test holds these to what the losses give. */
const reviewed = JSON.parse(
  readFileSync(new URL("../../packages/lossc/test/latex.expected.json", import.meta.url), "utf8"),
) as Record<string, AnyLoss["formula"]>;

export function profiles(docs: Readonly<Record<string, LossDoc>>): string {
  const library = {
    curve,
    viewsOf,
    printProgram,
    formulaOf: (loss: AnyLoss) => reviewed[loss.name] ?? loss.formula,
  };
  const order = Object.keys(families);
  const place = (loss: AnyLoss): number => order.indexOf(loss.family);
  const inOrder = [...catalogue.values()].sort((a, b) => place(a) - place(b));
  const lines = inOrder.map((loss) => lineOf(profileOf(loss, docs[loss.name], library)));
  return `${lines.join("\n")}\n`;
}
