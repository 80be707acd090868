// Prints the table of other libraries' names as JSON, for names.py. Given a folder in which
// `npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-cpu` was run, it checks the names
// of TensorFlow.js instead, and exits 1 where one is missing.

import { createRequire } from "node:module";
import { join } from "node:path";
import { peerNames } from "../../packages/lossc/src/names/index.ts";

const names = peerNames();
const [folder] = process.argv.slice(2);
if (folder === undefined) console.log(JSON.stringify(names, null, 1));
else checkTfjs(folder);

function checkTfjs(folderOfPackages: string): void {
  const require = createRequire(join(folderOfPackages, "package.json"));
  const core = require("@tensorflow/tfjs-core");
  const layers = require("@tensorflow/tfjs-layers");
  require("@tensorflow/tfjs-backend-cpu");
  const tf = { losses: core.losses, regularizers: layers.regularizers };
  for (const { library, name } of names) {
    if (library !== "TensorFlow.js") continue;
    const word = /loss: "([^"]+)"/.exec(name)?.[1];
    try {
      if (word === undefined) {
        const [, group, member] = name.split(".") as [string, keyof typeof tf, string];
        if (typeof tf[group][member] !== "function") throw new Error("it is not there");
      } else {
        const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [2] })] });
        model.compile({ loss: word, optimizer: "sgd" });
      }
      console.log(`ok      ${name}`);
    } catch (error) {
      console.log(`MISSING ${name}: ${error}`);
      process.exitCode = 1;
    }
  }
}
