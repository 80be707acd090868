"""Regression losses: one sample per element of `prediction`."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number


def pointwise(rule):
    """A rule of one residual, over every residual; it is given numbers, and parameters as they are."""

    def apply(prediction, target, **parameters):
        return np.frompyfunc(lambda p, t: rule(p - t, **parameters), 2, 1)(prediction, target)

    return apply


TEXTBOOK = {"prediction": [1, 5, 3, 0.5], "target": [4, 1, 0, 0.4]}


def matrix(name, shape=(3, 4), spread=2):
    draw = Draw(name)
    return {"prediction": draw.normal(shape, spread), "target": draw.normal(shape, spread)}


def shared_cases(loss, **options):
    """What every loss of a residual is asked, with and without its parameters."""
    loss.case("textbook numbers", TEXTBOOK)
    loss.case("textbook numbers, sum", TEXTBOOK, reduction="sum")
    loss.usual(matrix(loss.name), (3, 4))
    if options:
        loss.case("random, parameters set", matrix(loss.name + " set"), **options)
        loss.case("random, parameters set, none", matrix(loss.name + " none"), reduction="none", **options)
    loss.case("three axes", matrix(loss.name + " axes", (2, 2, 3)), **options)
    loss.case("one sample", {"prediction": [0.75], "target": [-0.5]}, **options)
    loss.case("residual 0", {"prediction": [0, 1.5, -2], "target": [0, 1.5, -2]}, reduction="sum", kink=True)


mae = Loss(
    "mae",
    by="torch.nn.functional.l1_loss",
    wrt="prediction",
    exact=pointwise(abs),
    peer=lambda prediction, target: F.l1_loss(prediction, target, reduction="none"),
)
shared_cases(mae)
mae.case("huge residuals", {"prediction": [1e150, -1e300], "target": [0, 1e300]}, reduction="none")
mae.case("tiny residuals", {"prediction": [1e-300, 2e-200], "target": [0, 4e-200]}, reduction="none")

mse = Loss(
    "mse",
    by="torch.nn.functional.mse_loss",
    wrt="prediction",
    exact=pointwise(lambda r: r * r),
    peer=lambda prediction, target: F.mse_loss(prediction, target, reduction="none"),
)
shared_cases(mse)
mse.case("huge residuals", {"prediction": [1e150, -1e153], "target": [0, 1]}, reduction="none")
mse.case("huge residuals, mean", {"prediction": [1e150, -2e150], "target": [-1e150, 0]})
mse.case("tiny residuals", {"prediction": [1e-150, -1e-200], "target": [0, 0]}, reduction="none")
mse.case(
    "NaN in, NaN out for that sample",
    {"prediction": [1, float("nan"), 3], "target": [0, 0, 1]},
    reduction="none",
)
mse.case(
    "a masked NaN does not count",
    {"prediction": [1, float("nan"), 3], "target": [0, 0, 1]},
    mask=[True, False, True],
    alone="0·NaN is NaN there",
)


def smooth_l1(r, beta=1):
    if abs(r.value) < beta:
        return r * r / (2 * mp.mpf(beta))
    return abs(r) - mp.mpf(beta) / 2


smoothL1 = Loss(
    "smoothL1",
    by="torch.nn.functional.smooth_l1_loss",
    wrt="prediction",
    exact=pointwise(smooth_l1),
    peer=lambda prediction, target, beta=1: F.smooth_l1_loss(prediction, target, beta=beta, reduction="none"),
)
shared_cases(smoothL1, beta=2.5)
smoothL1.case("textbook numbers, beta 1/9", TEXTBOOK, reduction="sum", beta=1 / 9)
smoothL1.case(
    "beta 0 is the absolute error", {"prediction": [1, -2, 0.5], "target": [0, 0, 0.5]}, beta=0, kink=True
)
smoothL1.case("exactly on beta", {"prediction": [1, -1, 3], "target": [0, 0, 2]}, reduction="none")
smoothL1.case(
    "huge and tiny residuals", {"prediction": [1e150, -1e300, 1e-200], "target": [0, 0, 0]}, reduction="none"
)


def huber_of(r, delta=1):
    if abs(r.value) <= delta:
        return r * r / 2
    return (abs(r) - mp.mpf(delta) / 2) * delta


huber = Loss(
    "huber",
    by="torch.nn.functional.huber_loss",
    wrt="prediction",
    exact=pointwise(huber_of),
    peer=lambda prediction, target, delta=1: F.huber_loss(prediction, target, delta=delta, reduction="none"),
)
shared_cases(huber, delta=0.6)
huber.case("textbook numbers, delta 2", TEXTBOOK, reduction="sum", delta=2)
huber.case(
    "delta 2 with weights",
    {"prediction": [[1, 5], [3, 0.5]], "target": [[4, 1], [0, 0.4]]},
    delta=2,
    weight=[[1, 0], [2, 1]],
)
huber.case("exactly on delta", {"prediction": [1, -1, 3], "target": [0, 0, 2]}, reduction="none")
huber.case(
    "huge and tiny residuals", {"prediction": [1e150, -1e300, 1e-200], "target": [0, 0, 0]}, reduction="none"
)
huber.case("delta 1e150", {"prediction": [1e100, 3e150], "target": [0, 0]}, reduction="none", delta=1e150)


def tukey_exact(prediction, target, c=4.6851, scale=1):
    residual = prediction - target
    spread = mad(residual) if scale == "mad" else number(scale)

    def rho(u):
        if abs(u.value) > c:
            return number(mp.mpf(c) ** 2 / 6)
        return (1 - (1 - (u / c) ** 2) ** 3) * (mp.mpf(c) ** 2 / 6)

    return np.frompyfunc(rho, 1, 1)(residual / spread)


def mad(residual):
    """1.4826·median|r - median r| of each column, without gradient; 1 where that is 0."""

    def median(column):
        ordered = sorted(column)
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def scale(column):
        center = median(exact.values(column))
        found = mp.mpf("1.4826") * median([abs(value - center) for value in exact.values(column)])
        return exact.constant(found if found != 0 else 1)

    columns = residual.reshape(len(residual), -1)
    return np.array([scale(column) for column in columns.T], dtype=object).reshape(residual.shape[1:])


def tukey_peer(prediction, target, c=4.6851, scale=1):
    residual = prediction - target
    if scale == "mad":
        middle = torch.quantile(residual.detach(), 0.5, dim=0)
        scale = 1.4826 * torch.quantile((residual.detach() - middle).abs(), 0.5, dim=0)
        scale = torch.where(scale == 0, 1.0, scale)
    u = residual / scale
    return torch.where(u.abs() <= c, c**2 / 6 * (1 - (1 - (u / c).clamp(-1, 1) ** 2) ** 3), c**2 / 6)


tukeyBiweight = Loss(
    "tukeyBiweight",
    by="a transcription (the median by torch.quantile)",
    wrt="prediction",
    exact=tukey_exact,
    peer=tukey_peer,
)
shared_cases(tukeyBiweight, c=2, scale=1.5)
tukeyBiweight.case(
    "inside, outside and on c", {"prediction": [1, -4, 2, 4], "target": [0, 0, 0, 0]}, c=2, reduction="none"
)
tukeyBiweight.case("textbook scale 1", {"prediction": [1, 4, 100], "target": [0, 0, 0]}, reduction="none")
tukeyBiweight.case(
    "scale mad, odd count", {"prediction": [1, 2.5, -0.5, 9, 0.25], "target": [0, 0, 0, 0, 0]}, scale="mad"
)
tukeyBiweight.case(
    "scale mad, even count",
    {"prediction": [1, 2.5, -0.5, 9], "target": [0.5, 0, 0, 0]},
    scale="mad",
    reduction="none",
)
tukeyBiweight.case("scale mad, two columns", matrix("tukey columns", (7, 2)), scale="mad")
tukeyBiweight.case("scale mad, columns of a third axis", matrix("tukey axes", (5, 2, 2)), scale="mad", c=3)
tukeyBiweight.case(
    "scale mad, MAD 0 in the first column only",
    {"prediction": [[1, 1], [1, 2], [1, 4], [3, 8]], "target": [[0, 0], [0, 0], [0, 0], [0, 0]]},
    scale="mad",
    reduction="none",
)
tukeyBiweight.case(
    "huge and tiny residuals", {"prediction": [1e150, -1e300, 1e-100], "target": [0, 0, 0]}, reduction="none"
)
