"""Ranking losses."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from multiclass import (
    MASKED,
    NAN_THERE,
    class_cases,
    data,
    expected,
    sample_weight,
    soft_data,
    torch_over_classes,
)


def relation_rule(logits, k, gamma=2, marginPositive=2.5, marginNegative=0.5, otherClass=None):
    """softplus(γ(m⁺ - s_y)) + softplus(γ(m⁻ + max_{j≠y} s_j)); for the class "other" the second alone."""
    wrong = logits if k is None else np.delete(logits, k)
    best = max(wrong, key=lambda s: s.value)  # the first, in a tie
    loss = exact.softplus((best + mp.mpf(marginNegative)) * gamma)
    if k is None or k == otherClass:
        return loss
    return loss + exact.softplus((-logits[k] + mp.mpf(marginPositive)) * gamma)


def relation_exact(logits, target, **parameters):
    losses = expected(relation_rule)(logits, target, **parameters)
    if target.ndim < logits.ndim:  # a label of -1 is "other" without a logit
        own = ("gamma", "marginPositive", "marginNegative", "otherClass")
        parameters = {key: value for key, value in parameters.items() if key in own}
        for row, label in enumerate(exact.values(target).flat):
            if label == -1:
                losses[row] = relation_rule(logits[row], None, **parameters)
    return losses


def relation_peer(logits, target, gamma=2, marginPositive=2.5, marginNegative=0.5, otherClass=None):
    def softplus(x):
        return F.softplus(x, threshold=700)

    other = target.sum(-1) == 0
    loss = torch.where(other, softplus(gamma * (marginNegative + logits.max(-1).values)), 0.0)
    for k in range(logits.shape[-1]):
        best = torch.cat([logits[:, :k], logits[:, k + 1 :]], -1).max(-1).values
        term = softplus(gamma * (marginNegative + best))
        if k != otherClass:
            term = term + softplus(gamma * (marginPositive - logits[:, k]))
        loss = loss + target[:, k] * term
    return loss


relationRanking = Loss(
    "relationRanking",
    by="a transcription",
    wrt="logits",
    exact=relation_exact,
    peer=torch_over_classes(relation_peer),
    weigh=sample_weight,
)
relationRanking.case("textbook numbers", {"logits": [[1, 0.3, -2]], "target": [0]})
class_cases(relationRanking, gamma=1.5, marginPositive=2, marginNegative=0.25)
relationRanking.case(
    "otherClass 0", {"logits": data("relation other")["logits"], "target": [0, 1, 2, 0, 3]}, otherClass=0
)
relationRanking.case(
    "otherClass 2, soft targets, none", soft_data("relation other soft"), otherClass=2, reduction="none"
)
relationRanking.case(
    "label -1 is other",
    {"logits": data("relation minus")["logits"], "target": [-1, 1, 2, -1, 3]},
    reduction="none",
)
relationRanking.case(
    "the first of two best wrong classes takes the gradient",
    {"logits": [[1, 0.5, 0.5], [0.25, 0.25, 2]], "target": [0, 2]},
    reduction="none",
    kink=True,
)
relationRanking.case(
    "huge logits",
    {"logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, 1e4]], "target": [0, 1, 2]},
    reduction="none",
)
relationRanking.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
