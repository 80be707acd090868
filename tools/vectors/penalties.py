"""Penalties: one number of all the weights, which reductions leave alone."""

import torch
from mpmath import mp

from common import Draw, Loss


def l1_exact(weights, **parameters):
    return abs(weights).sum() * mp.mpf(parameters.get("lambda", 1))


def l1_peer(weights, **parameters):
    return parameters.get("lambda", 1) * torch.linalg.vector_norm(weights.flatten(), 1)


def elastic_exact(weights, l1Ratio=0.5, **parameters):
    """λ(ρ‖w‖₁ + ½(1 - ρ)‖w‖²)"""
    ratio = mp.mpf(l1Ratio)
    parts = abs(weights).sum() * ratio + (weights * weights).sum() * (1 - ratio) / 2
    return parts * mp.mpf(parameters.get("lambda", 1))


def elastic_peer(weights, l1Ratio=0.5, **parameters):
    square = torch.linalg.vector_norm(weights) ** 2 / 2
    return parameters.get("lambda", 1) * (l1Ratio * weights.abs().sum() + (1 - l1Ratio) * square)


def l2_exact(weights, half=True, **parameters):
    square = (weights * weights).sum() * mp.mpf(parameters["lambda"])
    return square / 2 if half else square


def l2_peer(weights, half=True, **parameters):
    return parameters["lambda"] * torch.linalg.vector_norm(weights) ** 2 * (0.5 if half else 1)


l2Penalty = Loss(
    "l2Penalty",
    by="a transcription with torch.linalg.vector_norm",
    wrt="weights",
    exact=l2_exact,
    peer=l2_peer,
    penalty=True,
)


def weights(name, shape):
    return {"weights": Draw(name).normal(shape)}


l2Penalty.case("small", {"weights": [1, -2, 3]}, **{"lambda": 0.1})
l2Penalty.case("matrix", weights("l2 matrix", (3, 4)), **{"lambda": 0.01})
l2Penalty.case("three axes", weights("l2 axes", (2, 2, 3)), **{"lambda": 1.5})
l2Penalty.case("half false", weights("l2 whole", (2, 3)), half=False, **{"lambda": 0.25})
l2Penalty.case("sum is the same number", {"weights": [1, -2, 3]}, reduction="sum", **{"lambda": 0.1})
l2Penalty.case("lambda 0", {"weights": [1, -2, 3]}, **{"lambda": 0})
l2Penalty.case(
    "weights of 0", {"weights": [0, 0]}, kink=True, alone="the norm has slope NaN there", **{"lambda": 2}
)
l2Penalty.case("huge weights", {"weights": [1e150, -2e150, 1]}, **{"lambda": 0.5})

l1Penalty = Loss(
    "l1Penalty",
    by="torch.linalg.vector_norm of order 1",
    wrt="weights",
    exact=l1_exact,
    peer=l1_peer,
    penalty=True,
)
elasticNet = Loss(
    "elasticNet", by="a transcription", wrt="weights", exact=elastic_exact, peer=elastic_peer, penalty=True
)
NORM = "the norm has slope NaN there"
for loss in (l1Penalty, elasticNet):
    loss.case("small", {"weights": [1, -2, 3]})
    loss.case("matrix, lambda 0.01", weights(loss.name + " matrix", (3, 4)), **{"lambda": 0.01})
    loss.case("three axes", weights(loss.name + " axes", (2, 2, 3)), **{"lambda": 1.5})
    loss.case("sum is the same number", {"weights": [1, -2, 3]}, reduction="sum", **{"lambda": 0.1})
    loss.case("lambda 0", {"weights": [1, -2, 3]}, **{"lambda": 0})
    loss.case("some weights are 0: no slope there", {"weights": [0, 2, 0, -1]}, kink=True, alone=NORM)
    loss.case("all weights are 0", {"weights": [[0, 0]]}, kink=True, alone=NORM, **{"lambda": 2})
    loss.case("huge weights", {"weights": [1e150, -2e150, 1e100]}, **{"lambda": 0.5})
    loss.case("tiny weights", {"weights": [1e-150, -2e-150]})
elasticNet.case("l1Ratio 0.15", weights("elastic ratio", (2, 3)), l1Ratio=0.15, **{"lambda": 0.3})
elasticNet.case("l1Ratio 0 is l2Penalty", {"weights": [1, -2, 3]}, l1Ratio=0, **{"lambda": 0.1})
elasticNet.case("l1Ratio 1 is l1Penalty", {"weights": [1, -2, 3]}, l1Ratio=1)
