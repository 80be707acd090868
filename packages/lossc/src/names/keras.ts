// Keras 3's names.

import type { Library } from "./library.ts";

export const keras: Library = {
  library: "Keras",
  differs:
    "averages over the last axis and then over the batch; probabilities are kept 1e-7 away from 0 and 1",
  losses: {
    mae: ["keras.losses.MeanAbsoluteError", "keras.losses.mean_absolute_error"],
    mse: ["keras.losses.MeanSquaredError", "keras.losses.mean_squared_error"],
    mape: [
      [
        ["keras.losses.MeanAbsolutePercentageError", "keras.losses.mean_absolute_percentage_error"],
        "times 100; a target of 0 counts as 1e-7, ours is an error",
      ],
    ],
    msle: [
      [
        ["keras.losses.MeanSquaredLogarithmicError", "keras.losses.mean_squared_logarithmic_error"],
        "it lifts negative values to 1e-7",
      ],
    ],
    logCosh: ["keras.losses.LogCosh", "keras.losses.log_cosh"],
    huber: ["keras.losses.Huber", "keras.losses.huber"],
    poissonNll: [
      [
        ["keras.losses.Poisson", "keras.losses.poisson"],
        "it takes the rate (logInput: false) and adds 1e-7 to it in the logarithm",
      ],
    ],
    bce: ["keras.losses.BinaryCrossentropy", "keras.losses.binary_crossentropy"],
    bceWithLogits: [["keras.losses.BinaryCrossentropy", "with from_logits=True"]],
    binaryFocal: [
      [
        ["keras.losses.BinaryFocalCrossentropy", "keras.losses.binary_focal_crossentropy"],
        "with from_logits=True; alpha counts with apply_class_balancing=True only",
      ],
    ],
    categoricalCrossEntropy: [
      "keras.losses.CategoricalCrossentropy",
      "keras.losses.SparseCategoricalCrossentropy",
      "keras.losses.categorical_crossentropy",
      "keras.losses.sparse_categorical_crossentropy",
    ],
    crossEntropy: [
      ["keras.losses.CategoricalCrossentropy", "with from_logits=True, for one-hot targets"],
      ["keras.losses.SparseCategoricalCrossentropy", "with from_logits=True, for labels"],
    ],
    focal: [
      [
        ["keras.losses.CategoricalFocalCrossentropy", "keras.losses.categorical_focal_crossentropy"],
        "with from_logits=True; its alpha is 0.25 for every class, ours null",
      ],
    ],
    generalizedCrossEntropy: [
      [
        [
          "keras.losses.CategoricalGeneralizedCrossEntropy",
          "keras.losses.categorical_generalized_cross_entropy",
        ],
        "it takes probabilities; its q is 0.5, ours 0.7",
      ],
    ],
    klDivergence: [
      [
        ["keras.losses.KLDivergence", "keras.losses.kl_divergence"],
        'it takes probabilities (from: "probabilities")',
      ],
    ],
    hinge: [[["keras.losses.Hinge", "keras.losses.hinge"], "it takes targets 0 and 1 for −1 and 1"]],
    squaredHinge: [
      [["keras.losses.SquaredHinge", "keras.losses.squared_hinge"], "it takes targets 0 and 1 for −1 and 1"],
    ],
    crammerSinger: [
      [
        ["keras.losses.CategoricalHinge", "keras.losses.categorical_hinge"],
        "it takes the best wrong score for at least 0",
      ],
    ],
    dice: [
      [
        ["keras.losses.Dice", "keras.losses.dice"],
        "it takes probabilities; its smooth is 1e-7; a batch is one mask unless axis says otherwise",
      ],
    ],
    tversky: [
      [
        ["keras.losses.Tversky", "keras.losses.tversky"],
        "it takes probabilities; its smooth is 1e-7; a batch is one mask unless axis says otherwise",
      ],
    ],
    circle: [[["keras.losses.Circle", "keras.losses.circle"], "its defaults are { gamma: 80, margin: 0.4 }"]],
    cosineEmbedding: [
      [
        ["keras.losses.CosineSimilarity", "keras.losses.cosine_similarity"],
        "minus the cosine: our loss of equals is 1 more",
      ],
    ],
    l1Penalty: ["keras.regularizers.L1"],
    l2Penalty: [["keras.regularizers.L2", "without the ½ (half: false)"]],
    elasticNet: [["keras.regularizers.L1L2", "l1 · Σ|w| + l2 · Σw², without the ½"]],
  },
};
