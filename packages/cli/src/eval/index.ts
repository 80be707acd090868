// `lossc eval`: several losses on files of predictions, in one pass over them.

import { setTimeout as sleep } from "node:timers/promises";
import { exitCode } from "../errors.ts";
import { Notes } from "../notes.ts";
import { formatOf, outputTerminal, writeResult } from "../output.ts";
import { terminalOf } from "../terminal.ts";
import { publish } from "../unfinished.ts";
import { withClassOptions } from "./class-options.ts";
import { newCollection } from "./collect/index.ts";
import { judgeChecks, readChecks } from "./conditions/judge.ts";
import { openDatabase } from "./database.ts";
import { checkOutputs, type EvalFlags, keepInputs, readSpecs, requireFiles } from "./flags.ts";
import { namesArrays, readFlagArrays } from "./input/flag-arrays.ts";
import { givenFiles, verifyGzip } from "./input/given.ts";
import { openFiles } from "./input/open.ts";
import { evaluate } from "./pass.ts";
import { prepare } from "./prepare.ts";
import { columnsLine, renderers } from "./render.ts";
import type { EvalResult } from "./result.ts";

export async function evaluateFiles(
  words: readonly string[],
  given: Record<string, unknown>,
): Promise<number> {
  const flags = given as unknown as EvalFlags;
  const notes = new Notes(flags.quiet === true);
  // All that can be wrong without looking into the files is said before DuckDB starts.
  if (!namesArrays(flags)) requireFiles(words, flags);
  const specs = withClassOptions(readSpecs(flags), flags, notes);
  const checks = readChecks(
    flags.failIf ?? [],
    specs.map(({ text }) => text),
    specs.map(({ loss }) => loss.name),
  );
  const arrays = await readFlagArrays(flags, specs, notes);
  checkOutputs(flags);
  const files = await givenFiles(words, flags.inputFormat, notes);
  keepInputs(
    flags,
    files.map(({ path }) => path),
  );
  const database = await openDatabase({
    debug: flags.debug,
    progress: terminalOf(flags.color, flags.quiet).progress,
  });
  const sound = verifyGzip(files);
  sound.catch(() => undefined); // told below
  try {
    const file = await openFiles({ files, arrays: arrays.columns, where: flags.where }, database);
    const work = await prepare(specs, file, database, arrays, notes);
    const collection = await newCollection(work, flags, database);
    const found = await evaluate(work, collection, database, flags, notes);
    await sound;
    const judged = await collection.finish(found, notes);
    const result: EvalResult = {
      ...judged,
      ...(checks.length > 0 && { checks: judgeChecks(checks, judged) }),
    };
    publish(await collection.write(result, notes));
    const format = formatOf(flags);
    if (format === "csv") notes.say(columnsLine(result));
    writeResult(renderers[format](result, outputTerminal(flags)), flags.output);
    const failed = (result.checks ?? []).filter((check) => check.failed);
    for (const { condition, figures } of failed) notes.failed(condition, figures);
    return failed.length > 0 ? exitCode.checkFailed : exitCode.fine;
  } catch (error) {
    // What is cut off fails in many ways; that it is cut off says more.
    await Promise.race([sound, sleep(MOMENT, undefined, { ref: false })]);
    throw error;
  } finally {
    database.close();
  }
}

/** For a small file to be unpacked, in milliseconds. */
const MOMENT = 300;
