// What a user gets from the registry: publint and attw on each packed tarball, a library with zero dependencies, and the
// size of one imported loss, bundled and minified.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = join(root, "packages/lossc");
const bin = (name) => join(root, "node_modules/.bin", name);
/** gzip bytes. The language, the passes, both engines, the formulas and the property card are shared by all losses. */
const HUBER_BUDGET = 108_000;
const NEXT_LOSS_BUDGET = 600;

const problems = [];
const folder = mkdtempSync(join(tmpdir(), "lossc-package-"));
try {
  checkTarball(library);
  checkTarball(join(root, "packages/plot"));
  const { dependencies = {} } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
  if (Object.keys(dependencies).length > 0)
    problems.push(`lossc has runtime dependencies: ${Object.keys(dependencies)}`);

  const one = await bundledSize("huber");
  const two = await bundledSize("huber, crossEntropy");
  console.log(
    `import { huber }: ${one} bytes gzip of ${HUBER_BUDGET}; crossEntropy adds ${two - one} of ${NEXT_LOSS_BUDGET}`,
  );
  if (one > HUBER_BUDGET) problems.push(`import { huber } is ${one} bytes gzip, more than ${HUBER_BUDGET}`);
  if (two - one > NEXT_LOSS_BUDGET)
    problems.push(`one more loss adds ${two - one} bytes gzip, more than ${NEXT_LOSS_BUDGET}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Packs a package and looks at the tarball as its users would. */
function checkTarball(folderOfPackage) {
  const pack = spawnSync("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: folderOfPackage,
    encoding: "utf8",
  });
  const [{ filename }] = JSON.parse(pack.stdout);
  const tarball = join(folder, filename);
  check(`publint ${filename}`, spawnSync(bin("publint"), ["run", tarball, "--strict"], { encoding: "utf8" }));
  check(`attw ${filename}`, spawnSync(bin("attw"), [tarball, "--profile", "esm-only"], { encoding: "utf8" }));
}

function check(name, { status, stdout, stderr }) {
  if (status !== 0) problems.push(`${name}:\n${stdout}${stderr}`);
}

/** gzip bytes of a bundle that uses these exports and nothing else. */
async function bundledSize(names) {
  const entry = join(folder, "entry.mjs");
  writeFileSync(
    entry,
    `import { ${names} } from "${join(library, "dist/index.js")}";\nconsole.log(${names});\n`,
  );
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    legalComments: "none",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
