// `lossc list`: every loss by family, what it is and its parameters.

import { CommandError } from "./errors.ts";
import { renderCsv } from "./format/csv.ts";
import { renderJson } from "./format/json.ts";
import { renderMarkdown } from "./format/markdown.ts";
import { paragraph } from "./format/text.ts";
import { checkOutput, formatOf, type OutputFlags, outputTerminal, writeResult } from "./output.ts";
import { assignment } from "./parameters.ts";
import { knownProfiles } from "./profile/known.ts";
import type { Profile } from "./profile/profile.ts";
import { didYouMean } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

interface ListFlags extends OutputFlags {
  readonly family?: string;
}

interface Entry {
  readonly loss: Profile;
  readonly summary: string;
}

export async function list(given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as ListFlags;
  checkOutput(flags.output);
  const shown = familiesOf(flags.family);
  writeResult(renderers[formatOf(flags)](shown, outputTerminal(flags)), flags.output);
}

function familiesOf(only: string | undefined): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  // They are kept in the order of a textbook.
  for (const loss of knownProfiles()) {
    const entry = { loss, summary: loss.summary };
    found.set(loss.family, [...(found.get(loss.family) ?? []), entry]);
  }
  if (only === undefined) return found;
  const family = found.get(only);
  if (!family)
    throw new CommandError(
      `there is no family "${only}".`,
      didYouMean(only, [...found.keys()], "The families are"),
    );
  return new Map([[only, family]]);
}

const parameters = ({ loss }: Entry): string[] =>
  Object.entries(loss.params).map(([name, spec]) => assignment(name, spec));
const flat = (families: ReadonlyMap<string, readonly Entry[]>): Entry[] => [...families.values()].flat();

type Renderer = (families: ReadonlyMap<string, readonly Entry[]>, terminal: Terminal) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  table(families, terminal) {
    const { bold, dim } = terminal.results;
    const width = Math.max(...flat(families).map(({ loss }) => loss.name.length)) + 2;
    const blocks = [...families].map(([family, entries]) => {
      const lines = entries.map((entry) => {
        const text = [
          paragraph(entry.summary, terminal.width, " ".repeat(width + 2)),
          paragraph(parameters(entry).join("  "), terminal.width, " ".repeat(width + 2)),
        ];
        const [first = "", ...rest] = [...text[0].split("\n"), ...text[1].split("\n").map(dim)].filter(
          (line) => line.trim() !== "",
        );
        return [`  ${bold(entry.loss.name.padEnd(width))}${first.trimStart()}`.trimEnd(), ...rest].join("\n");
      });
      return [bold(family), ...lines].join("\n");
    });
    return `${blocks.join("\n\n")}\n\n${dim("lossc show NAME tells more of one; its parameters are given as --loss huber:delta=2.")}`;
  },
  md: (families) =>
    renderMarkdown(
      ["family", "loss", "what it is", "parameters"].map((title) => ({ title, align: "left" })),
      flat(families).map((entry) => [
        entry.loss.family,
        entry.loss.name,
        entry.summary,
        parameters(entry).join(", "),
      ]),
    ),
  csv: (families) =>
    renderCsv(
      ["family", "name", "summary", "parameters"],
      flat(families).map((entry) => [
        entry.loss.family,
        entry.loss.name,
        entry.summary,
        parameters(entry).join(" "),
      ]),
    ),
  json: (families) =>
    renderJson({
      losses: flat(families).map(({ loss, summary }) => ({
        name: loss.name,
        family: loss.family,
        summary,
        inputs: Object.fromEntries(
          Object.entries(loss.inputs).map(([name, { axes, role, kind }]) => [name, { axes, role, kind }]),
        ),
        parameters: loss.params,
        options: loss.options,
      })),
    }),
};
