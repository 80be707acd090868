// How a person's loss file is read: TypeScript without its types (Node 20 does not know it), and "lossc" as this
// command's own, wherever the file lies. Node runs these two hooks for every module that is loaded afterwards.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type Next<Context, Result> = (specifier: string, context?: Context) => Promise<Result>;

export async function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: Next<ResolveContext, Result>,
): Promise<Result> {
  // A loss of another copy of the library would be no loss here.
  const own = specifier === "lossc" || specifier.startsWith("lossc/");
  return next(specifier, own ? { ...context, parentURL: import.meta.url } : context);
}

export async function load<Result>(
  url: string,
  context: object,
  next: Next<object, Result>,
): Promise<Result | { format: "module"; source: string; shortCircuit: true }> {
  if (!/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const { transformSync } = (await import("@swc/wasm-typescript")).default;
  const source = await readFile(fileURLToPath(url), "utf8");
  // Types become spaces, so that lines and columns of an error stay those of the file.
  const { code } = transformSync(source, { mode: "strip-only", filename: fileURLToPath(url) });
  return { format: "module", source: code, shortCircuit: true };
}
