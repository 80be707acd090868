"""Margin heads that set their own scale or margin: AdaCos and MagFace."""

import math

import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from exact import number
from faces import ALONG, BY, ENDS, FAR_LENGTHS, SHORT, SLOPE, ZERO, at_true_class, cosines_of, torch_cosines
from heads import at_angles, head, head_cases, lengths, samples, torch_head, with_true_class

# adaCos


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def ada_logits(features, weights, labels, scale=None, dynamic=True):
    """s = log(mean_i Σ_{j≠y} exp(s' cos θ_ij)) / cos(min(π/4, median θ_y)), held constant."""
    cosines = cosines_of(features, weights)
    scale = mp.sqrt(2) * mp.log(len(weights) - 1) if scale is None else mp.mpf(scale)
    if dynamic:
        known = exact.values(cosines)
        others = [
            sum(mp.exp(scale * c) for j, c in enumerate(row) if j != label)
            for row, label in zip(known, labels)
        ]
        angle = median([mp.acos(row[label]) for row, label in zip(known, labels)])
        scale = exact.constant(mp.log(sum(others) / len(others)) / mp.cos(min(mp.pi / 4, angle)))
    return cosines * scale


def ada_peer(features, weights, labels, scale=None, dynamic=True):
    cosines = torch_cosines(features, weights)
    scale = math.sqrt(2) * math.log(len(weights) - 1) if scale is None else scale
    if dynamic:
        known = cosines.detach()
        true_class = F.one_hot(labels, len(weights)).bool()
        others = (scale * known).exp().masked_fill(true_class, 0).sum(1).mean()
        angle = torch.quantile(torch.acos(known[true_class].clamp(-1, 1)), 0.5)
        scale = others.log() / angle.clamp(max=math.pi / 4).cos()
    return cosines * scale


adaCos = Loss(
    "adaCos",
    by="a transcription (the median by torch.quantile)",
    wrt=("features", "weights"),
    exact=head(ada_logits),
    peer=torch_head(ada_peer),
)


def of_classes(name, n=5, classes=4):
    return samples(name, n, 3, classes)


adaCos.usual(of_classes("ada"), (5,))
adaCos.case("labelSmoothing 0.1", of_classes("ada smoothing"), labelSmoothing=0.1)
adaCos.case("an even number of samples", of_classes("ada even", 6, 7))
adaCos.case("the scale of the batch before", of_classes("ada before"), scale=7.5)
adaCos.case("fixed", of_classes("ada fixed"), dynamic=False)
adaCos.case("fixed, ten classes, none", of_classes("ada ten", 4, 10), dynamic=False, reduction="none")
adaCos.case("fixed at 12, sum", of_classes("ada twelve"), dynamic=False, scale=12, reduction="sum")
adaCos.case("the median angle is below π/4", at_angles([0.3, -0.2, 0.5, 1]), reduction="none")
adaCos.case("the median angle is above π/4", at_angles([2, -0.2, 1.5]), reduction="none")
adaCos.case("a large scale before", of_classes("ada large"), scale=300)
adaCos.case("along and opposite to the true class", ALONG, kink=True)
adaCos.case(
    "features of 0: every cosine is 0",
    {"features": [[0, 0], [1, 2]], "weights": [[1, 0], [0.5, 3], [-1, 1]], "labels": [0, 1]},
    kink=True,
    alone=SLOPE,
)
adaCos.case(
    "lengths of 1e100 and 1e-100",
    {**FAR_LENGTHS, "weights": [[1, 0], [-1e-90, 3e-90], [2, 1]]},
    dynamic=False,
    alone=SHORT,
)

# magFace


def mag_parts(features, lowerNorm, upperNorm, lowerMargin, upperMargin):
    """The clamped length a, its margin m(a) and its regularizer g(a) = 1/a + a/u²."""

    def clamp(length):
        if length.value <= lowerNorm:
            return number(lowerNorm)
        return number(upperNorm) if length.value >= upperNorm else length

    lower, upper = mp.mpf(lowerNorm), mp.mpf(upperNorm)
    rise = (mp.mpf(upperMargin) - mp.mpf(lowerMargin)) / (upper - lower)
    sizes = [clamp(length) for length in lengths(features)]
    margins = [(a - lower) * rise + mp.mpf(lowerMargin) for a in sizes]
    return margins, [1 / a + a / upper**2 for a in sizes]


