"""Gradient harmonizing: a loss divided by the density of its gradient's size in the batch.

The density is a histogram over all samples of the batch, held constant in the gradient. Between batches it can be
a running average: `averages` are the bins' (not bias-corrected), `updates` how often each was updated, which is
in every batch that has a sample in the bin.
"""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from binary import SMALL, SOFT, interpolated, matrix, smooth, smoothed
from common import Draw, Loss

EDGE = 1e-9  # a gradient's size this near the end of a bin may fall to either side in floating point,
EXACTLY = 1e-50  # unless it is on the end, or moved from there by a step of the central difference


def harmony(sizes, bins, momentum, averages, updates, biasCorrection):
    """β = N / (samples in the bin of g · bins that are not empty), for the array of sizes g in [0, 1]."""
    sizes = exact.values(sizes)
    bin_of = np.array([min(int(g * bins), bins - 1) for g in sizes.flat])
    for g in sizes.flat:
        away = abs(g * bins - mp.nint(g * bins))
        assert away > EDGE or away < EXACTLY or mp.nint(g * bins) in (0, bins), (
            f"g = {float(g)} is at the edge of a bin"
        )
    counts = [int((bin_of == b).sum()) for b in range(bins)]
    momentum, occupied = mp.mpf(momentum), sum(1 for count in counts if count)
    before = [mp.mpf(0)] * bins if averages is None else exact.values(averages)
    if not biasCorrection or (averages is not None and updates is None):
        correction = [mp.mpf(1)] * bins
    else:
        correction = [
            1 - momentum ** (int(u) + 1) for u in ([0] * bins if updates is None else exact.values(updates))
        ]
    density = [
        (momentum * old + (1 - momentum) * count) / each
        for old, count, each in zip(before, counts, correction)
    ]
    betas = [exact.constant(sizes.size / (density[b] * occupied)) for b in bin_of]
    return np.array(betas, dtype=object).reshape(sizes.shape)


def torch_harmony(sizes, bins, momentum, averages, updates, biasCorrection):
    bin_of = (sizes.detach() * bins).long().clamp(max=bins - 1)
    counts = torch.bincount(bin_of.flatten(), minlength=bins).double()
    before = torch.zeros(bins) if averages is None else averages
    density = momentum * before + (1 - momentum) * counts
    if biasCorrection and (averages is None or updates is not None):
        density = density / (1 - momentum ** ((torch.zeros(bins) if updates is None else updates) + 1))
    return (sizes.numel() / (density * (counts > 0).sum()))[bin_of]


def ghm_c_exact(
    logits,
    target,
    averages=None,
    updates=None,
    bins=30,
    momentum=0.75,
    biasCorrection=True,
    posWeight=1,
    labelSmoothing=0,
):
    loss = interpolated(lambda x: exact.softplus(-x) * posWeight, exact.softplus)
    sizes = abs(exact.sigmoid(logits) - smoothed(target, labelSmoothing))
    beta = harmony(sizes, bins, momentum, averages, updates, biasCorrection)
    return loss(logits, target, labelSmoothing) * beta


def ghm_c_peer(
    logits,
    target,
    averages=None,
    updates=None,
    bins=30,
    momentum=0.75,
    biasCorrection=True,
    posWeight=1,
    labelSmoothing=0,
):
    t = smooth(target, labelSmoothing)
    beta = torch_harmony((torch.sigmoid(logits) - t).abs(), bins, momentum, averages, updates, biasCorrection)
    positive = torch.tensor(float(posWeight))
    return beta * F.binary_cross_entropy_with_logits(logits, t, pos_weight=positive, reduction="none")


