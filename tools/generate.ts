// Writes everything that is derived from the losses: the barrel, the documentation texts, the README's tables and a page
// with a picture for every loss.
// `npm run generate` writes; `--check` only says what is stale, and exits 1.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { barrel, docsModule, type LossDoc, lossDocs } from "./generate/docs.ts";
import { catalogueTable, platformTable, replaceSection } from "./generate/readme.ts";

const root = new URL("../", import.meta.url);
const lossFolder = new URL("packages/lossc/src/losses/", root);
const names = readdirSync(lossFolder)
  .filter((file) => file.endsWith(".ts") && file !== "index.ts")
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();
const docs: Record<string, LossDoc> = lossDocs(names, (name) =>
  readFileSync(new URL(`${name}.ts`, lossFolder), "utf8"),
);

const read = (path: string): string => {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return "";
  }
};

const lossSource = "../packages/lossc/src/";
/** In this order: the README's table is of the catalogue that the barrel before it makes. */
const files: Record<string, () => string | Promise<string>> = {
  "packages/lossc/src/losses/index.ts": () => barrel(names),
  "packages/lossc/src/docs.ts": () => docsModule(docs),
  "README.md": async () => {
    const { catalogue } = (await import(
      `${lossSource}index.ts`
    )) as typeof import("../packages/lossc/src/index.ts");
    const { engineNames } = (await import(
      `${lossSource}contract/engines.ts`
    )) as typeof import("../packages/lossc/src/contract/engines.ts");
    const engines = engineNames.filter((name) => name !== "auto");
    const text = replaceSection(
      read("README.md"),
      "catalogue",
      catalogueTable([...catalogue.values()], docs),
    );
    return replaceSection(text, "platforms", platformTable(engines));
  },
};

const check = process.argv.includes("--check");
/** What is not as it should be: written, or with --check only said. */
function settle(path: string, made: string | undefined): void {
  if (made !== undefined && made === read(path)) return;
  if (check) {
    console.error(`${path} is stale: run npm run generate`);
    process.exitCode = 1;
  } else if (made === undefined) {
    rmSync(new URL(path, root));
    console.log(`removed ${path}`);
  } else {
    mkdirSync(new URL(".", new URL(path, root)), { recursive: true });
    writeFileSync(new URL(path, root), made);
    console.log(`wrote ${path}`);
  }
}

for (const [path, make] of Object.entries(files)) settle(path, await make());

// After the barrel, for the pages are of the catalogue that it makes.
const { pageFiles, pagesFolder } = await import("./generate/pages/index.ts");
const pages = pageFiles(docs);
for (const [path, made] of pages) settle(path, made);
const { choosePage, choosePath } = await import("./generate/pages/choose.ts");
settle(choosePath, choosePage());
const { commandPage } = await import("./generate/cli.ts");
settle("docs/cli.md", commandPage());
const { profiles, profilesFile } = await import("./generate/profiles.ts");
settle(profilesFile, profiles(docs));
const { peersPath, peersText } = await import("./peers/page.ts");
settle(peersPath, peersText());
// Measured, so its last digits are a runtime's: written where a loss is missing, and by tools/accuracy/write.ts.
const { accuracyPath, accuracyText, rowsOf } = await import("./accuracy/page.ts");
if (names.some((name) => !rowsOf(read(accuracyPath)).has(name))) settle(accuracyPath, accuracyText());
for (const file of readdirSync(new URL(pagesFolder, root))) {
  if (!pages.has(pagesFolder + file)) settle(pagesFolder + file, undefined);
}
