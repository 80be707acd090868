// Makes mnist-softmax.parquet and mnist-hinge.parquet: the logits that two linear models give the MNIST test digits.
// They learn from the gradients of lossc; only their matrix products are written here.

import { crossEntropy, multiclassHinge } from "lossc";
import { type Digits, loadDigits } from "./digits.ts";
import { type LogitGradient, type Logits, logitsOf, train } from "./linear-model.ts";
import { writeParquet } from "./parquet.ts";
import { randomFrom } from "./random.ts";

const CLASSES = 10;

// The float64 engine is named so that these files stay as they are when a faster one becomes the default.
const engine = "reference";

interface Recipe {
  readonly file: string;
  readonly gradient: LogitGradient;
  readonly learningRate: number;
}

const recipes: readonly Recipe[] = [
  {
    file: "mnist-softmax.parquet",
    gradient: (logits, target) => crossEntropy.valueAndGrad({ logits, target }, { engine }).grads.logits.data,
    learningRate: 0.5,
  },
  {
    file: "mnist-hinge.parquet",
    gradient: (logits, target) =>
      multiclassHinge.valueAndGrad({ logits, target }, { engine }).grads.logits.data,
    // The hinge's gradient does not shrink as the model gets better, so its steps must be smaller.
    learningRate: 0.05,
  },
];

export async function makeMnist(folder: URL): Promise<void> {
  const digits = loadDigits();
  for (const { file, gradient, learningRate } of recipes) {
    const random = randomFrom(1);
    const model = train(digits.train, CLASSES, {
      gradient,
      learningRate,
      epochs: 10,
      batchSize: 100,
      random,
    });
    const ofTraining = logitsOf(model, digits.train, everyPlace(digits.train));
    const ofTest = stored(logitsOf(model, digits.test, everyPlace(digits.test)));
    await writeParquet(new URL(file, folder), digits.test.count, [
      { name: "id", type: "SMALLINT", of: (row) => row },
      { name: "label", type: "TINYINT", of: (row) => digits.test.labels[row] },
      ...Array.from({ length: CLASSES }, (_, k) => ({
        name: `logit_${k}`,
        type: "FLOAT" as const,
        of: (row: number) => ofTest.data[row * CLASSES + k],
      })),
    ]);
    console.log(`${file}`);
    console.log(`  training digits: ${figures(ofTraining, digits.train)}`);
    console.log(`  test digits:     ${figures(ofTest, digits.test)}`);
  }
}

const everyPlace = ({ count }: Digits): Uint32Array =>
  Uint32Array.from({ length: count }, (_, place) => place);

/** As the file holds them: 32 bits tell more than any model knows, and halve its size. */
const stored = ({ data, shape }: Logits): Logits => ({ data: Float64Array.from(data, Math.fround), shape });

function figures(logits: Logits, { labels }: Digits): string {
  const inputs = { logits, target: labels };
  const accuracy = `${(100 * accuracyOf(logits, labels)).toFixed(2)} % right`;
  const softmax = `crossEntropy ${crossEntropy(inputs).toFixed(6)}`;
  const hinge = `multiclassHinge ${multiclassHinge(inputs).toFixed(6)}`;
  return `${accuracy}, ${softmax}, ${hinge}`;
}

/** The share of samples whose largest logit is the label's. */
function accuracyOf({ data, shape: [count, classes] }: Logits, labels: Uint8Array): number {
  let right = 0;
  for (let sample = 0; sample < count; sample++) {
    const row = data.subarray(sample * classes, (sample + 1) * classes);
    if (row.indexOf(Math.max(...row)) === labels[sample]) right++;
  }
  return right / count;
}