ghmC = Loss(
    "ghmC",
    by="a transcription with torch.bincount",
    wrt="logits",
    exact=ghm_c_exact,
    peer=ghm_c_peer,
)
PUBLISHED = {"logits": [-4, -3, -3.5, 2, 0.5, -1], "target": [0, 0, 0, 1, 0, 1]}
ghmC.case("ten bins, momentum 0", PUBLISHED, bins=10, momentum=0)
ghmC.case("ten bins, momentum 0, none", PUBLISHED, bins=10, momentum=0, reduction="none")
ghmC.case("small", SMALL)
ghmC.usual(matrix("ghm"), (3, 4), momentum=0)
ghmC.case("the first batch corrects its bias away", matrix("ghm"))
ghmC.case("without bias correction", matrix("ghm"), biasCorrection=False)
ghmC.case("five bins, soft targets", matrix("ghm soft", SOFT), bins=5, momentum=0)
ghmC.case("posWeight 3", matrix("ghm positive"), posWeight=3, momentum=0)
ghmC.case("labelSmoothing 0.2", matrix("ghm smoothing"), labelSmoothing=0.2, momentum=0)
ghmC.case("one bin is the plain mean", matrix("ghm one"), bins=1, momentum=0)
ghmC.case("three axes", matrix("ghm axes", (0, 1), (2, 2, 3)), bins=10, momentum=0)
AVERAGES = {"averages": [2, 0.5, 0, 1.25, 3], "updates": [4, 1, 0, 2, 9]}
ghmC.case("averages of earlier batches", {**matrix("ghm state"), **AVERAGES}, bins=5)
ghmC.case(
    "averages of earlier batches, without bias correction, sum",
    {**matrix("ghm state raw"), **AVERAGES},
    bins=5,
    momentum=0.5,
    biasCorrection=False,
    reduction="sum",
)
ghmC.case(
    "gradients in the first and in the closed last bin",
    {"logits": [1e4, -1e4, 1e4, -1e4, 40, 700, -0.5], "target": [1, 0, 0, 1, 0, 0, 1]},
    bins=10,
    momentum=0,
    reduction="none",
)


def ghm_r_exact(
    prediction, target, averages=None, updates=None, mu=0.02, bins=10, momentum=0.7, biasCorrection=True
):
    residual, mu = prediction - target, mp.mpf(mu)
    root = exact.sqrt(residual * residual + mu**2)
    beta = harmony(abs(residual) / root, bins, momentum, averages, updates, biasCorrection)
    return (root - mu) * beta


def ghm_r_peer(
    prediction, target, averages=None, updates=None, mu=0.02, bins=10, momentum=0.7, biasCorrection=True
):
    residual = prediction - target
    root = torch.sqrt(residual**2 + mu**2)
    beta = torch_harmony(residual.abs() / root, bins, momentum, averages, updates, biasCorrection)
    return beta * (residual**2 / (root + mu))  # √(r² + μ²) - μ without cancellation


ghmR = Loss(
    "ghmR",
    by="a transcription with torch.bincount",
    wrt="prediction",
    exact=ghm_r_exact,
    peer=ghm_r_peer,
)


def residuals(name, shape=(3, 4), spread=0.05):
    draw = Draw(name)
    target = draw.normal(shape, 1)
    near = np.array(target) + np.array(draw.normal(shape, spread, 4))
    return {"prediction": np.round(near, 4).tolist(), "target": target}


MIXED = {"prediction": [0, 0.005, 0.01, 0.02, 0.1, 1], "target": [0, 0, 0, 0, 0, 0]}
ghmR.case("momentum 0", MIXED, momentum=0)
ghmR.case("momentum 0, none", MIXED, momentum=0, reduction="none")
ghmR.usual(residuals("ghmR"), (3, 4), momentum=0)
ghmR.case("the first batch corrects its bias away", residuals("ghmR"))
ghmR.case("without bias correction", residuals("ghmR"), biasCorrection=False)
ghmR.case("mu 0.5, four bins", residuals("ghmR mu", spread=1), mu=0.5, bins=4, momentum=0)
ghmR.case("three axes", residuals("ghmR axes", (2, 2, 3)), momentum=0)
ghmR.case(
    "averages of earlier batches",
    {
        **residuals("ghmR state"),
        "averages": [3, 1, 0, 0.5, 2, 0, 1, 1.5, 0.25, 4],
        "updates": [5, 1, 0, 1, 3, 0, 2, 2, 1, 5],
    },
)
ghmR.case(
    "averages without updates: no correction, none",
    {**residuals("ghmR state none"), "averages": [3, 1, 0, 0.5]},
    bins=4,
    reduction="none",
)
ghmR.case(
    "huge residuals",
    {"prediction": [1e150, -1e300, 0.1, 0.003], "target": [0, 0, 0, 0]},
    momentum=0,
    reduction="none",
    alone="r² overflows there",
)
ghmR.case(
    "tiny residuals",
    {"prediction": [1e-150, 1e-9, -1e-20, 0.003], "target": [0, 0, 0, 0]},
    momentum=0,
    reduction="none",
)
