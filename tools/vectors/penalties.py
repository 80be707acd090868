"""Penalties: one number of all the weights, which reductions leave alone."""

import torch
from mpmath import mp

from common import Draw, Loss


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
