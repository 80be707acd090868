// The points of a plane in a room's state: a preset's until a hand has changed one, and one of them marked.

import { type Point, snap } from "../state/fields.ts";

/** What a room's state has of them; changed in place. */
interface Values<Preset> {
  preset: Preset;
  seed: number;
  points: Point[];
  marked: number;
}

export interface HeldPoints<Preset extends string> {
  readonly list: readonly Point[];
  readonly marked: number;
  readonly point: Point;
  /** Whether none can be taken away. */
  readonly areFew: boolean;
  mark(index: number): void;
  /** Gives a point another place, the nearest that an address can hold, or sign. */
  change(index: number, to: Partial<Point>): void;
  add(point: Point): void;
  remove(index: number): void;
  start(preset: Preset): void;
  /** Whether they are a preset's still. */
  isAt(preset: Preset): boolean;
  anew(): void;
}

/** As many as an address holds and a hand can tell apart. */
const MOST = 60;
const LEAST = 3;

/** To be called while a component starts. `made` gives a preset's points. */
export function heldPoints<Preset extends string>(
  state: () => Values<Preset>,
  made: (preset: Preset, seed: number) => Point[],
): HeldPoints<Preset> {
  const list = $derived(state().points.length > 0 ? state().points : made(state().preset, state().seed));
  const marked = $derived(Math.min(state().marked, list.length - 1));
  const held = (point: Point): Point => ({ ...point, x: snap(point.x), y: snap(point.y) });
  return {
    get list() {
      return list;
    },
    get marked() {
      return marked;
    },
    get point() {
      return list[marked];
    },
    get areFew() {
      return list.length <= LEAST;
    },
    mark(index) {
      state().marked = index;
    },
    change(index, to) {
      state().points = list.with(index, held({ ...list[index], ...to }));
    },
    add(point) {
      if (list.length >= MOST) return;
      state().points = [...list, held(point)];
      state().marked = list.length - 1;
    },
    remove(index) {
      if (list.length <= LEAST) return;
      state().points = list.toSpliced(index, 1);
      state().marked = Math.max(0, index - 1);
    },
    start(preset) {
      state().preset = preset;
      state().points = [];
      state().marked = 0;
    },
    isAt: (preset) => state().points.length === 0 && state().preset === preset,
    anew() {
      state().seed = (state().seed + 1) % 100000;
      state().points = [];
    },
  };
}
