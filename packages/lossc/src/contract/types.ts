// The public types: what a definition says, what a loss takes and what it gives.

import type { CardOptions, PropertyCard } from "../analysis/types.ts";
import type { Expr } from "../language/expr.ts";
import type { BinaryTarget, ClassTarget } from "../language/targets.ts";

// ---- Data ---------------------------------------------------------------------------------------------

export type FloatArray = Float32Array | Float64Array;
export type IntegerArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** A nested array of numbers, a typed array (one axis), or dense row-major data with a shape. */
export type TensorInput =
  | NestedNumbers
  | FloatArray
  | IntegerArray
  | { readonly data: FloatArray | IntegerArray | readonly number[]; readonly shape: readonly number[] };

/** Dense row-major numbers. */
export interface Tensor {
  readonly data: FloatArray;
  readonly shape: readonly number[];
}

// ---- Definitions --------------------------------------------------------------------------------------

/** What the numbers of an input must be; see `checks.ts`. A function of the static parameters where it depends. */
export type Domain =
  | "probability"
  | "distribution"
  | "logDistribution"
  | "positive"
  | "nonNegative"
  | "nonZero"
  | "aboveMinusOne"
  | "mask"
  | "box";

/** What an input is, besides plain floats. */
export type InputKind = "float" | "classes" | "index" | "binary" | "sign";

export interface InputSpec {
  /** Named axes: `"..."` any shape, `"n... c"`, `"n 4"`; `""` a bare number. */
  readonly axes: string;
  /** "model" inputs are produced or learnt and get gradients by default; "data" inputs are given. */
  readonly role?: "model" | "data";
  readonly kind?: InputKind;
  /** The axis that labels count along. */
  readonly over?: string;
  /** For classes: the input whose −Infinity entries take a class out. */
  readonly maskedBy?: string;
  /** For classes: the label −1 is allowed and means none of them. */
  readonly none?: true;
  /** For classes: labels alone are taken, no probabilities. */
  readonly labelsOnly?: true;
  /** For "binary": logits and not probabilities are judged, so `posWeight` applies. */
  readonly posWeight?: true;
  readonly domain?: Domain | ((params: Readonly<Record<string, unknown>>) => Domain | undefined);
  readonly optional?: true;
  /** May be given in place of the input of this name: exactly one of the two is. */
  readonly instead?: string;
  readonly doc?: string;
}
/** An input with its short forms written out. */
export type FullInputSpec = InputSpec & Required<Pick<InputSpec, "axes" | "role" | "kind">>;
export type InputSpecs = Readonly<Record<string, string | InputSpec>>;

/** A parameter: its default, its range (`above` and `below` exclusive, `min` and `max` inclusive), what it does. */
export interface ParamSpec {
  readonly default: number | string | boolean | null;
  readonly above?: number;
  readonly below?: number;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: true;
  /** The value shapes the expression (a polynomial's degree), so `expr` gets it as a number. */
  readonly static?: true;
  /** The words it may be; with these the parameter is no number. */
  readonly choices?: readonly string[];
  /** What it may be besides a number. */
  readonly or?: readonly (string | null)[];
  /** May also be one number per element of this axis. */
  readonly axes?: string;
  /** The value is the size of this axis. */
  readonly sizeOf?: string;
  readonly doc: string;
}
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

type OrOf<S> = S extends { or: readonly (infer O)[] } ? O : never;
type Literal<S> = S extends { choices: readonly (infer C)[] }
  ? C
  : S extends { default: boolean }
    ? boolean
    : never;

/** What `expr` gets for a parameter. */
export type ParamSymbol<S> = [Literal<S>] extends [never]
  ? (S extends { static: true } ? number : Expr) | OrOf<S>
  : Literal<S>;
/** What a caller may give for a parameter. */
export type ParamValue<S> = [Literal<S>] extends [never]
  ? number | OrOf<S> | (S extends { axes: string } ? readonly number[] | FloatArray : never)
  : Literal<S>;

type KindOf<S> = S extends { kind: infer K } ? K : "float";
/** What `expr` gets for an input. */
export type InputSymbol<S> =
  KindOf<S> extends "classes"
    ? ClassTarget
    : KindOf<S> extends "binary"
      ? BinaryTarget
      : Expr | (S extends { optional: true } | { instead: string } ? undefined : never);

export type Symbols<I extends InputSpecs, P extends ParamSpecs> = {
  readonly [K in keyof I]: InputSymbol<I[K]>;
} & { readonly [K in keyof P]: ParamSymbol<P[K]> };

/** The loss of one sample; where some samples do not count (an anchor without a positive), which do; conditions to
 * tell the caller of, by their text; and what the next call should be given (running averages), by name. */
