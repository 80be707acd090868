"""Metric learning by weighted similarities of a batch: the multi-similarity and the circle loss."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from contrasts import batch_cases
from exact import number
from metric import batch, has_both, partners, unit_rows


def over_anchors(rule):
    """rule(similarities to the positives, to the negatives) of every anchor that has both."""

    def apply(embeddings, labels, **parameters):
        units, labels = unit_rows(embeddings), exact.values(labels)
        losses = []
        for anchor, row in enumerate(units @ units.T):
            positives, negatives = partners(labels, anchor)
            both = positives and negatives
            losses.append(rule(row[positives], row[negatives], **parameters) if both else number(0))
        return np.array(losses, dtype=object)

    return apply


def torch_over_anchors(rule):
    """rule(similarities [n n], where positive, where negative) → [n]"""

    def apply(embeddings, labels, **parameters):
        units = F.normalize(embeddings, dim=1)
        same = labels[:, None] == labels[None]
        positive = same & ~torch.eye(len(labels), dtype=torch.bool)
        both = positive.any(1) & (~same).any(1)
        loss = rule(units @ units.T, positive & both[:, None], ~same & both[:, None], **parameters)
        return torch.where(both, loss, 0.0)

    return apply


def log_of_1_plus(logits):
    return exact.log1p(sum((exact.exp(each) for each in logits), number(0)))


def torch_log_of_1_plus(logits, where):
    masked = logits.masked_fill(~where, -torch.inf)
    return torch.cat([torch.zeros(len(logits), 1), masked], 1).logsumexp(1)


def multi_similarity_rule(positives, negatives, alpha=2, beta=50, epsilon=0.1, **parameters):
    """1/α log(1 + Σ_p exp(-α(s - λ))) + 1/β log(1 + Σ_n exp(β(s - λ))) over the pairs that mining keeps."""
    base = mp.mpf(parameters.get("lambda", 1))
    if epsilon is not None:
        least, most = min(each.value for each in positives), max(each.value for each in negatives)
        positives = [each for each in positives if each.value < most + mp.mpf(epsilon)]
        negatives = [each for each in negatives if each.value > least - mp.mpf(epsilon)]
    pull = log_of_1_plus([(each - base) * -alpha for each in positives]) / alpha
    return pull + log_of_1_plus([(each - base) * beta for each in negatives]) / beta


def multi_similarity_peer(similarity, positive, negative, alpha=2, beta=50, epsilon=0.1, **parameters):
    base = parameters.get("lambda", 1)
    if epsilon is not None:
        known = similarity.detach()
        least = known.masked_fill(~positive, torch.inf).min(1, keepdim=True).values
        most = known.masked_fill(~negative, -torch.inf).max(1, keepdim=True).values
        positive = positive & (known < most + epsilon)
        negative = negative & (known > least - epsilon)
    pull = torch_log_of_1_plus(-alpha * (similarity - base), positive) / alpha
    return pull + torch_log_of_1_plus(beta * (similarity - base), negative) / beta


multiSimilarity = Loss(
    "multiSimilarity",
    by="a transcription with torch.logsumexp",
    wrt="embeddings",
    exact=over_anchors(multi_similarity_rule),
    peer=torch_over_anchors(multi_similarity_peer),
    weigh=has_both,
)
batch_cases(multiSimilarity, 1, alpha=4, beta=20, epsilon=0.3, **{"lambda": 0.5})
multiSimilarity.case("no mining", batch("similarity all"), epsilon=None)
multiSimilarity.case(
    "no mining, lambda 0.5, none", batch("similarity half"), epsilon=None, reduction="none", **{"lambda": 0.5}
)
WELL_APART = {"embeddings": [[1, 0], [0.9, 0.1], [-1, 0.2], [-1, -0.1]], "labels": [0, 0, 1, 1]}
multiSimilarity.case("mining keeps nothing where classes are well apart", WELL_APART)
multiSimilarity.case("well apart without mining", WELL_APART, epsilon=None, reduction="none")
multiSimilarity.case("beta 1000", batch("similarity large"), beta=1000)


def circle_rule(positives, negatives, gamma=256, margin=0.25):
    """log(1 + Σ_n exp(γα_n(s - m)) Σ_p exp(-γα_p(s - 1 + m))), the α held constant."""
    m = mp.mpf(margin)

    def held(value):
        return exact.constant(max(value, mp.mpf(0)))

    push = sum(exact.exp((each - m) * held(each.value + m) * gamma) for each in negatives)
    pull = sum(exact.exp((each - 1 + m) * held(1 + m - each.value) * -gamma) for each in positives)
    return exact.log1p(push * pull)


def circle_peer(similarity, positive, negative, gamma=256, margin=0.25):
    known = similarity.detach()
    push = gamma * torch.relu(known + margin) * (similarity - margin)
    pull = -gamma * torch.relu(1 + margin - known) * (similarity - 1 + margin)

    def log_sum(logits, where):  # an anchor without both is not looked at, but 0·NaN is NaN
        return logits.masked_fill(~where & where.any(1, keepdim=True), -torch.inf).logsumexp(1)

    return F.softplus(log_sum(push, negative) + log_sum(pull, positive), threshold=700)


circle = Loss(
    "circle",
    by="a transcription with torch.logsumexp",
    wrt="embeddings",
    exact=over_anchors(circle_rule),
    peer=torch_over_anchors(circle_peer),
    weigh=has_both,
)
batch_cases(circle, 1, gamma=80, margin=0.4)
circle.case("gamma 16, margin 0.1, none", batch("circle small"), gamma=16, margin=0.1, reduction="none")
circle.case(
    "well apart: a tiny loss is not 0",
    {"embeddings": [[1, 0], [0.99, 0.1], [-0.5, 1], [-0.5, 1.1]], "labels": [0, 0, 1, 1]},
    reduction="none",
)
circle.case("gamma 4096", batch("circle large"), gamma=4096, reduction="none")
