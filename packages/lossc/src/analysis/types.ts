// What is said of a loss beyond its value: one-dimensional views, curves, and the property card.

import type { Phrase } from "../phrase.ts";

/** A one-dimensional way through a loss's inputs: at each x one sample, of which everything else is held. */
export interface View {
  /** What x is: "residual", "margin", "logit", "probability", "lead", "cosine", "distance", "shift", "weight" … */
  readonly name: string;
  /** What an axis is labelled: "residual r = prediction − target". */
  readonly label: string;
  /** The letter of x in text: "r", "z", "x", "p", "θ". */
  readonly symbol: string;
  /** Where x makes sense: a probability's is [0, 1]; others may be infinite. */
  readonly domain: readonly [number, number];
  /** What a first look shows. */
  readonly range: readonly [number, number];
  /** The side of x on which the model is wrong without bound: below (margins, leads), above (a negative's logit),
   * both (residuals), or neither (where nothing says what is right). */
  readonly wrong: "below" | "above" | "both" | "neither";
}

export interface CurveOptions {
  /** The view's name; by default the first that the loss has. */
  readonly over?: string;
  readonly from?: number;
  readonly to?: number;
  /** How many x are taken, evenly. Default 201. */
  readonly points?: number;
  /** Parameters and options of the loss. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The truth of the one sample where the view leaves a choice: a binary target (default 1). */
  readonly target?: number;
}

/** A loss along a view. */
export interface Curve {
  readonly loss: string;
  readonly view: View;
  readonly params: Readonly<Record<string, unknown>>;
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** dℓ/dx. */
  readonly gradient: Float64Array;
  /** d²ℓ/dx²; NaN where it is not to be had. */
  readonly curvature: Float64Array;
  /** Where the curvature is from: the gradient's expression differentiated again, or, where a part of that is held
   * constant or has no second derivative, central differences of the gradient. */
  readonly curvatureBy?: "expression" | "differences";
}

export type Interval = readonly [from: number, to: number];

/** A place where the slope jumps, and the slope that gradients take there. */
export interface Kink {
  readonly at: number;
  readonly left: number;
  readonly right: number;
  readonly taken: number;
  /** Where the value itself jumps, by how much. */
  readonly step?: number;
}

/** What a card is made for. */
export interface CardOptions {
  /** Parameters and options of the loss. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The view that slopes are by; by default the first that the loss has. */
  readonly over?: string;
  /** The truth of the one sample where the view leaves a choice: a binary target (default 1). */
  readonly target?: number;
}

/** What shows a fact: words with the numbers. */
export interface Evident {
  readonly evidence: string;
  /** The same for those who say it in another language than English, see `wordsOf`; cards kept in files are without. */
  readonly phrase?: Phrase;
}

/** Everything a textbook asserts about a loss, measured from its expression. Every fact has its evidence in words
 * with the numbers that show it. A loss without a one-dimensional view has the facts that need none. */
export interface PropertyCard {
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly view: View | undefined;
  readonly convex?: Evident & { readonly holds: boolean; readonly notOn: readonly Interval[] };
  readonly kinks?: Evident & { readonly places: readonly Kink[] };
  /** Infinity where it grows without bound. */
  readonly largestSlope?: Evident & { readonly value: number; readonly at: number };
  /** Where |slope| is below 1 % of its largest although the model is wrong. */
  readonly deadZones?: Evident & { readonly on: readonly Interval[] };
  /** What one sample can do as it goes to infinity on the wrong side. */
  readonly outlier?: Evident & {
    readonly influence: "unbounded" | "bounded" | "redescending" | "none";
    /** The slope's limit. */
    readonly limit: number;
  };
  /** Whether the expected loss is least at the true probability; for losses of probabilities only. */
  readonly proper?: Evident & { readonly holds: boolean };
  /** "shift", "scale" … that leave the loss as it is. */
  readonly invariances: readonly (Evident & { readonly name: string; readonly holds: boolean })[];
  readonly range?: Evident & { readonly from: number; readonly to: number };
  readonly minimum?: Evident & {
    readonly value: number;
    /** Infinite where it is tended to and never taken. */
    readonly at: number;
    /** Every x that takes it. */
    readonly on?: Interval;
  };
}
