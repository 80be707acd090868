// lossc eval on 100 million rows against DuckDB's own scan that averages two columns by the same groups, in turn, whole
// process against whole process: npx tsx bench/cli/scan.ts [ROWS] [FILE].

import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePredictions } from "./make.ts";
import { type Measured, measure } from "./process.ts";

const rows = Number(process.argv[2] ?? 100e6);
const file = process.argv[3] ?? join(tmpdir(), `lossc-predictions-${rows}.parquet`);
const lossc = fileURLToPath(new URL("../../packages/cli/bin/lossc.js", import.meta.url));
const duckdb = fileURLToPath(import.meta.resolve("@duckdb/node-api"));

const averages = `
  const { DuckDBInstance } = await import(${JSON.stringify(duckdb)});
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const begun = performance.now();
  await connection.runAndReadAll(\`SELECT "group", avg(score), avg(label) FROM read_parquet('${file}') GROUP BY "group"\`);
  console.log((performance.now() - begun) / 1000);
`;
const losses = [
  "eval",
  file,
  "--loss",
  "bceWithLogits",
  "--loss",
  "binaryFocal",
  "--by",
  "group",
  "--prediction",
  "score",
  "--format",
  "csv",
  "--quiet",
];

await makePredictions(file, rows);
const RUNS = 5;
const runs: { scan: Measured; eval: Measured }[] = [];
for (let k = 0; k < RUNS; k++) {
  // In turn, so that both see the same moments of a shared machine.
  const scan = await measure(process.execPath, ["--input-type=module", "-e", averages]);
  runs.push({ scan, eval: await measure(process.execPath, [lossc, ...losses]) });
}
const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
const of = (value: (run: (typeof runs)[number]) => number): string => middle(runs.map(value)).toFixed(2);
console.log(`${rows.toLocaleString("en-US")} rows, medians of ${RUNS} runs in turn`);
console.log(
  `DuckDB, two averages by group: ${of(({ scan }) => scan.seconds)} s, of which the query ${of(({ scan }) => Number(scan.output))} s; processor ${of(({ scan }) => scan.busy)} s`,
);
console.log(
  `lossc eval, two losses by group: ${of((run) => run.eval.seconds)} s; processor ${of((run) => run.eval.busy)} s; ${of((run) => run.eval.memory)} MiB at most`,
);
console.log(
  `ratio of wall times ${of((run) => run.eval.seconds / run.scan.seconds)}, of processor times ${of((run) => run.eval.busy / run.scan.busy)}`,
);
