// All that `lossc show` and `lossc list` say of a loss, as plain data: computed for a person's own loss, and kept in
// `data/losses.jsonl` for those of the catalogue, for a formula or a property card takes longer than a person waits.

import type { AnyLoss, Curve, CurveOptions, PropertyCard } from "lossc";

export interface ProfileInput {
  readonly axes: string;
  readonly role: string;
  readonly kind: string;
  readonly doc: string;
  /** What its numbers must be, where that does not depend on parameters. */
  readonly domain: string | null;
  readonly optional: boolean;
  readonly labelsOnly: boolean;
}

export interface CheckResult {
  readonly inputs: object;
  readonly options: object;
  readonly expected: number;
  readonly computed: number;
  readonly agrees: boolean;
}

/** Numbers along a view, fewer and shorter than a picture has: a terminal shows no more. */
export interface ProfileCurve {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly value: readonly number[];
  readonly gradient: readonly number[];
}

export interface Profile {
  readonly name: string;
  readonly family: string;
  readonly summary: string;
  readonly detail: string;
  /** The loss of one sample; `listing` with shared parts named. */
  readonly expression: string;
  readonly listing: string;
  readonly formula: AnyLoss["formula"];
  readonly inputs: Readonly<Record<string, ProfileInput>>;
  readonly params: AnyLoss["params"];
  readonly options: readonly string[];
  readonly references: readonly string[];
  readonly check: CheckResult | null;
  readonly card: PropertyCard | null;
  readonly curve: ProfileCurve | null;
}

/** What a profile is made with: the library, or its sources. */
export interface Library {
  readonly viewsOf: (loss: object, params?: Readonly<Record<string, unknown>>) => readonly unknown[];
  readonly curve: (loss: object, options?: CurveOptions) => Curve;
  readonly printProgram: (outputs: { readonly value: AnyLoss["expr"] }) => string;
  /** By default the loss derives it. */
  readonly formulaOf?: (loss: AnyLoss) => AnyLoss["formula"];
}

const CURVE_POINTS = 121;

/** With `params` the card and the curve are those of the loss with these parameters. */
export function profileOf(
  loss: AnyLoss,
  doc: { readonly summary: string; readonly detail: string } | undefined,
  { viewsOf, curve, printProgram, formulaOf = (one) => one.formula }: Library,
  params: Readonly<Record<string, unknown>> = {},
): Profile {
  const hasView = viewsOf(loss, params).length > 0;
  return {
    name: loss.name,
    family: loss.family,
    summary: doc?.summary ?? "",
    detail: doc?.detail ?? "",
    expression: String(loss.expr),
    listing: printProgram({ value: loss.expr }),
    formula: formulaOf(loss),
    inputs: Object.fromEntries(
      Object.entries(loss.inputs).map(
        ([name, { axes, role, kind, doc: words = "", domain, optional, labelsOnly }]) => [
          name,
          {
            axes,
            role,
            kind,
            doc: words,
            domain: typeof domain === "string" ? domain : null,
            optional: optional === true,
            labelsOnly: labelsOnly === true,
          },
        ],
      ),
    ),
    params: loss.params,
    options: loss.options,
    references: loss.references,
    check: runCheck(loss) ?? null,
    card: loss.properties({ params }),
    curve: hasView ? shortCurve(curve(loss, { points: CURVE_POINTS, params })) : null,
  };
}

export function shortCurve({ view, x, value, gradient }: Curve): ProfileCurve {
  const short = (numbers: Float64Array) => Array.from(numbers, (one) => Number(one.toPrecision(4)));
  return {
    label: view.label,
    from: x[0],
    to: x[x.length - 1],
    value: short(value),
    gradient: short(gradient),
  };
}

/** Runs the loss on the case its definition brings. */
function runCheck(loss: AnyLoss): CheckResult | undefined {
  const { check } = loss;
  if (!check) return undefined;
  const options = check.options ?? {};
  const computed = loss(check.inputs, options) as number;
  const tolerance = 1e-6 * Math.abs(check.value) + 1e-12;
  return {
    inputs: check.inputs,
    options,
    expected: check.value,
    computed,
    agrees: Math.abs(computed - check.value) <= tolerance,
  };
}
