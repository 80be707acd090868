// The one error type of the command, and how any error is told to a person: a sentence, then the remedy.

import type { Terminal } from "./terminal.ts";

/** Exit codes: the same in every format. */
export const exitCode = {
  fine: 0,
  checkFailed: 1,
  usage: 2,
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;

/** Says who, what was given and what was expected; the remedy speaks of flags. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** What there is to say of an error, whatever it is. */
export interface Told {
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | null;
}

export function told(error: unknown): Told {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError) return { message, remedy: error.remedy ?? null };
  if (error instanceof Error && error.name === "LossError") return { message, remedy: null };
  return {
    message: `something went wrong inside lossc: ${message}`,
    remedy: "This is a bug. Run it again with --debug and report what it prints.",
  };
}

/** Writes an error to stderr: no stack trace without --debug, which is for us and not for the person. */
export function report(error: unknown, terminal: Terminal, debug: boolean): void {
  const { message, remedy } = told(error);
  const lines = [`${terminal.errors.red("lossc:")} ${message}`];
  if (remedy !== null) lines.push(...remedy.split("\n").map((line) => `  ${line}`));
  if (debug && error instanceof Error) lines.push(error.stack ?? "", ...causeOf(error));
  process.stderr.write(`${lines.join("\n")}\n`);
}

function causeOf(error: Error): string[] {
  return error.cause instanceof Error ? [`caused by ${error.cause.stack ?? error.cause.message}`] : [];
}
