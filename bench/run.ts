// `npm run bench`: value and gradient in float32, every row measured in this run, peers side by side.
//
//   npm run bench                       all cases
//   npm run bench -- huber giou         those whose name begins so
//   npm run bench -- --write            also into docs/performance.md
//   LOSSC_PYTHON=/path/to/python        a Python with torch, for the PyTorch columns
//
// Times are medians, in milliseconds; "×" is how many times lossc on one thread is faster.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { catalogue, compile } from "../packages/lossc/src/index.ts";
import { type Case, cases } from "./cases.ts";
import { plain } from "./plain.ts";

function median(run: () => void): number {
  for (let i = 0; i < 3; i++) run();
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < 7 || (performance.now() - begin < 700 && times.length < 5000)) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

function lossc(
  { loss, shape, options = {} }: Case,
  inputs: ReturnType<Case["fill"]>,
  threads: number,
): number {
  const kernel = compile(catalogue.get(loss)!, { shape, options, threads });
  kernel.run(inputs);
  const time = median(() => kernel.run());
  kernel.dispose();
  return time;
}

/** The same bytes, copied: what memory allows. */
function copy({ shape }: Case, inputs: ReturnType<Case["fill"]>): number {
  const bytes =
    Object.values(inputs).reduce((sum, array) => sum + array.byteLength, 0) +
    Object.values(shape)[0].reduce((a, b) => a * b, 4);
  const [from, to] = [new Uint8Array(bytes / 2).fill(1), new Uint8Array(bytes / 2)];
  return median(() => to.set(from));
}

function torch(names: readonly string[]): Record<string, { eager: number; compiled?: number }> {
  const python = process.env.LOSSC_PYTHON ?? "python3";
  try {
    const script = new URL("torch_peer.py", import.meta.url).pathname;
    return JSON.parse(
      execFileSync(python, [script, ...names], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
        .trim()
        .split("\n")
        .at(-1)!,
    );
  } catch {
    console.log(`No PyTorch: ${python} has no torch (set LOSSC_PYTHON).`);
    return {};
  }
}

const wanted = process.argv.slice(2).filter((word) => word !== "--write");
const lines: string[] = [];
const print = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const chosen = cases.filter(
  ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
);
print(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0].toFixed(1)} before the run`,
);
const peers = torch(chosen.map(({ name }) => name));
const text = (time: number | undefined): string => (time === undefined ? "–" : time.toPrecision(3));
const faster = (time: number | undefined, own: number): string =>
  time === undefined ? "–" : `${(time / own).toFixed(1)}×`;
const header = [
  "case",
  "lossc ms",
  "ns/element",
  "2 threads ms",
  "share of a copy",
  "plain JS",
  "PyTorch eager",
  "torch.compile",
];
print(`| ${header.join(" | ")} |\n|${header.map(() => "---|").join("")}`);
const ratios: Record<string, number[]> = { plain: [], eager: [], compiled: [] };
for (const one of chosen) {
  const inputs = one.fill();
  const own = lossc(one, inputs, 1);
  const two = lossc(one, inputs, 2);
  const loop = plain[one.loss];
  const gradient = new Float32Array(Object.values(inputs)[0].length);
  const js = loop && median(() => void loop(inputs, gradient));
  const { eager, compiled } = peers[one.name] ?? {};
  for (const [peer, time] of Object.entries({ plain: js, eager, compiled }))
    if (time) ratios[peer].push(time / own);
  const share = `${Math.round((copy(one, inputs) / own) * 100)} %`;
  const cells = [
    one.name,
    text(own),
    ((own * 1e6) / one.elements).toPrecision(3),
    text(two),
    share,
    faster(js, own),
    faster(eager, own),
    faster(compiled, own),
  ];
  print(`| ${cells.join(" | ")} |`);
}
for (const [peer, all] of Object.entries(ratios)) {
  const mean = Math.exp(all.reduce((sum, ratio) => sum + Math.log(ratio), 0) / all.length);
  if (all.length) print(`${peer}: geometric mean ${mean.toFixed(2)}× over ${all.length} cases`);
}

if (process.argv.includes("--write")) {
  const page = [
    "# Performance",
    "",
    "Written by `npm run bench -- --write`: value and gradient in float32, one row measured after the other in one run.",
    "Times are medians; “×” is how many times lossc on one thread is faster; PyTorch runs on one thread too.",
    "",
    ...lines.flatMap((line) => (line.startsWith("|") ? [line] : ["", line, ""])),
  ].join("\n");
  writeFileSync(
    new URL("../docs/performance.md", import.meta.url),
    `${page.replace(/\n{3,}/g, "\n\n").trim()}\n`,
  );
}
