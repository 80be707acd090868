// `lossc show NAME`: all that is known of one loss, most of it derived from its definition.

import type { AnyLoss } from "lossc";
import { docs } from "lossc/docs";
import { loops } from "lossc/inspect";
import { CommandError } from "../errors.ts";
import { findLoss } from "../eval/spec.ts";
import { renderJson } from "../format/json.ts";
import { paragraph } from "../format/text.ts";
import { checkOutput, formatOf, type OutputFlags, outputTerminal, writeResult } from "../output.ts";
import type { Terminal } from "../terminal.ts";
import { cardForJson } from "./card.ts";
import { runCheck } from "./check.ts";
import { sections } from "./sections.ts";

export async function show(name: string | undefined, given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as OutputFlags & { readonly loops?: true };
  checkOutput(flags.output);
  if (name === undefined)
    throw new CommandError(
      "no loss is named.",
      "Name one, as in lossc show huber; lossc list shows them all.",
    );
  if (flags.loops) return writeResult(loopsAs[formatOf(flags)](loops(findLoss(name))), flags.output);
  const shown = { loss: findLoss(name), doc: docs[name] };
  writeResult(renderers[formatOf(flags)](shown, outputTerminal(flags)), flags.output);
}

/** The loop program, one statement a line. */
const loopsAs: Readonly<Record<string, (text: string) => string>> = {
  table: (text) => text,
  md: (text) => `\`\`\`text\n${text}\n\`\`\``,
  json: (text) => renderJson({ loops: text.split("\n") }),
};

interface Shown {
  readonly loss: AnyLoss;
  readonly doc: (typeof docs)[string] | undefined;
}

type Renderer = (shown: Shown, terminal: Terminal) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  table: (shown, terminal) => {
    const { bold, dim } = terminal.results;
    const parts = sections(shown.loss, terminal).map(([title, body]) => `${bold(title)}\n${body}`);
    const heading = `${bold(shown.loss.name)} ${dim(`· ${shown.loss.family}`)}`;
    return [[heading, about(shown, terminal)].filter((part) => part !== "").join("\n"), ...parts].join(
      "\n\n",
    );
  },
  md: (shown, terminal) => {
    const wide = { ...terminal, human: false, width: Number.POSITIVE_INFINITY };
    const { formula } = shown.loss;
    const maths = [formula.value, ...Object.values(formula.gradient)].map((latex) => `$$${latex}$$`);
    const rest = sections(shown.loss, wide).filter(([title]) => title !== "formula (LaTeX)");
    const blocks = rest.map(([title, body]) => `## ${title}\n\n\`\`\`text\n${body}\n\`\`\``);
    return [`# ${shown.loss.name}`, about(shown, wide), ...maths, ...blocks]
      .filter((part) => part !== "")
      .join("\n\n");
  },
  json: ({ loss, doc }) =>
    renderJson({
      name: loss.name,
      family: loss.family,
      summary: doc?.summary ?? "",
      detail: doc?.detail ?? "",
      expression: String(loss.expr),
      formula: loss.formula,
      inputs: Object.fromEntries(
        Object.entries(loss.inputs).map(([name, { axes, role, kind, doc: words = "" }]) => [
          name,
          { axes, role, kind, doc: words },
        ]),
      ),
      properties: cardForJson(loss.properties()),
      parameters: loss.params,
      options: loss.options,
      references: loss.references,
      check: runCheck(loss) ?? null,
    }),
};

function about({ doc }: Shown, { width }: Terminal): string {
  if (!doc) return "";
  return [doc.summary, doc.detail]
    .filter((part) => part !== "")
    .map((part) => paragraph(part, width))
    .join("\n\n");
}
