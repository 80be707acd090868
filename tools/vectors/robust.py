"""Robust regression losses of one residual, and those of quantiles and of a tube around 0."""

import math

import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from regression import matrix, pointwise, shared_cases

INFINITY = math.inf


def of_residual(rule):
    return lambda prediction, target, **parameters: rule(prediction - target, **parameters)


HUGE = {"prediction": [1e150, -1e300, 1e80], "target": [0, 0, 0]}
TINY = {"prediction": [1e-150, -2e-8, 1e-20], "target": [0, 0, 0]}
OVERFLOW = "r² overflows there"
CANCELS = "1 cancels there"


def robust_cases(loss, huge=OVERFLOW, tiny=CANCELS, **options):
    shared_cases(loss, **options)
    loss.case("huge residuals", HUGE, reduction="none", alone=huge)
    loss.case("tiny residuals", TINY, reduction="none", alone=tiny)
    loss.case("moderate residuals", {"prediction": [40, -1000, 1e4], "target": [0, 0, 0]}, reduction="none")


def pseudo_huber(r, delta=1):
    delta = mp.mpf(delta)
    return (exact.sqrt((r / delta) ** 2 + 1) - 1) * delta**2


pseudoHuber = Loss(
    "pseudoHuber",
    by="a transcription",
    wrt="prediction",
    exact=pointwise(pseudo_huber),
    peer=of_residual(lambda r, delta=1: delta**2 * (torch.sqrt(1 + (r / delta) ** 2) - 1)),
)
robust_cases(pseudoHuber, delta=0.6)
pseudoHuber.case("delta 1e-3 is nearly delta·|r|", matrix("pseudo small"), delta=1e-3)
pseudoHuber.case("delta 1e3 is nearly r²/2", matrix("pseudo large"), delta=1e3, alone=CANCELS)


def log_cosh(r):
    """log cosh r = |r| + log((1 + exp(-2|r|))/2)"""
    size = abs(r)
    return size + exact.log((exact.exp(size * -2) + 1) / 2)


logCosh = Loss(
    "logCosh",
    by="a transcription with torch.nn.functional.softplus",
    wrt="prediction",
    exact=pointwise(log_cosh),
    peer=of_residual(lambda r: r + F.softplus(-2 * r) - math.log(2)),
)
robust_cases(logCosh, huge="it cancels for large negative numbers")
logCosh.case("at 20 and 800", {"prediction": [20, -20, 800, -800], "target": [0, 0, 0, 0]}, reduction="none")


# Barron's general loss and its members


def barron_rule(r, alpha=1, c=1):
    """(|α-2|/α)·(((r/c)²/|α-2| + 1)^(α/2) - 1), and its limits."""
    square = (r / mp.mpf(c)) ** 2
    if alpha == 2:
        return square / 2
    if alpha == 0:
        return exact.log1p(square / 2)
    if alpha == -INFINITY:
        return 1 - exact.exp(square / -2)
    if alpha == INFINITY:
        return exact.exp(square / 2) - 1
    alpha = mp.mpf(alpha)
    width = abs(alpha - 2)
    return ((square / width + 1) ** (alpha / 2) - 1) * (width / alpha)


def barron_peer(r, alpha=1, c=1):
    square = (r / c) ** 2
    if alpha == 2:
        return square / 2
    if alpha == 0:
        return torch.log1p(square / 2)
    if math.isinf(alpha):
        return math.copysign(1, alpha) * torch.expm1(math.copysign(0.5, alpha) * square)
    width = abs(alpha - 2)
    return width / alpha * torch.expm1(alpha / 2 * torch.log1p(square / width))


def spelt(alpha):
    """As JavaScript writes it."""
    return str(alpha).replace("inf", "Infinity")


barron = Loss(
    "barron",
    by="a transcription with torch.expm1 and torch.log1p",
    wrt="prediction",
    exact=pointwise(barron_rule),
    peer=of_residual(barron_peer),
)
robust_cases(barron, alpha=1.5, c=0.6)


