// The objectives of XGBoost and LightGBM: both learn from gradient and curvature on the raw margin. XGBoost's are from its
// documentation and source; tools/peers/names.py tries them where it is installed.

import type { Library } from "./library.ts";

export const xgboost: Library = {
  library: "XGBoost",
  losses: {
    mse: [["reg:squarederror", "half of ours"]],
    msle: [["reg:squaredlogerror", "half of ours"]],
    mae: ["reg:absoluteerror"],
    pseudoHuber: [["reg:pseudohubererror", "huber_slope is delta"]],
    quantile: [["reg:quantileerror", "quantile_alpha is q"]],
    poissonNll: ["count:poisson"],
    bceWithLogits: ["binary:logistic", "binary:logitraw", "reg:logistic"],
    hinge: [["binary:hinge", 'targets are 0 and 1 (encoding: "binary")']],
    crossEntropy: ["multi:softmax", "multi:softprob"],
    rankNet: ["rank:pairwise"],
    lambdaRank: ["rank:ndcg"],
  },
};

export const lightgbm: Library = {
  library: "LightGBM",
  losses: {
    mse: [['objective="regression"', "half of ours"]],
    mae: ['objective="regression_l1"'],
    huber: [['objective="huber"', "alpha is delta"]],
    quantile: [['objective="quantile"', "alpha is q"]],
    mape: [['objective="mape"', "a target below 1 counts as 1"]],
    poissonNll: ['objective="poisson"'],
    bceWithLogits: [
      ['objective="binary"', "labels are 0 and 1"],
      ['objective="cross_entropy"', "targets are from 0 to 1"],
    ],
    crossEntropy: ['objective="multiclass"'],
    lambdaRank: ['objective="lambdarank"'],
  },
};
