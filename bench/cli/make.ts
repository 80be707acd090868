// Makes a Parquet file of predictions: npx tsx bench/cli/make.ts FILE ROWS. Columns: score (a logit, float64), label (0 or
// 1, drawn with the probability that the score says), group (eight names).

import { existsSync, renameSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

export async function makePredictions(file: string, rows: number): Promise<void> {
  if (existsSync(file)) return;
  const connection = await (
    await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" })
  ).connect();
  // Box and Muller: scores are normal, with a standard deviation of 3.
  await connection.run(`COPY (
    SELECT score, (random() < 1 / (1 + exp(-score)))::INTEGER AS label, 'g' || (hash(i) % 8)::VARCHAR AS "group"
    FROM (SELECT range AS i, 3 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS score FROM range(${rows}))
  ) TO '${file}.part' (FORMAT parquet)`);
  connection.closeSync();
  renameSync(`${file}.part`, file);
}

if (process.argv[1]?.endsWith("make.ts")) {
  const [file, rows] = process.argv.slice(2);
  if (file === undefined || !(Number(rows) > 0))
    throw new Error("Usage: npx tsx bench/cli/make.ts FILE ROWS");
  await makePredictions(file, Number(rows));
}
