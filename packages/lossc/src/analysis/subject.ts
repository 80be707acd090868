// What the analysis is given of a loss: its inputs as they are declared, its parameters, and numbers along a line.
// The contract makes one of every loss, so that nothing here knows how a loss is called or run.

/** An input's axes and meaning; what `loss.inputs` says of it. */
export interface InputFacts {
  readonly name: string;
  /** `"..."`, `"n... c"`, `"n 4"`. */
  readonly axes: string;
  readonly role: "model" | "data";
  readonly kind: "float" | "classes" | "index" | "binary" | "sign";
  readonly over?: string;
  readonly domain?: string | ((params: Readonly<Record<string, unknown>>) => string | undefined);
  readonly optional?: true;
}

export interface Numbers {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** Inputs at a point, and the direction in which they move there. */
export interface LineRequest {
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** By the names of the inputs that move. */
  readonly directions: Readonly<Record<string, Float64Array>>;
  /** Parameters and options of the loss. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Every sample's own loss, or the mean of all. */
  readonly of: "samples" | "whole";
  /** Multiplies each sample's loss in what is differentiated; of "samples" only. */
  readonly upstream?: Float64Array;
  /** Whether second derivatives are wanted. */
  readonly second: boolean;
}

export interface LineResult {
  /** One value per sample, or the mean alone. */
  readonly values: ArrayLike<number>;
  /** The gradient by each input that moves. */
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
  /** The Hessian times the direction; nothing where the expression cannot be differentiated twice. */
  readonly second?: Readonly<Record<string, ArrayLike<number>>>;
}

export interface Subject {
  readonly name: string;
  readonly inputs: readonly InputFacts[];
  readonly params: Readonly<Record<string, { readonly default: unknown; readonly sizeOf?: string }>>;
  /** In float64, on the reference engine. Throws what the loss throws: a wrong option, `unsupported` where there is
   * no loss per sample. */
  evaluate(request: LineRequest): LineResult;
}
