// Other runtimes than the one that runs the tests, from npm: kept in a cache outside of what `npm ci` installs and deletes.

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const os = ({ linux: "linux", darwin: "darwin", win32: "win" } as Record<string, string>)[process.platform];
const ending = process.platform === "win32" ? ".exe" : "";

interface Source {
  readonly package: string;
  readonly binary: string;
  readonly arguments: readonly string[];
}
const denoPlatform = `${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`;
const node = (major: number): Source => ({
  package: `node-${os}-${process.arch}@${major}`,
  binary: join("bin", `node${ending}`),
  arguments: [],
});

/** By name: the npm package that has the binary, and where in it. */
const sources: Readonly<Record<string, Source>> = {
  "Node 22": node(22),
  "Node 24": node(24),
  Deno: { package: `@deno/${denoPlatform}@2`, binary: `deno${ending}`, arguments: ["run", "--allow-all"] },
};
export const names = Object.keys(sources);

/** Has a runtime: what is not in the cache is fetched first (about 100 MB each). Gives the reason where it cannot be had. */
export function whyNotHad(name: string): string | undefined {
  try {
    had(name);
    return undefined;
  } catch (error) {
    return `${name} could not be had from npm: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** Runs a script in a runtime and gives what it printed. */
export const runIn = (name: string, script: string): string =>
  execFileSync(had(name), [...sources[name].arguments, script], { encoding: "utf8", timeout: 240_000 });

/** The path of a runtime's program. */
function had(name: string): string {
  const { package: wanted, binary } = sources[name];
  const cache = process.env.LOSSC_RUNTIMES ?? join(tmpdir(), "lossc-runtimes");
  const folder = join(cache, wanted.replace(/[@/]/g, "_"));
  const program = join(folder, "node_modules", "runtime", binary);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    execFileSync("npm", ["install", ...options, `runtime@npm:${wanted}`], { cwd: folder, stdio: "pipe" });
    chmodSync(program, 0o755);
  }
  return program;
}
