// `lossc plot`: losses over one view, in the terminal or as a picture.

import { extname } from "node:path";
import { labelOf, plotCurves, type Theme } from "@lossc/plot";
import { type Curve, curve, type PropertyCard, viewsOf } from "lossc";
import { drawLines, legend } from "./chart/braille.ts";
import { CommandError } from "./errors.ts";
import { type LossSpec, parseSpec } from "./eval/spec.ts";
import { checkOutput, type OutputFlags, outputTerminal, writeFile } from "./output.ts";
import { listed } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

interface PlotFlags extends OutputFlags {
  readonly over?: string;
  readonly from?: string;
  readonly to?: string;
  readonly target: string;
  readonly curvature?: boolean;
  readonly theme: Theme;
}

export async function plot(words: readonly string[], given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as PlotFlags;
  if (words.length === 0)
    throw new CommandError(
      "no loss is named.",
      "Name one or more, as in lossc plot huber mae tukeyBiweight:c=3",
    );
  const write = flags.output === undefined ? undefined : writerOf(flags.output);
  checkOutput(flags.output);
  const specs = words.map(parseSpec);
  const over = viewFor(specs, flags.over);
  const curves = specs.map((spec) => curveOf(spec, over, flags));
  const labels = specs.map((spec, i) =>
    words.length > 1 || spec.text !== spec.loss.name ? spec.text : labelOf(curves[i]),
  );
  if (write === undefined) {
    process.stdout.write(`${inTerminal(curves, labels, flags.curvature === true, outputTerminal(flags))}\n`);
    return;
  }
  const svg = plotCurves(curves, {
    labels,
    cards: specs.map(cardOf),
    curvature: flags.curvature === true,
    theme: flags.theme,
    ...(specs.length === 1 && { title: labels[0] }),
  });
  writeFile(await write(svg), flags.output!, "--output");
}

const writers: Readonly<Record<string, (svg: string) => Promise<string | Uint8Array>>> = {
  ".svg": async (svg) => svg,
  ".png": async (svg) => (await import("./report/png.ts")).pngOf(svg),
};

function writerOf(file: string): (svg: string) => Promise<string | Uint8Array> {
  const writer = writers[extname(file).toLowerCase()];
  if (writer) return writer;
  throw new CommandError(
    `--output ${file}: pictures of this kind are not drawn.`,
    "Give it the ending .svg or .png; without --output the curves are drawn in the terminal.",
  );
}

const paramsOf = ({ loss, options }: LossSpec): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(loss.params, name)));

/** The view asked for, or the first that all losses have. */
function viewFor(specs: readonly LossSpec[], over: string | undefined): string {
  const views = specs.map((spec) => viewsOf(spec.loss, paramsOf(spec)).map(({ name }) => name));
  const none = views.findIndex((names) => names.length === 0);
  if (none >= 0)
    throw new CommandError(
      `${specs[none].text} has no one-dimensional view, so it is no curve.`,
      "Leave it out; lossc show says what it takes.",
    );
  const shared = views[0].filter((name) => views.every((names) => names.includes(name)));
  if (over !== undefined) {
    const without = views.findIndex((names) => !names.includes(over));
    if (without < 0) return over;
    throw new CommandError(
      `${specs[without].text} has no view "${over}".`,
      `Its views are ${listed(views[without])}${specs.length > 1 ? `; all losses have ${listed(shared)}` : ""}.`,
    );
  }
  if (shared.length > 0) return shared[0];
  throw new CommandError(
    `these losses are over different things: ${specs.map(({ text }, i) => `${text} over ${listed(views[i])}`).join("; ")}.`,
    "Draw each by itself.",
  );
}

function curveOf(spec: LossSpec, over: string, flags: PlotFlags): Curve {
  const number = (flag: "from" | "to" | "target"): Record<string, number> => {
    const text = flags[flag];
    if (text === undefined) return {};
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return { [flag]: value };
    throw new CommandError(`--${flag} ${text} is no number.`, `Give one, as in --${flag} 2.`);
  };
  return curve(spec.loss, {
    over,
    params: paramsOf(spec),
    ...number("from"),
    ...number("to"),
    ...number("target"),
  });
}

const cardOf = (spec: LossSpec): PropertyCard | undefined => spec.loss.properties({ params: paramsOf(spec) });

const WIDEST = 80;

/** A panel for the value, one for the gradient, and if asked for one for the curvature. */
function inTerminal(
  curves: readonly Curve[],
  labels: readonly string[],
  curvature: boolean,
  terminal: Terminal,
): string {
  const { results: paint, unicode, colours } = terminal;
  const [{ view, x }] = curves;
  const panel = (title: string, y: (one: Curve) => Float64Array): string => {
    const lines = curves.map((one, i) => ({ label: labels[i], y: y(one) }));
    const options = { from: x[0], to: x[x.length - 1], label: view.label, paint, unicode, colours };
    return `${paint.bold(title)}\n${drawLines(lines, { ...options, width: Math.min(WIDEST, terminal.width), height: 12 })}`;
  };
  return [
    legend(labels, { paint, unicode, colours }),
    panel("value", ({ value }) => value),
    panel("gradient", ({ gradient }) => gradient),
    ...(curvature ? [panel("curvature", (one) => one.curvature)] : []),
  ].join("\n\n");
}
