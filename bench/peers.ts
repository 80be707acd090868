// The other side of every row: processes that answer one case after the other, each in its own memory.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Arrays, Case } from "./cases.ts";

export interface Answer {
  readonly ms?: number;
  readonly value?: number;
  /** Most memory beyond the inputs. */
  readonly MiB?: number;
  readonly gradient?: Float32Array;
  readonly error?: string;
  /** How far its value is from lossc's, as a share. */
  readonly off?: number;
}

export interface Peer {
  readonly name: string;
  readonly version: string;
  ask(one: Case, inputs: Arrays): Promise<Answer>;
  stop(): void;
}

const here = fileURLToPath(new URL(".", import.meta.url));
/** Longest that a peer may take for a case. */
const PATIENCE = 120_000;

/** Where inputs lie for all peers, and their gradients for us. */
export class Exchange {
  readonly folder: string = mkdtempSync(join(tmpdir(), "lossc-bench-"));

  put(one: Case, inputs: Arrays): object[] {
    return Object.entries(inputs).map(([name, data]) => {
      const file = join(this.folder, name);
      writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return { name, type: data.constructor.name, shape: one.shape[name], file };
    });
  }
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function peer(
  exchange: Exchange,
  name: string,
  version: string,
  start: () => ChildProcess,
  more: object = {},
): Peer {
  let child: ChildProcess | undefined;
  let waiting: ((line: string) => void) | undefined;
  const stop = (): void => {
    child?.kill();
    child = undefined;
  };
  const reply = (request: object): Promise<string> =>
    new Promise((resolve) => {
      if (!child) {
        const started = start();
        child = started;
        started.on("exit", () => {
          if (child === started) waiting?.('{"error":"the process ended"}');
        });
        createInterface({ input: started.stdout! }).on("line", (line) => {
          if (line.startsWith("{")) waiting?.(line);
        });
      }
      const timer = setTimeout(() => {
        stop();
        waiting?.('{"error":"took too long"}');
      }, PATIENCE);
      waiting = (line) => {
        waiting = undefined;
        clearTimeout(timer);
        resolve(line);
      };
      child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  return {
    name,
    version,
    stop,
    async ask(one, inputs) {
      const gradient = join(exchange.folder, "gradient");
      rmSync(gradient, { force: true });
      const request = { loss: one.loss, inputs: exchange.put(one, inputs), gradient, ...more };
      const answer = JSON.parse(await reply(request)) as Answer;
      if (answer.error !== undefined || !existsSync(gradient)) {
        if (answer.error === "the process ended") stop();
        return answer;
      }
      const bytes = readFileSync(gradient);
      return { ...answer, gradient: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) };
    },
  };
}

/** The version of a package that the bench has for itself. */
const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;

/** Installs the peers' packages where they are missing. */
export function installPeers(): void {
  if (existsSync(join(here, "node_modules/@jax-js/jax"))) return;
  console.log("Installing TensorFlow.js and jax-js into bench/node_modules …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: here, stdio: "inherit" });
}

export function javaScriptPeers(exchange: Exchange): Peer[] {
  const node = (file: string) => () =>
    spawn(process.execPath, ["--expose-gc", "--import", "tsx", join(here, "peers", file)], {
      stdio: ["pipe", "pipe", "ignore"],
      cwd: here,
    });
  return [
    peer(exchange, "TensorFlow.js", versionOf("@tensorflow/tfjs"), node("tfjs.mjs")),
    peer(exchange, "jax-js", versionOf("@jax-js/jax"), node("jax.mjs")),
  ];
}

/** PyTorch, eager and compiled, where a Python has it. */
export function torchPeers(exchange: Exchange): Peer[] {
  const python = process.env.LOSSC_PYTHON ?? "python3";
  let version: string;
  try {
    version = execFileSync(
      python,
      [
        "-c",
        "import torch, numpy; print(torch.__version__, 'with', torch.backends.cpu.get_cpu_capability())",
      ],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    ).trim();
  } catch {
    console.log(`No PyTorch: ${python} has no torch and numpy. Name one that has with LOSSC_PYTHON.`);
    return [];
  }
  const start = () =>
    spawn(python, [join(here, "peers/torch_peer.py")], { stdio: ["pipe", "pipe", "ignore"] });
  return [
    peer(exchange, "PyTorch eager", version, start, { compiled: false }),
    peer(exchange, "torch.compile", version, start, { compiled: true }),
  ];
}
