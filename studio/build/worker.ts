// The training worker as one more entry of the page's own build: page and worker then share the chunk that holds
// lossc, which a bundle of the worker's own would load a second time.

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const id = "virtual:worker";
const source = fileURLToPath(new URL("../src/training/worker.ts", import.meta.url));

export function trainingWorker(): Plugin {
  let isBuild = false;
  return {
    name: "lossc-training-worker",
    configResolved(config) {
      isBuild = config.command === "build";
    },
    resolveId: (asked) => (asked === id ? `\0${id}` : undefined),
    load(asked) {
      if (asked !== `\0${id}`) return undefined;
      if (!isBuild) return `export default ${JSON.stringify(`/@fs/${source}`)};`;
      const reference = this.emitFile({ type: "chunk", id: source, name: "worker" });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
