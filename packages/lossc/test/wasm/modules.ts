// The modules that a test file compiles: their sizes, seen from outside.

import { afterAll, expect, it } from "vitest";

interface Api {
  Module: new (bytes: Uint8Array) => object;
}
const api = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;

/** Most bytes a kernel may have. */
export const MOST_BYTES = 16 * 1024;

/** Adds a last test: that no module compiled before it in this file was larger than a kernel may be. */
export function watchKernelSizes(): void {
  const sizes: number[] = [];
  const { Module } = api;
  api.Module = new Proxy(Module, {
    construct(target, [bytes]: [Uint8Array]) {
      sizes.push(bytes.length);
      return new target(bytes);
    },
  });
  afterAll(() => {
    api.Module = Module;
  });
  it("no kernel of these has more than 16 KiB", () => {
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_BYTES);
  });
}
