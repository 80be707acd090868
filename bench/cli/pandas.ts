// lossc eval by group against the same with pandas and scikit-learn, whole process against whole process, on 10 million
// rows: LOSSC_PYTHON=/path/to/python npx tsx bench/cli/pandas.ts [ROWS] [FILE].

import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePredictions } from "./make.ts";
import { measure } from "./process.ts";

const rows = Number(process.argv[2] ?? 10e6);
const file = process.argv[3] ?? join(tmpdir(), `lossc-predictions-${rows}.parquet`);
const python = process.env.LOSSC_PYTHON ?? "python3";
const lossc = fileURLToPath(new URL("../../packages/cli/bin/lossc.js", import.meta.url));
const script = fileURLToPath(new URL("pandas_log_loss.py", import.meta.url));

const found = spawnSync(python, ["-c", "import pandas, sklearn, pyarrow"]);
if (found.status !== 0) {
  console.log(
    `${python} has no pandas, scikit-learn and pyarrow: set LOSSC_PYTHON to a Python that has. Nothing was compared.`,
  );
  process.exit(1);
}
await makePredictions(file, rows);
const losses = [
  "eval",
  file,
  "--loss",
  "bceWithLogits",
  "--by",
  "group",
  "--prediction",
  "score",
  "--format",
  "csv",
  "--quiet",
];
const RUNS = 3;
const ratios: number[] = [];
for (let k = 0; k < RUNS; k++) {
  const theirs = await measure(python, [script, file]);
  const ours = await measure(process.execPath, [lossc, ...losses]);
  const values = new Map(
    ours.output
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","))
      .map(([, group, , value]) => [group, Number(value)]),
  );
  for (const line of theirs.output.trim().split("\n")) {
    const [group, value] = line.split(" ");
    const difference = Math.abs(values.get(group)! - Number(value));
    if (!(difference < 1e-6)) throw new Error(`group ${group}: ${values.get(group)} and ${value}`);
  }
  ratios.push(theirs.seconds / ours.seconds);
  console.log(
    `pandas and scikit-learn ${theirs.seconds.toFixed(2)} s, ${theirs.memory.toFixed(0)} MiB; lossc ${ours.seconds.toFixed(2)} s, ${ours.memory.toFixed(0)} MiB; ratio ${ratios[k].toFixed(1)}`,
  );
}
console.log(
  `${rows.toLocaleString("en-US")} rows: lossc eval is ${ratios.sort((a, b) => a - b)[RUNS >> 1].toFixed(1)} times faster, with the same figures`,
);
