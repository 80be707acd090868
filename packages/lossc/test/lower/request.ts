// What a call asks its engine for: a way to get programs and their numbers without knowing how losses are called.

import { vi } from "vitest";
import type { Bindings, Program } from "../../src/backends/backend.ts";
import { reference } from "../../src/backends/reference/index.ts";

export interface Asked {
  readonly program: Program;
  readonly bindings: Bindings;
  readonly answer: Record<string, ArrayLike<number>>;
}

/** What `run` asks the reference engine for, and what that answers. */
export function requestOf(run: () => void): Asked {
  const original = reference.run;
  const spy = vi.spyOn(reference, "run");
  try {
    run();
    const [program, bindings] = spy.mock.calls[0];
    return { program, bindings, answer: original(program, bindings) };
  } finally {
    spy.mockRestore();
  }
}
