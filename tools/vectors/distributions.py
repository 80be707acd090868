"""Losses between two distributions, `prediction` and `target` [n c]."""

import math

import numpy as np
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number

INFINITY = math.inf


def kl_exact(prediction, target, **parameters):
    """Σ t (log t - log p), where t = 0 adds nothing."""
    form = parameters.get("from", "logits")

    def row(predicted, wanted):
        total = exact.log(exact.exp(predicted).sum()) if form == "logits" else None
        loss = number(0)
        for x, t in zip(predicted, exact.values(wanted)):
            if t != 0:
                log_p = {
                    "logits": lambda: x - total,
                    "probabilities": lambda: exact.log(x),
                    "logProbabilities": lambda: x,
                }
                loss = loss + (mp.log(t) - log_p[form]()) * t
        return loss

    return np.array([row(p, t) for p, t in zip(prediction, target)], dtype=object)


def kl_peer(prediction, target, **parameters):
    form = parameters.get("from", "logits")
    log_p = {
        "logits": lambda: F.log_softmax(prediction, -1),
        "probabilities": lambda: prediction.log(),
        "logProbabilities": lambda: prediction,
    }[form]()
    return F.kl_div(log_p, target, reduction="none").sum(-1)


klDivergence = Loss(
    "klDivergence",
    by="torch.nn.functional.kl_div, summed over the classes",
    wrt="prediction",
    exact=kl_exact,
    peer=kl_peer,
)


def logits(name, n=5, c=4):
    draw = Draw(name)
    return {"prediction": draw.normal((n, c), 2), "target": draw.distributions(n, c)}


def probabilities(name, n=5, c=4):
    draw = Draw(name)
    return {"prediction": draw.distributions(n, c), "target": draw.distributions(n, c)}


def log_probabilities(name):
    inputs = probabilities(name)
    return inputs | {"prediction": [[math.log(p) for p in row] for row in inputs["prediction"]]}


NAN_THERE = "0·Infinity is NaN there"
klDivergence.case("small", {"prediction": [[1, 0, -1]], "target": [[0.5, 0.25, 0.25]]})
klDivergence.usual(logits("kl"), (5,))
klDivergence.case("from probabilities", probabilities("kl p"), **{"from": "probabilities"})
klDivergence.case(
    "from probabilities, none", probabilities("kl p none"), reduction="none", **{"from": "probabilities"}
)
klDivergence.case("from logProbabilities", log_probabilities("kl log p"), **{"from": "logProbabilities"})
klDivergence.case(
    "from logProbabilities, weights",
    log_probabilities("kl log p weights"),
    weight=[1, 0, 2, 0.5, 3],
    **{"from": "logProbabilities"},
)
ZEROS = [[0, 0.5, 0.5], [1, 0, 0]]
klDivergence.case(
    "a target of 0 adds 0", {"prediction": [[1, 2, 0.5], [0.5, -1, 2]], "target": ZEROS}, reduction="none"
)
klDivergence.case(
    "from probabilities, both 0",
    {"prediction": [[0, 0.25, 0.75], [0.5, 0.5, 0]], "target": ZEROS},
    reduction="none",
    kink=True,
    alone=NAN_THERE,
    **{"from": "probabilities"},
)
klDivergence.case(
    "from probabilities, 0 where the target is not",
    {"prediction": [[0.5, 0, 0.5], [0.5, 0.5, 0]], "target": ZEROS},
    reduction="none",
    kink=True,
    alone=NAN_THERE,
    **{"from": "probabilities"},
)
klDivergence.case(
    "from probabilities, equal to the target",
    {"prediction": [[0.5, 0.25, 0.25], [1, 0, 0]], "target": [[0.5, 0.25, 0.25], [1, 0, 0]]},
    kink=True,
    alone=NAN_THERE,
    **{"from": "probabilities"},
)
klDivergence.case(
    "from logProbabilities, -Infinity",
    {
        "prediction": [[-INFINITY, -1.5, -0.25], [-0.75, -0.5, -INFINITY], [-INFINITY, 0, -INFINITY]],
        "target": [*ZEROS, [0.5, 0.5, 0]],
    },
    reduction="none",
    alone=NAN_THERE,
    **{"from": "logProbabilities"},
)
klDivergence.case(
    "a logit of -Infinity",
    {
        "prediction": [[-INFINITY, 1, 2], [0.5, -INFINITY, -INFINITY], [-INFINITY, 1, 2]],
        "target": [*ZEROS, [0.5, 0.5, 0]],
    },
    reduction="none",
    alone=NAN_THERE,
)
klDivergence.case(
    "huge logits",
    {"prediction": [[1e4, -1e4, 0], [1e4, -1e4, 0]], "target": [[0.25, 0.25, 0.5], [1, 0, 0]]},
    reduction="none",
)
klDivergence.case(
    "sure and right: a tiny loss is not 0",
    {"prediction": [[100, 0], [0, 40]], "target": [[1, 0], [0, 1]]},
    reduction="none",
)
