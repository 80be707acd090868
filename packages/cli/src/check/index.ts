// `lossc check`: tries a loss at random and extreme points, and says on which input it breaks.

import { CommandError, exitCode } from "../errors.ts";
import { parametersOf } from "../eval/shapes.ts";
import { type LossSpec, parseSpec } from "../eval/spec.ts";
import { renderJson } from "../format/json.ts";
import { paragraph } from "../format/text.ts";
import { checkOutput, formatOf, type OutputFlags, outputTerminal, writeResult } from "../output.ts";
import { liveProfile } from "../profile/live.ts";
import type { Profile } from "../profile/profile.ts";
import { sections } from "../show/sections.ts";
import type { Terminal } from "../terminal.ts";
import type { Point } from "./points.ts";
import { type Finding, type Trial, tests } from "./tests.ts";

interface CheckFlags extends OutputFlags {
  readonly seed: string;
  readonly points: string;
}

export async function check(words: readonly string[], given: Record<string, unknown>): Promise<number> {
  const flags = given as unknown as CheckFlags;
  const [text] = words;
  if (text === undefined)
    throw new CommandError("no loss is named.", "Name a file, as in lossc check ./my-loss.ts, or a loss.");
  checkOutput(flags.output);
  const spec = parseSpec(text);
  const trial: Trial = {
    loss: spec.loss,
    params: spec.options,
    seed: wholeNumber(flags.seed, "--seed"),
    points: wholeNumber(flags.points, "--points"),
  };
  const findings = Object.entries(tests).map(([name, test]): Finding => ({ name, ...test(trial) }));
  const terminal = outputTerminal(flags);
  writeResult(renderers[formatOf(flags)](spec, await liveProfile(text), findings, terminal), flags.output);
  return findings.some(({ verdict }) => verdict === "breaks") ? exitCode.checkFailed : exitCode.fine;
}

function wholeNumber(text: string, flag: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new CommandError(`${flag} ${text} is no whole number.`, `Give one, as in ${flag} 7.`);
}

type Renderer = (
  spec: LossSpec,
  profile: Profile,
  findings: readonly Finding[],
  terminal: Terminal,
) => string;

const marks = { holds: "ok    ", breaks: "BREAKS", skipped: "–     " } as const;

const renderers: Readonly<Record<string, Renderer>> = {
  table(spec, profile, findings, terminal) {
    const { bold, dim, red } = terminal.results;
    const lines = findings.map(({ name, verdict, evidence }) => {
      const mark = verdict === "breaks" ? red(marks[verdict]) : marks[verdict];
      return `${mark} ${name}\n${paragraph(evidence, terminal.width, " ".repeat(7))}`;
    });
    const broken = findings.find(({ verdict }) => verdict === "breaks");
    const about = sections(profile, terminal)
      .filter(([title]) => aboutIt.has(title))
      .map(([title, body]) => `${bold(title)}\n${body}`);
    const conclusion =
      broken === undefined
        ? "Nothing breaks."
        : `${red("It breaks.")} ${broken.name}: not so.${broken.point ? ` The first such input:\n${pointText(broken.point, terminal)}` : ""}`;
    return [
      `${bold(spec.text)} ${dim(`· ${spec.loss.name} · ${spec.loss.family}`)}`,
      ...about,
      lines.join("\n"),
      conclusion,
    ].join("\n\n");
  },
  json: (spec, _, findings) =>
    renderJson({
      loss: spec.text,
      name: spec.loss.name,
      params: Object.fromEntries(
        Object.entries(parametersOf(spec)).map(([name, value]) => [
          name,
          typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
        ]),
      ),
      breaks: findings.some(({ verdict }) => verdict === "breaks"),
      findings: findings.map(({ point, ...finding }) => ({
        ...finding,
        point: point === undefined ? null : nested(point),
      })),
    }),
};

/** What a definition says, for a person to see that it was understood. */
const aboutIt = new Set(["value of one sample", "picture", "inputs", "parameters", "properties"]);

const nested = (point: Point): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(point).map(([name, { data, shape }]) => [name, inShape([...data], shape)]),
  );

/** Rows of rows, as one would type them. */
function inShape(data: readonly number[], shape: readonly number[]): unknown {
  if (shape.length === 0) return data[0];
  if (shape.length === 1) return data;
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) =>
    inShape(data.slice(i * size, (i + 1) * size), shape.slice(1)),
  );
}

const pointText = (point: Point, { width }: Terminal): string =>
  Object.entries(nested(point))
    .map(([name, value]) => paragraph(`${name}: ${JSON.stringify(value).replaceAll(",", ", ")}`, width, "  "))
    .join("\n");
