import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "lossc",
          include: ["packages/lossc/test/**/*.test.ts"],
          testTimeout: 30_000,
          setupFiles: ["packages/lossc/test/setup.ts"],
        },
      },
      {
        test: {
          name: "plot",
          include: ["packages/plot/test/**/*.test.ts"],
          testTimeout: 30_000,
          setupFiles: ["packages/lossc/test/setup.ts"],
        },
      },
      { test: { name: "cli", include: ["packages/cli/test/**/*.test.ts"], testTimeout: 60_000 } },
      "studio/vitest.config.ts",
    ],
  },
});
