// The loop program of a loss as a listing: what every kernel of it is printed from.

import { listingOf, obstacleTo } from "../backends/kernels/index.ts";
import { bodyOf } from "./define.ts";
import { readOptions } from "./options.ts";
import { prepare, variantOf } from "./prepare.ts";

/** The loops that compute a loss and its gradients, one statement a line: `for` loops over named axes with their phases,
 * loads and stores by place, folds after their loop, contractions. The same program serves all sizes.
 *
 * `options` are those of `valueAndGrad`: parameters, `reduction`, `weight` … as far as they shape the program; what is given
 * as numbers stands in it by name. Labels are class indices. Throws `bad-option` for an option the loss does not take.
 * Where there is no loop program, a sentence says why. */
export function loops(loss: object, options: Readonly<Record<string, unknown>> = {}): string {
  const body = bodyOf(loss);
  const settings = readOptions(body.name, body.inputs, body.params, options, true);
  const given = body.inputs.filter(({ optional, instead }) => !optional && !instead);
  const inputs = new Map(given.map((spec) => [spec.name, spec]));
  const wrt = settings.wrt ?? given.filter(({ role }) => role === "model").map(({ name }) => name);
  const { reduction, meanOver } = settings;
  const perSample = settings.perSample || reduction === "none";
  const variant = variantOf(body, { inputs, forms: {} }, settings);
  const { program } = prepare(body, variant, { reduction, meanOver, wrt, perSample });
  const why = obstacleTo(program);
  return why === undefined ? listingOf(program) : `${body.name} has no loop program: ${why}.`;
}
