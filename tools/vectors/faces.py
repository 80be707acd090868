"""Margin heads of normalized weights: features [n d] against weights [c d], then cross-entropy."""

import math

import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from heads import at_angles, head, head_cases, lengths, psi, samples, torch_head, with_true_class
from metric import unit_rows


def cosines_of(features, weights):
    return unit_rows(features) @ unit_rows(weights).T


def torch_cosines(features, weights):
    return F.normalize(features, dim=1) @ F.normalize(weights, dim=1).T


def at_true_class(rows, labels, change):
    """rows with change(row's entry) in the place of the true class, for PyTorch."""
    true_class = rows.gather(1, labels[:, None])
    return rows.scatter(1, labels[:, None], change(true_class))


ALONG = {
    "features": [[2, 0], [-1.5, 0], [0, 2]],
    "weights": [[1, 0], [0, -0.75], [-3, 0]],
    "labels": [0, 0, 1],
}
ZERO = {"features": [[0, 0], [1, 2]], "weights": [[1, 0], [0.5, 3]], "labels": [0, 1]}
SLOPE = "normalize has slope 1e12 there"
FAR_LENGTHS = {
    "features": [[1e100, 2e100], [1e-100, -2e-100]],
    "weights": [[1, 0], [-1e-90, 3e-90]],
    "labels": [0, 1],
}
ENDS = "acos has an infinite slope there"
SHORT = "normalize does not divide by less than 1e-12"


# sphereFace


def sphere_logits(features, weights, labels, m=4, **parameters):
    ease = mp.mpf(parameters.get("lambda", 5))
    cosines, sizes = cosines_of(features, weights), lengths(features)

    def true_class(row, label):
        cosine = cosines[row, label]
        return sizes[row] * (cosine * ease + psi(cosine, m)) / (1 + ease)

    return with_true_class(cosines * sizes[:, None], labels, true_class)


def sphere_peer(features, weights, labels, m=4, **parameters):
    ease, sizes = parameters.get("lambda", 5), features.norm(dim=1, keepdim=True)

    def margin(cosine):
        angle = torch.acos(cosine)
        k = (m * angle.detach() / math.pi).floor().clamp(max=m - 1)
        return (ease * cosine + (-1) ** k * torch.cos(m * angle) - 2 * k) / (1 + ease)

    return sizes * at_true_class(torch_cosines(features, weights), labels, margin)


sphereFace = Loss(
    "sphereFace",
    by="a transcription with torch.acos and torch.nn.functional.cross_entropy",
    wrt=("features", "weights"),
    exact=head(sphere_logits),
    peer=torch_head(sphere_peer),
)
head_cases(sphereFace)
for m in (1, 2, 3, 5, 8):
    sphereFace.case(f"m {m}, lambda 0", samples(f"sphere {m}"), m=m, **{"lambda": 0})
sphereFace.case(
    "lambda 1000, m 3, none", samples("sphere thousand"), m=3, reduction="none", **{"lambda": 1000}
)
sphereFace.case("every piece of ψ", at_angles([0.3, 1, 2, 2.8, -0.9, -3]), reduction="none", **{"lambda": 0})
for m in (2, 4):
    sphereFace.case(
        f"along and opposite to the true class, m {m}",
        ALONG,
        m=m,
        reduction="none",
        kink=True,
        alone=ENDS,
    )
sphereFace.case("lengths of 1e100 and 1e-100", FAR_LENGTHS, reduction="none", alone=SHORT)


# Scaled cosines


def default_scale(scale, classes):
    """Given as a number, or by the number of classes."""
    return scale(classes) if callable(scale) else scale


def of_cosines(scale, move=None, torch_move=None, **defaults):
    """The exact and PyTorch's loss of scale·cosine, with move(cosine) for the true class."""

    def logits(features, weights, labels, scale=scale, **options):
        rows = cosines_of(features, weights)
        if move:
            moved = {**defaults, **options}
            rows = with_true_class(rows, labels, lambda row, label: move(rows[row, label], **moved))
        return rows * default_scale(scale, len(weights))

    def peer(features, weights, labels, scale=scale, **options):
        rows = torch_cosines(features, weights)
        if move:
            moved = {**defaults, **options}
            rows = at_true_class(rows, labels, lambda cosine: torch_move(cosine, **moved))
        return rows * default_scale(scale, len(weights))

    return {"exact": head(logits), "peer": torch_head(peer)}


