// Asks TensorFlow.js and jax-js the questions of ../questions.json (search.py writes it) and writes where they are wrong to
// ../wrong-npm.json.
//
//   npm ci --ignore-scripts && node search.mjs
//
// Both compute in float32 here. jax-js has log-softmax, sigmoid and softplus, no losses: the cross-entropies are what its users write of them.

import { readFileSync, writeFileSync } from "node:fs";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";

const words = new Map([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
]);
const questions = JSON.parse(
  readFileSync(new URL("../questions.json", import.meta.url), "utf8"),
  (_, item) => words.get(item) ?? item,
);

const flat = (nested) => (Array.isArray(nested) ? nested.flatMap(flat) : [nested]);
const isSingle = (inputs) => flat(Object.values(inputs)).every((x) => Object.is(Math.fround(x), x));
const refuse = () => {
  throw new RangeError("it has no such option");
};

// The same bars as search.py.
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
function isWrong(got, truth) {
  if (Number.isNaN(truth) || (Math.abs(truth) > LARGEST / 2 && Math.abs(got) === Infinity)) return false;
  if (Number.isNaN(got) || Number.isFinite(got) !== Number.isFinite(truth)) return true;
  if (!Number.isFinite(truth)) return got !== truth;
  if (truth === 0 || Math.abs(truth) < 1.5e-37) return Math.abs(got) > 1e-5;
  return Math.abs(got - truth) / Math.abs(truth) > 1e-3;
}

const sum = tf.Reduction.SUM;
const hot = (labels, classes) => tf.oneHot(labels.toInt(), classes);

/** [call as text, our loss, the input to differentiate by, the loss of tensors and options] */
const tensorflow = [
  [
    "losses.sigmoidCrossEntropy",
    "bceWithLogits",
    "logits",
    (x, { target }) => tf.losses.sigmoidCrossEntropy(target, x, undefined, 0, sum),
  ],
  [
    "losses.logLoss",
    "bce",
    "probability",
    (p, { target }) => tf.losses.logLoss(target, p, undefined, undefined, sum),
  ],
  [
    "losses.softmaxCrossEntropy",
    "crossEntropy",
    "logits",
    (z, { target }, { labelSmoothing = 0 }) =>
      tf.losses.softmaxCrossEntropy(hot(target, 3), z, undefined, labelSmoothing, sum),
  ],
  [
    "losses.huberLoss",
    "huber",
    "prediction",
    (x, { target }, { delta }) => tf.losses.huberLoss(target, x, undefined, delta, sum),
  ],
  [
    "losses.meanSquaredError",
    "mse",
    "prediction",
    (x, { target }) => tf.losses.meanSquaredError(target, x, undefined, sum),
  ],
];

/** The same with arrays of jax-js; the target is a plain number or row. */
const { nn, numpy: np } = jax;
const jaxJs = [
  [
    "softplus(x) − t·x",
    "bceWithLogits",
    "logits",
    (x, { target }) => nn.softplus(x.ref).sub(x.mul(target[0])).sum(),
  ],
  [
    "−logSoftmax(z) at the label",
    "crossEntropy",
    "logits",
    (z, { target, logits }, { labelSmoothing = 0 }) => {
      // A class at -Infinity would be lost in 0 · ∞ of this sum, which is ours and not the package's.
      if (labelSmoothing !== 0 || logits[0].some((x) => x === Number.NEGATIVE_INFINITY)) refuse();
      const oneHot = np.array([[0, 1, 2].map((j) => (j === target[0] ? -1 : 0))]);
      return nn.logSoftmax(z, -1).mul(oneHot).sum();
    },
  ],
];

const asked = {};
const wrong = [];

function record(library, call, question, { value, name, slope }) {
  const about = { library, call, loss: question.loss, precision: "float32" };
  const { inputs, options } = question;
  asked[`${library} ${call}`] = (asked[`${library} ${call}`] ?? 0) + 1;
  if (isWrong(value, question.value))
    wrong.push({ ...about, inputs, options, of: "value", got: value, true: question.value });
  const truth = flat(question.grads[name]);
  slope.forEach((got, i) => {
    const place =
      question.inputs[name].length === 1 && Array.isArray(question.inputs[name][0]) ? `[0, ${i}]` : `[${i}]`;
    if (isWrong(got, truth[i]))
      wrong.push({ ...about, inputs, options, of: `d/d${name}${place}`, got, true: truth[i] });
  });
}

function askTensorFlow([call, loss, name, lossOf]) {
  for (const question of questions) {
    if (question.loss !== loss || !isSingle(question.inputs)) continue;
    const tensors = Object.fromEntries(
      Object.entries(question.inputs).map(([key, data]) => [key, tf.tensor(data, undefined, "float32")]),
    );
    const { value, grad } = tf.valueAndGrad((x) => tf.sum(lossOf(x, tensors, question.options)))(
      tensors[name],
    );
    record("TensorFlow.js", call, question, {
      value: value.dataSync()[0],
      name,
      slope: Array.from(grad.dataSync()),
    });
  }
}

async function askJaxJs([call, loss, name, lossOf]) {
  for (const question of questions) {
    if (question.loss !== loss || !isSingle(question.inputs)) continue;
    const x = () => np.array(question.inputs[name], { dtype: np.float32 });
    try {
      const of = (given) => lossOf(given, question.inputs, question.options);
      const value = (await of(x()).data())[0];
      const slope = Array.from(await jax.grad(of)(x()).data());
      record("jax-js", call, question, { value, name, slope });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const versions = { "TensorFlow.js": dependencies["@tensorflow/tfjs"], "jax-js": dependencies["@jax-js/jax"] };
await tf.setBackend("cpu");
for (const one of tensorflow) askTensorFlow(one);
await jax.init("cpu");
jax.defaultDevice("cpu");
for (const one of jaxJs) await askJaxJs(one);
writeFileSync(
  new URL("../wrong-npm.json", import.meta.url),
  `${JSON.stringify({ versions, asked, wrong }, (_, item) =>
    typeof item === "number" && !Number.isFinite(item) ? String(item) : item,
  )}\n`,
);
console.log(`${Object.values(asked).reduce((a, b) => a + b, 0)} answers, ${wrong.length} wrong numbers`);
