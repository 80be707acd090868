// `lossc choose`: losses for a problem, with reasons from their property cards; asked for, told by flags, or seen in data.

import { type Choice, catalogue, choose as chooseFor, type Problem, problems } from "lossc";
import { CommandError } from "../errors.ts";
import { renderJson } from "../format/json.ts";
import { paragraph } from "../format/text.ts";
import { Notes } from "../notes.ts";
import { checkOutput, formatOf, outputTerminal, writeResult } from "../output.ts";
import { didYouMean } from "../suggest.ts";
import type { Terminal } from "../terminal.ts";
import { ask } from "./ask.ts";
import { type LookFlags, look, type Seen } from "./look.ts";

interface ChooseFlags extends LookFlags {
  readonly problem?: readonly string[];
  readonly most: string;
}

interface Advice {
  readonly problem: Problem;
  readonly choices: readonly Choice[];
}

export async function choose(words: readonly string[], given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as ChooseFlags;
  const [file] = words;
  const most = Number(flags.most);
  if (!Number.isInteger(most) || most < 1)
    throw new CommandError(`--most ${flags.most} is no number of losses.`, "Give a whole number from 1.");
  checkOutput(flags.output);
  const named = (flags.problem ?? []).map(problemCalled);
  const seen = file === undefined ? undefined : await look(file, flags, new Notes(flags.quiet === true));
  const asked =
    named.length > 0
      ? named
      : (seen?.problems.map(problemCalled) ?? [await ask(process.stdin, process.stdout)]);
  // What is recommended must take such data.
  const among = [...catalogue.values()].filter(({ family }) => seen?.families.includes(family) ?? true);
  const advice = asked.map(
    (problem): Advice => ({ problem, choices: chooseFor(problem.name, among).slice(0, most) }),
  );
  writeResult(renderers[formatOf(flags)](advice, seen, outputTerminal(flags)), flags.output);
}

function problemCalled(name: string): Problem {
  const problem = problems.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (problem) return problem;
  throw new CommandError(
    `there is no problem "${name}".`,
    didYouMean(
      name,
      problems.map((one) => one.name),
      "The problems are",
    ),
  );
}

type Renderer = (advice: readonly Advice[], seen: Seen | undefined, terminal: Terminal) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  table(advice, seen, terminal) {
    const { bold, dim, red } = terminal.results;
    const { width } = terminal;
    const saw =
      seen &&
      [
        `${bold("seen")} ${dim(`· ${seen.kind} · ${columnsText(seen)}`)}`,
        ...seen.sentences.map((text) => paragraph(text, width, "  ")),
      ].join("\n");
    const parts = advice.map(({ problem, choices }) =>
      [
        `${bold(problem.title)} ${dim(`· --problem ${problem.name}`)}`,
        paragraph(problem.advice, width),
        "",
        ...choices.flatMap(({ loss, because, but }) => [
          `  ${bold(loss)}`,
          paragraph(because, width, "    "),
          ...but.map((text) => paragraph(`${red("but")} ${text}`, width, "    ")),
        ]),
      ].join("\n"),
    );
    return [
      ...(saw === undefined ? [] : [saw]),
      ...parts,
      dim("lossc show NAME tells all of one; lossc plot NAME NAME draws them."),
    ].join("\n\n");
  },
  md: (advice, seen) =>
    [
      ...(seen ? [`## Seen: ${seen.kind}`, ...seen.sentences.map((text) => `- ${text}`)] : []),
      ...advice.map(({ problem, choices }) =>
        [
          `## ${problem.title}`,
          "",
          problem.advice,
          "",
          ...choices.map(
            ({ loss, because, but }) =>
              `- **${loss}**: ${[because, ...but.map((text) => `*but* ${text}`)].join("; ")}`,
          ),
        ].join("\n"),
      ),
    ].join("\n\n"),
  json: (advice, seen) =>
    renderJson({
      seen: seen ?? null,
      problems: advice.map(({ problem, choices }) => ({ ...problem, choices })),
    }),
};

const columnsText = ({ columns }: Seen): string =>
  Object.entries(columns)
    .map(([input, name]) => `${input} ← ${name}`)
    .join(" · ");
