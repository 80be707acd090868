// What a person should know beside the result: said once each, on stderr, unless --quiet.

export class Notes {
  readonly #said = new Set<string>();
  readonly #quiet: boolean;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  say(text: string): void {
    if (this.#quiet || this.#said.has(text)) return;
    this.#said.add(text);
    process.stderr.write(`note: ${text}\n`);
  }
}
