// Your data in the worker: it reads the file and judges its rows, so that a large one never holds up the page.

import { catalogue, type Finding } from "lossc";
import { chosen } from "../../losses/named.ts";
import { ownLosses } from "../../losses/own.ts";
import type { Pick } from "../../state/fields.ts";
import type { Complaint } from "../../training/complaint.ts";
import type { LateTrainer, Run } from "../../training/trainer.ts";
import {
  type Bin,
  diagnosed,
  histogram,
  judge,
  type Reliability,
  ranked,
  reliability,
  type Worst,
  worst,
} from "./judge.ts";
import { readFile } from "./read.ts";
import { fitsRoles, lossesFor, type Roles, readings, rolesOf, settledBy } from "./roles.ts";
import type { BadCell } from "./rows.ts";
import { sample, type Table } from "./table.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

export interface Settings {
  /** What was dropped; without one the sample is judged. */
  readonly file: File | undefined;
  /** Another for every drop. */
  readonly drop: number;
  readonly seed: number;
  readonly target: string;
  readonly prediction: string;
  readonly losses: readonly Pick[];
  /** The text of a loss of one's own. */
  readonly own: string;
  /** The place in the list of the loss looked at closely. */
  readonly focus: number;
}

/** A loss's rows, looked at closely. */
export interface Close {
  /** The losses, largest first, and the sum of so many of the largest. */
  readonly largest: Float64Array;
  readonly sums: Float64Array;
  readonly bins: readonly Bin[];
  readonly worst: readonly Worst[];
  readonly findings: readonly Finding[];
}

export interface Frame {
  /** The file's name; empty for the sample. */
  readonly name: string;
  readonly rows: number;
  /** What can be chosen as truth and prediction. */
  readonly readings: readonly string[];
  readonly roles: Roles;
  /** The losses judged: those asked for, or the usual ones. */
  readonly losses: readonly Pick[];
  readonly judged: readonly {
    readonly series: number;
    readonly title: string;
    readonly name: string;
    readonly mean?: number;
    readonly error?: Complaint;
    /** Rows that cannot be used, and the first of their cells. */
    readonly bad: number;
    readonly cells: readonly BadCell[];
  }[];
  readonly focus: { readonly series: number; readonly title: string } | undefined;
  readonly close: Close | undefined;
  readonly curve: readonly Reliability[];
  /** Why the last file could not be read; what was there before stays. */
  readonly trouble: Trouble | undefined;
}

let last: { readonly drop: number; readonly table?: Table | undefined; readonly trouble?: Trouble } = {
  drop: 0,
};

async function read(file: File | undefined, drop: number): Promise<void> {
  if (drop === last.drop) return;
  try {
    last = { drop, table: file && (await readFile(file)) };
  } catch (error) {
    last = { ...last, drop, trouble: troubleOf(error, file!.name) };
  }
}

/** Nothing is trained: what the losses say is a run's only frame. */
export const trainer: LateTrainer<Settings, Frame> = {
  async start({ file, drop, seed, target, prediction, losses, own, focus }): Promise<Run<Frame>> {
    await read(file, drop);
    const table = last.table ?? sample(seed);
    const roles = rolesOf(table, target, prediction);
    const mine = ownLosses(own);
    const known = (name: string) => catalogue.get(name) ?? mine.find((loss) => loss.name === name);
    const list = lossesFor(roles, losses, known);
    const judged = chosen(list, fitsRoles(roles), { own: mine, without: settledBy(roles) }).map((row) =>
      judge(row, table, roles),
    );
    const looked = judged.find(({ row }) => row.series === focus) ?? judged[0];
    const perRow = looked?.perRow;
    const frame: Frame = {
      name: table.name,
      rows: table.rows,
      readings: readings(table).map(({ name }) => name),
      roles,
      losses: list,
      judged: judged.map(({ row: { loss, series, title }, usable: { bad, cells }, mean, error }) => ({
        series,
        title,
        name: loss.name,
        bad,
        cells,
        ...(mean !== undefined && { mean }),
        ...(error !== undefined && { error }),
      })),
      focus: looked && { series: looked.row.series, title: looked.row.title },
      close: perRow && {
        ...ranked(perRow),
        bins: histogram(perRow, 30),
        worst: worst(looked, table, roles),
        findings: diagnosed(looked).findings,
      },
      curve: looked ? reliability(table, roles, looked.usable) : [],
      trouble: last.trouble,
    };
    return { step: () => undefined, frame: () => frame };
  },
};