def cosine_cases(loss, **options):
    """What every loss of scaled cosines is asked."""
    head_cases(loss)
    loss.case("parameters set", samples(loss.name + " set", 6, 4, 5), **options)
    loss.case("parameters set, none", samples(loss.name + " none"), reduction="none", **options)
    loss.case("at angles", at_angles([0.4, 1, 2, 2.6, 3]), reduction="none", **options)
    loss.case(
        "along and opposite to the true class", ALONG, reduction="none", kink=True, alone=ENDS, **options
    )
    loss.case("features of 0: every cosine is 0", ZERO, kink=True, alone=SLOPE, **options)
    loss.case("lengths of 1e100 and 1e-100", FAR_LENGTHS, alone=SHORT, **options)


BY = "a transcription with torch.nn.functional.cross_entropy"
LEARNT = ("features", "weights", "scale")

normFace = Loss("normFace", by=BY, wrt=LEARNT, **of_cosines(10))
cosine_cases(normFace, scale=6)
normFace.case("a learnt scale", {**samples("norm learnt"), "scale": 12.5})
normFace.case(
    "a learnt scale, sum, weights",
    {**samples("norm sum"), "scale": 3},
    reduction="sum",
    weight=[1, 0, 2, 0.5, 1],
)
normFace.case("a scale of 1e4", samples("norm large"), scale=1e4, reduction="none")

for name, scale in (("amSoftmax", 30), ("cosFace", 64)):
    loss = Loss(
        name,
        by=BY,
        wrt=("features", "weights"),
        **of_cosines(
            scale,
            lambda cosine, margin: cosine - mp.mpf(margin),
            lambda cosine, margin: cosine - margin,
            margin=0.35,
        ),
    )
    cosine_cases(loss, scale=6, margin=0.2)
    same = samples("one formula")
    loss.case("scale 20, margin 0.4", same, scale=20, margin=0.4)
    loss.case("margin 0", same, scale=10, margin=0)


# combinedMargin


def combined(cosine, m1, m2, m3):
    return exact.cos(exact.acos(cosine) * mp.mpf(m1) + mp.mpf(m2)) - mp.mpf(m3)


def torch_combined(cosine, m1, m2, m3):
    return torch.cos(m1 * torch.acos(cosine) + m2) - m3


combinedMargin = Loss(
    "combinedMargin",
    by="a transcription with torch.acos and torch.nn.functional.cross_entropy",
    wrt=("features", "weights"),
    **of_cosines(64, combined, torch_combined, m1=1, m2=0.3, m3=0.2),
)
cosine_cases(combinedMargin, scale=8, m1=0.9, m2=0.4, m3=0.15)
same = samples("one formula")
combinedMargin.case("m1 1, m2 0, m3 0.4 is cosFace", same, scale=20, m1=1, m2=0, m3=0.4)
combinedMargin.case("no margin at all is normFace", same, scale=10, m1=1, m2=0, m3=0)
combinedMargin.case("m1 1.35", samples("combined sphere"), scale=16, m1=1.35, m2=0, m3=0, reduction="none")
combinedMargin.case("near the true class", at_angles([0.02, -0.01]), scale=4, reduction="none")


# l2Softmax and coco


def l2_logits(features, weights, labels, bias=None, alpha=16):
    rows = (unit_rows(features) * mp.mpf(alpha)) @ weights.T
    return rows if bias is None else rows + bias


def l2_peer(features, weights, labels, bias=None, alpha=16):
    return F.linear(alpha * F.normalize(features, dim=1), weights, bias)


l2Softmax = Loss(
    "l2Softmax", by=BY, wrt=("features", "weights", "bias"), exact=head(l2_logits), peer=torch_head(l2_peer)
)
cosine_cases(l2Softmax, alpha=5)
l2Softmax.case("bias", {**samples("l2 bias"), "bias": [0.5, -1, 2, 0.25]})
l2Softmax.case(
    "bias, labelSmoothing 0.1, alpha 30, sum",
    {**samples("l2 smooth"), "bias": Draw("l2 bias").normal(4)},
    alpha=30,
    labelSmoothing=0.1,
    reduction="sum",
)
l2Softmax.case("alpha 1e4", samples("l2 large"), alpha=1e4, reduction="none")


def coco_scale(log):
    return lambda classes: log(classes - 1) / 2 + 3


def coco_loss():
    exactly, torchly = of_cosines(coco_scale(mp.log)), of_cosines(coco_scale(math.log))

    def renamed(function):
        def apply(**inputs):
            if "alpha" in inputs:
                inputs["scale"] = inputs.pop("alpha")
            return function(**inputs)

        return apply

    return {"exact": renamed(exactly["exact"]), "peer": renamed(torchly["peer"])}


coco = Loss("coco", by=BY, wrt=("features", "weights"), **coco_loss())
cosine_cases(coco, alpha=6.25)
coco.case("alpha 10 is normFace", same, alpha=10)
