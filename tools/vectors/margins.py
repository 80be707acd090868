"""More losses of a `score` and a sign, and the asymmetric loss of a logit."""

import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from binary import (
    EXTREME,
    SLOPE,
    SMALL,
    hinge_exact,
    interpolated,
    logit_cases,
    matrix,
    score_cases,
    signed,
    smooth,
)
from common import Loss
from exact import number


def of_product(rule):
    """A rule of z = target·score."""

    def apply(score, target, encoding="sign", **parameters):
        return rule(score * signed(target, encoding), **parameters)

    return apply


ON_ZERO = {"score": [0, 0, 0.5], "target": [1, -1, 1]}

zeroOne = Loss(
    "zeroOne",
    by="a transcription",
    wrt="score",
    exact=lambda score, target, encoding="sign": exact.zero_one(score * signed(target, encoding)),
    peer=of_product(lambda z: (z.detach() <= 0).double()),
)
score_cases(zeroOne)
zeroOne.case("a score of 0 is wrong", ON_ZERO, reduction="none", kink=True)
zeroOne.case("infinite scores", {"score": [float("inf"), float("-inf")], "target": [1, 1]}, reduction="none")

logistic = Loss(
    "logistic",
    by="torch.nn.functional.soft_margin_loss",
    wrt="score",
    exact=of_product(lambda z: exact.softplus(-z)),
    peer=of_product(lambda z: -F.logsigmoid(z)),
)
score_cases(logistic)
logistic.case(
    "large scores", {"score": [-1e4, 1e4, -700, 40, -40], "target": [1, 1, -1, 1, -1]}, reduction="none"
)
logistic.case("score 0", ON_ZERO, reduction="none")
logistic.case(
    "infinite scores",
    {"score": [float("inf"), float("-inf"), float("-inf")], "target": [1, 1, -1]},
    reduction="none",
    alone="0·Infinity is NaN there",
)

squaredHinge = Loss(
    "squaredHinge",
    by="the square of torch.nn.functional.hinge_embedding_loss",
    wrt="score",
    exact=lambda **inputs: hinge_exact(**inputs) ** 2,
    peer=of_product(
        lambda z, margin=1: (
            F.hinge_embedding_loss(z, -torch.ones_like(z), margin=margin, reduction="none") ** 2
        )
    ),
)
score_cases(squaredHinge, margin=0.4)
squaredHinge.case("exactly on the kink", {"score": [1, -1], "target": [1, -1]}, reduction="none", kink=True)
squaredHinge.case(
    "tiny shortfalls", {"score": [1 - 2**-40, -1 + 2**-52], "target": [1, -1]}, reduction="none"
)

exponential = Loss(
    "exponential",
    by="a transcription",
    wrt="score",
    exact=of_product(lambda z: exact.exp(-z)),
    peer=of_product(lambda z: torch.exp(-z)),
)
exponential.case("small", {"score": [0.5, -2, 3, 0.25], "target": [1, 1, 1, -1]})
exponential.usual(
    {"score": matrix("exponential")["logits"], "target": [[1, -1, 1, 1], [-1, -1, 1, -1], [1, 1, -1, -1]]},
    (3, 4),
)
exponential.case("binary encoding", {"score": [0.5, -2, 3], "target": [1, 0, 0]}, encoding="binary")
exponential.case("three axes", {"score": [[[0.5, -1], [2, 0]]], "target": [[[1, 1], [-1, -1]]]})
exponential.case("large scores", {"score": [-700, 700, 40, -40], "target": [1, 1, -1, 1]}, reduction="none")
exponential.case(
    "infinite scores that are right",
    {"score": [float("inf"), float("-inf")], "target": [1, -1]},
    reduction="none",
)

perceptron = Loss(
    "perceptron",
    by="torch.nn.functional.hinge_embedding_loss",
    wrt="score",
    exact=of_product(lambda z: exact.relu(-z)),
    peer=of_product(lambda z: F.hinge_embedding_loss(z, -torch.ones_like(z), margin=0, reduction="none")),
)
score_cases(perceptron)
perceptron.case("exactly on the kink", ON_ZERO, reduction="none", kink=True, alone=SLOPE)


# asymmetric


def asymmetric_exact(logits, target, gammaPos=1, gammaNeg=4, clip=0.05, posWeight=1, labelSmoothing=0):
    """-(1 - p)^γ⁺ log p for target 1, -p_m^γ⁻ log(1 - p_m) for target 0, p_m = max(p - clip, 0)."""

    def positive(x):
        return exact.sigmoid(-x) ** gammaPos * exact.softplus(-x) * posWeight

    def negative(x):
        if clip == 0:
            return exact.sigmoid(x) ** gammaNeg * exact.softplus(x)
        shifted = exact.relu(exact.sigmoid(x) - mp.mpf(clip))
        if shifted.value == 0:
            return number(0)
        return -exact.log(1 - shifted) * shifted**gammaNeg

    return interpolated(positive, negative)(logits, target, labelSmoothing)


def asymmetric_peer(logits, target, gammaPos=1, gammaNeg=4, clip=0.05, posWeight=1, labelSmoothing=0):
    p, t = torch.sigmoid(logits), smooth(target, labelSmoothing)
    shifted = (p - clip).clamp(min=0)
    positive = -((1 - p) ** gammaPos) * F.logsigmoid(logits)
    negative = -(shifted**gammaNeg) * torch.log(1 - shifted)
    return t * posWeight * positive + (1 - t) * negative


asymmetric = Loss(
    "asymmetric", by="a transcription", wrt="logits", exact=asymmetric_exact, peer=asymmetric_peer
)
logit_cases(asymmetric, gammaPos=0, gammaNeg=2, clip=0.1)
asymmetric.case(
    "a lost positive keeps its gradient, a sure negative has none",
    {"logits": [-30, -100, -30, -3.5], "target": [1, 1, 0, 0]},
    reduction="none",
)
asymmetric.case("no clip", SMALL, clip=0, reduction="none")
asymmetric.case("no clip, huge logits", EXTREME, clip=0, reduction="none", alone="log 0 there")
asymmetric.case("fractional powers", matrix("asymmetric fraction"), gammaPos=0.5, gammaNeg=1.5)
asymmetric.case("gammas 0, clip 0: cross-entropy", SMALL, gammaPos=0, gammaNeg=0, clip=0, reduction="none")

modifiedHuber = Loss(
    "modifiedHuber",
    by="a transcription",
    wrt="score",
    # the squared hinge less the part of it that is beyond the line
    exact=of_product(lambda z: exact.relu(-z + mp.mpf(1)) ** 2 + exact.relu(-z + mp.mpf(-1)) ** 2 * -1),
    peer=of_product(lambda z: torch.where(z < -1, -4 * z, torch.clamp(1 - z, min=0) ** 2)),
)
score_cases(modifiedHuber)
modifiedHuber.case("exactly on the margin", {"score": [1, -1], "target": [1, -1]}, reduction="none", kink=True)
modifiedHuber.case("where the line begins", {"score": [-1, 1, -1.5], "target": [1, -1, 1]}, reduction="none")
