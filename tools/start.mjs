// `npm start`: the command line on the real predictions in examples/, and what to try next.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = fileURLToPath(new URL("../packages/cli/bin/lossc.js", import.meta.url));

const runs = [
  [
    "Ten thousand handwritten digits, logits of a linear softmax model: which digits cost most?",
    "eval examples/mnist-softmax.parquet --loss crossEntropy --loss focal:gamma=2 --by label",
  ],
  [
    "The same digits, a model trained with the multi-class hinge: good margins, poor probabilities.",
    "eval examples/mnist-hinge.parquet --loss multiclassHinge --loss crossEntropy",
  ],
  [
    "A line fitted to points with outliers by least squares …",
    "eval examples/outliers.csv --target y --prediction least_squares --loss mse --loss huber --loss tukeyBiweight --by kind",
  ],
  [
    "… and by Tukey's biweight: the inliers are met, the outliers given up.",
    "eval examples/outliers.csv --target y --prediction tukey --loss mse --loss huber --loss tukeyBiweight --by kind",
  ],
  [
    "Predicted and true boxes (simulated), by how far apart they are.",
    "eval examples/boxes.csv --loss giou --loss ciou --by kind",
  ],
];

for (const [title, line] of runs) {
  console.log(`\n${title}\n$ npx lossc ${line}\n`);
  const { status } = spawnSync(process.execPath, [command, ...line.split(" ")], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 2);
}

console.log(`
Try next:
  npx lossc list                          every loss, by family
  npx lossc show huber                    its formula, parameters, reference and check value
  npx lossc eval examples/mnist-softmax.parquet --loss crossEntropy:labelSmoothing=0.1 --format json
  npx lossc eval YOUR_FILE.parquet --loss bceWithLogits --by group
`);
