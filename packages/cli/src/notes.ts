// What a person should know beside the result: said once each, on stderr, unless --quiet.

export class Notes {
  readonly #said = new Set<string>();
  readonly #quiet: boolean;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  /** Everything that was to be said, loud or not. */
  get all(): readonly string[] {
    return [...this.#said];
  }

  say(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    if (this.#quiet) return;
    process.stderr.write(`note: ${text}\n`);
  }

  /** A check of --fail-if that did not pass: said even when quiet, for it is why the exit code is 1. */
  failed(condition: string, figures: Readonly<Record<string, number | null>>): void {
    const found = Object.entries(figures).map(
      ([name, value]) => `${name} is ${value ?? "not a finite number"}`,
    );
    process.stderr.write(`check failed: ${condition} (${found.join(", ")})\n`);
  }
}
