// Views of losses of boxes: a unit box beside its target, and a box too large or too small.

import { along, HALF_LINE, INFINITE, type Moved, only, type ViewRow } from "./view.ts";

/** One row per format: four numbers of a box with its lower corner, its size, and how both change with x. */
interface MovingBox {
  readonly corner: readonly [at: number, slope: number];
  readonly size: readonly [at: number, slope: number];
}
type Side = (box: MovingBox) => readonly [Moved, Moved];
const formats: Readonly<Record<string, (x: MovingBox, y: MovingBox) => readonly Moved[]>> = {
  xyxy: (x, y) =>
    interleaved(x, y, ({ corner, size }) => [
      along(...corner),
      along(corner[0] + size[0], corner[1] + size[1]),
    ]),
  xywh: (x, y) => interleaved(x, y, ({ corner, size }) => [along(...corner), along(...size)]),
  cxcywh: (x, y) =>
    interleaved(x, y, ({ corner, size }) => [
      along(corner[0] + size[0] / 2, corner[1] + size[1] / 2),
      along(...size),
    ]),
};
function interleaved(x: MovingBox, y: MovingBox, side: Side): readonly Moved[] {
  const [[x1, x2], [y1, y2]] = [side(x), side(y)];
  return [x1, y1, x2, y2];
}

const unit: MovingBox = { corner: [0, 0], size: [1, 0] };

/** A box and the box it should be. */
export const box: ViewRow = ({ models, data, params }) => {
  const prediction = only(models);
  const truth = only(data);
  const format = formats[String(params.format ?? "xyxy")];
  if (prediction?.domain !== "box" || truth?.domain !== "box" || !format) return [];
  const common = { samples: truth.words[0].name, sizes: {}, wrong: "both" } as const;
  const target = format(unit, unit).map((x) => (typeof x === "number" ? x : x[0]));
  return [
    {
      ...common,
      name: "shift",
      label: "shift s of a unit box along x",
      symbol: "s",
      domain: INFINITE,
      range: [-2, 2],
      reach: 1e8, // 1e16 + 1 is 1e16: beyond, a unit box has no width
      resolution: 1e-6,
      sample: (x) => ({
        [prediction.name]: format({ corner: [x, 1], size: [1, 0] }, unit),
        [truth.name]: target,
      }),
    },
    {
      ...common,
      name: "scale",
      label: "side s of a square box on a unit box with the same centre",
      symbol: "s",
      domain: HALF_LINE,
      range: [0.05, 3],
      reach: 1e8,
      resolution: 1e-6,
      sample: (x) => {
        const side: MovingBox = { corner: [(1 - x) / 2, -0.5], size: [x, 1] };
        return { [prediction.name]: format(side, side), [truth.name]: target };
      },
    },
  ];
};
