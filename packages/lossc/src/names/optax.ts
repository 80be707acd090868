// Optax's names.

import type { Library } from "./library.ts";

export const optax: Library = {
  library: "optax",
  differs: "gives the loss of each sample, without a reduction",
  losses: {
    mse: ["optax.squared_error", ["optax.l2_loss", "half of ours"]],
    huber: ["optax.huber_loss"],
    logCosh: ["optax.log_cosh"],
    bceWithLogits: ["optax.sigmoid_binary_cross_entropy"],
    binaryFocal: [["optax.sigmoid_focal_loss", "its alpha is None, ours 0.25"]],
    crossEntropy: [
      ["optax.softmax_cross_entropy", "for targets that are probabilities"],
      ["optax.softmax_cross_entropy_with_integer_labels", "for labels"],
      ["optax.safe_softmax_cross_entropy", "for targets that are probabilities, with logits at −Infinity"],
    ],
    poly: ["optax.losses.poly_loss_cross_entropy"],
    klDivergence: [["optax.kl_divergence", 'it takes log-probabilities (from: "logProbabilities")']],
    hinge: ["optax.hinge_loss"],
    perceptron: ["optax.losses.perceptron_loss"],
    crammerSinger: [
      "optax.losses.multiclass_hinge_loss",
      ["optax.losses.multiclass_perceptron_loss", "with margin 0"],
    ],
    sparsemaxLoss: ["optax.losses.multiclass_sparsemax_loss"],
    dice: [
      [
        "optax.losses.dice_loss",
        "of logits over classes: a softmax, then the mean of each class's loss; its smooth counts double",
      ],
    ],
    ntXent: [["optax.ntxent", "its temperature is 0.07; a positive is judged against negatives only"]],
    triplet: [
      [
        "optax.losses.triplet_margin_loss",
        'its defaults are { margin: 1, distance: "euclidean", normalize: false }; it adds 1e-6 in the root',
      ],
    ],
    listNet: [
      ["optax.losses.ranking_softmax_loss", "relevances weigh the terms as they are, ours by their softmax"],
    ],
    cosineEmbedding: [["optax.cosine_distance", "the loss of equals: 1 − cosine"]],
  },
};
