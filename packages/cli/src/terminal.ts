// What is known of the two streams: whether a person looks at them, how wide they are, whether they take colours.

import type { WriteStream } from "node:tty";

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  /** The colour of the curve of this number. */
  series(index: number, text: string): string;
}

export interface Terminal {
  /** Whether stdout is a terminal. */
  readonly human: boolean;
  /** Columns to fit a table in; no limit where the output goes to a file or a pipe. */
  readonly width: number;
  /** Colours for stdout, and whether there are any. */
  readonly results: Paint;
  readonly colours: boolean;
  /** Whether characters beyond letters can be trusted: Braille, lines. */
  readonly unicode: boolean;
  /** Colours for stderr. */
  readonly errors: Paint;
  /** Whether progress may be drawn on stderr. */
  readonly progress: boolean;
}

const paintWith = (enabled: boolean): Paint => {
  const style = (on: number, off: number) => (text: string) =>
    enabled && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  // Blue, yellow, magenta, green, cyan: apart from each other for most eyes, on dark and on light.
  const colours = [34, 33, 35, 32, 36].map((code) => style(code, 39));
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    series: (index, text) => colours[index % colours.length](text),
  };
};

/** --no-color, then FORCE_COLOR, then NO_COLOR (https://no-color.org), then TERM=dumb, then whether it is a terminal. */
function takesColour(stream: WriteStream, allowed: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (!allowed) return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== "") return false;
  return stream.isTTY === true && environment.TERM !== "dumb";
}

/** The locale says UTF-8, or says nothing; the console of Linux has few characters whatever it says. */
function speaksUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv): boolean {
  if (TERM === "dumb" || TERM === "linux") return false;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return locale === "" || /utf-?8/i.test(locale);
}

export function terminalOf(color: boolean, quiet = false, environment = process.env): Terminal {
  const human = process.stdout.isTTY === true;
  return {
    human,
    width: human ? Math.max(40, process.stdout.columns || 80) : Number.POSITIVE_INFINITY,
    results: paintWith(takesColour(process.stdout, color, environment)),
    colours: takesColour(process.stdout, color, environment),
    unicode: speaksUnicode(environment),
    errors: paintWith(takesColour(process.stderr, color, environment)),
    progress: !quiet && process.stderr.isTTY === true && environment.TERM !== "dumb",
  };
}
