// `npm run studio`, as far as it goes without building.

import { spawnSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../../tools/studio.mjs", import.meta.url));
const start = (port: string) => spawnSync(process.execPath, [script, "--port", port], { encoding: "utf8" });

it("a port that is taken is named, with the way to another, before anything is built", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const { status, stdout, stderr } = start(String(port));
  server.close();
  expect(stderr).toBe(`Port ${port} is taken. Take another one: npm run studio -- --port ${port + 1}\n`);
  expect([status, stdout]).toEqual([1, ""]);
});

it("a port that is none is refused", () => {
  for (const port of ["x", "0", "70000"]) expect(start(port)).toMatchObject({ status: 1, stdout: "" });
});
