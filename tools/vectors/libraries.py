"""Recorded values that libraries give too, where a library has the loss and computes it rightly."""

import json

import numpy as np
import torch
from pytorch_metric_learning import losses, miners, reducers
from pytorch_metric_learning.distances import LpDistance
from scipy import special, stats
from scipy.spatial.distance import jensenshannon
from sklearn import metrics

from common import VECTORS


def labelled(loss, miner=None):
    """pytorch-metric-learning: a loss of embeddings and labels."""

    def value(embeddings, labels):
        rows, labels = torch.tensor(embeddings, dtype=torch.float64), torch.tensor(labels)
        return loss(rows, labels, miner(rows, labels) if miner else None).item()

    return value


def two_views(loss):
    """pytorch-metric-learning: both views as one batch, a label per row."""

    def value(first, second):
        rows = torch.tensor([*first, *second], dtype=torch.float64)
        return loss(rows, torch.arange(len(first)).repeat(2)).item()

    return value


def elementwise(function):
    """scikit-learn: a mean over all elements, target first."""
    return lambda prediction, target: function(np.ravel(target), np.ravel(prediction))


def squared(margin):
    return losses.TripletMarginLoss(
        margin=margin, distance=LpDistance(power=2), reducer=reducers.AvgNonZeroReducer()
    )


def from_logits(rule):
    return lambda prediction, target=None: np.mean(rule(special.softmax(prediction, axis=1), target))


def mining(epsilon):
    return miners.MultiSimilarityMiner(epsilon=epsilon)


# loss, case, the library's value
SAME = [
    ("supCon", "mean", labelled(losses.SupConLoss(temperature=0.1))),
    ("supCon", "anchors without positives", labelled(losses.SupConLoss(temperature=0.1))),
    ("ntXent", "two views", labelled(losses.NTXentLoss(temperature=0.1))),
    ("circle", "parameters set", labelled(losses.CircleLoss(m=0.4, gamma=80))),
    ("multiSimilarity", "no mining", labelled(losses.MultiSimilarityLoss(alpha=2, beta=50, base=1))),
    ("multiSimilarity", "two views", labelled(losses.MultiSimilarityLoss(2, 50, 1), mining(0.1))),
    ("tripletBatchAll", "mean", labelled(squared(0.2))),
    ("tripletBatchAll", "margin 1.5", labelled(squared(1.5))),
    ("pseudoHuber", "mean", elementwise(lambda t, p: special.pseudo_huber(1, p - t).mean())),
    (
        "quantile",
        "random, parameters set",
        elementwise(lambda t, p: metrics.mean_pinball_loss(t, p, alpha=0.9)),
    ),
    ("mape", "mean", elementwise(metrics.mean_absolute_percentage_error)),
    ("msle", "mean", elementwise(metrics.mean_squared_log_error)),
    ("entropy", "mean", from_logits(lambda p, _: stats.entropy(p, axis=1))),
    ("jsDivergence", "mean", from_logits(lambda p, t: jensenshannon(p, t, axis=1) ** 2)),
]


def crammer_singer(logits, target):
    return metrics.hinge_loss(target, logits, labels=range(len(logits[0])))


def zero_one(score, target):
    return metrics.zero_one_loss(np.ravel(target), np.sign(np.ravel(score)))


SAME += [("crammerSinger", "index", crammer_singer), ("zeroOne", "mean", zero_one)]


def check():
    for loss, case, value in SAME:
        contents = json.loads((VECTORS / f"{loss}.json").read_text(encoding="utf-8"))
        answer = next(each for each in contents["cases"] if each["name"] == case)
        theirs, ours = value(**answer["inputs"]), answer["value"]
        assert abs(theirs - ours) <= 1e-9 * abs(ours), f"{loss}, {case}: {ours}, the library {theirs}"
    return len(SAME)


if __name__ == "__main__":
    print(f"{check()} values of other libraries agree")
