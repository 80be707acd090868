"""Regression of counts, of means with a variance, and of relative errors."""

import mpmath
import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number

# mape and msle


def positive(name, shape=(3, 4), low=0.2, high=9):
    draw = Draw(name)
    return {"prediction": draw.uniform(shape, low, high), "target": draw.uniform(shape, low, high)}


def signs(name, shape=(3, 4)):
    draw = Draw(name)
    return {"prediction": draw.normal(shape, 3), "target": draw.choice(shape, (-4, -1.5, -0.25, 0.5, 1, 3))}


mape = Loss(
    "mape",
    by="a transcription",
    wrt="prediction",
    exact=lambda prediction, target: abs(prediction - target) / abs(exact.values(target)),
    peer=lambda prediction, target: ((prediction - target) / target).abs(),
)
mape.case("small", {"prediction": [1, 5, 3, -0.5], "target": [4, 1, -2, -0.4]}, reduction="none")
mape.usual(signs("mape"), (3, 4))
mape.case("three axes", signs("mape axes", (2, 2, 3)))
mape.case("residual 0", {"prediction": [1.5, -2], "target": [1.5, -2]}, kink=True)
mape.case(
    "huge and tiny targets",
    {"prediction": [1, 1e150, 3e-200], "target": [1e150, 1e-100, 1e-200]},
    reduction="none",
)

msle = Loss(
    "msle",
    by="a transcription with torch.log1p",
    wrt="prediction",
    exact=lambda prediction, target: (exact.log1p(prediction) - exact.log1p(target)) ** 2,
    peer=lambda prediction, target: (torch.log1p(prediction) - torch.log1p(target)) ** 2,
)
msle.case("small", {"prediction": [0, 5, 3, -0.5], "target": [4, 1, 0, 0.4]}, reduction="none")
msle.usual(positive("msle"), (3, 4))
msle.case("three axes", positive("msle axes", (2, 2, 3)))
msle.case("residual 0", {"prediction": [1.5, 0], "target": [1.5, 0]}, reduction="none")
msle.case("next to -1", {"prediction": [-0.999, 2**-52 - 1], "target": [1, 0]}, reduction="none")
msle.case(
    "huge and tiny values",
    {"prediction": [1e300, 1e-150, 1e-20, 5], "target": [1, 0, 3e-20, 1e200]},
    reduction="none",
)

# poissonNll


def poisson_exact(prediction, target, logInput=True, full=False):
    """exp(x) - t·x, or x - t·log x where t = 0 adds nothing; full adds log t!."""

    def one(x, t):
        t = number(t).value
        rate = exact.exp(x) if logInput else x
        loss = rate
        if t != 0:
            loss = loss - (x if logInput else exact.log(x)) * t
        return loss + mpmath.loggamma(t + 1) if full else loss

    return np.frompyfunc(one, 2, 1)(prediction, target)


def poisson_peer(prediction, target, logInput=True, full=False):
    if logInput:  # poisson_nll_loss adds Stirling's approximation, and only for t > 1
        loss = F.poisson_nll_loss(prediction, target, reduction="none")
    else:
        loss = prediction - torch.xlogy(target, prediction)
    return loss + torch.lgamma(target + 1) if full else loss


poissonNll = Loss(
    "poissonNll",
    by="torch.nn.functional.poisson_nll_loss, torch.xlogy and torch.lgamma",
    wrt="prediction",
    exact=poisson_exact,
    peer=poisson_peer,
)


def counts(name, shape=(3, 4)):
    draw = Draw(name)
    return {"prediction": draw.normal(shape, 1), "target": draw.choice(shape, (0, 0, 1, 2, 3, 7))}


def rates(name, shape=(3, 4)):
    return {**counts(name, shape), "prediction": Draw(name + " rates").uniform(shape, 0.1, 6)}


