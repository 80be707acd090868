// Boxes in any format as sides and centres, and the areas that IoU losses are made of.

import { type Expr, type Operand, where } from "../../language/expr.ts";

export const boxFormat = {
  default: "xyxy",
  choices: ["xyxy", "xywh", "cxcywh"],
  doc: "Two corners; a corner and a size; or the centre and a size.",
} as const;

export interface Box {
  readonly x1: Expr;
  readonly y1: Expr;
  readonly x2: Expr;
  readonly y2: Expr;
  readonly x: Expr;
  readonly y: Expr;
  readonly width: Expr;
  readonly height: Expr;
}

/** One row per format: how its four numbers give the sides, the centre and the size. */
const readers: Record<string, (a: Expr, b: Expr, c: Expr, d: Expr) => Box> = {
  xyxy: (x1, y1, x2, y2) => ({
    x1,
    y1,
    x2,
    y2,
    x: x1.add(x2).mul(0.5),
    y: y1.add(y2).mul(0.5),
    width: x2.sub(x1),
    height: y2.sub(y1),
  }),
  xywh: (x1, y1, width, height) => ({
    x1,
    y1,
    x2: x1.add(width),
    y2: y1.add(height),
    x: x1.add(width.mul(0.5)),
    y: y1.add(height.mul(0.5)),
    width,
    height,
  }),
  cxcywh: (x, y, width, height) => ({
    x1: x.sub(width.mul(0.5)),
    y1: y.sub(height.mul(0.5)),
    x2: x.add(width.mul(0.5)),
    y2: y.add(height.mul(0.5)),
    x,
    y,
    width,
    height,
  }),
};

export function sides(box: Expr, format: string): Box {
  const [a, b, c, d] = box.unstack("4");
  return readers[format](a, b, c, d);
}

/** The smallest box that holds both. */
export function enclosing(box: Box, truth: Box): { readonly width: Expr; readonly height: Expr } {
  return {
    width: box.x2.max(truth.x2).sub(box.x1.min(truth.x1)),
    height: box.y2.max(truth.y2).sub(box.y1.min(truth.y1)),
  };
}

export interface Areas {
  readonly intersection: Expr;
  readonly union: Expr;
  /** Of the enclosing box. */
  readonly hull: Expr;
  /** 0 … 1. Where neither box has an area: 1 if they are the same box, else 0, with gradient 0. */
  readonly iou: Expr;
}

function areasIn(box: Box, truth: Box, unitX: Operand, unitY: Operand): Areas {
  const area = (width: Expr, height: Expr) => width.div(unitX).mul(height.div(unitY));
  // Disjoint boxes have negative extents here; each must be 0 by itself, for the product of two is positive.
  const width = box.x2.min(truth.x2).sub(box.x1.max(truth.x1)).relu();
  const height = box.y2.min(truth.y2).sub(box.y1.max(truth.y1)).relu();
  const intersection = area(width, height);
  const union = area(box.width, box.height).add(area(truth.width, truth.height)).sub(intersection);
  const around = enclosing(box, truth);
  const same = box.x1.eq(truth.x1).and(box.y1.eq(truth.y1)).and(box.x2.eq(truth.x2)).and(box.y2.eq(truth.y2));
  return {
    intersection,
    union,
    hull: area(around.width, around.height),
    iou: where(union.eq(0), where(same, 1, 0), intersection.div(union)),
  };
}

/** A loss made of ratios of areas. Such ratios do not change with the units of x and y, so engines take the enclosing
 * box's sides as units (constant in the gradient, for the same reason): areas of tiny or huge boxes stay in range. */
export function ofAreas(box: Box, truth: Box, loss: (areas: Areas) => Expr): Expr {
  const { width, height } = enclosing(box, truth);
  const unit = (side: Expr) => where(side.eq(0), 1, side).stopGradient();
  return loss(areasIn(box, truth, 1, 1)).computedAs(loss(areasIn(box, truth, unit(width), unit(height))));
}

/** The squared distance of the centres as a share of the enclosing box's squared diagonal, in units of its longer side. */
export function centreOffset(box: Box, truth: Box): Expr {
  const { width, height } = enclosing(box, truth);
  const share = (unit: Operand) => {
    const squares = (x: Expr, y: Expr) => x.div(unit).square().add(y.div(unit).square());
    const diagonal = squares(width, height);
    const distance = squares(box.x.sub(truth.x), box.y.sub(truth.y));
    return where(diagonal.eq(0), 0, distance.div(diagonal));
  };
  const longer = width.max(height);
  return share(1).computedAs(share(where(longer.eq(0), 1, longer).stopGradient()));
}

/** The two inputs of every box loss. */
export const boxInputs = {
  prediction: { axes: "n... 4", domain: "box" },
  target: { axes: "n... 4", domain: "box" },
} as const;

/** A difference of lengths as a share of a length, squared; 0 where there is no length. */
export const squaredShare = (difference: Expr, length: Expr): Expr =>
  where(length.eq(0), 0, difference.div(where(length.eq(0), 1, length)).square());
