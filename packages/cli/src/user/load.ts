// Loss files that a person wrote: `./my-loss.ts` stands wherever a loss's name does.

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { AnyLoss } from "lossc";
import { CommandError } from "../errors.ts";
import { lossesOf } from "./import.ts";
import type { Told } from "./probe.ts";

/** `PATH.ts`, `PATH.ts#export`, and what follows a colon: parameters. */
const fileName = /^(.+?\.m?[jt]s)(?:#([\w$]+))?(?::(.*))?$/s;

/** The name of a loss and its parameters: the first colon, but for one in a path. */
export function splitSpec(text: string): { readonly name: string; readonly parameters: string | undefined } {
  const [, path, named, parameters] = fileName.exec(text) ?? [];
  if (path !== undefined) return { name: path + (named === undefined ? "" : `#${named}`), parameters };
  const colon = text.indexOf(":");
  return colon < 0
    ? { name: text.trim(), parameters: undefined }
    : { name: text.slice(0, colon).trim(), parameters: text.slice(colon + 1) };
}

export const isLossFile = (name: string): boolean => fileName.test(name);

const loaded = new Map<string, AnyLoss>();

/** A loss that `loadLossFiles` has read. */
export const lossFromFile = (name: string): AnyLoss | undefined => loaded.get(name);

/** Reads the files among what is given as losses, so that `findLoss` knows them. */
export async function loadLossFiles(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const { name } = splitSpec(text);
    if (isLossFile(name) && !loaded.has(name)) loaded.set(name, await loadLoss(name));
  }
}

/** A file that takes longer, in seconds, is taken to hang. */
const limit = (): number => Number(process.env.LOSSC_IMPORT_SECONDS) || 10;

async function loadLoss(name: string): Promise<AnyLoss> {
  const [, path, wanted] = fileName.exec(name)!;
  if (!existsSync(path) || statSync(path).isDirectory())
    throw new CommandError(
      `there is no file ${path}.`,
      "Check the path; it is relative to the current folder.",
    );
  const url = pathToFileURL(resolve(path)).href;
  const told = await probe(url, path);
  if ("message" in told) throw failed(path, told);
  const { losses } = told;
  const chosen = wanted ?? (losses.includes("default") ? "default" : losses[0]);
  if (losses.length === 0)
    throw new CommandError(
      `${path} exports no loss.`,
      "Export one: export default defineLoss({ name, family, inputs, expr }), with defineLoss from lossc.",
    );
  if (!losses.includes(chosen))
    throw new CommandError(`${path} exports no loss "${chosen}".`, `It exports ${losses.join(", ")}.`);
  if (wanted === undefined && chosen !== "default" && losses.length > 1)
    throw new CommandError(
      `${path} exports ${losses.length} losses: ${losses.join(", ")}.`,
      `Say which: ${path}#${losses[0]}`,
    );
  return withoutOutput(async () => (await lossesOf(url)).get(chosen) as unknown as AnyLoss);
}

/** Imports the file in a thread of its own first: one that loops is stopped, one that throws is told. */
async function probe(url: string, path: string): Promise<Told> {
  // Under tsx and vitest this file is the .ts one; a worker runs what was built of it.
  const program = new URL(import.meta.url.replace("/src/user/load.ts", "/dist/user/load.js"));
  const worker = new Worker(new URL("./probe.js", program), {
    workerData: { url },
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Told>((tell, fail) => {
      worker.on("message", tell);
      worker.on("error", (error) =>
        tell({ name: error.name, message: error.message, stack: error.stack ?? "" }),
      );
      worker.on("exit", () =>
        fail(
          new CommandError(
            `${path} ends the process when it is imported.`,
            "A loss file only defines: remove process.exit.",
          ),
        ),
      );
      timer = setTimeout(
        () =>
          fail(
            new CommandError(
              `${path} was still running ${limit()} second${limit() === 1 ? "" : "s"} after it was imported.`,
              "A loss file only defines: look for a loop, or something that is waited for, at its top level.",
            ),
          ),
        1000 * limit(),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function failed(path: string, { name, message, stack }: Extract<Told, { message: string }>): CommandError {
  const place = new RegExp(
    `${path.replace(/^.*[/\\]/, "").replace(/[.*+?^${"$"}{}()|[\]\\]/g, "\\$&")}:(\\d+)`,
  ).exec(stack)?.[1];
  const where = place === undefined ? path : `${path} line ${place}`;
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined)
    return new CommandError(
      `${path} imports "${missing}", which is not there.`,
      "Install it, or correct the import; lossc itself needs no installing.",
    );
  const first = message.split("\n").find((line) => line.trim() !== "") ?? message;
  const what = name === "LossError" ? "it defines no sound loss" : "it throws when it is imported";
  return new CommandError(
    `${where}: ${what}: ${first.trim()}`,
    "Repair the file; lossc check FILE checks it.",
  );
}

/** What a file prints must not stand in a result. */
async function withoutOutput<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
