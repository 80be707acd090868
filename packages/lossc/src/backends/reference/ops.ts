// What each op does to dense float64 tensors: one general row for the elementwise ones, one row for each other.

import type { Expr } from "../../language/expr.ts";
import type { ElementwiseOp, Op } from "../../language/ops.ts";
import type { Bindings } from "../backend.ts";
import { compensatedSum, type Dense, dense, layout, strideOver } from "./dense.ts";

type Evaluator = (node: Expr, args: readonly Dense[], bindings: Bindings) => Dense;
type Sizes = ReadonlyMap<string, number>;

export function elementwise(node: Expr, row: ElementwiseOp, args: readonly Dense[], sizes: Sizes): Dense {
  const result = dense(node.axes, sizes);
  const out = result.data;
  const { apply } = row;
  const [a, b, c] = args.map((arg) => arg.data);
  const aligned = args.every((arg) => arg.axes.join() === node.axes.join());
  if (aligned) {
    for (let i = 0; i < out.length; i++) out[i] = apply(a[i], b?.[i], c?.[i]);
    return result;
  }
  const strides = args.map((arg) => strideOver(arg, node.axes));
  layout(result.shape).positions(strides, (i, [pa, pb, pc]) => {
    out[i] = apply(a[pa], b?.[pb], c?.[pc]);
  });
  return result;
}

/** Whether a number names an element along an axis of this size. */
const placesOf =
  (size: number) =>
  (index: number): boolean =>
    index >= 0 && index < size && Number.isInteger(index);

/** A row's elements, read one by one: element `i` along the axis of argument `k`. */
type Read = (i: number, k?: number) => number;

/** A reduction over `attrs.axis`: `fold` makes one number of a row. */
const reduction =
  (fold: (read: Read, count: number) => number): Evaluator =>
  (node, args, { sizes }) => {
    const axis = node.attrs.axis!;
    const count = sizes.get(axis)!;
    const result = dense(node.axes, sizes);
    const along = args.map((arg) => strideOver(arg, [axis])[0]);
    const places = args.map(() => 0);
    const read: Read = (i, k = 0) => args[k].data[places[k] + i * along[k]];
    layout(result.shape).positions(
      args.map((arg) => strideOver(arg, node.axes)),
      (i, at) => {
        for (let k = 0; k < at.length; k++) places[k] = at[k];
        result.data[i] = fold(read, count);
      },
    );
    return result;
  };

/** A row made of a row, along `attrs.axis`. */
const rowwise =
  (make: (read: Read, count: number, write: (i: number, value: number) => void) => void): Evaluator =>
  (node, [values], { sizes }) => {
    const axis = node.attrs.axis!;
    const result = dense(node.axes, sizes);
    const others = node.axes.filter((name) => name !== axis);
    const [from, to] = [strideOver(values, [axis])[0], strideOver(result, [axis])[0]];
    layout(others.map((name) => sizes.get(name)!)).positions(
      [strideOver(values, others), strideOver(result, others)],
      (_, [start, place]) => {
        const write = (i: number, value: number) => {
          result.data[place + i * to] = value;
        };
        make((i) => values.data[start + i * from], sizes.get(axis)!, write);
      },
    );
    return result;
  };

/** The place of the first element that no other beats; NaN beats all. */
const extreme =
  (beats: (a: number, b: number) => boolean) =>
  (read: Read, count: number): number => {
    let best = 0;
    for (let i = 0; i < count; i++) {
      const x = read(i);
      if (Number.isNaN(x)) return i;
      if (beats(x, read(best))) best = i;
    }
    return best;
  };
const largest = extreme((a, b) => a > b);
const smallest = extreme((a, b) => a < b);

/** Copies elements: `from` gives, for each element of the result, where it comes from. */
const gather =
  (
    source: (node: Expr, values: Dense, bindings: Bindings) => { axes: readonly string[]; start: number },
  ): Evaluator =>
  (node, [values], bindings) => {
    const result = dense(node.axes, bindings.sizes);
    const { axes, start } = source(node, values, bindings);
    layout(result.shape).positions([strideOver(values, axes)], (i, [from]) => {
      result.data[i] = values.data[start + from];
    });
    return result;
  };

const leaf =
  (read: (node: Expr, bindings: Bindings, i: number) => number): Evaluator =>
  (node, _, bindings) => {
    const result = dense(node.axes, bindings.sizes);
    for (let i = 0; i < result.data.length; i++) result.data[i] = read(node, bindings, i);
    return result;
  };

