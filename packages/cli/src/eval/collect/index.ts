// What the flags ask for beside the figures: worst rows, a baseline, reliability, a file of all rows, pictures.

import { setImmediate } from "node:timers/promises";
import type { Notes } from "../../notes.ts";
import { type Part, unfinishedFile, writeError, writeWhole } from "../../unfinished.ts";
import { type Baseline, baselineOf } from "../baseline/index.ts";
import { newTruths, type Truths } from "../baseline/truths.ts";
import type { Database } from "../database.ts";
import { newDiagnoses } from "../diagnoses.ts";
import { type EvalFlags, topCount } from "../flags.ts";
import type { Collecting } from "../pass.ts";
import type { Work } from "../prepare.ts";
import type { EvalResult, ResultRow } from "../result.ts";
import { newDistributions } from "./histogram.ts";
import { checkPerRow, newPerRow } from "./per-row.ts";
import { newReliability } from "./reliability.ts";
import { newWorst } from "./top.ts";

export interface Collection extends Collecting {
  /** The result with what was collected. */
  finish(result: EvalResult, notes: Notes): Promise<EvalResult>;
  /** Writes the files that flags name, each under the name it has until all are complete. */
  write(result: EvalResult, notes: Notes): Promise<readonly Part[]>;
}

export async function newCollection(work: Work, flags: EvalFlags, database: Database): Promise<Collection> {
  const { plans, file } = work;
  checkPerRow(flags.perRow, plans);
  const pictured = flags.report !== undefined || flags.plot !== undefined;
  const count = topCount(flags);
  const worst = count > 0 ? newWorst(plans, { count, ...work.shown }) : undefined;
  const truths = flags.baseline || flags.report !== undefined ? newTruths(plans) : undefined;
  const reliability = flags.reliability || pictured ? newReliability(plans) : undefined;
  const distributions = pictured ? newDistributions(plans) : undefined;
  const perRow =
    flags.perRow === undefined ? undefined : await newPerRow(flags.perRow, file, plans, database);
  const diagnoses = newDiagnoses(plans);
  const collectors = [worst, truths, reliability, distributions, perRow, diagnoses].filter(
    (one) => one !== undefined,
  );
  return {
    collectors,
    gradients: perRow !== undefined,
    async finish(result, notes) {
      diagnoses.say(result.rows, notes);
      const baselines = truths && (await baselinesOf(work, truths));
      if (baselines?.some((one) => one?.sampled))
        notes.say("baselines of rows of numbers are sought on a sample of the rows.");
      return {
        ...result,
        ...(baselines && (await withBaselines(result, work, baselines))),
        ...(worst && {
          worst: plans
            .filter(({ rowLosses }) => rowLosses)
            .map((plan) => ({ spec: plan.spec.text, rows: worst.of(plan) })),
        }),
        ...(reliability && { calibration: reliability.results() }),
      };
    },
    async write(result, notes) {
      const parts: Part[] = [];
      if (perRow) parts.push(await perRow.write());
      if (!distributions) return parts;
      const text = async (path: string, flag: string, content: () => Promise<string | Uint8Array>) => {
        const part = unfinishedFile(path);
        try {
          writeWhole(part, await content());
        } catch (error) {
          throw writeError(error, path, flag);
        }
        parts.push({ part, file: path });
      };
      const material = { result, plans, distributions, notes: notes.all };
      const { plot, report } = flags;
      if (plot !== undefined)
        await text(plot, "--plot", async () =>
          (await import("../../report/picture.ts")).pictureOf(material, plot),
        );
      if (report !== undefined)
        await text(report, "--report", async () =>
          (await import("../../report/index.ts")).reportOf(material),
        );
      return parts;
    },
  };
}

async function baselinesOf({ plans }: Work, truths: Truths): Promise<readonly (Baseline | undefined)[]> {
  const found: (Baseline | undefined)[] = [];
  for (const plan of plans) {
    // A search takes its time: an interrupt is heard between two.
    await setImmediate();
    const table = truths.of(plan);
    found.push(table && baselineOf(plan, table));
  }
  return found;
}

async function withBaselines(
  { results }: EvalResult,
  { plans, groups }: Work,
  baselines: readonly (Baseline | undefined)[],
): Promise<Pick<EvalResult, "results" | "baselines">> {
  const numbers = new Map(groups.sorted().map(({ group, value }) => [value, group]));
  const withSkill = (row: ResultRow): ResultRow => {
    const found = baselines[plans.findIndex(({ spec }) => spec.text === row.spec)];
    if (!found) return { ...row, baseline: null, skill: null };
    const baseline = found.valueOf(row.total ? undefined : numbers.get(row.group));
    // Against nothing there is no skill: one class, a target that never changes.
    const skill = row.value === null || !(baseline > LEAST) ? Number.NaN : 1 - row.value / baseline;
    return { ...row, baseline: finite(baseline), skill: finite(skill) };
  };
  const rows: ResultRow[] = [];
  for (const row of results) {
    await setImmediate();
    rows.push(withSkill(row));
  }
  return {
    results: rows,
    baselines: plans.map(({ spec }, i) => ({ spec: spec.text, constant: baselines[i]?.constant ?? null })),
  };
}

/** Below this a loss is the rounding of 0. */
const LEAST = 1e-12;
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