def mag_exact(
    features,
    weights,
    labels,
    scale=64,
    lowerNorm=10,
    upperNorm=110,
    lowerMargin=0.45,
    upperMargin=0.8,
    labelSmoothing=0,
    **parameters,
):
    margins, penalties = mag_parts(features, lowerNorm, upperNorm, lowerMargin, upperMargin)

    def logits(features, weights, labels):
        cosines = cosines_of(features, weights)

        def true_class(row, label):
            cosine, m = cosines[row, label], margins[row]
            if cosine.value < -mp.cos(m.value):  # beyond π - m
                return (cosine - m * exact.sin(m)) * scale
            sine = exact.sqrt(1 - cosine * cosine)
            return (cosine * exact.cos(m) - sine * exact.sin(m)) * scale

        return with_true_class(cosines * scale, labels, true_class)

    weight = mp.mpf(parameters.get("lambda", 35))
    loss = head(logits)(features, weights, labels, labelSmoothing=labelSmoothing)
    return loss + [penalty * weight for penalty in penalties]


def mag_peer(
    features,
    weights,
    labels,
    scale=64,
    lowerNorm=10,
    upperNorm=110,
    lowerMargin=0.45,
    upperMargin=0.8,
    labelSmoothing=0,
    **parameters,
):
    a = features.norm(dim=1, keepdim=True).clamp(lowerNorm, upperNorm)
    m = (upperMargin - lowerMargin) / (upperNorm - lowerNorm) * (a - lowerNorm) + lowerMargin

    def moved(cosine):
        angle = torch.acos(cosine)
        return torch.where(angle <= math.pi - m, torch.cos(angle + m), cosine - m * torch.sin(m))

    rows = scale * at_true_class(torch_cosines(features, weights), labels, moved)
    loss = F.cross_entropy(rows, labels, reduction="none", label_smoothing=labelSmoothing)
    return loss + parameters.get("lambda", 35) * (1 / a + a / upperNorm**2).squeeze(1)


magFace = Loss("magFace", by=BY, wrt=("features", "weights"), exact=mag_exact, peer=mag_peer)


def long_features(name, n=5, spread=25, **parameters):
    far, near = samples(name, n, spread=spread), samples(name + " weights", n)
    return {**far, "weights": near["weights"]}


head_cases(magFace)
magFace.case("lengths between the bounds", long_features("mag"))
magFace.case("lengths between the bounds, none", long_features("mag none", 6), reduction="none")
magFace.case(
    "scale 16, labelSmoothing 0.1, sum",
    long_features("mag sum"),
    scale=16,
    labelSmoothing=0.1,
    reduction="sum",
)
magFace.case("lambda 0", long_features("mag zero"), **{"lambda": 0})
magFace.case(
    "parameters set",
    samples("mag set"),
    scale=8,
    lowerNorm=0.5,
    upperNorm=4,
    lowerMargin=0.2,
    upperMargin=0.6,
    **{"lambda": 5},
)
magFace.case(
    "shorter, between and longer, before and beyond π - m",
    {
        "features": [[3, 4], [40, 30], [300, -100], [-40, 2], [-200, 10], [-3, 1]],
        "weights": [[1, 0], [0.5, 1], [-0.3, -2]],
        "labels": [0, 0, 0, 0, 0, 0],
    },
    scale=4,
    reduction="none",
)
magFace.case("along and opposite to the true class", ALONG, scale=4, reduction="none", kink=True, alone=ENDS)
magFace.case("features of 0: every cosine is 0", ZERO, scale=4, kink=True, alone=SLOPE)
magFace.case("lengths of 1e100 and 1e-100", FAR_LENGTHS, scale=4, alone=SHORT)
