// Curves in a terminal: dots of Braille characters, two across and four down in each, or letters where a terminal has
// no such characters or no colours to tell curves apart.

import type { Paint } from "../terminal.ts";

export interface Line {
  readonly label: string;
  /** At even steps from `from` to `to`. */
  readonly y: ArrayLike<number>;
}

export interface ChartOptions {
  readonly from: number;
  readonly to: number;
  /** What the x axis is labelled. */
  readonly label: string;
  /** Columns and lines, all included. */
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
  /** Whether Braille characters may be used. */
  readonly unicode: boolean;
  /** Whether the paint has colours. */
  readonly colours: boolean;
}

/** The dot bits of a Braille cell by row and column (Unicode 15, block 2800). */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

const LETTERS = "abcdefghij";

export function drawLines(lines: readonly Line[], options: ChartOptions): string {
  const { from, to, label, width, height, paint, unicode, colours } = options;
  const [low, high] = rangeOf(lines);
  const marks = [high, (low + high) / 2, low].map(tick);
  const margin = Math.max(...marks.map((mark) => mark.length)) + 1;
  const columns = width - margin - 1;
  const rows = height - 2;
  // Letters tell several curves apart where colours do not.
  const braille = unicode && (colours || lines.length === 1);
  const [across, down] = braille ? [2, 4] : [1, 1];
  const bits = Array.from({ length: rows }, () => new Uint8Array(columns));
  const owner = Array.from({ length: rows }, () => new Int8Array(columns).fill(-1));
  const set = (x: number, y: number, line: number): void => {
    const [column, row] = [Math.floor(x / across), Math.floor(y / down)];
    if (column < 0 || column >= columns || row < 0 || row >= rows) return;
    bits[row][column] |= braille ? dots[y % down][x % across] : 1;
    owner[row][column] = line;
  };
  const [lastX, lastY] = [columns * across - 1, rows * down - 1];
  for (const [i, { y }] of lines.entries()) {
    let before: number | undefined;
    for (let x = 0; x <= lastX; x++) {
      const value = at(y, x / lastX);
      const place = Number.isFinite(value) ? Math.round(((high - value) / (high - low)) * lastY) : undefined;
      // A steep piece is joined; what leaves the picture is cut off at its edge.
      if (place !== undefined) {
        const start = before === undefined ? place : before + Math.sign(place - before);
        const [top, bottom] = [Math.max(0, Math.min(start, place)), Math.min(lastY, Math.max(start, place))];
        for (let k = top; k <= bottom; k++) set(x, k, i);
      }
      before = place;
    }
  }
  const body = bits.map((line, row) => {
    const cells = Array.from(line, (bit, column) => {
      if (bit === 0) return " ";
      const who = owner[row][column];
      return paint.series(
        who,
        braille ? String.fromCodePoint(0x2800 + bit) : lines.length === 1 ? "*" : LETTERS[who],
      );
    });
    const mark = row === 0 ? marks[0] : row === rows - 1 ? marks[2] : row === (rows - 1) >> 1 ? marks[1] : "";
    return `${paint.dim(mark.padStart(margin - 1))} ${paint.dim(unicode ? "│" : "|")}${cells.join("").trimEnd()}`;
  });
  const [left, right] = [tick(from), tick(to)];
  const middle = label.length > columns - left.length - right.length - 2 ? "" : label;
  const gap = columns + 1 - left.length - right.length - middle.length;
  const axis = `${" ".repeat(margin)}${left}${" ".repeat(Math.max(1, gap >> 1))}${middle}${" ".repeat(Math.max(1, gap - (gap >> 1)))}${right}`;
  const rule = `${" ".repeat(margin)}${unicode ? `└${"─".repeat(columns)}` : `+${"-".repeat(columns)}`}`;
  return [...body, paint.dim(rule), paint.dim(axis)].join("\n");
}

/** A line for each curve that says which it is. */
export const legend = (
  labels: readonly string[],
  { paint, unicode, colours }: Pick<ChartOptions, "paint" | "unicode" | "colours">,
): string =>
  labels.map((label, i) => `${paint.series(i, unicode && colours ? "━━" : LETTERS[i])} ${label}`).join("   ");

/** The value at a share of the way, between two of the given. */
function at(y: ArrayLike<number>, share: number): number {
  const place = share * (y.length - 1);
  const below = Math.min(Math.floor(place), y.length - 2);
  return y[below] + (place - below) * (y[below + 1] - y[below]);
}

/** All that is finite; but a curve that explodes must not flatten the rest. */
function rangeOf(lines: readonly Line[]): readonly [number, number] {
  const values = lines.flatMap(({ y }) => Array.from(y)).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  values.sort((a, b) => a - b);
  const quantile = (q: number) => values[Math.round(q * (values.length - 1))];
  const [low, high] = [values[0], values[values.length - 1]];
  const [inner, outer] = [quantile(0.1), quantile(0.9)];
  const spread = outer - inner || Math.abs(high) || 1;
  const top = Math.min(high, outer + 2 * spread);
  const bottom = Math.max(low, inner - 2 * spread);
  return top > bottom ? [bottom, top] : [bottom - 0.5, bottom + 0.5];
}

const tick = (value: number): string => String(Number(value.toPrecision(3)));
