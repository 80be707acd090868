"""Multi-class losses of a margin over the best wrong class, and of logits moved by class counts."""

import torch
import torch.nn.functional as F
from mpmath import mp

import exact
import multiclass
from common import Loss
from multiclass import (
    MASKED,
    NAN_THERE,
    class_cases,
    cross_entropy_rule,
    data,
    expected,
    over_classes,
    sample_weight,
    soft_data,
    torch_over_classes,
)


def best_wrong(logits, k):
    """The largest logit of another class; the first of them, in a tie."""
    return max((z for j, z in enumerate(logits) if j != k), key=lambda z: z.value)


def torch_expected(rule):
    """The expectation over the true class of rule(logits, k) → [n]."""

    def apply(logits, target, **parameters):
        of = [rule(logits, k, **parameters) for k in range(logits.shape[-1])]
        return torch.where(target == 0, 0.0, target * torch.stack(of, -1)).sum(-1)

    return torch_over_classes(apply)


def torch_best_wrong(logits, k):
    return torch.cat([logits[:, :k], logits[:, k + 1 :]], -1).max(-1).values


TIED = {"logits": [[1, 0.5, 0.5], [0.25, 0.25, 0.5]], "target": [0, 2]}
HUGE = {
    "logits": [[1e150, -1e150, 0], [1e4, -1e4, 0], [-1e4, 1e4, 9999.75]],
    "target": [1, 0, 1],
}

crammerSinger = Loss(
    "crammerSinger",
    by="a transcription",
    wrt="logits",
    exact=expected(
        lambda logits, k, margin=1: exact.relu(best_wrong(logits, k) - logits[k] + mp.mpf(margin))
    ),
    peer=torch_expected(
        lambda logits, k, margin=1: torch.relu(margin + torch_best_wrong(logits, k) - logits[:, k])
    ),
    weigh=sample_weight,
)
for m in (1, 3, 5):
    crammerSinger.case(f"textbook numbers, margin {m}", multiclass.TEXTBOOK, margin=m)
class_cases(crammerSinger, margin=2.5)
crammerSinger.case(
    "exactly on the kink",
    {"logits": [[3, -10, -10], [3, -2, -2]], "target": [0, 0]},
    margin=5,
    reduction="none",
    kink=True,
)
crammerSinger.case(
    "the first of two best wrong classes takes the gradient", TIED, reduction="none", kink=True
)
crammerSinger.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
crammerSinger.case("huge logits", HUGE, reduction="none")


def class_ramp_rule(logits, k, s=None, margin=1):
    """min(margin - s, max(0, margin - u)), with slope 0 at u = s and at u = margin."""
    u = logits[k] - best_wrong(logits, k)
    s = mp.mpf(-1) / (len(logits) - 1) if s is None else mp.mpf(s)
    margin = mp.mpf(margin)
    return margin - s - exact.relu(margin - s - exact.relu(margin - u))


def class_ramp_peer(logits, k, s=None, margin=1):
    s = -1 / (logits.shape[-1] - 1) if s is None else s
    return (margin - logits[:, k] + torch_best_wrong(logits, k)).clamp(0, margin - s)


multiclassRamp = Loss(
    "multiclassRamp",
    by="a transcription with torch.clamp",
    wrt="logits",
    exact=expected(class_ramp_rule),
    peer=torch_expected(class_ramp_peer),
    weigh=sample_weight,
)
multiclassRamp.case("textbook numbers, margin 3", multiclass.TEXTBOOK, margin=3)
class_cases(multiclassRamp, s=-1.5, margin=2)
multiclassRamp.case(
    "exactly on both kinks and between",
    {"logits": [[3, 2, 0], [1.5, 2, 0], [2, 2, -1], [0, 2.5, 1]], "target": [0, 0, 0, 0]},
    reduction="none",
    kink=True,
    alone="clamp has slope 1 on its ends",
)
multiclassRamp.case("the first of two best wrong classes", TIED, reduction="none", kink=True)
multiclassRamp.case("two classes", {"logits": [[0.3, 0.5], [2, 0], [0, 4]], "target": [0, 1, 1]})
multiclassRamp.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
multiclassRamp.case("huge logits", HUGE, reduction="none")


# ldam


