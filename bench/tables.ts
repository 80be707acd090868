// From measured rows to text: the tables, the means and what is said of them.

import type { Case } from "./cases.ts";
import type { Answer } from "./peers.ts";

export interface Row {
  readonly case: Case;
  readonly ms: number;
  readonly twoMs: number;
  readonly copyMs: number;
  readonly MiB: number | undefined;
  /** By the peer's name. */
  readonly answers: Readonly<Record<string, Answer>>;
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(header), `|${header.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");

const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}×`;

export function speedHeader(peers: readonly string[]): string {
  const header = ["case", "ms", "ns/element", "two threads", "of a copy", "plain JS", ...peers];
  return table(header, []);
}

export function rowCells({ case: one, ms, twoMs, copyMs, answers }: Row): string[] {
  return [
    one.name,
    ms.toPrecision(3),
    ((ms * 1e6) / one.elements).toPrecision(3),
    times(ms / twoMs),
    `${Math.round((copyMs / ms) * 100)} %`,
    ...Object.values(answers).map((answer) => (answer.ms === undefined ? "–" : times(answer.ms / ms))),
  ];
}

export function memoryTable(rows: readonly Row[]): string {
  const peers = Object.keys(rows[0].answers).filter((name) => name !== "plain JS");
  const text = (MiB: number | undefined): string => (MiB === undefined ? "–" : MiB.toFixed(MiB < 10 ? 1 : 0));
  return table(
    ["case", "lossc", ...peers],
    rows.map(({ case: { name }, MiB, answers }) => [
      name,
      text(MiB),
      ...peers.map((peer) => text(answers[peer].MiB)),
    ]),
  );
}

/** Where a peer has no figure, and where its value is not as exact as float32 allows. */
export function remarks(rows: readonly Row[]): string[] {
  const peers = Object.keys(rows[0].answers);
  return peers.flatMap((peer) => {
    const said = (of: (answer: Answer) => string | undefined): string[] =>
      rows.flatMap(({ case: { name }, answers }) => {
        const text = of(answers[peer]);
        return text ? [`${name} ${text}`] : [];
      });
    const missing = said(({ error }) => error && `(${error})`);
    const inexact = said(({ off = 0 }) => (off > 1e-5 ? `(${off.toExponential(0)})` : undefined));
    return [
      ...(missing.length ? [`${peer} has no figure for ${missing.join(", ")}.`] : []),
      ...(inexact.length
        ? [`${peer} computes these values so far from the exact ones: ${inexact.join(", ")}.`]
        : []),
    ];
  });
}

/** What the rows say together. */
export function conclusions(rows: readonly Row[]): string[] {
  const found: string[] = [];
  const counted = rows.filter(({ case: { group } }) => group === "pointwise" || group === "row");
  for (const peer of Object.keys(rows[0].answers)) {
    const ratios = counted.flatMap(({ ms, answers }) => {
      const other = answers[peer].ms;
      return other === undefined ? [] : [other / ms];
    });
    if (ratios.length === 0) continue;
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    found.push(
      `${times(mean)} ${peer}: the geometric mean over ${ratios.length} pointwise and row losses (${times(Math.min(...ratios))} to ${times(Math.max(...ratios))}).`,
    );
  }
  const named = (name: string): Row | undefined => rows.find((row) => row.case.name === name);
  for (const name of ["mse", "huber"]) {
    const row = named(name);
    if (row)
      found.push(
        `${name} at 4 Mi elements: ${Math.round((row.copyMs / row.ms) * 100)} % of the speed of a copy.`,
      );
  }
  const focal = named("binaryFocal");
  if (focal) found.push(`binaryFocal on two threads: ${(focal.ms / focal.twoMs).toFixed(2)} times one.`);
  const small = named("crossEntropy 128x10");
  if (small)
    found.push(`crossEntropy 128×10 through a compiled kernel: ${(small.ms * 1000).toFixed(1)} µs a call.`);
  return found;
}