poissonNll.case("small", {"prediction": [0, 1, -0.5], "target": [1, 0, 3]}, reduction="none")
poissonNll.usual(counts("poisson"), (3, 4))
poissonNll.case("full", counts("poisson full"), full=True)
poissonNll.case(
    "full, every small count",
    {"prediction": [0, 0, 0, 0, 0, 0], "target": [0, 1, 2, 3, 0.5, 20]},
    full=True,
    reduction="none",
)
poissonNll.case(
    "full, a large count", {"prediction": [10, 20], "target": [2e4, 1e9]}, full=True, reduction="none"
)
poissonNll.case("rates", rates("poisson rates"), logInput=False)
poissonNll.case("rates, full, sum", rates("poisson rates full"), logInput=False, full=True, reduction="sum")
poissonNll.case("three axes", counts("poisson axes", (2, 2, 3)))
poissonNll.case(
    "a rate of 0 with the count 0",
    {"prediction": [0, 2], "target": [0, 0]},
    logInput=False,
    reduction="none",
    alone="0·Infinity is NaN there",
)
poissonNll.case(
    "a rate of 0 with another count: an infinite loss",
    {"prediction": [0], "target": [2]},
    logInput=False,
    kink=True,
)
poissonNll.case(
    "large and small logarithms", {"prediction": [700, -700, -1e4], "target": [3, 2, 0]}, reduction="none"
)
poissonNll.case(
    "large and small rates",
    {"prediction": [1e300, 1e-300, 1e-20], "target": [2, 3, 0]},
    logInput=False,
    reduction="none",
)

# gaussianNll


def gaussian_exact(prediction, target, variance=None, logVariance=None, full=False):
    """½(log v + r²/v), + ½ log 2π"""
    r = prediction - target
    if variance is None:
        loss = (logVariance + r * r * exact.exp(-logVariance)) / 2
    else:
        loss = (exact.log(variance) + r * r / variance) / 2
    return loss + mp.log(2 * mp.pi) / 2 if full else loss


def gaussian_peer(prediction, target, variance=None, logVariance=None, full=False):
    variance = logVariance.exp() if variance is None else variance
    return F.gaussian_nll_loss(prediction, target, variance, full=full, reduction="none")


gaussianNll = Loss(
    "gaussianNll",
    by="torch.nn.functional.gaussian_nll_loss",
    wrt=("prediction", "variance", "logVariance"),
    exact=gaussian_exact,
    peer=gaussian_peer,
)


def with_variance(name, shape=(3, 4)):
    draw = Draw(name)
    return {
        "prediction": draw.normal(shape, 2),
        "target": draw.normal(shape, 2),
        "variance": draw.uniform(shape, 0.1, 5),
    }


def with_logarithm(name, shape=(3, 4)):
    inputs = with_variance(name, shape)
    del inputs["variance"]
    return {**inputs, "logVariance": Draw(name + " logarithm").normal(shape, 1.5)}


CLAMPS = "it clamps the variance at 1e-6"
gaussianNll.case("small", {"prediction": [1, 3], "target": [0, 1], "variance": [1, 4]}, reduction="none")
gaussianNll.usual(with_variance("gaussian"), (3, 4))
gaussianNll.case("full", with_variance("gaussian full"), full=True)
gaussianNll.case("logVariance", with_logarithm("gaussian log"))
gaussianNll.case("logVariance, full, sum", with_logarithm("gaussian log full"), full=True, reduction="sum")
gaussianNll.case("logVariance, weights", with_logarithm("gaussian log weights", (4,)), weight=[1, 0, 2, 0.5])
gaussianNll.case("three axes", with_variance("gaussian axes", (2, 2, 3)))
gaussianNll.case("residual 0", {"prediction": [1.5], "target": [1.5], "variance": [0.25]})
gaussianNll.case(
    "tiny and huge variances",
    {"prediction": [1, 1e-5, 2, 1e50], "target": [0, 0, 0, 0], "variance": [1e-12, 1e-12, 1e200, 1e90]},
    reduction="none",
    alone=CLAMPS,
)
gaussianNll.case(
    "a small and a large logVariance",
    {"prediction": [1, 1e-40, 2], "target": [0, 0, 0], "logVariance": [-30, -200, 600]},
    reduction="none",
    alone=CLAMPS,
)
