// All pages of the losses: docs/losses/NAME.md with its picture, and their index with a picture per family.

import { readFileSync } from "node:fs";
import { type AnyLoss, catalogue, families } from "../../../packages/lossc/src/index.ts";
import type { LossDoc } from "../docs.ts";
import { type Entry, indexPage } from "./families.ts";
import type { Formula } from "./formula.ts";
import { overviewOf, overviews } from "./overviews.ts";
import { pageOf } from "./page.ts";

/** The folder of the pages, from the root. */
export const pagesFolder = "docs/losses/";

/** Formulas of the catalogue as they were reviewed; a test holds each to what the loss gives. Deriving all of them takes
 * longer than everything else on the pages. */
const reviewed = JSON.parse(
  readFileSync(new URL("../../../packages/lossc/test/latex.expected.json", import.meta.url), "utf8"),
) as Record<string, Formula>;
const formulaOf = (loss: AnyLoss): Formula => reviewed[loss.name] ?? loss.formula;

/** Every file by its path from the root. */
export function pageFiles(docs: Readonly<Record<string, LossDoc>>): Map<string, string> {
  const titles: Readonly<Record<string, string>> = families;
  const files = new Map<string, string>();
  const entries = [...catalogue.values()].map((loss): Entry => {
    const { text, picture, card } = pageOf(loss, docs[loss.name], formulaOf(loss), titles[loss.family]);
    files.set(`${pagesFolder}${loss.name}.md`, text);
    if (picture !== undefined) files.set(`${pagesFolder}${loss.name}.svg`, picture);
    return { loss, doc: docs[loss.name], card };
  });
  const cards = new Map(entries.map(({ loss, card }) => [loss.name, card]));
  const pictures: Record<string, string> = {};
  for (const [family, overview] of Object.entries(overviews)) {
    pictures[family] = `${family}.svg`;
    files.set(
      pagesFolder + pictures[family],
      overviewOf(overview, (name) => cards.get(name)),
    );
  }
  files.set(`${pagesFolder}README.md`, indexPage(entries, titles, pictures));
  return files;
}
