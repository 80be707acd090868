// A table of columns, and the sample that the room shows until a file is dropped.

import { random } from "../../training/random.ts";

export interface Table {
  readonly name: string;
  readonly rows: number;
  /** Numbers by column; what is no number is NaN. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Texts of the columns that hold some: names of classes. */
  readonly words: ReadonlyMap<string, readonly string[]>;
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
  return { name: "", rows: ROWS, columns, words: new Map() };
}

/** From records of any values: every column that any of the first thousand has. */
export function tableOf(name: string, records: readonly Readonly<Record<string, unknown>>[]): Table {
  const names = [...new Set(records.slice(0, 1000).flatMap((record) => Object.keys(record)))];
  const columns = new Map(
    names.map((column) => [column, Float64Array.from(records, (record) => numberOf(record[column]))]),
  );
  const isText = (value: unknown) => typeof value === "string" && Number.isNaN(numberOf(value));
  const words = new Map(
    names
      .filter((column) => records.some((record) => isText(record[column])))
      .map((column) => [column, records.map((record) => String(record[column] ?? "").trim())]),
  );
  return { name, rows: records.length, columns, words };
}

function numberOf(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return value.trim() === "" ? Number.NaN : Number(value);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;
}