def ldam_margins(classCounts, C):
    """C·(n_j / min n)^(-1/4): the rarest class has the margin C."""
    return [mp.mpf(C) * (mp.mpf(count) / min(classCounts)) ** mp.mpf(-0.25) for count in classCounts]


def ldam_rule(logits, k, classCounts, C=0.5, s=30):
    moved = logits.copy()
    moved[k] = moved[k] - ldam_margins(classCounts, C)[k]
    truth = [int(j == k) for j in range(len(logits))]
    return cross_entropy_rule(moved * mp.mpf(s), truth)


def ldam_peer(logits, k, classCounts, C=0.5, s=30):
    margins = torch.tensor(classCounts, dtype=torch.float64) ** -0.25
    margin = C * (margins / margins.max())[k]
    truth = F.one_hot(torch.tensor(k), logits.shape[-1])
    return F.cross_entropy(s * (logits - margin * truth), torch.full((len(logits),), k), reduction="none")


ldam = Loss(
    "ldam",
    by="a transcription with torch.nn.functional.cross_entropy",
    wrt="logits",
    exact=expected(ldam_rule),
    peer=torch_expected(ldam_peer),
    weigh=sample_weight,
)


def cosine_rows(name, soft=False):
    """Logits within [-1, 1], as LDAM's are cosines."""
    return (soft_data if soft else data)(name, spread=0.4)


def count_cases(loss, counts, rows, soft, **options):
    """What both losses of class counts are asked: with other targets, class options and parameters."""
    loss.usual(rows(loss.name), (5,), classCounts=counts)
    same = rows(loss.name + " encoding")
    loss.case("index", same, classCounts=counts)
    loss.case("one-hot, the same as index", multiclass.one_hot(same), classCounts=counts)
    loss.case("soft targets, none", soft(loss.name + " soft"), classCounts=counts, reduction="none")
    loss.case("parameters set", rows(loss.name + " set"), classCounts=counts, **options)
    loss.case("parameters set, soft", soft(loss.name + " set soft"), classCounts=counts, **options)
    loss.case("equal counts", rows(loss.name + " equal"), classCounts=[7, 7, 7, 7])
    loss.case("classWeight", same, classCounts=counts, classWeight=multiclass.CLASS_WEIGHT)
    loss.case("ignoreIndex 1", same, classCounts=counts, ignoreIndex=1)
    loss.case("labelSmoothing 0.1", same, classCounts=counts, labelSmoothing=0.1)
    loss.case(
        "axis 1", multiclass.image_data(loss.name + " image"), axis=1, classCounts=[1000, 10, 1], **options
    )
    loss.case(
        "-Infinity masks a class", MASKED, classCounts=counts, reduction="none", alone=NAN_THERE, **options
    )
    loss.case(
        "huge logits",
        {"logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, 1e4]], "target": [0, 1, 2]},
        classCounts=[5000, 3, 40],
        reduction="none",
    )
    loss.case(
        "sure and right: a tiny loss is not 0",
        {"logits": [[100, 0], [4, 0]], "target": [0, 0]},
        classCounts=[90, 10],
        reduction="none",
    )


COUNTS = [500, 20, 100, 3]
count_cases(ldam, COUNTS, cosine_rows, lambda name: cosine_rows(name, soft=True), C=0.3, s=10)


# logitAdjusted


def adjusted_rule(logits, target, classCounts, tau=1):
    total = sum(classCounts)
    prior = [mp.log(mp.mpf(count) / total) * mp.mpf(tau) for count in classCounts]
    return cross_entropy_rule(logits + prior, target)


def adjusted_peer(logits, target, classCounts, tau=1):
    counts = torch.tensor(classCounts, dtype=torch.float64)
    return F.cross_entropy(logits + tau * (counts / counts.sum()).log(), target, reduction="none")


logitAdjusted = Loss(
    "logitAdjusted",
    by="torch.nn.functional.cross_entropy of adjusted logits",
    wrt="logits",
    exact=over_classes(adjusted_rule),
    peer=torch_over_classes(adjusted_peer),
    weigh=sample_weight,
)
count_cases(logitAdjusted, COUNTS, data, soft_data, tau=0.5)
logitAdjusted.case("tau 0 is cross-entropy", data("adjusted zero"), classCounts=COUNTS, tau=0)
