// TensorFlow.js's names: `tf.losses`, and the words that `model.compile` takes.

import type { Library } from "./library.ts";

const word = (name: string): string => `model.compile({ loss: "${name}" })`;

export const tfjs: Library = {
  library: "TensorFlow.js",
  differs: 'tf.losses divide by the number of weights that are not 0 (meanOver: "count")',
  losses: {
    mae: ["tf.losses.absoluteDifference", word("meanAbsoluteError")],
    mse: ["tf.losses.meanSquaredError", word("meanSquaredError")],
    huber: ["tf.losses.huberLoss"],
    logCosh: [word("logcosh")],
    mape: [[word("meanAbsolutePercentageError"), "times 100"]],
    msle: [word("meanSquaredLogarithmicError")],
    poissonNll: [[word("poisson"), "it takes the rate (logInput: false)"]],
    bce: [["tf.losses.logLoss", "it adds 1e-7 in both logarithms"], word("binaryCrossentropy")],
    bceWithLogits: ["tf.losses.sigmoidCrossEntropy"],
    crossEntropy: [["tf.losses.softmaxCrossEntropy", "for targets that are probabilities"]],
    categoricalCrossEntropy: [word("categoricalCrossentropy"), word("sparseCategoricalCrossentropy")],
    klDivergence: [[word("kullbackLeiblerDivergence"), 'it takes probabilities (from: "probabilities")']],
    hinge: [["tf.losses.hingeLoss", 'targets are 0 and 1 (encoding: "binary")'], word("hinge")],
    squaredHinge: [word("squaredHinge")],
    crammerSinger: [[word("categoricalHinge"), "it takes the best wrong score for at least 0"]],
    cosineEmbedding: [["tf.losses.cosineDistance", "the loss of equals, of vectors of length 1"]],
    l1Penalty: ["tf.regularizers.l1"],
    l2Penalty: [["tf.regularizers.l2", "without the ½ (half: false)"]],
    elasticNet: [["tf.regularizers.l1l2", "l1 · Σ|w| + l2 · Σw², without the ½"]],
  },
};
