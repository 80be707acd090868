// What may follow on a command line: verbs, flags, and what their values name, from the table of options.

import { existsSync, statSync } from "node:fs";
import { type Names, type OptionRow, type Verb, verbs } from "../options.ts";
import { knownNames, knownProfile, knownProfiles } from "../profile/known.ts";
import { type Shell, shells } from "./scripts.ts";

export interface Candidate {
  readonly value: string;
  readonly doc: string;
  /** More may follow without a space: parameters. */
  readonly open?: true;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** A file's name may stand here. */
  readonly files: boolean;
}

/** What is typed so far on the line. */
interface Typed {
  readonly verb: Verb;
  readonly words: readonly string[];
  readonly current: string;
}

const nothing: Completion = { candidates: [], files: false };
const only = (candidates: readonly Candidate[]): Completion => ({ candidates, files: false });

/** The line up to the cursor, with the command's own name first. */
export async function complete(line: string): Promise<Completion> {
  const words = splitLine(line).slice(1);
  const current = words.at(-1) ?? "";
  if (words.length <= 1)
    return only(
      starting(
        current,
        Object.entries(verbs).map(([value, { summary }]) => ({ value, doc: summary })),
      ),
    );
  const [verb] = words as [Verb];
  if (!Object.hasOwn(verbs, verb)) return nothing;
  const typed = { verb, words: words.slice(1, -1), current };
  const assigned = /^(--[a-z-]+)=(.*)$/s.exec(current);
  if (assigned) {
    const row = rowOf(verb, assigned[1]);
    if (!row) return nothing;
    const { candidates, files } = await valuesOf(row, { ...typed, current: assigned[2] });
    return { files, candidates: candidates.map((one) => ({ ...one, value: `${assigned[1]}=${one.value}` })) };
  }
  const flag = flagBefore(typed);
  if (flag) return valuesOf(flag, typed);
  if (current.startsWith("-")) {
    const all = verbs[verb].options.flatMap((row) => namesOf(row).map((value) => ({ value, doc: row.doc })));
    return only(
      starting(
        current,
        all.filter(({ value }) => value.startsWith("--") || current === "-"),
      ),
    );
  }
  const { argument } = verbs[verb];
  return argument ? named(argument.names, typed) : nothing;
}

const namesOf = ({ flags }: OptionRow): string[] => flags.match(/(?<=^|[ ,])--?[a-zA-Z-]+/g) ?? [];
const takesValue = ({ flags }: OptionRow): boolean => flags.includes("<");
const rowOf = (verb: Verb, name: string): OptionRow | undefined =>
  verbs[verb].options.find((row) => namesOf(row).includes(name) && takesValue(row));

/** The flag whose value is being typed: the word before, or one that takes several. */
function flagBefore({ verb, words, current }: Typed): OptionRow | undefined {
  const last = words.at(-1) ?? "";
  const own = rowOf(verb, last);
  if (own) return own;
  if (current.startsWith("-")) return undefined;
  const from = words.reduce((last, word, i) => (word.startsWith("-") ? i : last), -1);
  const several = from >= 0 ? rowOf(verb, words[from]) : undefined;
  return several?.flags.includes("...>") ? several : undefined;
}

function valuesOf(row: OptionRow, typed: Typed): Promise<Completion> | Completion {
  if (row.choices)
    return only(
      starting(
        typed.current,
        row.choices.map((value) => ({ value, doc: "" })),
      ),
    );
  return row.names ? named(row.names, typed) : nothing;
}

const starting = (current: string, all: readonly Candidate[]): Candidate[] =>
  all.filter(({ value }) => value.startsWith(current));

type Offer = (typed: Typed) => Promise<Completion> | Completion;

