"""Binary and margin classification: one sample per element."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss

INFINITY = math.inf


def smoothed(target, epsilon):
    """Label smoothing of a binary target: t ← (1 - ε)t + ε/2."""
    return target * (1 - mp.mpf(epsilon)) + mp.mpf(epsilon) / 2 if epsilon else target


def interpolated(positive, negative):
    """t·ℓ(1) + (1 - t)·ℓ(0), where a coefficient of 0 annihilates an infinite term."""

    def one(x, t, **parameters):
        t = exact.number(t).value
        loss = exact.number(0)
        if t != 0:
            loss = loss + positive(x, **parameters) * t
        if t != 1:
            loss = loss + negative(x, **parameters) * (1 - t)
        return loss

    def apply(x, target, labelSmoothing=0, **parameters):
        target = smoothed(target, labelSmoothing)
        return np.frompyfunc(lambda each, t: one(each, t, **parameters), 2, 1)(x, target)

    return apply


def smooth(target, epsilon):
    return target * (1 - epsilon) + epsilon / 2


SMALL = {"logits": [2, -1, 0.5, 0], "target": [1, 0, 0, 1]}
EXTREME = {"logits": [1e4, -1e4, 1e4, -1e4, 40, -40, 700], "target": [1, 0, 0, 1, 1, 0, 1]}
INFINITE = {
    "logits": [INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY],
    "target": [1, 0, 0, 1, 0.25, 0.25],
}


def matrix(name, targets=(0, 1), shape=(3, 4), spread=2):
    draw = Draw(name)
    return {"logits": draw.normal(shape, spread), "target": draw.choice(shape, targets)}


SOFT = (0, 0.1, 0.35, 0.5, 0.9, 1)


def logit_cases(loss, huge=None, **options):
    """What every loss of a logit is asked."""
    loss.case("small", SMALL)
    loss.usual(matrix(loss.name), (3, 4))
    loss.case("soft targets", matrix(loss.name + " soft", SOFT))
    loss.case("soft targets, none", matrix(loss.name + " soft none", SOFT), reduction="none")
    loss.case("labelSmoothing 0.2", matrix(loss.name + " smoothing"), labelSmoothing=0.2)
    loss.case("posWeight 3", matrix(loss.name + " positive", SOFT), posWeight=3)
    loss.case(
        "posWeight 0.5 with labelSmoothing 0.1, none",
        SMALL,
        posWeight=0.5,
        labelSmoothing=0.1,
        reduction="none",
    )
    if options:
        loss.case("parameters set", matrix(loss.name + " set", SOFT), **options)
        loss.case(
            "parameters set, posWeight 2, sum",
            matrix(loss.name + " sum", SOFT),
            posWeight=2,
            reduction="sum",
            **options,
        )
    loss.case("three axes", matrix(loss.name + " axes", SOFT, (2, 2, 3)), **options)
    loss.case("huge logits", EXTREME, reduction="none", alone=huge)
    loss.case("infinite logits", INFINITE, reduction="none", alone="0·Infinity is NaN there")
    loss.case(
        "a weight of 0 silences an infinite loss",
        {"logits": [INFINITY, 1], "target": [0, 0]},
        weight=[0, 2],
        alone="0·Infinity is NaN there",
    )


bceWithLogits = Loss(
    "bceWithLogits",
    by="torch.nn.functional.binary_cross_entropy_with_logits",
    wrt="logits",
    exact=lambda logits, target, posWeight=1, labelSmoothing=0: interpolated(
        lambda x: exact.softplus(-x) * posWeight, exact.softplus
    )(logits, target, labelSmoothing),
    peer=lambda logits, target, posWeight=1, labelSmoothing=0: F.binary_cross_entropy_with_logits(
        logits, smooth(target, labelSmoothing), pos_weight=torch.tensor(float(posWeight)), reduction="none"
    ),
)
logit_cases(bceWithLogits)
bceWithLogits.case(
    "NaN in, NaN out for that sample", {"logits": [1, math.nan, -2], "target": [1, 1, 0]}, reduction="none"
)


def bce_base(base):
    return mp.mpf(1) if base == "e" else mp.log(base)


bce = Loss(
    "bce",
    by="torch.nn.functional.binary_cross_entropy",
    wrt="probability",
    exact=lambda probability, target, labelSmoothing=0, base="e": interpolated(
        lambda p: -exact.log(p) / bce_base(base), lambda p: -exact.log(1 - p) / bce_base(base)
    )(probability, target, labelSmoothing),
    peer=lambda probability, target, labelSmoothing=0, base="e": (
        F.binary_cross_entropy(probability, smooth(target, labelSmoothing), reduction="none")
        / (1 if base == "e" else math.log(base))
    ),
)


def probabilities(name, targets=(0, 1), shape=(3, 4)):
    draw = Draw(name)
    return {"probability": draw.uniform(shape, 0.02, 0.98), "target": draw.choice(shape, targets)}


bce.case("small", {"probability": [0.9, 0.2, 0.5, 0.25], "target": [1, 0, 0, 1]})
bce.usual(probabilities("bce"), (3, 4))
bce.case("soft targets", probabilities("bce soft", SOFT))
bce.case("labelSmoothing 0.2", probabilities("bce smoothing"), labelSmoothing=0.2)
bce.case("base 2", {"probability": [0.5, 0.25, 0.75], "target": [1, 1, 0]}, base=2, reduction="none")
bce.case("base 10, soft targets", probabilities("bce base", SOFT), base=10)
bce.case("three axes", probabilities("bce axes", SOFT, (2, 2, 3)))
bce.case(
    "probabilities 0 and 1 that are right",
    {"probability": [0, 1], "target": [0, 1]},
    reduction="none",
    kink=True,
    alone="its gradient is 0 there",
)
bce.case(
    "probabilities 0 and 1 that are wrong",
    {"probability": [0, 1, 0, 1, 0.5], "target": [1, 0, 0.5, 0.25, 1]},
    reduction="none",
    kink=True,
    alone="it clamps the logarithm at -100",
)
bce.case(
    "a weight of 0 silences an infinite loss",
    {"probability": [0, 0.25], "target": [1, 1]},
    weight=[0, 2],
    kink=True,
)
bce.case(
    "next to 0 and 1",
    {"probability": [1e-300, 1e-20, 1 - 2**-53, 1 - 2**-53], "target": [1, 0, 0, 1]},
    reduction="none",
    alone="it clamps the logarithm and the gradient's denominator",
)


def binary_focal_exact(logits, target, gamma=2, alpha=0.25, posWeight=1, labelSmoothing=0):
    """-α_t (1 - p_t)^γ log p_t, with 1 - p_t = σ(-x_t) and -log p_t = softplus(-x_t)."""

    def term(signed):
        return exact.sigmoid(-signed) ** gamma * exact.softplus(-signed)

    alpha_positive, alpha_negative = (1, 1) if alpha is None else (mp.mpf(alpha), 1 - mp.mpf(alpha))
    return interpolated(
        lambda x: term(x) * (alpha_positive * posWeight), lambda x: term(-x) * alpha_negative
    )(logits, target, labelSmoothing)


def binary_focal_peer(logits, target, gamma=2, alpha=0.25, posWeight=1, labelSmoothing=0):
    probability, t = torch.sigmoid(logits), smooth(target, labelSmoothing)
    positive = -((1 - probability) ** gamma) * F.logsigmoid(logits)
    negative = -(probability**gamma) * F.logsigmoid(-logits)
    a, b = (1, 1) if alpha is None else (alpha, 1 - alpha)
    return t * a * posWeight * positive + (1 - t) * b * negative


binaryFocal = Loss(
    "binaryFocal", by="a transcription", wrt="logits", exact=binary_focal_exact, peer=binary_focal_peer
)
logit_cases(binaryFocal, gamma=1.5, alpha=0.6)
NINE_TENTHS = {"logits": [math.log(9), math.log(9)], "target": [1, 0]}
binaryFocal.case("p 0.9, alpha null", NINE_TENTHS, alpha=None, reduction="none")
binaryFocal.case("gamma 0 is weighted cross-entropy", SMALL, gamma=0, reduction="none")
binaryFocal.case("gamma 0, alpha null is cross-entropy", SMALL, gamma=0, alpha=None, reduction="none")
binaryFocal.case("alpha 1", SMALL, alpha=1, reduction="none")
for gamma in (0, 0.5, 5):
    binaryFocal.case(
        f"huge logits, gamma {gamma}",
        EXTREME,
        gamma=gamma,
        reduction="none",
        alone="0 to a power below 1 has an infinite slope there" if gamma == 0.5 else None,
    )
binaryFocal.case("huge logits, gamma 0, alpha null", EXTREME, gamma=0, alpha=None, reduction="none")
binaryFocal.case(
    "infinite logits, gamma 0.5", INFINITE, gamma=0.5, reduction="none", alone="0·Infinity is NaN there"
)


def power_exact(logits, target, n=2, posWeight=1, labelSmoothing=0):
    """bce of pⁿ: -log pⁿ = n·softplus(-x)."""
    return interpolated(
        lambda x: exact.softplus(-x) * n * posWeight, lambda x: -exact.log1mexp(exact.softplus(-x) * n)
    )(logits, target, labelSmoothing)


def power_peer(logits, target, n=2, posWeight=1, labelSmoothing=0):
    power, t = n * F.logsigmoid(logits), smooth(target, labelSmoothing)
    return -t * posWeight * power - (1 - t) * torch.log(-torch.expm1(power))


powerBce = Loss("powerBce", by="a transcription", wrt="logits", exact=power_exact, peer=power_peer)
logit_cases(powerBce, huge="log 0 there", n=0.75)
powerBce.case("p 0.5, n 4", {"logits": [0, 0], "target": [1, 0]}, n=4, reduction="none")
powerBce.case("n 1 is bceWithLogits", SMALL, n=1, reduction="none")
powerBce.case("n 8, soft targets", matrix("power eight", SOFT), n=8)
powerBce.case("huge logits, n 0.5", EXTREME, n=0.5, reduction="none", alone="log 0 there")


def signed(target, encoding):
    return target * 2 - 1 if encoding == "binary" else target


def hinge_exact(score, target, margin=1, encoding="sign"):
    return exact.relu(-(score * signed(target, encoding)) + mp.mpf(margin))


def hinge_peer(score, target, margin=1, encoding="sign"):
    # hinge_embedding_loss with target -1 is max(0, margin - input)
    z = score * signed(target, encoding)
    return F.hinge_embedding_loss(z, -torch.ones_like(z), margin=margin, reduction="none")


def scores(name, shape=(3, 4), targets=(-1, 1)):
    draw = Draw(name)
    return {"score": draw.normal(shape, 1.2), "target": draw.choice(shape, targets)}


def score_cases(loss, **options):
    """What every margin loss is asked."""
    loss.case("small", {"score": [0.5, -2, 3, 0.25], "target": [1, 1, 1, -1]})
    loss.usual(scores(loss.name), (3, 4))
    loss.case("parameters set", scores(loss.name + " set"), **options)
    loss.case("parameters set, none", scores(loss.name + " none"), reduction="none", **options)
    loss.case("binary encoding", scores(loss.name + " binary", targets=(0, 1)), encoding="binary")
    loss.case("three axes", scores(loss.name + " axes", (2, 2, 3)), **options)
    loss.case("huge scores", {"score": [1e150, -1e150, 1e150], "target": [1, 1, -1]}, reduction="none")


hinge = Loss(
    "hinge",
    by="torch.nn.functional.hinge_embedding_loss",
    wrt="score",
    exact=hinge_exact,
    peer=hinge_peer,
)
score_cases(hinge, margin=0.4)
SLOPE = "its slope is -1 there"
hinge.case(
    "exactly on the kink", {"score": [1, -1], "target": [1, -1]}, reduction="none", kink=True, alone=SLOPE
)
hinge.case(
    "exactly on the kink of margin 2.5",
    {"score": [2.5, -2.5, 2.25], "target": [1, 0, 1]},
    margin=2.5,
    encoding="binary",
    reduction="sum",
    kink=True,
    alone=SLOPE,
)


def ramp_exact(score, target, s=-0.5, margin=1, encoding="sign"):
    # relu has slope 0 at 0, so the gradient is 0 at z = s
    most = mp.mpf(margin) - mp.mpf(s)
    return exact.relu(-hinge_exact(score, target, margin, encoding) + most) * -1 + most


def ramp_peer(score, target, s=-0.5, margin=1, encoding="sign"):
    z = score * signed(target, encoding)
    return (margin - z).clamp(0, margin - s)


def ramp_kinks(name, **options):
    """-y strictly inside (s, margin), 0 on both kinks."""
    s, margin = options.get("s", -0.5), options.get("margin", 1)
    inside = (s + margin) / 2
    ramp.case(
        name,
        {"score": [margin, s, -margin, -s, inside], "target": [1, 1, -1, -1, 1]},
        reduction="none",
        kink=True,
        alone="clamp has slope 1 on its ends",
        **options,
    )


ramp = Loss("ramp", by="a transcription with torch.clamp", wrt="score", exact=ramp_exact, peer=ramp_peer)
score_cases(ramp, s=-0.25, margin=0.75)
ramp_kinks("exactly on both kinks")
ramp_kinks("exactly on both kinks, parameters set", s=-1.5, margin=0.5)
