// The code of a function while its locals have no places yet. What is used most comes first: a place below 128 takes one
// byte, others two, and in a long kernel half of the bytes name locals.

import { type ValueType, valueTypes } from "./instructions.ts";

export const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(Math.floor(n / 128))]);

/** Places that are named by one byte. */
const NEAR = 128;
const [DROP, GET, SET, TEE] = [0x1a, 0x20, 0x21, 0x22];

export class LocalCode {
  /** Bytes, and locals as −1 − number. */
  readonly #items: number[] = [];
  readonly #uses: number[] = [];

  push(bytes: readonly number[]): void {
    for (let i = 0; i < bytes.length; i++) this.#items.push(bytes[i]);
  }
  #name(local: number): void {
    this.#items.push(-1 - local);
    this.#uses[local] = (this.#uses[local] ?? 0) + 1;
  }
  get(local: number): void {
    // What was just set is still there.
    const last = this.#items.length - 1;
    if (this.#items[last] === -1 - local && this.#items[last - 1] === SET) this.#items[last - 1] = TEE;
    else {
      this.#items.push(GET);
      this.#name(local);
    }
  }
  set(local: number): void {
    this.#items.push(SET);
    this.#name(local);
  }
  tee(local: number): void {
    this.#items.push(TEE);
    this.#name(local);
  }
  /** Leaves what a local was just set to. */
  drop(): void {
    const last = this.#items.length - 1;
    if (this.#items[last] < 0 && this.#items[last - 1] === TEE) this.#items[last - 1] = SET;
    else this.#items.push(DROP);
  }

  /** The code, and the order in which the locals (without the parameters) are to be declared. */
  arranged(
    params: number,
    types: readonly ValueType[],
  ): { readonly order: readonly number[]; readonly bytes: Uint8Array } {
    const uses = (local: number): number => this.#uses[params + local] ?? 0;
    const used = types.map((_, i) => i).filter((local) => uses(local) > 0);
    const room = Math.max(0, NEAR - params);
    const byUse = used.length > room ? [...used].sort((a, b) => uses(b) - uses(a) || a - b) : used;
    // Within each half by type: a type is declared once for all its locals.
    const byType = (locals: readonly number[]): number[] =>
      valueTypes.flatMap((type) => locals.filter((local) => types[local] === type).sort((a, b) => a - b));
    const order = [...byType(byUse.slice(0, room)), ...byType(byUse.slice(room))];
    const places = Array.from({ length: params + types.length }, (_, i) => i);
    for (const [i, local] of order.entries()) places[params + local] = params + i;
    const bytes = new Uint8Array(2 * this.#items.length); // no kernel has more locals than two bytes can name
    let length = 0;
    for (let i = 0; i < this.#items.length; i++) {
      const item = this.#items[i];
      const place = item < 0 ? places[-1 - item] : item;
      if (item >= 0 || place < NEAR) bytes[length++] = place;
      else for (const byte of leb(place)) bytes[length++] = byte;
    }
    return { order, bytes: bytes.subarray(0, length) };
  }
}
