// The table of rooms: what the tests of every room need to know of each. A new room gets all of them by its row.

import { catalogue } from "lossc";
import { judge, overlap } from "../src/rooms/boxes/losses.ts";
import * as boxes from "../src/rooms/boxes/room.ts";
import * as curves from "../src/rooms/curves/room.ts";
import { at, viewOf } from "../src/rooms/curves/sample.ts";
import type { Room } from "../src/rooms/room.ts";

type Values = Readonly<Record<string, never>>;

export interface Row {
  readonly room: Room;
  /** What the page must read off, by the library, for the values in the address. */
  readonly expected: (values: Values) => Readonly<Record<string, number>>;
  /** It trains: readings after so many steps must be the same again from the same address. */
  readonly trains?: string;
}

const row = (room: unknown, rest: Omit<Row, "room">): Row => ({ room: room as Room, ...rest });

/** A loss of the first room at a place of the residual, asked of the library. */
function along(name: string, x: number) {
  const loss = catalogue.get(name)!;
  const pick = { name, params: {} };
  return at({ loss, pick, params: {}, series: 0, title: name }, viewOf(loss, "residual")!, x, 1);
}

export const rows: readonly Row[] = [
  row(curves.room, {
    expected: ({ probe }) => ({
      "value-mse": catalogue.get("mse")!({ prediction: [probe], target: [0] }) as number,
      "value-huber": catalogue.get("huber")!({ prediction: [probe], target: [0] }) as number,
      "gradient-tukeyBiweight": along("tukeyBiweight", probe).gradient,
      "curvature-tukeyBiweight": along("tukeyBiweight", probe).curvature,
    }),
  }),
  row(boxes.room, {
    expected: ({ box, target }) => ({
      iou: overlap(box, target),
      "value-giou": judge(catalogue.get("giou")!, {}, box, target).value,
      "value-mae": judge(catalogue.get("mae")!, {}, box, target).value,
    }),
    trains: "iou-0",
  }),
];
