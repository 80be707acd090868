// `npm test`: everything that continuous integration checks, one line per step, and the totals as the last line.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
let passed = 0;
let failed = 0;

/** Runs a command of the project's own tools; its output is shown only if it fails. */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", shell: false, maxBuffer: 1 << 28 });
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`,
  };
}

function step(name, command, args) {
  const started = performance.now();
  const { ok, output } = run(command, args);
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) passed += 1;
  else {
    failed += 1;
    console.log(output);
  }
}

const bin = (name) => join(root, "node_modules", ".bin", name);

step("types: the packages compile", bin("tsc"), ["--build"]);
step("types: tests, tools and type tests compile", bin("tsc"), ["--project", "tsconfig.test.json"]);
step("lint and format", bin("biome"), ["ci", "--error-on-warnings", "."]);
step("types: the studio", process.execPath, [
  join(root, "studio/node_modules/svelte-check/bin/svelte-check"),
  "--tsconfig",
  "studio/tsconfig.json",
  "--fail-on-warnings",
]);
step("generated files are fresh", bin("tsx"), ["tools/generate.ts", "--check"]);
step("package checks: exports, types, tarball, size", process.execPath, ["tools/package-checks.mjs"]);

const folder = mkdtempSync(join(tmpdir(), "lossc-test-"));
try {
  const report = join(folder, "report.json");
  const { ok, output } = run(bin("vitest"), [
    "run",
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const { numPassedTests, numFailedTests, numTotalTests, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  passed += numPassedTests;
  failed += numFailedTests + brokenFiles;
  console.log(`${ok ? "ok    " : "FAILED"} unit tests: ${numPassedTests} of ${numTotalTests} passed`);
  // What a machine cannot test says so in its name.
  for (const { assertionResults } of testResults)
    for (const { status, fullName } of assertionResults)
      if (status === "skipped" || status === "pending") console.log(`       skipped: ${fullName}`);
  if (!ok) console.log(output);
  if (!ok && numFailedTests + brokenFiles === 0) failed += 1;
} catch (error) {
  failed += 1;
  console.log(`FAILED unit tests did not run: ${error}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
