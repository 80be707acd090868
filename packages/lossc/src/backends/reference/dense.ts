// Dense tensors with named axes, and the walk over their elements.

export interface Dense {
  readonly data: Float64Array;
  readonly axes: readonly string[];
  readonly shape: readonly number[];
}

/** An empty tensor over named axes. */
export function dense(axes: readonly string[], sizes: ReadonlyMap<string, number>): Dense {
  const shape = axes.map((axis) => sizes.get(axis)!);
  return { data: new Float64Array(shape.reduce((a, b) => a * b, 1)), axes, shape };
}

/** How far apart a tensor's elements lie along each of `axes`: 0 along an axis it lacks. */
export function strideOver(tensor: Dense, axes: readonly string[]): number[] {
  const own = new Map<string, number>();
  let stride = 1;
  for (let i = tensor.axes.length - 1; i >= 0; i--) {
    own.set(tensor.axes[i], stride);
    stride *= tensor.shape[i];
  }
  return axes.map((axis) => own.get(axis) ?? 0);
}

/** Calls `visit` for every element of `shape` in row-major order, with each tensor's place by its strides. */
export function layout(shape: readonly number[]) {
  const length = shape.reduce((a, b) => a * b, 1);
  return {
    length,
    positions(strides: readonly (readonly number[])[], visit: (i: number, places: number[]) => void): void {
      const index = shape.map(() => 0);
      const places = strides.map(() => 0);
      for (let i = 0; i < length; i++) {
        visit(i, places);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          index[axis]++;
          for (let t = 0; t < strides.length; t++) places[t] += strides[t][axis];
          if (index[axis] < shape[axis]) break;
          for (let t = 0; t < strides.length; t++) places[t] -= strides[t][axis] * shape[axis];
          index[axis] = 0;
        }
      }
    },
  };
}

/** Σ of `count` elements from `start`, `stride` apart, with Neumaier's compensation: as if added in twice the digits. */
export function compensatedSum(read: (i: number) => number, count: number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const x = read(i);
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  // Infinite terms make the compensation ∞ − ∞; the plain sum is right then.
  return Number.isFinite(lost) ? sum + lost : sum;
}
