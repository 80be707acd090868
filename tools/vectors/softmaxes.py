"""Multi-class relatives of cross-entropy: Poly-1, generalized cross-entropy, and sparsemax's loss."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from classmargins import torch_expected
from common import Loss, is_masked
from exact import number
from multiclass import (
    MASKED,
    NAN_THERE,
    SURE,
    TEXTBOOK,
    class_cases,
    data,
    expected,
    over_classes,
    sample_weight,
    torch_over_classes,
)

HUGE = {
    "logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]],
    "target": [0, 1, 1, 2],
}


def shares(logits, k):
    """The k-th class's share of Σ exp z and the others', neither of which is found as 1 minus the other."""
    powers = exact.exp(logits)
    total = powers.sum()
    return powers[k] / total, sum(np.delete(powers, k), number(0)) / total


def poly_rule(logits, k, epsilon=2):
    """-log p_y + ε(1 - p_y)."""
    share, others = shares(logits, k)
    return exact.log1p(others / share) + others * epsilon


def poly_peer(logits, k, epsilon=2):
    log_p = F.log_softmax(logits, -1)[:, k]
    return -log_p - epsilon * torch.expm1(log_p)


poly = Loss(
    "poly",
    by="a transcription with torch.nn.functional.log_softmax",
    wrt="logits",
    exact=expected(poly_rule),
    peer=torch_expected(poly_peer),
    weigh=sample_weight,
)
poly.case("textbook numbers", TEXTBOOK)
class_cases(poly, epsilon=-0.75)
poly.case("epsilon 0 is cross-entropy", data("poly zero"), epsilon=0)
poly.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
poly.case("huge logits", HUGE, reduction="none", alone="0·Infinity is NaN there")
poly.case("sure", SURE, reduction="none")


def generalized_rule(logits, k, q=0.7):
    """(1 - p_y^q)/q, with p_y^q = exp(-q·ce)."""
    share, others = shares(logits, k)
    return (1 - exact.exp(-exact.log1p(others / share) * mp.mpf(q))) / mp.mpf(q)


def generalized_peer(logits, k, q=0.7):
    return -torch.expm1(q * F.log_softmax(logits, -1)[:, k]) / q


generalizedCrossEntropy = Loss(
    "generalizedCrossEntropy",
    by="a transcription with torch.nn.functional.log_softmax",
    wrt="logits",
    exact=expected(generalized_rule),
    peer=torch_expected(generalized_peer),
    weigh=sample_weight,
)
generalizedCrossEntropy.case("textbook numbers", TEXTBOOK)
class_cases(generalizedCrossEntropy, q=0.3)
generalizedCrossEntropy.case("q 1 is 1 - p", data("generalized one"), q=1)
generalizedCrossEntropy.case("q 1e-12 is nearly cross-entropy", data("generalized tiny"), q=1e-12)
generalizedCrossEntropy.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
generalizedCrossEntropy.case("huge logits", HUGE, reduction="none")
generalizedCrossEntropy.case("huge logits, q 0.01", HUGE, q=0.01, reduction="none")
generalizedCrossEntropy.case("sure", SURE, reduction="none")
generalizedCrossEntropy.case("sure, q 0.2", SURE, q=0.2, reduction="none")


def sparsemax_rule(logits, target):
    """-z·q + ½Σ_S (z_j² - τ²) + ½‖q‖² over the support S, as Σ_S ½(z_j - τ)(z_j + τ)."""
    order = sorted((z for z in logits if not is_masked(z)), key=lambda z: -z.value)
    support = [
        z
        for size, z in enumerate(order, 1)
        if 1 + size * z.value > sum((each.value for each in order[:size]), mp.mpf(0))
    ]
    threshold = (sum(support, number(0)) - 1) / len(support)
    loss = sum(((z - threshold) * (z + threshold) / 2 for z in support), number(0))
    return loss + sum((z * -t + t * t / 2 for z, t in zip(logits, target) if t != 0), number(0))


def sparsemax_peer(logits, target):
    ordered = logits.sort(-1, descending=True).values
    sizes = torch.arange(1, logits.shape[-1] + 1)
    sums = ordered.cumsum(-1)
    size = (1 + sizes * ordered > sums).sum(-1, keepdim=True)
    threshold = (sums.gather(-1, size - 1) - 1) / size
    inside = (logits > threshold).double()
    square = (inside * (logits**2 - threshold**2)).sum(-1) / 2
    return square - (target * logits).sum(-1) + (target**2).sum(-1) / 2


sparsemaxLoss = Loss(
    "sparsemaxLoss",
    by="a transcription with torch.sort",
    wrt="logits",
    exact=over_classes(sparsemax_rule),
    peer=torch_over_classes(sparsemax_peer),
    weigh=sample_weight,
)
sparsemaxLoss.case("textbook numbers", TEXTBOOK, kink=True)
class_cases(sparsemaxLoss)
NEAR = {"logits": [[0.1, 1.1, 0.2], [0.4, 0.5, 0.3], [2, 0.5, 1.2]], "target": [0, 1, 2]}
sparsemaxLoss.case("two and three classes in the support", NEAR, reduction="none")
sparsemaxLoss.case(
    "the loss is 0 where the target is sparsemax",
    {"logits": [[0.75, 0.25, -1], [3, 1, 1]], "target": [[0.75, 0.25, 0], [1, 0, 0]]},
    reduction="none",
)
sparsemaxLoss.case(
    "exactly on the edge of the support",
    {"logits": [[1, 0, -1], [0.5, 0.5, 0]], "target": [1, 2]},
    reduction="none",
)
sparsemaxLoss.case("all logits the same", {"logits": [[2, 2, 2, 2]], "target": [3]})
sparsemaxLoss.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
sparsemaxLoss.case(
    "huge logits",
    {"logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 9999.5, -1e4]], "target": [0, 1, 0]},
    reduction="none",
    alone="z² cancels there",
)