export const evaluators: { readonly [K in Op]?: Evaluator } = {
  input: (node, _, { inputs, sizes }) => {
    const result = dense(node.axes, sizes);
    result.data.set(inputs.get(node.attrs.name!)!);
    return result;
  },
  param: leaf(({ attrs }, { params }, i) => {
    const value = params.get(attrs.name!)!;
    return typeof value === "number" ? value : value[i];
  }),
  constant: leaf(({ attrs }) => attrs.value!),
  size: leaf(({ attrs }, { sizes }) => sizes.get(attrs.axis!)!),
  iota: leaf((_node, _bindings, i) => i),

  sum: reduction(compensatedSum),
  contract: reduction((read, count) => compensatedSum((i) => read(i, 0) * read(i, 1), count)),
  reduceMax: reduction((read, count) =>
    count === 0 ? Number.NEGATIVE_INFINITY : read(largest(read, count)),
  ),
  reduceMin: reduction((read, count) =>
    count === 0 ? Number.POSITIVE_INFINITY : read(smallest(read, count)),
  ),
  argmax: reduction(largest),
  argmin: reduction(smallest),
  norm: reduction((read, count) => {
    if (count === 0) return 0;
    let scale = 0;
    for (let i = 0; i < count; i++) scale = Math.max(scale, Math.abs(read(i)));
    if (scale === 0 || !Number.isFinite(scale)) return scale;
    return scale * Math.sqrt(compensatedSum((i) => (read(i) / scale) ** 2, count));
  }),
  expRest: reduction((read, count) => {
    const top = largest(read, count);
    const max = count === 0 ? 0 : read(top);
    return compensatedSum(
      (i) => (i === top ? 0 : read(i) === max && max > 0 ? 1 : Math.exp(read(i) - max)),
      count,
    );
  }),
  quantile: reduction((read, count) => {
    if (count === 0) return Number.NaN;
    const sorted = Float64Array.from({ length: count }, (_, i) => read(i)).sort(); // NaN sorts last
    if (Number.isNaN(sorted[count - 1])) return Number.NaN;
    const place = read(0, 1) * (count - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, count - 1);
    return place === below
      ? sorted[below]
      : sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }),

  cumsum: rowwise((read, count, write) => {
    let [sum, lost] = [0, 0];
    for (let i = 0; i < count; i++) {
      const next = sum + read(i);
      lost += Math.abs(sum) >= Math.abs(read(i)) ? sum - next + read(i) : read(i) - next + sum;
      sum = next;
      write(i, Number.isFinite(lost) ? sum + lost : sum);
    }
  }),
  order: rowwise((read, count, write) => {
    const falling = (a: number, b: number) => +Number.isNaN(b) - +Number.isNaN(a) || b - a || 0;
    const places = Array.from({ length: count }, (_, i) => i).sort(
      (i, j) => falling(read(i), read(j)) || i - j,
    );
    places.forEach((place, i) => {
      write(i, place);
    });
  }),

  take: (node, [values, index], { sizes }) => {
    const result = dense(node.axes, sizes);
    const step = strideOver(values, [node.attrs.axis!])[0];
    const strides = [strideOver(values, node.axes), strideOver(index, node.axes)];
    // An index that is none names no element: NaN, as in kernels, and not the neighbour's.
    const isPlace = step === 0 ? () => true : placesOf(sizes.get(node.attrs.axis!)!);
    layout(result.shape).positions(strides, (i, [from, which]) => {
      const place = index.data[which];
      result.data[i] = isPlace(place) ? values.data[from + step * place] : Number.NaN;
    });
    return result;
  },
  segmentSum: (node, [values, index], { sizes }) => {
    const result = dense(node.axes, sizes);
    const { axis, to } = node.attrs;
    const outer = node.axes.filter((name) => name !== to);
    const axes = [...outer, axis!];
    const bin = strideOver(result, [to!])[0];
    const strides = [strideOver(result, axes), strideOver(values, axes), strideOver(index, axes)];
    const isPlace = placesOf(sizes.get(to!)!);
    layout(axes.map((name) => sizes.get(name)!)).positions(strides, (_, [place, from, which]) => {
      if (isPlace(index.data[which])) result.data[place + bin * index.data[which]] += values.data[from];
    });
    return result;
  },
  at: gather((node, values) => ({
    axes: node.axes,
    start: node.attrs.index! * strideOver(values, [node.attrs.axis!])[0],
  })),
  rename: gather(({ axes, attrs }) => ({
    axes: axes.map((name) => (name === attrs.to ? attrs.axis! : name)),
    start: 0,
  })),
  stopGradient: (_, [values]) => values,
};
