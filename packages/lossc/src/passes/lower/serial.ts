// A loop that adds into shared elements runs on one thread. In: the loops at the top. Out: the same, with the costly
// work of serial loops done by a parallel one where its results can be kept; where they cannot, the two are one loop.

import type { Analysis, Part } from "./analysis.ts";
import { WORTH_ONE_THREAD } from "./cost.ts";
import { type PlannedLoop, partsOf, type Visit } from "./plan.ts";

export function shareWithSerial(
  loops: Map<string, PlannedLoop>,
  loopAt: (axis: string, level: number) => PlannedLoop,
  visit: Visit,
  { partOf, storable, worthKeeping, cost }: Analysis,
): void {
  const isCostly = (part: Part): boolean => !part.isLeaf && cost(part) >= WORTH_ONE_THREAD;
  for (const [key, serial] of [...loops]) {
    if (!serial.serial) continue;
    const parallel = loopAt(serial.axis, serial.level);
    const { own, keepable } = reach(serial);
    if ([...own].some((part) => parallel.visited.has(part) && isCostly(part) && !storable(part))) {
      for (const list of ["folds", "spreads", "kept", "routines"] as const) {
        for (const expr of serial[list]) if (!parallel[list].includes(expr)) parallel[list].push(expr);
      }
      for (const part of serial.visited) parallel.visited.add(part);
      parallel.stores.push(...serial.stores);
      parallel.serial = true;
      loops.delete(key);
      continue;
    }
    const earlier = [...loops.values()].filter(
      ({ axis, level }) => axis === serial.axis && level < serial.level,
    );
    for (const part of keepable) {
      if (earlier.some(({ visited }) => visited.has(part))) continue;
      if (!parallel.kept.includes(part.expr)) parallel.kept.push(part.expr);
      visit(part, parallel);
    }
  }

  /** What a loop computes if all that is costly and can be kept is kept; and what that is. */
  function reach(loop: PlannedLoop): { own: Set<Part>; keepable: Set<Part> } {
    const own = new Set<Part>();
    const keepable = new Set<Part>();
    const go = (part: Part): void => {
      if (own.has(part) || !loop.visited.has(part) || part.isHeld) return;
      if (worthKeeping(part) && isCostly(part)) {
        keepable.add(part);
        return;
      }
      own.add(part);
      part.args.forEach(go);
    };
    for (const expr of partsOf(loop)) go(partOf(expr));
    return { own, keepable };
  }
}
