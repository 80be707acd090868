"""Triplets of a batch: semi-hard ones per pair (anchor, positive), and all of them."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from exact import number
from metric import IDENTICAL, batch, distances, partners, unit_rows


def between_rows(embeddings, distance, normalize):
    return distances(unit_rows(embeddings) if normalize else embeddings, distance)


def torch_between(embeddings, distance, normalize):
    rows = F.normalize(embeddings, dim=1) if normalize else embeddings
    difference = rows[:, None] - rows[None]
    if distance == "squared":
        return difference.square().sum(-1)
    return torch.linalg.vector_norm(difference, dim=-1)


def torch_masks(labels):
    """same label and another sample [n n]; another label [n n]"""
    same = labels[:, None] == labels[None]
    return same & ~torch.eye(len(labels), dtype=torch.bool), ~same


# semi-hard


def semi_hard_exact(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    """Per (a, p): the nearest negative that is farther than p, else the farthest negative."""
    labels = exact.values(labels)
    between = between_rows(embeddings, distance, normalize)
    losses = np.full(between.shape, number(0), dtype=object)
    for a, row in enumerate(between):
        positives, negatives = partners(labels, a)
        for p in positives if negatives else []:
            farther = [row[n] for n in negatives if row[n].value > row[p].value]
            if farther:
                chosen = min(farther, key=lambda d: d.value)  # the first, in a tie
            else:
                chosen = max((row[n] for n in negatives), key=lambda d: d.value)
            losses[a, p] = exact.relu(row[p] - chosen + mp.mpf(margin))
    return losses


def is_pair(embeddings, labels, **parameters):
    """Counted: pairs (a, p) of one label whose anchor has a negative."""
    labels = exact.values(labels)
    counted = np.full((len(labels), len(labels)), mp.mpf(0), dtype=object)
    for a in range(len(labels)):
        positives, negatives = partners(labels, a)
        counted[a, positives] = mp.mpf(bool(negatives))
    return counted


def semi_hard_peer(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    between = torch_between(embeddings, distance, normalize)
    positive, negative = torch_masks(labels)
    to_negative = between[:, None, :].expand(-1, len(labels), -1)
    others = negative[:, None, :]
    farther = others & (to_negative > between[:, :, None])
    nearest = to_negative.masked_fill(~farther, torch.inf).min(-1).values
    farthest = to_negative.masked_fill(~others, -torch.inf).max(-1).values
    loss = torch.relu(between - torch.where(farther.any(-1), nearest, farthest) + margin)
    return torch.where(positive & others.any(-1), loss, 0.0)


tripletSemiHard = Loss(
    "tripletSemiHard",
    by="a transcription",
    wrt="embeddings",
    exact=semi_hard_exact,
    peer=semi_hard_peer,
    weigh=is_pair,
)


# all


def batch_all_exact(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    labels = exact.values(labels)
    between = between_rows(embeddings, distance, normalize)
    n = len(labels)
    losses = np.full((n, n, n), number(0), dtype=object)
    for a in range(n):
        positives, negatives = partners(labels, a)
        for p in positives:
            for each in negatives:
                losses[a, p, each] = exact.relu(between[a, p] - between[a, each] + mp.mpf(margin))
    return losses


def is_active(embeddings, labels, **parameters):
    """Counted: triplets whose loss is not 0."""
    losses = exact.values(batch_all_exact(embeddings, labels, **parameters))
    return np.frompyfunc(lambda loss: mp.mpf(loss > 0), 1, 1)(losses)


def batch_all_peer(embeddings, labels, margin=0.2, distance="squared", normalize=True):
    between = torch_between(embeddings, distance, normalize)
    positive, negative = torch_masks(labels)
    loss = torch.relu(between[:, :, None] - between[:, None, :] + margin)
    return torch.where(positive[:, :, None] & negative[:, None, :], loss, 0.0)


tripletBatchAll = Loss(
    "tripletBatchAll",
    by="a transcription",
    wrt="embeddings",
    exact=batch_all_exact,
    peer=batch_all_peer,
    weigh=is_active,
)


# Cases


def some_weights(shape, weights=(1, 0, 2, 0.5, 1, 3, 0.25)):
    """A weight for every pair or triplet."""
    count = int(np.prod(shape))
    return np.resize(np.array(weights), count).reshape(shape).tolist()


SMALL = {"embeddings": [[0, 0], [1, 0], [0.4, 2], [3, 1]], "labels": [0, 0, 1, 1]}
LABELS = (0, 1, 0, 2, 1, 0)
LONELY = (0, 1, 0, 2, 3)


def triplet_cases(loss, axes):
    def named(name, labels=LABELS):
        return batch(f"{loss.name} {name}", labels)

    def shape(labels):
        return (len(labels),) * axes

    loss.case("small, not normalized", SMALL, normalize=False, margin=3)
    loss.case(
        "small, not normalized, euclidean, none",
        SMALL,
        normalize=False,
        distance="euclidean",
        margin=1,
        reduction="none",
    )
    loss.case("mean", named("mean"))
    loss.case("sum", named("sum"), reduction="sum")
    loss.case("none", named("none", (0, 1, 0, 1)), reduction="none")
    loss.case("euclidean", named("euclidean"), distance="euclidean")
    loss.case("euclidean, not normalized", named("plain"), distance="euclidean", normalize=False)
    loss.case("margin 1.5", named("margin"), margin=1.5)
    loss.case("margin 0, not normalized, sum", named("zero"), margin=0, normalize=False, reduction="sum")
    loss.case("weights", named("weights", (0, 1, 0, 1)), weight=some_weights(shape((0, 1, 0, 1))))
    loss.case(
        "weights, mean over the count",
        named("count", (0, 1, 0, 1)),
        weight=some_weights(shape((0, 1, 0, 1))),
        meanOver="count",
    )
    mask = np.array(some_weights(shape((0, 0, 1, 1)), (1, 1, 0, 1, 0))) > 0
    loss.case("mask", named("mask", (0, 0, 1, 1)), mask=mask.tolist(), margin=1)
    loss.case("anchors without positives", named("lonely", LONELY))
    loss.case("every label once", named("single", (0, 1, 2)))
    loss.case("one class", named("class", (4, 4, 4)))
    loss.case("identical embeddings", IDENTICAL, kink=True)
    loss.case("identical embeddings, euclidean", IDENTICAL, distance="euclidean", reduction="sum", kink=True)
    loss.case(
        "identical positives, euclidean",
        {"embeddings": [[3, 4], [3, 4], [4, 3], [4, 3]], "labels": [0, 0, 1, 1]},
        distance="euclidean",
        margin=1,
        kink=True,
    )
    loss.case(
        "a row of zeros stays one",
        {"embeddings": [[0, 0], [3, 4], [4, 3], [0, 2]], "labels": [0, 0, 1, 1]},
        margin=1,
        kink=True,
        alone="normalize has slope 1e12 there",
    )
    loss.case(
        "exactly on the kink: gradient 0",
        {"embeddings": [[0], [1], [2], [5]], "labels": [0, 0, 1, 1]},
        normalize=False,
        margin=3,
        kink=True,
    )
    loss.case(
        "huge embeddings, euclidean, not normalized",
        {"embeddings": [[1e100, 0], [0, 1e100], [3e100, 0], [0, 5e100]], "labels": [0, 1, 0, 1]},
        distance="euclidean",
        normalize=False,
    )


triplet_cases(tripletSemiHard, 2)
tripletSemiHard.case(
    "a semi-hard negative, and none: the farthest",
    {"embeddings": [[0], [2], [3], [5.5], [1.2]], "labels": [0, 0, 1, 1, 1]},
    normalize=False,
    distance="euclidean",
    margin=2.5,
)
tripletSemiHard.case(
    "a negative as far as the positive is not farther",
    {"embeddings": [[0, 0], [2, 0], [0, 2], [3, 1], [0, -3]], "labels": [0, 0, 1, 1, 1]},
    normalize=False,
    distance="euclidean",
    margin=2,
    reduction="none",
    kink=True,
)
tripletSemiHard.case(
    "ties: the first partner takes the gradient",
    {"embeddings": [[0, 0], [1, 0], [0, 2], [0, -2]], "labels": [0, 0, 1, 1]},
    normalize=False,
    margin=4,
    kink=True,
)
triplet_cases(tripletBatchAll, 3)
tripletBatchAll.case(
    "no triplet is active",
    {"embeddings": [[0], [0.1], [5], [5.2]], "labels": [0, 0, 1, 1]},
    normalize=False,
)
