// The tests of the studio: the page is built once and opened in a real browser.

import { defineConfig } from "vitest/config";
import { views } from "./build/views.ts";

export default defineConfig({
  plugins: [views()],
  test: {
    name: "studio",
    root: import.meta.dirname,
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
