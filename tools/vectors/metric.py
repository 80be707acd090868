"""Metric learning: a batch of `embeddings` or `features` [n d] with `labels` [n]."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number


def unit_rows(rows):
    """Each row over its length; a row of zeros stays one, with gradient 0."""
    lengths = exact.sqrt((rows * rows).sum(axis=1))
    return np.array(
        [
            row / length if length.value != 0 else exact.numbers([0] * len(row))
            for row, length in zip(rows, lengths)
        ],
        dtype=object,
    )


def distances(rows, distance):
    difference = rows[:, None, :] - rows[None, :, :]
    squared = (difference * difference).sum(axis=2)
    return squared if distance == "squared" else exact.sqrt(squared)


def partners(labels, anchor):
    """The anchor's positives and negatives."""
    positives = [j for j, label in enumerate(labels) if label == labels[anchor] and j != anchor]
    negatives = [j for j, label in enumerate(labels) if label != labels[anchor]]
    return positives, negatives


def has_both(embeddings, labels, **parameters):
    """An anchor without a positive or without a negative is not counted."""
    labels = exact.values(labels)
    return np.array(
        [mp.mpf(all(map(len, partners(labels, anchor)))) for anchor in range(len(labels))], dtype=object
    )


def batch_hard_exact(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    labels = exact.values(labels)
    between = distances(unit_rows(embeddings) if normalize else embeddings, distance)
    losses = []
    for anchor, row in enumerate(between):
        positives, negatives = partners(labels, anchor)
        if not positives or not negatives:
            losses.append(number(0))
            continue
        farthest = max(row[positives], key=lambda d: d.value)  # the first, in a tie
        nearest = min(row[negatives], key=lambda d: d.value)
        losses.append(exact.relu(farthest - nearest + mp.mpf(margin)))
    return np.array(losses, dtype=object)


def batch_hard_peer(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    rows = F.normalize(embeddings, dim=1) if normalize else embeddings
    difference = rows[:, None] - rows[None]
    between = (
        difference.square().sum(-1) if distance == "squared" else torch.linalg.vector_norm(difference, dim=-1)
    )
    same = labels[:, None] == labels[None]
    positive = same & ~torch.eye(len(labels), dtype=torch.bool)
    farthest = between.masked_fill(~positive, -torch.inf).max(1).values
    nearest = between.masked_fill(same, torch.inf).min(1).values
    both = positive.any(1) & (~same).any(1)
    return torch.where(both, torch.relu(farthest - nearest + margin), 0.0)


tripletBatchHard = Loss(
    "tripletBatchHard",
    by="a transcription",
    wrt="embeddings",
    exact=batch_hard_exact,
    peer=batch_hard_peer,
    weigh=has_both,
)


def batch(name, labels=(0, 1, 0, 2, 1, 0, 2, 2), width=3):
    return {"embeddings": Draw(name).normal((len(labels), width)), "labels": list(labels)}


SMALL = {"embeddings": [[0, 0], [1, 0], [0, 2], [3, 1]], "labels": [0, 0, 1, 1]}
tripletBatchHard.case("small, not normalized", SMALL, normalize=False, reduction="none")
tripletBatchHard.case(
    "small, not normalized, euclidean", SMALL, normalize=False, distance="euclidean", reduction="none"
)
tripletBatchHard.case("mean", batch("hard mean"))
tripletBatchHard.case("sum", batch("hard sum"), reduction="sum")
tripletBatchHard.case("none", batch("hard none"), reduction="none")
tripletBatchHard.case("euclidean", batch("hard euclidean"), distance="euclidean")
tripletBatchHard.case("euclidean, not normalized", batch("hard plain"), distance="euclidean", normalize=False)
tripletBatchHard.case("margin 1.5", batch("hard margin"), margin=1.5)
tripletBatchHard.case(
    "margin 0, not normalized, sum", batch("hard zero"), margin=0, normalize=False, reduction="sum"
)
tripletBatchHard.case("weights", batch("hard weights"), weight=[1, 0, 2, 0.5, 1, 3, 0, 1])
tripletBatchHard.case(
    "weights, mean over the count", batch("hard count"), weight=[1, 0, 2, 0.5, 1, 3, 0, 1], meanOver="count"
)
tripletBatchHard.case("anchors without positives", batch("hard lonely", (0, 1, 0, 2, 3, 1)))
tripletBatchHard.case(
    "anchors without positives, none", batch("hard alone", (0, 1, 0, 2, 3, 1)), reduction="none"
)
tripletBatchHard.case(
    "anchors without positives, weights", batch("hard lone", (0, 1, 0, 2, 3, 1)), weight=[2, 1, 0, 1, 1, 0.5]
)
tripletBatchHard.case("every label once", batch("hard single", (0, 1, 2)))
tripletBatchHard.case("one class", batch("hard class", (4, 4, 4)), reduction="none")
tripletBatchHard.case("one class, mean", batch("hard class mean", (4, 4, 4)))
IDENTICAL = {"embeddings": [[3, 4], [3, 4], [3, 4], [3, 4]], "labels": [0, 0, 1, 1]}
tripletBatchHard.case("identical embeddings", IDENTICAL, kink=True)
tripletBatchHard.case(
    "identical embeddings, euclidean", IDENTICAL, distance="euclidean", reduction="sum", kink=True
)
tripletBatchHard.case(
    "identical positives, euclidean",
    {"embeddings": [[3, 4], [3, 4], [4, 3], [4, 3]], "labels": [0, 0, 1, 1]},
    distance="euclidean",
    margin=1,
    kink=True,
)
tripletBatchHard.case(
    "a row of zeros stays one",
    {"embeddings": [[0, 0], [3, 4], [4, 3], [0, 2]], "labels": [0, 0, 1, 1]},
    margin=1,
    kink=True,
    alone="normalize has slope 1e12 there",
)
tripletBatchHard.case(
    "ties: the first partner takes the gradient",
    {"embeddings": [[0, 0], [2, 0], [0, 2], [0, -1], [1, 0]], "labels": [0, 0, 0, 1, 1]},
    normalize=False,
    margin=1,
    reduction="none",
    kink=True,
)
tripletBatchHard.case(
    "exactly on the kink: gradient 0",
    {"embeddings": [[0], [1], [2], [5]], "labels": [0, 0, 1, 1]},
    normalize=False,
    margin=3,
    reduction="none",
    kink=True,
)
tripletBatchHard.case(
    "huge embeddings, euclidean, not normalized",
    {"embeddings": [[1e100, 0], [0, 1e100], [3e100, 0], [0, 5e100]], "labels": [0, 1, 0, 1]},
    distance="euclidean",
    normalize=False,
)


def center_exact(features, labels, centers):
    labels = [int(label) for label in exact.values(labels)]
    difference = features - centers[labels]
    return (difference * difference).sum(axis=1) / 2


center = Loss(
    "center",
    by="torch.nn.functional.mse_loss",
    wrt=("features", "centers"),
    exact=center_exact,
    peer=lambda features, labels, centers: F.mse_loss(features, centers[labels], reduction="none").sum(1) / 2,
)


def clusters(name, n=6, width=3, classes=4):
    draw = Draw(name)
    return {
        "features": draw.normal((n, width)),
        "labels": draw.labels(n, classes),
        "centers": draw.normal((classes, width)),
    }


TEXTBOOK = {"features": [[1, 0], [0, 1], [2, 2]], "labels": [0, 0, 1], "centers": [[0, 0], [0, 0]]}
center.case("textbook numbers", TEXTBOOK)
center.case("textbook numbers, sum", TEXTBOOK, reduction="sum")
center.usual(clusters("center"), (6,))
center.case("a class without samples", {**clusters("center empty"), "labels": [0, 3, 3, 0, 0, 3]})
center.case("one class, one sample", {"features": [[1, 2, 3]], "labels": [0], "centers": [[0.5, -1, 2]]})
center.case("on the center", {"features": [[1, 2]], "labels": [1], "centers": [[0, 0], [1, 2]]})
center.case("huge distance", {"features": [[1e150, 0]], "labels": [0], "centers": [[-1e150, 1]]})
