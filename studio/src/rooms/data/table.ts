// A table of columns, and the sample that the room shows until a file is dropped.

import { random } from "../../training/random.ts";

export interface Table {
  readonly name: string;
  readonly rows: number;
  /** Of all columns, as they stand in the file. */
  readonly names: readonly string[];
  /** Numbers by column; what is no number is NaN. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Of the columns where some cell is no number: what stands there instead, the empty text where nothing does. */
  readonly words: ReadonlyMap<string, readonly (string | undefined)[]>;
  /** Columns whose cells are lists of numbers. */
  readonly lists: ReadonlyMap<string, Lists>;
}

/** As many numbers a row as the first list has; NaN in rows whose list has not as many. */
export interface Lists {
  readonly data: Float64Array;
  readonly width: number;
  /** −1 where there is no list of numbers. */
  readonly lengths: Int32Array;
}

const ROWS = 600;

/** A classifier that is too sure of itself, and a few labels that are wrong. */
export function sample(seed: number): Table {
  const { uniform, normal } = random(seed);
  const [target, probability, logit] = [0, 1, 2].map(() => new Float64Array(ROWS));
  for (let i = 0; i < ROWS; i++) {
    const truth = 1.2 * normal();
    target[i] = uniform() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
    logit[i] = 2.2 * truth + 0.4 * normal();
    probability[i] = 1 / (1 + Math.exp(-logit[i]));
  }
  const columns = new Map(Object.entries({ target, probability, logit }));
  return { name: "", rows: ROWS, names: [...columns.keys()], columns, words: new Map(), lists: new Map() };
}

/** From records of any values: every column that any of the first thousand has. */
export function tableOf(name: string, records: readonly Readonly<Record<string, unknown>>[]): Table {
  const names = [...new Set(records.slice(0, 1000).flatMap((record) => Object.keys(record)))];
  const columns = new Map<string, Float64Array>();
  const words = new Map<string, (string | undefined)[]>();
  const lists = new Map<string, Lists>();
  for (const column of names) {
    const cells = records.map((record) => record[column]);
    const first = cells.find((cell) => listOf(cell) !== undefined);
    if (first) {
      lists.set(column, listsOf(cells, (first as unknown[]).length));
      continue;
    }
    const numbers = Float64Array.from(cells, numberOf);
    const texts = cells.map((cell, i) => (Number.isNaN(numbers[i]) ? textOf(cell) : undefined));
    if (texts.some((text) => text !== undefined)) words.set(column, texts);
    flags(texts, numbers);
    columns.set(column, numbers);
  }
  return { name, rows: records.length, names, columns, words, lists };
}

/** Spellings of numbers that JavaScript does not read, and those that only it does. */
const infinity = /^([+-]?)inf(inity)?$/i;
const notDecimal = /^[+-]?0[xob]/i;

/** As the command reads a cell. */
function numberOf(cell: unknown): number {
  if (typeof cell === "number" || typeof cell === "bigint") return Number(cell);
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (typeof cell !== "string") return Number.NaN;
  const text = cell.trim();
  if (text === "" || notDecimal.test(text)) return Number.NaN;
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  const sign = infinity.exec(text)?.[1];
  return sign === undefined ? Number.NaN : sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** What stands where there is no number; nothing is the empty text, and NaN is a number that is none. */
function textOf(cell: unknown): string | undefined {
  if (typeof cell === "number" || (typeof cell === "string" && /^[+-]?nan$/i.test(cell.trim())))
    return undefined;
  return cell === null || cell === undefined ? "" : String(cell).trim();
}

/** Booleans as pandas writes them are numbers; the words stay, for a class may be called so. */
function flags(texts: readonly (string | undefined)[], numbers: Float64Array): void {
  const isFlag = (text: string | undefined) => text !== undefined && /^(true|false|)$/i.test(text);
  if (!texts.every(isFlag)) return;
  texts.forEach((text, i) => {
    if (text) numbers[i] = text.toLowerCase() === "true" ? 1 : 0;
  });
}

/** The numbers of a cell that is a list of some. */
function listOf(cell: unknown): number[] | undefined {
  if (!Array.isArray(cell) || cell.length === 0) return undefined;
  const isNumber = (one: unknown) => one === null || typeof one === "number" || typeof one === "bigint";
  return cell.every(isNumber) ? cell.map(numberOf) : undefined;
}

function listsOf(cells: readonly unknown[], width: number): Lists {
  const data = new Float64Array(cells.length * width).fill(Number.NaN);
  const lengths = Int32Array.from(cells, (cell, row) => {
    const list = listOf(cell);
    if (list?.length === width) data.set(list, row * width);
    return list?.length ?? (Array.isArray(cell) && cell.length === 0 ? 0 : -1);
  });
  return { data, width, lengths };
}
