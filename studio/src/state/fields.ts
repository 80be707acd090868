// The kinds of numbers and words that a room's state is made of, each with how it stands in the page's address.

/** One field of a state. Text never has "&", which separates fields. */
export interface Field<T> {
  readonly default: T;
  write(value: T): string;
  /** Undefined where the text is no value of this field. */
  read(text: string): T | undefined;
}

export interface NumberField extends Field<number> {
  readonly min: number;
  readonly max: number;
  /** What an arrow key moves it by. */
  readonly step: number;
}

/** A number in [min, max]. */
export function number(fallback: number, min: number, max: number, step: number): NumberField {
  const read = (text: string) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= min && value <= max ? value : undefined;
  };
  return { default: fallback, min, max, step, write: shortNumber, read };
}

/** A whole number in [min, max]. */
export function integer(fallback: number, min: number, max: number): NumberField {
  const any = number(fallback, min, max, 1);
  return {
    ...any,
    read: (text) => {
      const value = any.read(text);
      return Number.isInteger(value) ? value : undefined;
    },
  };
}

/** One of several words. */
export function choice<const C extends string>(options: readonly C[], fallback: C): ChoiceField<C> {
  return {
    default: fallback,
    options,
    write: (value) => value,
    read: (text) => options.find((option) => option === text),
  };
}
export interface ChoiceField<C extends string> extends Field<C> {
  readonly options: readonly C[];
}

export const flag = (fallback: boolean): Field<boolean> => ({
  default: fallback,
  write: (value) => (value ? "1" : "0"),
  read: (text) => ({ "0": false, "1": true })[text],
});

/** Free text of at most `most` characters. */
export const text = (fallback: string, most: number): Field<string> => ({
  default: fallback,
  write: (value) => value,
  read: (given) => (given.length <= most ? given : undefined),
});

/** A row of numbers, each in [min, max]; `size` of them, or up to `most`. */
export function numbers(
  fallback: readonly number[],
  { min, max, size, most }: { min: number; max: number; size?: number; most?: number },
): Field<number[]> {
  return {
    default: [...fallback],
    write: (values) => values.map(shortNumber).join(","),
    read(given) {
      const values =
        given === "" ? [] : given.split(",").map((part) => (part === "" ? Number.NaN : Number(part)));
      if (size !== undefined && values.length !== size) return undefined;
      if (most !== undefined && values.length > most) return undefined;
      return values.every((value) => value >= min && value <= max) ? values : undefined;
    },
  };
}

/** A loss by name with the parameters that are not its defaults. */
export interface Pick {
  name: string;
  params: Record<string, number | string | boolean | null>;
}

/** Losses in their short form: `huber(delta=2),mse`. Whether there are such losses is asked when they are used. */
export function picks(fallback: string, most = 8): Field<Pick[]> {
  return {
    default: readPicks(fallback)!,
    write: writePicks,
    read: (given) => {
      const list = readPicks(given);
      return list && list.length <= most ? list : undefined;
    },
  };
}

export const writePicks = (list: readonly Pick[]): string =>
  list
    .map(({ name, params }) => {
      const given = Object.entries(params).map(([key, value]) => `${key}=${writeValue(value)}`);
      return given.length > 0 ? `${name}(${given.join(";")})` : name;
    })
    .join(",");

function readPicks(given: string): Pick[] | undefined {
  if (given === "") return [];
  const list: Pick[] = [];
  for (const part of given.split(",")) {
    const match = /^([a-z][A-Za-z0-9]*)(?:\(([^()]*)\))?$/.exec(part);
    if (!match) return undefined;
    const params: Pick["params"] = {};
    for (const pair of match[2]?.split(";") ?? []) {
      const [key, value] = pair.split("=");
      if (!/^[a-z][A-Za-z0-9]*$/.test(key) || value === undefined) return undefined;
      params[key] = readValue(value);
    }
    list.push({ name: match[1], params });
  }
  return list;
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const writeValue = (value: number | string | boolean | null): string =>
  typeof value === "number" ? shortNumber(value) : String(value);
function readValue(given: string): number | string | boolean | null {
  if (given in words) return words[given];
  const value = Number(given);
  return given === "" || Number.isNaN(value) ? given : value;
}

/** At most six significant digits: what a drag gives has more than anybody reads. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** A point of a plane that reaches from 0 to 10, with a sign where a room has two kinds. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly sign: 1 | -1;
}

/** Points of a plane, four letters each, five with their signs; none where the room makes its own. */
export function points(most: number, hasSigns = false): Field<Point[]> {
  const size = hasSigns ? 5 : 4;
  return {
    default: [],
    write: (list) =>
      list
        .map(({ x, y, sign }) => `${letters(x)}${letters(y)}${hasSigns ? (sign > 0 ? "p" : "n") : ""}`)
        .join(""),
    read(given) {
      if (given.length % size !== 0 || given.length > most * size) return undefined;
      const list = (given.match(new RegExp(`.{${size}}`, "g")) ?? []).map((part): Point => {
        const sign = part[4] === "n" ? -1 : 1;
        return { x: place(part.slice(0, 2)), y: place(part.slice(2, 4)), sign };
      });
      const isWhole = /^[0-9a-z]*$/.test(given) && list.every(({ x, y }) => x <= 10 && y <= 10);
      return isWhole ? list : undefined;
    },
  };
}

/** Two letters of base 36 tell 1,296 places; places are held to them, so that a link is exact. */
const STEPS = 36 ** 2 - 1;
const letters = (value: number): string =>
  Math.round((value / 10) * STEPS)
    .toString(36)
    .padStart(2, "0");
const place = (two: string): number => (Number.parseInt(two, 36) / STEPS) * 10;
/** The nearest place that an address can hold. */
export const snap = (value: number): number =>
  (Math.round((Math.min(10, Math.max(0, value)) / 10) * STEPS) / STEPS) * 10;
