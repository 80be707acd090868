// `lossc show NAME`: all that is known of one loss, most of it derived from its definition.

import { CommandError } from "../errors.ts";
import { renderJson } from "../format/json.ts";
import { paragraph } from "../format/text.ts";
import { checkOutput, formatOf, type OutputFlags, outputTerminal, writeResult } from "../output.ts";
import { knownProfile } from "../profile/known.ts";
import type { Profile } from "../profile/profile.ts";
import type { Terminal } from "../terminal.ts";
import { cardForJson } from "./card.ts";
import { sections } from "./sections.ts";

export async function show(name: string | undefined, given: Record<string, unknown>): Promise<void> {
  const flags = given as unknown as OutputFlags & { readonly loops?: true };
  checkOutput(flags.output);
  if (name === undefined)
    throw new CommandError(
      "no loss is named.",
      "Name one, as in lossc show huber; lossc list shows them all.",
    );
  if (flags.loops) {
    const { loopsOf } = await import("../profile/live.ts");
    writeResult(loopsAs[formatOf(flags)](loopsOf(name)), flags.output);
    return;
  }
  // The library is loaded for what is not known without it only: parameters, and losses of one's own.
  const profile = knownProfile(name) ?? (await (await import("../profile/live.ts")).liveProfile(name));
  writeResult(renderers[formatOf(flags)](profile, outputTerminal(flags)), flags.output);
}

/** The loop program, one statement a line. */
const loopsAs: Readonly<Record<string, (text: string) => string>> = {
  table: (text) => text,
  md: (text) => `\`\`\`text\n${text}\n\`\`\``,
  json: (text) => renderJson({ loops: text.split("\n") }),
};

type Renderer = (shown: Profile, terminal: Terminal) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  table: (shown, terminal) => {
    const { bold, dim } = terminal.results;
    const parts = sections(shown, terminal).map(([title, body]) => `${bold(title)}\n${body}`);
    const heading = `${bold(shown.name)} ${dim(`· ${shown.family}`)}`;
    return [[heading, about(shown, terminal)].filter((part) => part !== "").join("\n"), ...parts].join(
      "\n\n",
    );
  },
  md: (shown, terminal) => {
    const wide = { ...terminal, human: false, width: Number.POSITIVE_INFINITY };
    const { formula } = shown;
    const maths = [formula.value, ...Object.values(formula.gradient)].map((latex) => `$$${latex}$$`);
    const rest = sections(shown, wide).filter(
      ([title]) => title !== "formula (LaTeX)" && title !== "picture",
    );
    const blocks = rest.map(([title, body]) => `## ${title}\n\n\`\`\`text\n${body}\n\`\`\``);
    return [`# ${shown.name}`, about(shown, wide), ...maths, ...blocks]
      .filter((part) => part !== "")
      .join("\n\n");
  },
  json: ({ listing: _, curve: __, card, params, ...rest }) =>
    renderJson({ ...rest, parameters: params, properties: card === null ? null : cardForJson(card) }),
};

function about({ summary, detail }: Profile, { width }: Terminal): string {
  return [summary, detail]
    .filter((part) => part !== "")
    .map((part) => paragraph(part, width))
    .join("\n\n");
}
