// --per-row: every row of the file with its losses and gradients beside it, in the order of the file.

import { extname } from "node:path";
import { CommandError } from "../../errors.ts";
import { type Part, unfinishedFile, writeError } from "../../unfinished.ts";
import { differentiated } from "../calls.ts";
import type { Database } from "../database.ts";
import { isList, type PredictionFile } from "../file.ts";
import { typedOf, typesOf } from "../input/types.ts";
import type { Plan, PlannedInput } from "../plan.ts";
import { identifier, literal } from "../sql.ts";
import { newTable, type TableColumn } from "../table.ts";
import type { Collector } from "./collector.ts";

export interface PerRow extends Collector {
  /** Writes the file, under the name it has until it is complete. */
  write(): Promise<Part>;
}

const formats: Readonly<Record<string, string>> = {
  ".parquet": "FORMAT parquet, COMPRESSION zstd",
  ".csv": "FORMAT csv, HEADER",
  ".jsonl": "FORMAT json",
};

/** Says what is wrong with --per-row before the file is read. */
export function checkPerRow(path: string | undefined, plans: readonly Plan[]): void {
  if (path === undefined) return;
  if (!formats[extname(path).toLowerCase()])
    throw new CommandError(
      `--per-row ${path}: files of this kind are not written.`,
      "Give it the ending .parquet, .csv or .jsonl.",
    );
  const pairs = plans.find(({ rowLosses }) => !rowLosses);
  if (pairs)
    throw new CommandError(
      `--per-row: the samples of ${pairs.spec.loss.name} are not rows but pairs of them, so no row has a loss.`,
      "Leave that loss out.",
    );
}

/** A column of losses, or of a gradient. */
interface Added {
  readonly column: TableColumn;
  readonly plan: Plan;
  /** Undefined for the loss. */
  readonly input?: PlannedInput;
  /** Which number of the input's row. */
  readonly place: number;
}

export async function newPerRow(
  path: string,
  file: PredictionFile,
  plans: readonly Plan[],
  database: Database,
): Promise<PerRow> {
  const added = addedColumns(plans, file);
  const table = await newTable(
    added.map(({ column }) => column),
    database,
  );
  let values: Float64Array[] = [];
  let missing: Uint8Array[] = [];
  const begin = (rows: number): void => {
    if (values.length > 0) return;
    values = added.map(({ column }) => new Float64Array(rows * column.width));
    missing = added.map(() => new Uint8Array(rows).fill(1));
  };
  return {
    look({ plan, block, evaluated: { call, losses, gradients } }) {
      begin(block.rows);
      for (const [i, one] of added.entries()) {
        if (one.plan !== plan) continue;
        const gone = missing[i];
        if (!one.input) {
          // A query's loss stands in each of its rows.
          const each = call.rows.length / call.samples.length;
          for (let k = 0; k < call.rows.length; k++) {
            values[i][call.rows[k]] = losses![Math.floor(k / each)];
            gone[call.rows[k]] = 0;
          }
          continue;
        }
        const { width } = one.column;
        const from = gradients.get(one.input.wanted.name)!;
        const stride = call.length ?? one.input.matrix.width;
        for (let k = 0; k < call.rows.length; k++) {
          const row = call.rows[k];
          for (let place = 0; place < width; place++)
            values[i][row * width + place] =
              place < stride ? from[k * stride + one.place + place] : Number.NaN;
          gone[row] = 0;
        }
      }
    },
    blockDone(block) {
      begin(block.rows);
      table.append(values, block.rows, (row, column) => missing[column][row] === 1);
      values = [];
    },
    async write() {
      table.close();
      const part = unfinishedFile(path);
      const sql = await copyOf(file, table.name, added, path, database);
      try {
        await database.connection.run(
          `COPY ${sql} TO ${literal(part)} (${formats[extname(path).toLowerCase()]})`,
        );
      } catch (error) {
        throw writeError(error, path, "--per-row");
      }
      return { part, file: path };
    },
  };
}

function addedColumns(plans: readonly Plan[], file: PredictionFile): Added[] {
  const taken = new Set(file.columns.map(({ name }) => name.toLowerCase()));
  const free = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${wanted}_${k}`;
    taken.add(name.toLowerCase());
    return name;
  };
  return plans.flatMap((plan) => {
    const { loss, text } = plan.spec;
    const alone = plans.filter(({ spec }) => spec.loss.name === loss.name).length === 1;
    const label = alone ? loss.name : text;
    const column = (name: string, width = 1): TableColumn => ({ name: free(name), type: "DOUBLE", width });
    const gradients = differentiated(plan).flatMap((input): Added[] => {
      const list = input.source.kind === "list";
      return input.source.columns.map(({ name }, place) => ({
        column: column(`${label}_grad_${name}`, list ? input.matrix.width : 1),
        plan,
        input,
        place,
      }));
    });
    return [{ column: column(`${label}_loss`), plan, place: 0 }, ...gradients];
  });
}

/** All columns of the file, and beside each row what was found of it. */
async function copyOf(
  file: PredictionFile,
  table: string,
  added: readonly Added[],
  path: string,
  database: Database,
): Promise<string> {
  const names = file.columns.map(({ name }) => name);
  const lists = new Set(file.columns.filter(isList).map(({ name }) => name));
  // Text stays as it is in a text file; elsewhere a number is a number again.
  const retyped = file.textual && extname(path).toLowerCase() !== ".csv";
  const flat = names.filter((name) => !lists.has(name));
  const types = retyped ? await typesOf(flat, file, database) : [];
  const typed = new Map(types.map((one) => [one.name, typedOf(one)]));
  const own = names.map((name) => {
    const list = retyped && lists.has(name) ? `TRY_CAST(${identifier(name)} AS DOUBLE[])` : undefined;
    return `${list ?? typed.get(name) ?? identifier(name)} AS ${identifier(name)}`;
  });
  const more = added.map(({ column }) => `a.${identifier(column.name)}`);
  const rows = `(SELECT ${own.join(", ")} FROM ${file.from(names, lists)})`;
  return `(SELECT f.*, ${more.join(", ")} FROM ${rows} f POSITIONAL JOIN ${table} a)`;
}
