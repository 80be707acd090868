// Settings that a folder keeps: `lossc.config.json`, or the key "lossc" of package.json, in this folder or the nearest
// above. What stands on the command line wins.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CommandError } from "./errors.ts";
import { longName, type OptionRow, type Verb, verbs } from "./options.ts";
import { didYouMean } from "./suggest.ts";

export type Settings = Readonly<Record<string, unknown>>;

export interface Config {
  /** The file it is from; undefined where there is none. */
  readonly file: string | undefined;
  /** By verb, then by flag. */
  readonly verbs: Readonly<Record<string, Settings>>;
}

const FILE = "lossc.config.json";

/** The nearest configuration, checked against the table of options. */
export function readConfig(folder = process.cwd()): Config {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const own = join(at, FILE);
    if (existsSync(own)) return { file: own, verbs: checked(parsed(own), own) };
    const manifest = join(at, "package.json");
    const key = existsSync(manifest) ? (parsed(manifest) as { lossc?: unknown }).lossc : undefined;
    if (key !== undefined) return { file: manifest, verbs: checked(key, `${manifest}, "lossc"`) };
    if (dirname(at) === at) return { file: undefined, verbs: {} };
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CommandError(
      `${file} is not JSON: ${(error as Error).message}`,
      "Repair it, or ignore it: --no-config",
    );
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checked(value: unknown, where: string): Record<string, Settings> {
  const example = 'Write a verb with its flags, as { "eval": { "by": "region", "quiet": true } }.';
  if (!isObject(value)) throw new CommandError(`${where} is no object.`, example);
  return Object.fromEntries(
    Object.entries(value).map(([verb, flags]) => {
      if (!Object.hasOwn(verbs, verb))
        throw new CommandError(`${where}: there is no verb "${verb}".`, didYouMean(verb, Object.keys(verbs)));
      if (!isObject(flags)) throw new CommandError(`${where}: "${verb}" is no object.`, example);
      return [verb, settingsOf(verb as Verb, flags, where)];
    }),
  );
}

function settingsOf(verb: Verb, flags: Record<string, unknown>, where: string): Settings {
  const rows = new Map(verbs[verb].options.map((row) => [longName(row.flags), row]));
  return Object.fromEntries(
    Object.entries(flags).map(([name, value]) => {
      const row = rows.get(name);
      if (!row)
        throw new CommandError(
          `${where}: lossc ${verb} has no flag "${name}".`,
          didYouMean(name, [...rows.keys()]),
        );
      const { fits, expected } = formOf(row);
      if (fits(value)) return [name, settled(row, value)];
      throw new CommandError(
        `${where}: "${name}" of ${verb} is ${JSON.stringify(value)}; it must be ${expected}.`,
        `lossc ${verb} --help says what it is.`,
      );
    }),
  );
}

const isText = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

/** What a flag's value may be in JSON. */
function formOf({ flags, choices, repeats }: OptionRow): {
  readonly fits: (value: unknown) => boolean;
  readonly expected: string;
} {
  if (!flags.includes("<")) return { fits: (value) => typeof value === "boolean", expected: "true or false" };
  if (choices) return { fits: (value) => choices.includes(value as string), expected: choices.join(", ") };
  if (repeats || flags.includes("...>"))
    return {
      fits: (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
      expected: "a text, or a list of them",
    };
  return { fits: isText, expected: "a text or a number" };
}

/** As the command line would give it. */
function settled({ flags, repeats }: OptionRow, value: unknown): unknown {
  if (repeats || flags.includes("...>")) return [value].flat().map(String);
  return typeof value === "number" ? String(value) : value;
}