HALF_PAST = {"prediction": [1.5], "target": [0]}
SHAPES = (-INFINITY, -1000, -2, -0.5, 0, 0.5, 1, 1.75, 2, 2.5, 4, INFINITY)
for alpha in SHAPES:
    barron.case(f"r 1.5, alpha {spelt(alpha)}", HALF_PAST, alpha=alpha)
same = matrix("barron members")
for alpha in (-INFINITY, -2, 0, 2):
    barron.case(f"random, alpha {spelt(alpha)}", same, alpha=alpha, c=1.25)
for alpha in (1e-12, -1e-12, 1e-300, 2 - 2**-40, 2 + 2**-40, 2 - 2**-52):
    near = "0/0" if abs(alpha) < 1e-200 else "it loses digits near 2"
    barron.case(f"r 1.5, alpha {alpha}, next to a limit", HALF_PAST, alpha=alpha, alone=near)
barron.case(
    "huge residuals, alpha -2: no slope is left",
    HUGE,
    alpha=-2,
    reduction="none",
    alone=OVERFLOW,
)
barron.case(
    "huge residuals, alpha -Infinity",
    HUGE,
    alpha=-INFINITY,
    reduction="none",
    alone="0·Infinity is NaN there",
)
barron.case("huge residuals, alpha 0", HUGE, alpha=0, reduction="none", alone=OVERFLOW)
barron.case("tiny residuals, alpha -2", TINY, alpha=-2, reduction="none", alone=CANCELS)
barron.case("tiny residuals, alpha 0.5, c 1e-3", TINY, alpha=0.5, c=1e-3, reduction="none", alone=CANCELS)


def member(name, alpha, rule, peer):
    loss = Loss(name, by="a transcription", wrt="prediction", exact=pointwise(rule), peer=of_residual(peer))
    robust_cases(loss, c=0.6)
    loss.case("r 1.5", HALF_PAST)
    loss.case(f"as barron of alpha {spelt(alpha)}", same, c=1.25)
    return loss


cauchy = member(
    "cauchy",
    0,
    lambda r, c=1: exact.log1p((r / mp.mpf(c)) ** 2 / 2),
    lambda r, c=1: torch.log1p((r / c) ** 2 / 2),
)
gemanMcClure = member(
    "gemanMcClure",
    -2,
    lambda r, c=1: (r / mp.mpf(c)) ** 2 * 2 / ((r / mp.mpf(c)) ** 2 + 4),
    lambda r, c=1: 2 * (r / c) ** 2 / ((r / c) ** 2 + 4),
)
welsch = member(
    "welsch",
    -INFINITY,
    lambda r, c=1: 1 - exact.exp((r / mp.mpf(c)) ** 2 / -2),
    lambda r, c=1: -torch.expm1(-((r / c) ** 2) / 2),
)


# quantile and epsilonInsensitive


def pinball(r, q=0.5):
    """max(q·e, (q - 1)·e), e = target - prediction; slope 0 at 0"""
    q = mp.mpf(q)
    return exact.relu(-r) * q + exact.relu(r) * (1 - q)


quantile = Loss(
    "quantile",
    by="a transcription with torch.maximum",
    wrt="prediction",
    exact=pointwise(pinball),
    peer=of_residual(lambda r, q=0.5: torch.maximum(-q * r, (1 - q) * r)),
)
robust_cases(quantile, None, None, q=0.9)
quantile.case("q 0.01", matrix("quantile low"), q=0.01)

epsilonInsensitive = Loss(
    "epsilonInsensitive",
    by="a transcription",
    wrt="prediction",
    exact=pointwise(lambda r, epsilon=0.1: exact.relu(abs(r) - mp.mpf(epsilon))),
    peer=of_residual(lambda r, epsilon=0.1: torch.relu(r.abs() - epsilon)),
)
robust_cases(epsilonInsensitive, None, None, epsilon=1.5)
epsilonInsensitive.case(
    "exactly on epsilon",
    {"prediction": [0.25, -0.25, 0.5], "target": [0, 0, 0]},
    epsilon=0.25,
    reduction="none",
    kink=True,
)
epsilonInsensitive.case("epsilon 0 is the absolute error", matrix("insensitive zero"), epsilon=0)
