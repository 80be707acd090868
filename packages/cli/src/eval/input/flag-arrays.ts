// Arrays that flags name: --prediction preds.npy is a column that the file of arrays holds, and --input weights=w.npy
// an input that is the same for all rows.

import { existsSync } from "node:fs";
import { CommandError } from "../../errors.ts";
import type { Notes } from "../../notes.ts";
import { listed } from "../../suggest.ts";
import type { EvalFlags } from "../flags.ts";
import { isConstant } from "../shapes.ts";
import type { LossSpec } from "../spec.ts";
import { type NamedArray, readArrays, sayShapes } from "./arrays.ts";
import { givenFiles } from "./given.ts";
import type { NumpyArray } from "./npy.ts";

export interface FlagArrays {
  /** The flags with columns in place of files. */
  readonly flags: EvalFlags;
  /** Columns, one for each array. */
  readonly columns: readonly NamedArray[];
  /** Arrays for inputs that no row has, by input. */
  readonly constants: ReadonlyMap<string, NumpyArray>;
}

/** FILE.npy, FILE.npz or FILE.npz:NAME. */
const FILE = /^(.+\.np[yz](?:\.gz)?)(?::([^:]+))?$/i;

/** Whether a flag names a file of arrays, so that no other file is needed. */
export const namesArrays = ({ target = [], prediction = [], input = [] }: EvalFlags): boolean =>
  [...target, ...prediction, ...input].some((text) => FILE.test(text.replace(/^[^=]+=/, "")));

export async function readFlagArrays(
  flags: EvalFlags,
  specs: readonly LossSpec[],
  notes: Notes,
): Promise<FlagArrays> {
  const columns: NamedArray[] = [];
  const constants = new Map<string, NumpyArray>();
  const column = async (text: string, flag: string): Promise<string> => {
    const array = await arrayOf(text, flag, notes);
    if (!array) return text;
    const known = columns.find(({ said }) => said === array.said);
    if (known) return known.name;
    const taken = columns.filter(({ name }) => name.replace(/ \d+$/, "") === array.name).length;
    const name = taken === 0 ? array.name : `${array.name} ${taken + 1}`;
    columns.push({ ...array, name });
    return name;
  };
  const each = async (texts: readonly string[], flag: string): Promise<string[]> => {
    const names: string[] = [];
    for (const text of texts) names.push(await column(text, flag));
    return names;
  };
  const inputs: string[] = [];
  for (const text of flags.input ?? []) {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name !== undefined && specs.some(({ loss }) => loss.inputs[name] && isConstant(loss, name)))
      constants.set(name, await constant(name, value, notes));
    else inputs.push(name === undefined ? text : `${name}=${await column(value, `--input ${name}`)}`);
  }
  const { target, prediction, weight, by, query } = flags;
  const replaced: EvalFlags = {
    ...flags,
    input: inputs,
    ...(target && { target: await each(target, "--target") }),
    ...(prediction && { prediction: await each(prediction, "--prediction") }),
    ...(weight !== undefined && { weight: await column(weight, "--weight") }),
    ...(by !== undefined && { by: await column(by, "--by") }),
    ...(query !== undefined && { query: await column(query, "--query") }),
  };
  sayShapes(columns, notes);
  return { flags: replaced, columns, constants };
}

async function arrayOf(text: string, flag: string, notes: Notes): Promise<NamedArray | undefined> {
  const [, path, wanted] = FILE.exec(text) ?? [];
  if (path === undefined || (!existsSync(path) && !/[/\\]|\.np[yz]$/i.test(path))) return undefined;
  const [file] = await givenFiles([path], undefined, notes);
  const arrays = readArrays(file);
  const names = arrays.map(({ name }) => name);
  const found = wanted === undefined ? arrays : arrays.filter(({ name }) => name === wanted);
  if (found.length === 1) return found[0];
  if (wanted === undefined)
    throw new CommandError(
      `${flag} ${text}: it holds ${names.length} arrays, ${listed(names)}.`,
      `Say which: ${flag} ${path}:${names[0]}`,
    );
  throw new CommandError(`${flag} ${text}: it holds no array ${wanted}.`, `Its arrays are ${listed(names)}.`);
}

async function constant(name: string, text: string, notes: Notes): Promise<NumpyArray> {
  const found = await arrayOf(text, `--input ${name}`, notes);
  if (found) return found.array;
  throw new CommandError(
    `--input ${name}=${text}: "${name}" is the same for all rows, so no column has it.`,
    `Give it as an array of NumPy: --input ${name}=${name}.npy`,
  );
}
