"""Margin heads: `features` [n d] against `weights` [c d], then cross-entropy."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number
from metric import unit_rows
from multiclass import cross_entropy_rule


def head(logit_rows):
    """logit_rows(features, weights, labels) → [n c], under cross-entropy with label smoothing."""

    def apply(features, weights, labels, labelSmoothing=0, **parameters):
        labels = [int(label) for label in exact.values(labels)]
        rows = logit_rows(features, weights, labels, **parameters)
        classes, epsilon = len(weights), mp.mpf(labelSmoothing)
        target = [
            [(1 - epsilon) * (j == label) + epsilon / classes for j in range(classes)] for label in labels
        ]
        return np.array([cross_entropy_rule(z, t) for z, t in zip(rows, target)], dtype=object)

    return apply


def torch_head(logit_rows):
    def apply(features, weights, labels, labelSmoothing=0, **parameters):
        rows = logit_rows(features, weights, labels, **parameters)
        return F.cross_entropy(rows, labels, reduction="none", label_smoothing=labelSmoothing)

    return apply


def with_true_class(rows, labels, logit):
    """rows with logit(row, label) in the place of the true class."""
    rows = rows.copy()
    for row, label in enumerate(labels):
        rows[row, label] = logit(row, label)
    return rows


def samples(name, n=5, width=3, classes=4, spread=1.0):
    draw = Draw(name)
    return {
        "features": draw.normal((n, width), spread),
        "weights": draw.normal((classes, width), spread),
        "labels": draw.labels(n, classes),
    }


def at_angles(angles, classes=((1, 0), (0.5, 1), (-0.3, -2))):
    """Features at the given angles from the true class's weights (1, 0), in a plane."""
    features = [[round(2 * math.cos(angle), 6), round(2 * math.sin(angle), 6)] for angle in angles]
    return {"features": features, "weights": [list(each) for each in classes], "labels": [0] * len(angles)}


# arcFace


def arc_face_logits(features, weights, labels, scale=64, margin=0.5, easyMargin=False):
    cosines = unit_rows(features) @ unit_rows(weights).T
    m = mp.mpf(margin)

    def true_class(row, label):
        cosine = cosines[row, label]
        if cosine.value > 0 if easyMargin else cosine.value >= -mp.cos(m):  # θ ≤ π - m
            return (cosine * mp.cos(m) - exact.sqrt(1 - cosine * cosine) * mp.sin(m)) * scale
        return (cosine if easyMargin else cosine - m * mp.sin(m)) * scale

    return with_true_class(cosines * scale, labels, true_class)


def arc_face_peer(features, weights, labels, scale=64, margin=0.5, easyMargin=False):
    cosines = F.normalize(features, dim=1) @ F.normalize(weights, dim=1).T
    angle = torch.acos(cosines.gather(1, labels[:, None]))
    if easyMargin:
        true_class = torch.where(angle < math.pi / 2, torch.cos(angle + margin), torch.cos(angle))
    else:
        beyond = torch.cos(angle) - margin * math.sin(margin)
        true_class = torch.where(angle <= math.pi - margin, torch.cos(angle + margin), beyond)
    return scale * cosines.scatter(1, labels[:, None], true_class)


arcFace = Loss(
    "arcFace",
    by="a transcription with torch.acos and torch.nn.functional.cross_entropy",
    wrt=("features", "weights"),
    exact=head(arc_face_logits),
    peer=torch_head(arc_face_peer),
)


def head_cases(loss, **options):
    loss.usual(samples(loss.name), (5,), **options)
    loss.case("labelSmoothing 0.1", samples(loss.name + " smoothing"), labelSmoothing=0.1, **options)
    loss.case(
        "a class without samples", {**samples(loss.name + " empty"), "labels": [0, 3, 3, 0, 0]}, **options
    )
    loss.case("two classes, one sample", samples(loss.name + " one", 1, 2, 2), **options)


