// Why a file is not read: a word for the page's texts, and what fills their gaps.

import type en from "../../strings/en.json";

type Code = keyof typeof en.rooms.data.trouble;

export interface Trouble {
  /** Of `rooms.data.trouble`. */
  readonly code: Code;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Thrown by readers of files; the page says it in its language. */
export class Unreadable extends Error {
  readonly trouble: Trouble;
  constructor(code: Code, values: Trouble["values"] = {}) {
    super(code);
    this.trouble = { code, values };
  }
}

/** Of any error, with the file's name where the reader has not told it. */
export function troubleOf(error: unknown, file: string): Trouble {
  if (error instanceof Unreadable)
    return { code: error.trouble.code, values: { file, ...error.trouble.values } };
  return {
    code: "damaged",
    values: { file, message: error instanceof Error ? error.message : String(error) },
  };
}
