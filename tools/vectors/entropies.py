"""Entropy of a predicted distribution, and its Jensen-Shannon divergence from a target, [n c]."""

import math

import numpy as np
import torch
from mpmath import mp

import exact
from common import Loss
from distributions import INFINITY, NAN_THERE, ZEROS, log_probabilities, logits, probabilities
from exact import Number, number
from multiclass import log_base

HALF = mp.mpf(1) / 2


def logarithms(row, form):
    """log p of every class, from what the row holds."""
    if form == "logits":
        return row - exact.log(exact.exp(row).sum())
    return exact.log(row) if form == "probabilities" else row


def torch_logarithms(rows, form):
    return {"logits": lambda: rows.log_softmax(-1), "probabilities": rows.log}.get(form, lambda: rows)()


def entropy_exact(prediction, base="e", **parameters):
    """-Σ p log p, where p = 0 adds 0; the slope for a probability of 0 is infinite."""
    form = parameters.get("from", "logits")

    def term(x, log_p):
        if form == "probabilities":
            return Number(0, (x, mp.inf)) if x.value == 0 else -log_p * x
        return -log_p * exact.exp(log_p)

    rows = [sum(map(term, row, logarithms(row, form)), number(0)) for row in prediction]
    return np.array(rows, dtype=object) / log_base(base)


def entropy_peer(prediction, base="e", **parameters):
    form = parameters.get("from", "logits")
    log_p = torch_logarithms(prediction, form)
    p = prediction if form == "probabilities" else log_p.exp()
    return -(p * log_p).sum(-1) / (1 if base == "e" else math.log(base))


entropy = Loss("entropy", by="a transcription", wrt="prediction", exact=entropy_exact, peer=entropy_peer)


def alone(inputs):
    return {"prediction": inputs["prediction"]}


P = {"from": "probabilities"}
LOG_P = {"from": "logProbabilities"}

entropy.case("small", {"prediction": [[1, 0, -1]]})
entropy.usual(alone(logits("entropy")), (5,))
entropy.case(
    "base 2, from probabilities", {"prediction": [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]]}, base=2, **P
)
entropy.case("base 10", alone(logits("entropy ten")), base=10)
entropy.case("from probabilities", alone(probabilities("entropy p")), **P)
entropy.case(
    "from logProbabilities, none", alone(log_probabilities("entropy log p")), reduction="none", **LOG_P
)
entropy.case(
    "from probabilities, some 0: 0 with an infinite slope",
    {"prediction": [[0, 0.25, 0.75], [1, 0, 0]]},
    reduction="none",
    kink=True,
    alone=NAN_THERE,
    **P,
)
entropy.case(
    "from logProbabilities, -Infinity",
    {"prediction": [[-INFINITY, -0.5, -1], [0, -INFINITY, -INFINITY]]},
    reduction="none",
    alone=NAN_THERE,
    **LOG_P,
)
entropy.case(
    "a logit of -Infinity",
    {"prediction": [[-INFINITY, 1, 2], [0.5, -INFINITY, -INFINITY]]},
    reduction="none",
    alone=NAN_THERE,
)
entropy.case("equal logits", {"prediction": [[2, 2, 2, 2], [-1, -1, -1, -1]]}, reduction="none")
entropy.case(
    "sure: a tiny entropy is not 0",
    {"prediction": [[100, 0], [0, 40], [700, 0], [1e4, -1e4]]},
    reduction="none",
)
entropy.case("huge equal logits", {"prediction": [[1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]]}, reduction="none")


# jsDivergence


def js_exact(prediction, target, **parameters):
    """½ Σ t log(t/m) + ½ Σ p log(p/m), m = (t + p)/2."""
    form = parameters.get("from", "logits")

    def term(x, log_p, t):
        if form == "probabilities" and x.value == 0:  # the slope ½ log(p/m) in the limit
            return Number(HALF * t * mp.log(2), (x, -mp.inf if t else HALF * mp.log(2)))
        p = x if form == "probabilities" else exact.exp(log_p)
        log_m = exact.log((p + t) / 2)
        own = (log_p - log_m) * p * HALF
        return own + (mp.log(t) - log_m) * (t * HALF) if t else own

    def row(predicted, wanted):
        terms = map(term, predicted, logarithms(predicted, form), exact.values(wanted))
        return sum(terms, number(0))

    return np.array([row(p, t) for p, t in zip(prediction, target)], dtype=object)


def js_peer(prediction, target, **parameters):
    form = parameters.get("from", "logits")
    log_p = torch_logarithms(prediction, form)
    p = prediction if form == "probabilities" else log_p.exp()
    log_m = ((p + target) / 2).log()
    return (p * (log_p - log_m) + torch.xlogy(target, target) - target * log_m).sum(-1) / 2


jsDivergence = Loss("jsDivergence", by="a transcription", wrt="prediction", exact=js_exact, peer=js_peer)
jsDivergence.case("small", {"prediction": [[1, 0, -1]], "target": [[0.5, 0.25, 0.25]]})
jsDivergence.usual(logits("js"), (5,))
jsDivergence.case("from probabilities", probabilities("js p"), **P)
jsDivergence.case(
    "from logProbabilities, none", log_probabilities("js log probabilities"), reduction="none", **LOG_P
)
jsDivergence.case(
    "a target of 0", {"prediction": [[1, 2, 0.5], [0.5, -1, 2]], "target": ZEROS}, reduction="none"
)
jsDivergence.case(
    "from probabilities, both 0",
    {"prediction": [[0, 0.25, 0.75], [0.5, 0.5, 0]], "target": ZEROS},
    reduction="none",
    kink=True,
    alone=NAN_THERE,
    **P,
)
jsDivergence.case(
    "from probabilities, 0 where the target is not: finite with an infinite slope",
    {"prediction": [[0.5, 0, 0.5], [0, 1, 0]], "target": ZEROS},
    reduction="none",
    kink=True,
    alone=NAN_THERE,
    **P,
)
jsDivergence.case(
    "from probabilities, equal to the target",
    {
        "prediction": [[0.5, 0.25, 0.25], [0.125, 0.375, 0.5]],
        "target": [[0.5, 0.25, 0.25], [0.125, 0.375, 0.5]],
    },
    **P,
)
jsDivergence.case(
    "from logProbabilities, -Infinity",
    {"prediction": [[-INFINITY, -1.5, -0.25], [-INFINITY, -0.5, -1]], "target": ZEROS},
    reduction="none",
    alone=NAN_THERE,
    **LOG_P,
)
jsDivergence.case(
    "a logit of -Infinity",
    {"prediction": [[-INFINITY, 1, 2], [-INFINITY, 0.5, -INFINITY]], "target": ZEROS},
    reduction="none",
    alone=NAN_THERE,
)
jsDivergence.case(
    "huge logits",
    {"prediction": [[1e4, -1e4, 0], [1e4, -1e4, 0]], "target": [[0.25, 0.25, 0.5], [0, 1, 0]]},
    reduction="none",
    alone=NAN_THERE,
)
jsDivergence.case(
    "sure and right: a tiny loss is not 0",
    {"prediction": [[100, 0], [0, 40]], "target": [[1, 0], [0, 1]]},
    reduction="none",
    alone="it loses the digits there",
)
