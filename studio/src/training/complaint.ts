// An error as it goes from the worker to the page, which says it in its language.

import { LossError } from "lossc";

export interface Complaint {
  readonly message: string;
  /** What the library says of it; nothing of errors of others. */
  readonly phrases?: LossError["phrases"];
}

export function complaintOf(error: unknown): Complaint {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof LossError && error.phrases ? { message, phrases: error.phrases } : { message };
}
