// Short rows that more than one loop reads are kept in scratch, a vector for each column.
// In: a loop program and its short axes. Out: one with the same meaning in which the numbers of a row are put into lanes once,
// and those that one loop leaves for another are taken out of them once.

import type { Buffer, Kernel, Statement } from "../../passes/lower/ir.ts";
import { type LoadStore, standsInLanes } from "./lanerows.ts";
import { everyStatement } from "./layout.ts";

const isRow = ({ at }: LoadStore): boolean => at.length === 2 && typeof at[1] === "string";

/** It has a name of its own: arrays are given by name. */
const rowOf = (buffer: Buffer): Buffer => ({
  ...buffer,
  name: `${buffer.name}.row`,
  role: "scratch",
  axes: buffer.axes.slice(1),
  rowOf: buffer,
});

export function keepRows(kernel: Kernel, short: ReadonlySet<string>): Kernel {
  const buffers = [...kernel.buffers];
  const body = kernel.body.map((statement) => {
    if (statement.kind !== "loop" || !standsInLanes(statement, short)) return statement;
    const rows = new Map<Buffer, Buffer>();
    const made = { ...statement, body: kept(statement.body, rows) };
    buffers.push(...rows.values());
    return made;
  });
  return { ...kernel, body, buffers };
}

/** The body of a loop over samples; `rows`: what holds a row of each buffer. */
function kept(body: readonly Statement[], rows: Map<Buffer, Buffer>): readonly Statement[] {
  const accesses = everyStatement(body).filter((statement) => "at" in statement) as LoadStore[];
  /** Buffers of which the sample's row is in scratch as it is in memory. */
  const held = new Set<Buffer>();
  return body.map((statement) => {
    if (statement.kind === "store") held.delete(statement.buffer);
    if (statement.kind !== "loop") return statement;
    const saved: Buffer[] = [];
    const inner = (statement.body as readonly LoadStore[]).flatMap((access): readonly Statement[] => {
      const place = accesses.indexOf(access);
      if (place < 0 || !isRow(access)) return [access];
      const { buffer } = access;
      const row = rows.get(buffer) ?? rowOf(buffer);
      const inScratch = { buffer: row, at: access.at.slice(1) };
      if (access.kind === "load" && held.has(buffer)) return [{ ...access, ...inScratch }];
      /** The next store, or load of the whole row or of a place in it. */
      const next = (whole: boolean): LoadStore | undefined =>
        accesses.find(
          (other, i) =>
            i > place && other.buffer === buffer && (other.kind === "store" || isRow(other) === whole),
        );
      if (next(true)?.kind !== "load") return [access];
      rows.set(buffer, row);
      saved.push(buffer);
      const value = access.kind === "load" ? access.result : access.value;
      const store: Statement = { kind: "store", ...inScratch, value };
      // What memory would hold is not looked at before the row is stored again.
      const other = next(false);
      return access.kind === "store" && other && isRow(other) ? [store] : [access, store];
    });
    for (const buffer of saved) held.add(buffer);
    return { ...statement, body: inner };
  });
}
