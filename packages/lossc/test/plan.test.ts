// The catalogue was planned by name: every loss, helper and activation that the plan lists is there, under that name.

import { expect, it } from "vitest";
import * as lossc from "../src/index.ts";

const planned: Readonly<Record<string, string>> = {
  Regression:
    "mae mse smoothL1 huber tukeyBiweight pseudoHuber logCosh cauchy gemanMcClure welsch barron quantile epsilonInsensitive mape msle poissonNll gaussianNll",
  "Binary and margin classification":
    "bce bceWithLogits zeroOne logistic hinge squaredHinge ramp exponential perceptron binaryFocal powerBce asymmetric ghmC ghmR",
  "Multi-class classification":
    "crossEntropy nll categoricalCrossEntropy focal multiclassHinge crammerSinger multiclassRamp poly generalizedCrossEntropy ldam logitAdjusted sparsemaxLoss",
  Distributions: "entropy klDivergence jsDivergence",
  Ranking: "relationRanking marginRanking rankNet lambdaRank listNet listMle",
  "Metric learning":
    "contrastive deepId2 triplet tripletSemiHard tripletBatchHard tripletBatchAll center nPair ntXent infoNce supCon clip sigLip multiSimilarity circle cosineEmbedding",
  "Margin heads":
    "largeMarginSoftmax sphereFace normFace l2Softmax coco amSoftmax cosFace arcFace adaCos magFace combinedMargin",
  Boxes: "iou giou diou ciou eiou siou alphaIou",
  Segmentation: "dice tversky focalTversky lovaszHinge lovaszSoftmax",
  Penalties: "l1Penalty l2Penalty elasticNet",
};

it.each(Object.entries(planned))("%s", (_, names) => {
  for (const name of names.split(" ")) {
    expect([...lossc.catalogue.keys()]).toContain(name);
    expect(lossc, name).toHaveProperty(name);
  }
});

it("helpers: class weights, center updates, annealing, a bound on alpha, the MAD scale", () => {
  const { classWeights, centerUpdate, annealedLambda, alphaLowerBound, weightScale } = lossc;
  expect(Object.keys(classWeights).sort()).toEqual(["balanced", "effectiveNumber"]);
  for (const helper of [centerUpdate, annealedLambda, alphaLowerBound, weightScale])
    expect(helper).toBeTypeOf("function");
});

it("activations, each with its derivative", () => {
  expect(Object.keys(lossc.activations).sort()).toEqual(
    ["leakyRelu", "logSoftmax", "relu", "sigmoid", "softmax", "softplus", "tanh"].sort(),
  );
  const { leakyRelu, ...others } = lossc.activations;
  for (const activation of [leakyRelu(), ...Object.values(others)]) {
    expect(activation.value).toBeTypeOf("function");
    expect(activation.derivative).toBeTypeOf("function");
  }
});
