// `npm run bench`: value and gradient in float32, every row measured in this run, peers side by side.
//
//   npm run bench                       all cases
//   npm run bench -- huber giou         those whose name begins so
//   npm run bench -- --write            also into docs/performance.md
//   LOSSC_PYTHON=/path/to/python        a Python with torch and numpy, for the PyTorch columns

import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { type Case, cases } from "./cases.ts";
import { memory } from "./measure.ts";
import { type Answer, Exchange, installPeers, javaScriptPeers, torchPeers } from "./peers.ts";
import { copy, firstCalls, kernel, loop, plainCalls, SOON_MS } from "./rows.ts";
import { conclusions, memoryTable, type Row, remarks, rowCells, speedHeader, table } from "./tables.ts";

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const chosen = cases.filter(
  ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
);
const lines: string[] = [];
const print = (line = ""): void => {
  console.log(line);
  lines.push(line);
};

installPeers();
const exchange = new Exchange();
const peers = [...javaScriptPeers(exchange), ...torchPeers(exchange)];
const machine = `${cpus()[0].model}, ${cpus().length} cores`;
const versions = [`Node ${process.version}`, ...peers.map(({ name, version }) => `${name} ${version}`)];
print(
  `${machine}; ${versions.join(", ")}; ${new Date().toISOString().slice(0, 10)}; load ${loadavg()[0].toFixed(1)} before the run.`,
);
print();

const offBy = (answer: Answer, value: number): number => Math.abs(answer.value! - value) / Math.abs(value);

/** Whether a peer computes the same: its gradient, taken as one vector, to 1e-3, and its value to 2 %, for some add
 * millions of float32 numbers one after the other. */
function agrees(answer: Answer, value: number, gradient: ArrayLike<number>): boolean {
  if (answer.value === undefined || answer.gradient?.length !== gradient.length) return false;
  let [difference, length] = [0, 0];
  for (let i = 0; i < gradient.length; i++) {
    difference += (answer.gradient[i] - gradient[i]) ** 2;
    length += gradient[i] ** 2;
  }
  return offBy(answer, value) <= 0.02 && difference <= 1e-6 * length;
}

async function measure(one: Case): Promise<Row> {
  const inputs = one.fill();
  const peak = memory();
  const own = await kernel(one, inputs, 1);
  const MiB = peak();
  const answers: Record<string, Answer> = { "plain JS": await loop(one, inputs) };
  for (const peer of peers) {
    const answer = await peer.ask(one, inputs);
    answers[peer.name] =
      answer.error === undefined && !agrees(answer, own.value, own.gradient)
        ? { error: `computes something else: ${answer.value}, not ${own.value}` }
        : answer.value === undefined
          ? answer
          : { ...answer, off: offBy(answer, own.value) };
  }
  const plain = answers["plain JS"];
  if (plain.ms !== undefined && !agrees(plain, own.value, own.gradient))
    throw new Error(`the plain loop of ${one.name} computes something else`);
  const two = await kernel(one, inputs, 2);
  return { case: one, ms: own.ms, twoMs: two.ms, copyMs: await copy(one, inputs), MiB, answers };
}

/** A row measured twice, some seconds apart: of the two medians the lower counts, for every library alike, for what else the
 * machine does comes in bursts. */
async function steady(one: Case): Promise<Row> {
  const first = await measure(one);
  const second = await measure(one);
  const lower = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? a : Math.min(a, b);
  const answers = Object.entries(first.answers).map(([name, answer]) => {
    const ms = lower(answer.ms, second.answers[name].ms);
    return [name, ms === undefined ? answer : { ...answer, ms }];
  });
  const least = (of: (row: Row) => number): number => Math.min(of(first), of(second));
  const [ms, twoMs, copyMs] = [least((row) => row.ms), least((row) => row.twoMs), least((row) => row.copyMs)];
  return { ...first, ms, twoMs, copyMs, answers: Object.fromEntries(answers) };
}

const rows: Row[] = [];
print(speedHeader(peers.map(({ name }) => name)));
try {
  for (const one of chosen) {
    const row = await steady(one);
    for (const peer of peers) peer.stop(); // not all of them give memory back
    rows.push(row);
    print(`| ${rowCells(row).join(" | ")} |`);
  }
} finally {
  for (const peer of peers) peer.stop();
  exchange.close();
}
print();
for (const note of remarks(rows)) print(`- ${note}`);
print("\n## Conclusions\n");
for (const line of conclusions(rows)) print(`- ${line}`);
print("\n## Memory\n");
print(
  "The most that was in use beyond the inputs, in MiB: code, copies of inputs, gradients, what lies between.\n",
);
print(memoryTable(rows));
const calls = await plainCalls(chosen);
if (calls.length) {
  print("\n## Calls without `compile`\n");
  print(
    "`valueAndGrad` on typed arrays, which checks the values and copies them into the engine and out, in ms, on as many threads as the machine has.\n",
  );
  print(table(["case", "kernel", "call", "into given arrays (`out`)", "and unchecked"], calls));
}
if (wanted.length === 0) {
  print("\n## First calls\n");
  print(
    "The first value and gradient of every loss of the catalogue, from the call to the numbers: its program is derived, its kernel written and compiled. In ms, one after the other in a process of its own, which at first compiles the compiler as well; later calls ask for other programs (a sum, a gradient from above, float64) of the same losses.\n",
  );
  print(table(["calls", "median", `under ${SOON_MS} ms`, "slowest"], firstCalls()));
}

if (process.argv.includes("--write")) {
  const page = [
    "# Performance",
    "",
    "Written by `npm run bench -- --write`: value and gradient in float32, everything on one thread except where two are",
    "named, one row measured after the other in one run. Times are medians, the lower of two taken some seconds apart, for",
    "every library alike: what else the machine does comes in bursts. “12×” means that lossc is 12 times faster, on",
    "one thread. “Of a copy” is the time that copying the same number of bytes takes, as a share of lossc's: 100 % is the",
    "memory's speed. Peers compute from the same inputs, and their values and gradients are compared with lossc's in the same",
    "run. Label matrices that a peer needs are made before its clock starts.",
    "",
    ...lines,
  ].join("\n");
  writeFileSync(
    new URL("../docs/performance.md", import.meta.url),
    `${page.replace(/\n{3,}/g, "\n\n").trim()}\n`,
  );
}
process.exit(0);
