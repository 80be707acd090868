// `npm run studio`: builds the page, serves it on this machine and opens it where there is a screen.
// `npm run studio -- --port 5000` takes another port.

import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, preview } from "vite";

const configFile = fileURLToPath(new URL("../studio/vite.config.ts", import.meta.url));
const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = process.env;
const hasScreen = !SSH_CONNECTION && (process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY));

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

let port = 4173;
try {
  const { values } = parseArgs({ options: { port: { type: "string", default: String(port) } } });
  port = Number(values.port);
} catch (error) {
  fail(`${error.message}\nUsage: npm run studio -- --port 5000`);
}
if (!Number.isInteger(port) || port < 1 || port > 65535)
  fail("A port is a whole number from 1 to 65535: npm run studio -- --port 5000");

const isTaken = await new Promise((resolve) => {
  const trial = createServer().once("error", () => resolve(true));
  trial.listen(port, "localhost", () => trial.close(() => resolve(false)));
});
if (isTaken) fail(`Port ${port} is taken. Take another one: npm run studio -- --port ${port + 1}`);

console.log("Building the studio …");
await build({ configFile, logLevel: "error" });
const { resolvedUrls } = await preview({
  configFile,
  logLevel: "error",
  preview: { port, strictPort: true, open: hasScreen },
});
console.log(`The studio is at ${resolvedUrls.local[0]} (Ctrl+C ends it)`);