export interface PerSample {
  readonly loss: Expr;
  readonly counted?: Expr;
  readonly notes?: Readonly<Record<string, Expr>>;
  readonly state?: Readonly<Record<string, Expr>>;
}

export type Family =
  | "regression"
  | "binary"
  | "margin"
  | "multiclass"
  | "distribution"
  | "ranking"
  | "metric"
  | "head"
  | "box"
  | "segmentation"
  | "penalty";

export interface Definition<I extends InputSpecs, P extends ParamSpecs> {
  readonly name: string;
  readonly family: Family | (string & {});
  readonly inputs: I;
  readonly params?: P;
  readonly references?: readonly string[];
  /** A small case with its value from the paper or an outside oracle: what `lossc show` prints. */
  readonly check?: {
    readonly inputs: { readonly [K in keyof I]?: NestedNumbers };
    readonly options?: Readonly<Record<string, unknown>>;
    readonly value: number;
  };
  /** "float64": what lies between float32 inputs and float32 results is computed in float64, at about twice the time. For
   * losses of single elements that subtract what is rounded already, take a function of it that makes the rounding
   * larger, or multiply so many numbers that their roundings add up; of the catalogue those that would be more than 4
   * units in the last place from the true value. */
  readonly arithmetic?: "float64";
  /** What must hold between parameters: a sentence where it does not. */
  readonly valid?: (params: Readonly<Record<string, number>>) => string | undefined;
  expr(symbols: Symbols<I, P>): Expr | PerSample;
}

// ---- Calls --------------------------------------------------------------------------------------------

export type Reduction = "mean" | "sum" | "none";

export interface CommonOptions {
  /** Σ w·ℓ / Σ w, Σ w·ℓ, or w·ℓ of every sample. Default "mean". */
  readonly reduction?: Reduction;
  /** The mean's denominator: the weights' sum (default) or the number of counted samples. */
  readonly meanOver?: "weight" | "count";
  /** A weight ≥ 0 for every sample, in the shape of the per-sample loss. */
  readonly weight?: TensorInput;
  /** false drops a sample; in the shape of the per-sample loss. */
  readonly mask?: TensorInput;
  /** What nothing to average gives. Default "zero". */
  readonly onEmpty?: "zero" | "nan" | "throw";
  /** The precision of the result: default float32 if all floating inputs are Float32Array, else float64. */
  readonly dtype?: "float32" | "float64";
  /** Checks labels, probabilities, boxes … and says where they are wrong. Default true. */
  readonly validate?: boolean;
  /** "auto" (default) takes the fastest engine that can run the call. */
  readonly engine?: "auto" | "reference" | "wasm";
}

export interface ClassOptions {
  /** A weight per class, or "balanced": N / (C · count). */
  readonly classWeight?: readonly number[] | FloatArray | "balanced";
  /** Samples with this label are dropped. */
  readonly ignoreIndex?: number;
}
export interface SmoothingOptions {
  /** ε in [0, 1): the target becomes (1 − ε)·target + ε/classes. */
  readonly labelSmoothing?: number;
}
export interface AxisOptions {
  /** Which axis of the inputs holds the classes. Default −1, the last. */
  readonly axis?: number;
}
export interface PosWeightOptions {
  /** Multiplies the loss of positive targets: a number, or one per element of the last axis. */
  readonly posWeight?: TensorInput;
}
export interface SignOptions {
  /** "sign": targets are −1 and +1 (default). "binary": 0 and 1. */
  readonly encoding?: "sign" | "binary";
}

type Kinds<I extends InputSpecs> = { [K in keyof I]: KindOf<I[K]> }[keyof I];
type Has<I extends InputSpecs, S> = { [K in keyof I]: I[K] extends S ? true : never }[keyof I];
type If<Condition, Then> = [Condition] extends [never] ? unknown : Then;
type ClassAxis = { axes: `${string}... c` };

type KindOptions<I extends InputSpecs> = If<Extract<Kinds<I>, "classes" | "binary" | "sign">, ClassOptions> &
  If<Extract<Kinds<I>, "classes" | "binary">, SmoothingOptions> &
  If<Has<I, ClassAxis | `${string}... c`>, AxisOptions> &
  If<Extract<Kinds<I>, "sign">, SignOptions> &
  If<Has<I, { posWeight: true }>, PosWeightOptions>;

/** `Partial<Record<never, …>>` is `{}` and takes anything, so a loss without parameters has no such part. */
type ParamOptions<P extends ParamSpecs> = [keyof P] extends [never]
  ? unknown
  : { readonly [K in keyof P]?: ParamValue<P[K]> };

