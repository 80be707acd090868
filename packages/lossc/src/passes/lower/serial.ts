// A loop that adds into shared elements runs on one thread. In: the loops at the top. Out: the same, with the costly
// work of serial loops done by a parallel one where its results can be kept; where they cannot, the two are one loop.

import type { Expr } from "../../language/expr.ts";
import { type Analysis, isLeaf } from "./analysis.ts";
import { WORTH_ONE_THREAD } from "./cost.ts";
import { type PlannedLoop, partsOf, type Visit } from "./plan.ts";

export function shareWithSerial(
  loops: Map<string, PlannedLoop>,
  loopAt: (axis: string, level: number) => PlannedLoop,
  visit: Visit,
  { factsOf, storable, worthKeeping, cost }: Analysis,
): void {
  const isCostly = (expr: Expr): boolean => !isLeaf(expr) && cost(expr) >= WORTH_ONE_THREAD;
  for (const [key, serial] of [...loops]) {
    if (!serial.serial) continue;
    const parallel = loopAt(serial.axis, serial.level);
    const { own, keepable } = reach(serial);
    if ([...own].some((expr) => parallel.visited.has(expr) && isCostly(expr) && !storable(expr))) {
      for (const set of ["folds", "spreads", "kept", "routines", "visited"] as const) {
        for (const expr of serial[set]) parallel[set].add(expr);
      }
      parallel.stores.push(...serial.stores);
      parallel.serial = true;
      loops.delete(key);
      continue;
    }
    const earlier = [...loops.values()].filter(
      ({ axis, level }) => axis === serial.axis && level < serial.level,
    );
    for (const expr of keepable) {
      if (earlier.some(({ visited }) => visited.has(expr))) continue;
      parallel.kept.add(expr);
      visit(expr, parallel);
    }
  }

  /** What a loop computes if all that is costly and can be kept is kept; and what that is. */
  function reach(loop: PlannedLoop): { own: Set<Expr>; keepable: Set<Expr> } {
    const own = new Set<Expr>();
    const keepable = new Set<Expr>();
    const go = (expr: Expr): void => {
      if (own.has(expr) || !loop.visited.has(expr) || factsOf(expr).isHeld) return;
      if (worthKeeping(expr) && isCostly(expr)) {
        keepable.add(expr);
        return;
      }
      own.add(expr);
      expr.args.forEach(go);
    };
    partsOf(loop).forEach(go);
    return { own, keepable };
  }
}
