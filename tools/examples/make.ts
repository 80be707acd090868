// Makes the files of examples/ again: `npx tsx tools/examples/make.ts`, or with the names of some (mnist outliers boxes).

import { mkdirSync } from "node:fs";
import { makeBoxes } from "./boxes.ts";
import { makeMnist } from "./mnist.ts";
import { makeOutliers } from "./outliers.ts";

const makers: Readonly<Record<string, (folder: URL) => void | Promise<void>>> = {
  mnist: makeMnist,
  outliers: makeOutliers,
  boxes: makeBoxes,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(makers, name));
if (unknown !== undefined) {
  console.error(`make.ts: there is no "${unknown}"; there are ${Object.keys(makers).join(", ")}.`);
  process.exit(2);
}

const folder = new URL("../../examples/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, make] of Object.entries(makers)) {
  if (names.length === 0 || names.includes(name)) await make(folder);
}
