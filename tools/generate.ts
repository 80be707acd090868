// Writes everything that is derived from the losses: the barrel, the documentation texts and the README's tables.
// `npm run generate` writes; `--check` only says what is stale, and exits 1.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { engineNames } from "../packages/lossc/src/contract/engines.ts";
import { catalogue } from "../packages/lossc/src/index.ts";
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

const files: Record<string, () => string> = {
  "packages/lossc/src/losses/index.ts": () => barrel(names),
  "packages/lossc/src/docs.ts": () => docsModule(docs),
  "README.md": () => {
    const engines = engineNames.filter((name) => name !== "auto");
    const text = replaceSection(
      read("README.md"),
      "catalogue",
      catalogueTable([...catalogue.values()], docs),
    );
    return replaceSection(text, "platforms", platformTable(engines));
  },
};

const stale = Object.entries(files).filter(([path, make]) => make() !== read(path));
if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is stale: run npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, make] of stale) {
    mkdirSync(new URL(".", new URL(path, root)), { recursive: true });
    writeFileSync(new URL(path, root), make());
    console.log(`wrote ${path}`);
  }
}