const offers: { readonly [N in Names]: Offer } = {
  loss: ({ current }) => lossOrParameter(current),
  family: ({ current }) =>
    only(
      starting(
        current,
        [...new Set(knownProfiles().map(({ family }) => family))].map((value) => ({ value, doc: "" })),
      ),
    ),
  file: () => ({ candidates: [], files: true }),
  async column({ words, current }) {
    const columns = await columnsOf(words.filter(isDataFile));
    return only(starting(current, columns));
  },
  async input(typed) {
    const [, name] = /^([^=]+)=/.exec(typed.current) ?? [];
    if (name !== undefined) {
      const current = typed.current.slice(name.length + 1);
      const { candidates } = await offers.column({ ...typed, current });
      return only(candidates.map((one) => ({ ...one, value: `${name}=${one.value}` })));
    }
    const inputs = lossesIn(typed).flatMap((loss) => Object.entries(knownProfile(loss)?.inputs ?? {}));
    const distinct = new Map(inputs.map(([value, { doc, axes }]) => [value, doc || axes]));
    return only(
      starting(
        typed.current,
        [...distinct].map(([value, doc]) => ({ value: `${value}=`, doc, open: true as const })),
      ),
    );
  },
  async view(typed) {
    const { catalogue, viewsOf } = await import("lossc");
    const losses = lossesIn(typed).flatMap((name) => catalogue.get(name) ?? []);
    const views = new Map(
      losses.flatMap((loss) => viewsOf(loss).map(({ name, label }) => [name, label] as const)),
    );
    return only(
      starting(
        typed.current,
        [...views].map(([value, doc]) => ({ value, doc })),
      ),
    );
  },
  async problem({ current }) {
    const { problems } = await import("lossc");
    return only(
      starting(
        current,
        problems.map(({ name, title }) => ({ value: name, doc: title })),
      ),
    );
  },
  shell: ({ current }) =>
    only(
      starting(
        current,
        shells.map((value) => ({ value, doc: "" })),
      ),
    ),
};

const named = (names: Names, typed: Typed): Promise<Completion> | Completion => offers[names](typed);

/** `hub` is completed to a loss, `huber:d` to its parameter. */
function lossOrParameter(current: string): Completion {
  if (/^[.~/]/.test(current)) return { candidates: [], files: true };
  const [, name, before] = /^([A-Za-z0-9]+):(?:(.*),)?[^,]*$/s.exec(current) ?? [];
  if (name === undefined) {
    const losses = knownNames().filter((value) => value.startsWith(current));
    return {
      files: false,
      candidates: losses.map((value) => ({ value, doc: knownProfile(value)!.summary })),
    };
  }
  const profile = knownProfile(name);
  if (!profile) return nothing;
  const start = `${name}:${before === undefined ? "" : `${before},`}`;
  const params = Object.entries(profile.params).map(([param, { doc }]) => ({
    value: `${start}${param}=`,
    doc,
    open: true as const,
  }));
  return only(starting(current, params));
}

/** The losses named on the line: as words, or as values of --loss. */
function lossesIn({ verb, words }: Typed): string[] {
  const { argument } = verbs[verb];
  return words
    .filter(
      (word, i) =>
        (argument?.names === "loss" && !word.startsWith("-")) ||
        rowOf(verb, words[i - 1] ?? "")?.names === "loss",
    )
    .map((word) => word.split(":")[0]);
}

const isDataFile = (word: string): boolean =>
  /\.(parquet|csv|tsv|txt|jsonl|ndjson|json)(\.gz)?$/i.test(word) &&
  existsSync(word) &&
  statSync(word).isFile();

async function columnsOf(files: readonly string[]): Promise<Candidate[]> {
  if (files.length === 0) return [];
  const [{ openDatabase }, { givenFiles }, { openFiles }, { Notes }] = await Promise.all([
    import("../eval/database.ts"),
    import("../eval/input/given.ts"),
    import("../eval/input/open.ts"),
    import("../notes.ts"),
  ]);
  const database = await openDatabase({});
  try {
    const given = await givenFiles([files[0]], undefined, new Notes(true));
    const { columns } = await openFiles({ files: given, arrays: [], where: undefined }, database);
    return columns.map(({ name, type }) => ({ value: name, doc: type.toLowerCase() }));
  } finally {
    database.close();
  }
}

/** Words as a shell would have them: quotes keep spaces, a backslash the next sign. The last may be unfinished. */
export function splitLine(line: string): string[] {
  const words = [""];
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const sign = line[i];
    if (quote !== "" && sign === quote) quote = "";
    else if (quote === "" && (sign === "'" || sign === '"')) quote = sign;
    else if (sign === "\\" && quote !== "'" && i + 1 < line.length) words[words.length - 1] += line[++i];
    else if (quote === "" && /\s/.test(sign)) {
      if (words.at(-1) !== "") words.push("");
    } else words[words.length - 1] += sign;
  }
  return words;
}

/** The lines that the scripts read. bash cuts words at `:` and `=`, so it gets what follows the last of them. */
export function completionText({ candidates, files }: Completion, shell: Shell, line: string): string {
  const current = splitLine(line).at(-1) ?? "";
  const cut = shell === "bash" ? Math.max(current.lastIndexOf(":"), current.lastIndexOf("=")) + 1 : 0;
  const lines = candidates.map(({ value, doc }) => `${value.slice(cut)}${doc === "" ? "" : `\t${doc}`}`);
  return [
    ...(files ? [":files"] : []),
    ...(candidates.some(({ open }) => open) ? [":nospace"] : []),
    ...lines,
  ].join("\n");
}
