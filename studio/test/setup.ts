// Builds the page once for all tests of the studio, beside nothing else.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "lossc-studio-"));
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = "production"; // the test runner's "test" would build Svelte's development version
  await build({
    configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: "error",
  });
  process.env.NODE_ENV = NODE_ENV;
  project.provide("studio", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

declare module "vitest" {
  interface ProvidedContext {
    studio: string;
  }
}
