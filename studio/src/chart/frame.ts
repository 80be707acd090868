// What the parts of a chart know of it: its scales and where a pointer is.

import { getContext, setContext } from "svelte";
import type { Scale } from "./scale.ts";

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
  /** Where a pointer is, in the chart's values. */
  locate(event: PointerEvent | MouseEvent): [number, number];
}

const key = Symbol("chart");
export const setFrame = (frame: () => Frame): void => void setContext(key, frame);
export const getFrame = (): (() => Frame) => getContext(key);