head_cases(arcFace)
ANGLES = [0.4, 1, 2, 2.6, 2.7, 3]
arcFace.case("angles 1, 2 and 2.7", at_angles([1, 2, 2.7]), scale=4, reduction="none")
arcFace.case("before and beyond π - margin", at_angles(ANGLES), scale=8, reduction="none")
arcFace.case("before and beyond π - margin, margin 1", at_angles(ANGLES), scale=8, margin=1, reduction="none")
arcFace.case("easyMargin", at_angles(ANGLES), scale=8, easyMargin=True, reduction="none")
arcFace.case("easyMargin, random", samples("arc easy"), easyMargin=True, margin=0.3, scale=30)
arcFace.case("scale 10, margin 0.3", samples("arc set", 6, 4, 5), scale=10, margin=0.3)
arcFace.case("margin 0", samples("arc zero"), margin=0, scale=16)
arcFace.case(
    "opposite to the true class",
    {"features": [[-2, 0], [0, -1]], "weights": [[1, 0], [0, 3]], "labels": [0, 1]},
    scale=4,
    reduction="none",
    kink=True,
    alone="acos has an infinite slope there",
)
arcFace.case(
    "along and opposite to wrong classes",
    {"features": [[0, 2], [-3, 0]], "weights": [[1, 0], [0, 3], [-1, -1]], "labels": [0, 1]},
    scale=4,
    reduction="none",
)
arcFace.case("near the true class", at_angles([0.02, -0.01]), scale=4, reduction="none")
arcFace.case(
    "nearer to the true class",
    {**at_angles([]), "features": [[1, 1e-3]], "labels": [0]},
    scale=4,
    tolerance=1e-6,
    alone="acos loses digits there",
)
arcFace.case(
    "features of 0: every cosine is 0",
    {"features": [[0, 0], [1, 2]], "weights": [[1, 0], [0.5, 3]], "labels": [0, 1]},
    scale=4,
    kink=True,
    alone="normalize has slope 1e12 there",
)
arcFace.case(
    "lengths of 1e100 and 1e-100",
    {"features": [[1e100, 2e100], [1e-100, -2e-100]], "weights": [[1, 0], [-1e-90, 3e-90]], "labels": [0, 1]},
    scale=4,
    alone="normalize does not divide by less than 1e-12",
)

# largeMarginSoftmax


def chebyshev(cosine, m):
    """cos mθ as a polynomial of cos θ."""
    before, now = number(1), cosine
    for _ in range(m - 1):
        before, now = now, cosine * now * 2 - before
    return now


def psi(cosine, m):
    """(-1)^k cos mθ - 2k, k = min(⌊mθ/π⌋, m - 1)."""
    angle = mp.acos(min(max(cosine.value, mp.mpf(-1)), mp.mpf(1)))
    k = min(int(mp.floor(m * angle / mp.pi)), m - 1)
    return chebyshev(cosine, m) * (-1) ** k - 2 * k


def lengths(rows):
    return exact.sqrt((rows * rows).sum(axis=1))


def large_margin_logits(features, weights, labels, m=4, **parameters):
    ease = mp.mpf(parameters.get("lambda", 0))
    products = features @ weights.T
    sizes = lengths(features)[:, None] * lengths(weights)[None, :]

    def true_class(row, label):
        cosine = products[row, label] / sizes[row, label]
        return sizes[row, label] * (cosine * ease + psi(cosine, m)) / (1 + ease)

    return with_true_class(products, labels, true_class)


def large_margin_peer(features, weights, labels, m=4, **parameters):
    ease = parameters.get("lambda", 0)
    products = features @ weights.T
    sizes = features.norm(dim=1)[:, None] * weights.norm(dim=1)[None]
    size = sizes.gather(1, labels[:, None])
    angle = torch.acos(products.gather(1, labels[:, None]) / size)
    k = (m * angle.detach() / math.pi).floor().clamp(max=m - 1)
    true_class = size * (ease * torch.cos(angle) + (-1) ** k * torch.cos(m * angle) - 2 * k) / (1 + ease)
    return products.scatter(1, labels[:, None], true_class)


largeMarginSoftmax = Loss(
    "largeMarginSoftmax",
    by="a transcription with torch.acos and torch.nn.functional.cross_entropy",
    wrt=("features", "weights"),
    exact=head(large_margin_logits),
    peer=torch_head(large_margin_peer),
)
head_cases(largeMarginSoftmax)
for m in (1, 2, 3, 5, 6, 7, 8):
    largeMarginSoftmax.case(f"m {m}", samples(f"large {m}"), m=m)
largeMarginSoftmax.case("lambda 5", samples("large lambda"), **{"lambda": 5})
largeMarginSoftmax.case(
    "lambda 1000, m 3, none", samples("large thousand"), m=3, reduction="none", **{"lambda": 1000}
)
largeMarginSoftmax.case("every piece of ψ", at_angles([0.3, 1, 2, 2.8, -0.9, -3]), reduction="none")
largeMarginSoftmax.case(
    "between two pieces of ψ", at_angles([math.pi / 4, math.pi / 2]), reduction="none", kink=True
)
for m in (2, 4, 5):
    largeMarginSoftmax.case(
        f"along and opposite to the true class, m {m}",
        {"features": [[2, 0], [-1.5, 0], [0, 0.5]], "weights": [[1, 0], [0, -0.75]], "labels": [0, 0, 1]},
        m=m,
        reduction="none",
        kink=True,
        alone="acos has an infinite slope there",
    )
largeMarginSoftmax.case(
    "near the true class and its opposite", at_angles([1e-3, math.pi - 1e-3]), reduction="none"
)
