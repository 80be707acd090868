// The names of pytorch-metric-learning.

import type { Library } from "./library.ts";

export const metricLearning: Library = {
  library: "pytorch-metric-learning",
  losses: {
    contrastive: [
      [
        "pytorch_metric_learning.losses.ContrastiveLoss",
        "of all pairs of a batch, distances and not their halved squares",
      ],
    ],
    tripletBatchAll: [
      [
        "pytorch_metric_learning.losses.TripletMarginLoss",
        'without a miner; its defaults are { margin: 0.05, distance: "euclidean" }',
      ],
    ],
    ntXent: [
      [
        "pytorch_metric_learning.losses.NTXentLoss",
        "its temperature is 0.07; a positive is judged against negatives only",
      ],
    ],
    supCon: ["pytorch_metric_learning.losses.SupConLoss"],
    nPair: ["pytorch_metric_learning.losses.NPairsLoss"],
    multiSimilarity: [
      [
        "pytorch_metric_learning.losses.MultiSimilarityLoss",
        "its base is our lambda; mining is a miner of its own, MultiSimilarityMiner",
      ],
    ],
    circle: [["pytorch_metric_learning.losses.CircleLoss", "its defaults are { gamma: 80, margin: 0.4 }"]],
    arcFace: [["pytorch_metric_learning.losses.ArcFaceLoss", "its margin is in degrees"]],
    cosFace: ["pytorch_metric_learning.losses.CosFaceLoss"],
    sphereFace: [["pytorch_metric_learning.losses.SphereFaceLoss", "margin is m; lambda is 0"]],
    largeMarginSoftmax: [["pytorch_metric_learning.losses.LargeMarginSoftmaxLoss", "margin is m"]],
    normFace: [["pytorch_metric_learning.losses.NormalizedSoftmaxLoss", "its temperature is 1 / scale"]],
  },
};
