// The table of rooms: what the tests of every room need to know of each. A new room gets all of them by its row.

import { catalogue } from "lossc";
import { judge, overlap } from "../src/rooms/boxes/losses.ts";
import * as boxes from "../src/rooms/boxes/room.ts";
import * as curves from "../src/rooms/curves/room.ts";
import { at, viewOf } from "../src/rooms/curves/sample.ts";
import * as data from "../src/rooms/data/room.ts";
import { sample } from "../src/rooms/data/table.ts";
import * as distributions from "../src/rooms/distributions/room.ts";
import * as embeddings from "../src/rooms/embeddings/room.ts";
import { trainer as embeddingsTrainer } from "../src/rooms/embeddings/trainer.ts";
import * as imbalance from "../src/rooms/imbalance/room.ts";
import { trainer as imbalanceTrainer } from "../src/rooms/imbalance/trainer.ts";
import * as marginsData from "../src/rooms/margins/data.ts";
import * as margins from "../src/rooms/margins/room.ts";
import { trainer as marginsTrainer } from "../src/rooms/margins/trainer.ts";
import { startNeuron } from "../src/rooms/neuron/neuron.ts";
import * as neuron from "../src/rooms/neuron/room.ts";
import * as outliersData from "../src/rooms/outliers/data.ts";
import * as outliers from "../src/rooms/outliers/room.ts";
import { trainer as outliersTrainer } from "../src/rooms/outliers/trainer.ts";
import type { Room } from "../src/rooms/room.ts";
import * as write from "../src/rooms/write/room.ts";
import type { Point } from "../src/state/fields.ts";
import type { Run } from "../src/training/trainer.ts";

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

/** What a run shows after so many steps. */
function after<Frame>(run: Run<Frame>, steps: number): Frame {
  for (let i = 0; i < steps; i++) run.step();
  return run.frame();
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
  row(outliers.room, {
    expected(values) {
      const { preset, seed, losses, rate } = values;
      const given: Point[] = values.points;
      const points = given.length > 0 ? given : outliersData.pointsOf(preset, seed);
      const fits = after(outliersTrainer.start({ points, losses, own: "", rate }), values.step);
      return {
        "slope-mse": fits[0].line[1] / 5,
        "slope-huber": fits[1].line[1] / 5,
        "loss-tukeyBiweight": fits[2].loss,
      };
    },
    trains: "slope-huber",
  }),
  row(margins.room, {
    expected(values) {
      const { preset, seed, losses, rate, penalty, scores, label } = values;
      const given: Point[] = values.points;
      const points = given.length > 0 ? given : marginsData.pointsOf(preset, seed);
      const fits = after(marginsTrainer.start({ points, losses, own: "", rate, penalty }), values.step);
      return {
        "loss-hinge": fits[0].loss,
        "errors-hinge": fits[0].errors,
        "loss-exponential": fits[2].loss,
        "row-crossEntropy": catalogue.get("crossEntropy")!({ logits: [scores], target: [label] }) as number,
        "row-multiclassHinge": catalogue.get("multiclassHinge")!(
          { logits: [scores], target: [label] },
          { margin: 5 },
        ) as number,
      };
    },
    trains: "loss-logistic",
  }),
  row(data.room, {
    expected({ seed, threshold }) {
      const { columns } = sample(seed);
      const inputs = { probability: columns.get("probability")!, target: columns.get("target")! };
      const rows = catalogue.get("bce")!(inputs, { reduction: "none" }) as {
        readonly data: ArrayLike<number>;
      };
      return {
        "mean-bce": catalogue.get("bce")!(inputs) as number,
        above: Array.from(rows.data).filter((loss) => loss > threshold).length,
      };
    },
  }),
  row(write.room, {
    // The text it begins with is Huber's loss.
    expected: ({ probe }) => ({
      value: along("huber", probe).value,
      gradient: along("huber", probe).gradient,
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
  row(distributions.room, {
    expected({ truth, predicted }) {
      const from = "probabilities";
      const [p, t]: number[][] = [predicted, truth].map((shares: number[]) => {
        const sum = shares.reduce((a, b) => a + b, 0);
        return shares.map((share) => share / sum);
      });
      const options = { from, base: 2 };
      return {
        entropy: catalogue.get("entropy")!({ prediction: [t] }, options) as number,
        crossEntropy: catalogue.get("categoricalCrossEntropy")!(
          { probability: [p], target: [t] },
          { base: 2 },
        ) as number,
        forward:
          (catalogue.get("klDivergence")!({ prediction: [p], target: [t] }, { from }) as number) / Math.LN2,
        "slope-0": (p[0] - t[0]) / Math.LN2,
      };
    },
  }),
  row(imbalance.room, {
    expected(values) {
      const trained = after(imbalanceTrainer.start({ ...(values as object), own: "" } as never), values.step);
      return {
        "loss-bceWithLogits": trained[0].loss,
        "recall-bceWithLogits": trained[0].recall,
        "precision-binaryFocal": trained[1].precision,
        "loss-ghmC": trained[3].loss,
      };
    },
    trains: "loss-ghmC",
  }),
  row(neuron.room, {
    expected(values) {
      const [mse, bce] = after(startNeuron(values as never), values.step);
      return { "answer-mse": mse.answer, "loss-bce": bce.loss, "slope-mse": mse.slope };
    },
    trains: "answer-mse",
  }),
  row(embeddings.room, {
    expected(values) {
      const { scatter, angle, accuracy, loss } = after(embeddingsTrainer.start(values as never), values.step);
      return { scatter, angle, accuracy, loss };
    },
    trains: "scatter",
  }),
];
