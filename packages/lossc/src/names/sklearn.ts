// Scikit-learn's names: metrics, and the losses that its estimators are given by a word.

import type { Library } from "./library.ts";

export const sklearn: Library = {
  library: "scikit-learn",
  losses: {
    mse: [
      "sklearn.metrics.mean_squared_error",
      ['sklearn.linear_model.SGDRegressor(loss="squared_error")', "half of ours"],
    ],
    mae: [
      "sklearn.metrics.mean_absolute_error",
      'sklearn.ensemble.HistGradientBoostingRegressor(loss="absolute_error")',
    ],
    mape: [
      ["sklearn.metrics.mean_absolute_percentage_error", "a target of 0 counts as 2.2e-16, ours is an error"],
    ],
    msle: ["sklearn.metrics.mean_squared_log_error"],
    huber: [['sklearn.linear_model.SGDRegressor(loss="huber")', "epsilon is delta"]],
    quantile: [
      ["sklearn.metrics.mean_pinball_loss", "alpha is q"],
      ['sklearn.ensemble.HistGradientBoostingRegressor(loss="quantile")', "its quantile is q"],
    ],
    epsilonInsensitive: ['sklearn.linear_model.SGDRegressor(loss="epsilon_insensitive")'],
    poissonNll: [
      [
        "sklearn.metrics.mean_poisson_deviance",
        "twice ours from a rate (logInput: false), less what depends on the target alone",
      ],
      'sklearn.ensemble.HistGradientBoostingRegressor(loss="poisson")',
    ],
    bce: [["sklearn.metrics.log_loss", "probabilities are kept 2.2e-16 away from 0 and 1"]],
    categoricalCrossEntropy: [
      ["sklearn.metrics.log_loss", "probabilities are kept 2.2e-16 away from 0 and 1"],
    ],
    logistic: [
      'sklearn.linear_model.SGDClassifier(loss="log_loss")',
      'sklearn.ensemble.GradientBoostingClassifier(loss="log_loss")',
    ],
    hinge: ["sklearn.metrics.hinge_loss", 'sklearn.linear_model.SGDClassifier(loss="hinge")'],
    squaredHinge: ['sklearn.linear_model.SGDClassifier(loss="squared_hinge")'],
    modifiedHuber: ['sklearn.linear_model.SGDClassifier(loss="modified_huber")'],
    perceptron: ['sklearn.linear_model.SGDClassifier(loss="perceptron")'],
    exponential: ['sklearn.ensemble.GradientBoostingClassifier(loss="exponential")'],
    crammerSinger: [["sklearn.metrics.hinge_loss", "for more than two classes"]],
    zeroOne: [["sklearn.metrics.zero_one_loss", "it compares labels, ours scores with a sign"]],
    elasticNet: [["sklearn.linear_model.ElasticNet", "alpha is lambda, l1_ratio is l1Ratio"]],
  },
};