export type Options<I extends InputSpecs, P extends ParamSpecs> = CommonOptions &
  KindOptions<I> &
  ParamOptions<P>;

type OptionalInput<I extends InputSpecs> =
  | { [K in keyof I]: I[K] extends { optional: true } | { instead: string } ? K : never }[keyof I]
  | (Extract<I[keyof I], { instead: string }>["instead"] & keyof I);
export type Inputs<I extends InputSpecs> = {
  readonly [K in Exclude<keyof I, OptionalInput<I>>]: TensorInput;
} & (OptionalInput<I> extends never ? unknown : { readonly [K in OptionalInput<I>]?: TensorInput });

/** Inputs that hold labels, which have no gradient. */
type IndexInput<I extends InputSpecs> = { [K in keyof I]: KindOf<I[K]> extends "index" ? K : never }[keyof I];
type ModelInput<I extends InputSpecs> = {
  [K in keyof I]: K extends "target" | "labels"
    ? I[K] extends { role: "model" }
      ? K
      : never
    : I[K] extends { role: "data" } | { kind: "classes" | "index" | "binary" | "sign" }
      ? never
      : K;
}[keyof I] &
  string;

export interface GradOptions<I extends InputSpecs, W extends keyof I & string> {
  /** The inputs to differentiate by; default: all that a model produces or learns. */
  readonly wrt?: readonly Exclude<W, IndexInput<I>>[];
  /** Also return every sample's loss. */
  readonly perSample?: boolean;
  /** Multiplies the gradients: a number, or with reduction "none" one per sample. */
  readonly upstream?: TensorInput;
  /** Arrays to write to, by input name, and `perSample`. */
  readonly out?: { readonly [name: string]: FloatArray };
}

export interface ValueAndGrad<W extends string> {
  /** The reduced loss; with reduction "none" the sum of the weighted losses. */
  readonly value: number;
  readonly grads: { readonly [K in W]: Tensor };
  /** Σ w over the counted samples. */
  readonly weightSum: number;
  /** How many samples counted: those whose weight is not 0. */
  readonly count: number;
  /** w·ℓ of every sample, where asked for or with reduction "none". */
  readonly perSample?: Tensor;
  /** What the next call should be given, of losses that keep running numbers: inputs and options of these names. */
  readonly state?: Readonly<Record<string, Tensor>>;
  /** The engine that computed it. */
  readonly engine: string;
  /** What a person should know of this result. */
  readonly notes: readonly string[];
}

export interface Formula {
  /** LaTeX of the loss of one sample. */
  readonly value: string;
  /** LaTeX of its gradient, by input. */
  readonly gradient: Readonly<Record<string, string>>;
}

export interface LossInfo {
  readonly name: string;
  readonly family: string;
  readonly inputs: Readonly<Record<string, FullInputSpec>>;
  readonly params: ParamSpecs;
  readonly references: readonly string[];
  readonly check: Definition<InputSpecs, ParamSpecs>["check"];
  /** Every option it takes, by name. */
  readonly options: readonly string[];
  /** The loss of one sample as an expression of the language; `String(loss.expr)` prints it. */
  readonly expr: Expr;
  readonly formula: Formula;
  /** The property card: whether it is convex, where it has corners, how steep it gets, where its slope dies, what an
   * outlier can do, whether it is proper, what leaves it as it is, its range. Computed from the loss, with evidence;
   * made at the first call (some milliseconds). Throws `bad-option` for a wrong parameter, view or target. */
  properties(options?: CardOptions): PropertyCard;
}

/** A loss: call it for the value, `valueAndGrad` for gradients too. */
export interface Loss<I extends InputSpecs, P extends ParamSpecs> extends LossInfo {
  (inputs: Inputs<I>, options: Options<I, P> & { readonly reduction: "none" }): Tensor;
  (inputs: Inputs<I>, options?: Options<I, P> & { readonly reduction?: "mean" | "sum" }): number;
  (inputs: Inputs<I>, options: Options<I, P>): number | Tensor;
  valueAndGrad<W extends keyof I & string = ModelInput<I>>(
    inputs: Inputs<I>,
    options?: Options<I, P> & GradOptions<I, W>,
  ): ValueAndGrad<W>;
}

/** Any loss, its names checked when it is called: what `catalogue` holds. */
export interface AnyLoss extends LossInfo {
  (
    inputs: Readonly<Record<string, TensorInput | undefined>>,
    options?: Readonly<Record<string, unknown>>,
  ): number | Tensor;
  valueAndGrad(
    inputs: Readonly<Record<string, TensorInput | undefined>>,
    options?: Readonly<Record<string, unknown>>,
  ): ValueAndGrad<string>;
}
