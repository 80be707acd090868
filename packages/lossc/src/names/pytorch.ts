// PyTorch's and torchvision's names.

import type { Library } from "./library.ts";

export const pytorch: Library = {
  library: "PyTorch",
  losses: {
    mae: ["torch.nn.L1Loss", "torch.nn.functional.l1_loss"],
    mse: ["torch.nn.MSELoss", "torch.nn.functional.mse_loss"],
    smoothL1: ["torch.nn.SmoothL1Loss", "torch.nn.functional.smooth_l1_loss"],
    huber: ["torch.nn.HuberLoss", "torch.nn.functional.huber_loss"],
    poissonNll: [
      [
        ["torch.nn.PoissonNLLLoss", "torch.nn.functional.poisson_nll_loss"],
        "its full adds Stirling's approximation, ours the exact log-gamma; without log_input it adds 1e-8 to the rate",
      ],
    ],
    gaussianNll: [
      [
        ["torch.nn.GaussianNLLLoss", "torch.nn.functional.gaussian_nll_loss"],
        "var is variance; it holds the variance at 1e-6 or more",
      ],
    ],
    bce: [
      [
        ["torch.nn.BCELoss", "torch.nn.functional.binary_cross_entropy"],
        "it cuts logarithms off at −100, ours go to Infinity",
      ],
    ],
    bceWithLogits: [
      [
        ["torch.nn.BCEWithLogitsLoss", "torch.nn.functional.binary_cross_entropy_with_logits"],
        "pos_weight is posWeight",
      ],
      [
        ["torch.nn.MultiLabelSoftMarginLoss", "torch.nn.functional.multilabel_soft_margin_loss"],
        "it averages over the classes of a sample first, which gives the same mean",
      ],
    ],
    logistic: ["torch.nn.SoftMarginLoss", "torch.nn.functional.soft_margin_loss"],
    crossEntropy: [
      [
        ["torch.nn.CrossEntropyLoss", "torch.nn.functional.cross_entropy"],
        "weight is classWeight; classes are its axis 1, ours the last unless axis says otherwise; it ignores −100 unasked; of probabilities with class weights it divides by the samples, not the weights' sum",
      ],
    ],
    nll: [
      [
        ["torch.nn.NLLLoss", "torch.nn.functional.nll_loss"],
        "weight is classWeight; it ignores −100 unasked",
      ],
    ],
    multiclassHinge: [
      [
        ["torch.nn.MultiMarginLoss", "torch.nn.functional.multi_margin_loss"],
        "it divides by the number of classes; p is power",
      ],
    ],
    klDivergence: [
      [
        ["torch.nn.KLDivLoss", "torch.nn.functional.kl_div"],
        'it takes log-probabilities (from: "logProbabilities"); its reduction "mean" divides by all elements, "batchmean" is our mean',
      ],
    ],
    entropy: [
      ["torch.distributions.Categorical.entropy", "a method of the distribution, without a reduction"],
    ],
    marginRanking: ["torch.nn.MarginRankingLoss", "torch.nn.functional.margin_ranking_loss"],
    triplet: [
      [
        ["torch.nn.TripletMarginLoss", "torch.nn.functional.triplet_margin_loss"],
        'its defaults are { margin: 1, distance: "euclidean", normalize: false }; it adds 1e-6 to each difference',
      ],
    ],
    cosineEmbedding: ["torch.nn.CosineEmbeddingLoss", "torch.nn.functional.cosine_embedding_loss"],
    binaryFocal: [
      [
        "torchvision.ops.sigmoid_focal_loss",
        'its reduction is "none" unless one is given; alpha −1 is our null',
      ],
    ],
    giou: [["torchvision.ops.generalized_box_iou_loss", 'its reduction is "none" unless one is given']],
    diou: [["torchvision.ops.distance_box_iou_loss", 'its reduction is "none" unless one is given']],
    ciou: [["torchvision.ops.complete_box_iou_loss", 'its reduction is "none" unless one is given']],
  },
};
