"""Multi-class losses of `logits` [n c] and a `target`: class indices, or a distribution per sample."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss, is_masked
from exact import number

INFINITY = math.inf


# The rows of a case, exactly


class Rows:
    """logits as rows of classes, target as a distribution per row, and the shape of the per-sample loss."""

    def __init__(self, logits, target, axis=-1, ignoreIndex=None):
        logits = np.moveaxis(logits, axis, -1)
        self.shape, self.classes = logits.shape[:-1], logits.shape[-1]
        self.logits = logits.reshape(-1, self.classes)
        if target.ndim == logits.ndim:
            self.target = exact.values(np.moveaxis(target, axis, -1)).reshape(self.logits.shape)
            self.ignored = np.zeros(len(self.logits), dtype=bool)
        else:
            labels = [int(label) for label in exact.values(target).flat]
            self.target = np.full(self.logits.shape, mp.mpf(0), dtype=object)
            for row, label in enumerate(labels):
                if 0 <= label < self.classes:  # an ignored label, or "other", is no class
                    self.target[row, label] = mp.mpf(1)
            self.ignored = np.array([label == ignoreIndex for label in labels])

    def smoothed(self, epsilon):
        """(1 - ε)t + ε/C over the C classes of the row that are not masked out by a logit of -Infinity."""
        if not epsilon:
            return self.target
        smooth = self.target * (1 - mp.mpf(epsilon))
        for row, logits in enumerate(self.logits):
            open_ = [j for j, logit in enumerate(logits) if not is_masked(logit)]
            smooth[row, open_] = smooth[row, open_] + mp.mpf(epsilon) / len(open_)
        return smooth


def over_classes(rule):
    """rule(logits of a row, its distribution) for every sample."""

    def apply(logits, target, axis=-1, ignoreIndex=None, classWeight=None, labelSmoothing=0, **parameters):
        rows = Rows(logits, target, axis, ignoreIndex)
        smooth = rows.smoothed(labelSmoothing)
        losses = [
            number(0) if ignored else rule(z, t, **parameters)
            for z, t, ignored in zip(rows.logits, smooth, rows.ignored)
        ]
        return np.array(losses, dtype=object).reshape(rows.shape)

    return apply


def expected(rule):
    """The expectation over the true class: Σ_k t_k·rule(logits, k)."""
    return over_classes(
        lambda logits, target, **parameters: sum(
            (rule(logits, k, **parameters) * t for k, t in enumerate(target) if t != 0), number(0)
        )
    )


def sample_weight(logits, target, axis=-1, ignoreIndex=None, classWeight=None, **parameters):
    """Σ_j t_j·classWeight_j before smoothing, and 0 for an ignored label."""
    rows = Rows(logits, target, axis, ignoreIndex)
    weight = np.full(len(rows.logits), mp.mpf(1), dtype=object)
    if classWeight is not None:
        if classWeight == "balanced":  # N/(C·count), over the labels that are not ignored
            counts = rows.target[~rows.ignored].sum(axis=0)
            classWeight = [sum(counts) / (rows.classes * count) if count else 0 for count in counts]
        weight = rows.target @ np.array([mp.mpf(each) for each in classWeight], dtype=object)
    weight[rows.ignored] = mp.mpf(0)
    return weight.reshape(rows.shape)


# The same for PyTorch


def torch_rows(logits, target, axis=-1, ignoreIndex=None, labelSmoothing=0):
    """Rows of logits, a distribution per row, the per-sample shape."""
    logits = logits.movedim(axis, -1)
    classes = logits.shape[-1]
    if target.ndim == logits.ndim:
        target = target.movedim(axis, -1)
    else:
        labels = target.long()
        valid = (labels >= 0) & (labels < classes)
        target = F.one_hot(labels.clamp(0, classes - 1), classes) * valid.unsqueeze(-1)
    open_ = torch.isfinite(logits).double()
    uniform = open_ / open_.sum(-1, keepdim=True)
    target = (1 - labelSmoothing) * target + labelSmoothing * uniform
    return logits.reshape(-1, classes), target.reshape(-1, classes), logits.shape[:-1]


def torch_over_classes(rule):
    """rule(logits [n c], distribution [n c]) → [n]."""

    def apply(logits, target, axis=-1, ignoreIndex=None, classWeight=None, labelSmoothing=0, **parameters):
        rows, distribution, shape = torch_rows(logits, target, axis, ignoreIndex, labelSmoothing)
        return rule(rows, distribution, **parameters).reshape(shape)

    return apply


# Data


def data(name, n=5, c=4, spread=2):
    draw = Draw(name)
    return {"logits": draw.normal((n, c), spread), "target": draw.labels(n, c)}


def soft_data(name, n=5, c=4, spread=2):
    draw = Draw(name)
    return {"logits": draw.normal((n, c), spread), "target": draw.distributions(n, c)}


def image_data(name):
    draw = Draw(name)
    return {"logits": draw.normal((2, 3, 2, 2), 2), "target": draw.labels((2, 2, 2), 3)}


def soft_image_data(name):
    draw = Draw(name)
    rows = np.array(draw.distributions(8, 3)).reshape(2, 2, 2, 3)
    return {"logits": draw.normal((2, 3, 2, 2), 2), "target": np.moveaxis(rows, -1, 1).tolist()}


def one_hot(inputs):
    """The same case, the labels as rows of 0 and 1."""
    classes = len(inputs["logits"][0])
    rows = [[1 if j == label else 0 for j in range(classes)] for label in inputs["target"]]
    return {"logits": inputs["logits"], "target": rows}


CLASS_WEIGHT = [0.5, 2, 1, 3]
TEXTBOOK = {"logits": [[3, 1, -3]], "target": [0]}


def class_cases(loss, **options):
    """What every multi-class loss is asked."""
    loss.usual(data(loss.name), (5,))
    same = data(loss.name + " encoding")
    loss.case("index", same)
    loss.case("one-hot, the same as index", one_hot(same))
    loss.case("soft targets", soft_data(loss.name + " soft"))
    loss.case("soft targets, none", soft_data(loss.name + " soft none"), reduction="none")
    if options:
        loss.case("parameters set", data(loss.name + " set"), **options)
        loss.case("parameters set, soft targets", soft_data(loss.name + " set soft"), **options)
    loss.case("classWeight, index", same, classWeight=CLASS_WEIGHT)
    loss.case("classWeight, one-hot", one_hot(same), classWeight=CLASS_WEIGHT)
    loss.case("classWeight, soft targets", soft_data(loss.name + " weighted"), classWeight=CLASS_WEIGHT)
    loss.case("classWeight with a 0, none", same, classWeight=[1, 0, 2, 0], reduction="none")
    loss.case("classWeight balanced", unbalanced(loss.name), classWeight="balanced")
    loss.case(
        "classWeight balanced, one-hot, sum",
        one_hot(unbalanced(loss.name)),
        classWeight="balanced",
        reduction="sum",
    )
    loss.case("ignoreIndex 1", unbalanced(loss.name + " ignore"), ignoreIndex=1)
    loss.case("ignoreIndex -100, none", ignoring(loss.name), ignoreIndex=-100, reduction="none")
    loss.case(
        "ignoreIndex, classWeight, weight and labelSmoothing together",
        ignoring(loss.name + " all"),
        ignoreIndex=-100,
        classWeight=CLASS_WEIGHT,
        weight=[1, 0.5, 2, 0, 3],
        labelSmoothing=0.1,
    )
    loss.case("ignoreIndex, every label", {"logits": [[1, 2], [0, 3]], "target": [1, 1]}, ignoreIndex=1)
    loss.case("labelSmoothing 0.1", same, labelSmoothing=0.1)
    loss.case("labelSmoothing 0.3, soft targets", soft_data(loss.name + " smoothing"), labelSmoothing=0.3)
    loss.case("labelSmoothing 0.1 with classWeight", same, labelSmoothing=0.1, classWeight=CLASS_WEIGHT)
    loss.case("axis 1", image_data(loss.name + " image"), axis=1)
    loss.case("axis 1, none", image_data(loss.name + " image none"), axis=1, reduction="none")
    loss.case("axis 1, soft targets", soft_image_data(loss.name + " image soft"), axis=1)
    loss.case("axis 0", {"logits": [[1, 2.5], [0.25, 3], [-1, 0.4]], "target": [2, 1]}, axis=0)


def unbalanced(name):
    return {"logits": Draw(name + " unbalanced").normal((6, 4), 2), "target": [0, 1, 1, 3, 1, 0]}


def ignoring(name):
    return {"logits": Draw(name + " ignoring").normal((5, 4), 2), "target": [2, -100, 0, 1, 3]}


# crossEntropy


def log_base(base):
    return mp.mpf(1) if base == "e" else mp.log(base)


def cross_entropy_rule(logits, target, base="e"):
    """Σ t_j (logSumExp(z) - z_j) = logSumExp(z) - Σ t_j z_j."""
    total = exact.log(exact.exp(logits).sum())
    return sum(((total - z) * t for z, t in zip(logits, target) if t != 0), number(0)) / log_base(base)


def cross_entropy_peer(logits, target, base="e"):
    return F.cross_entropy(logits, target, reduction="none") / (1 if base == "e" else math.log(base))


crossEntropy = Loss(
    "crossEntropy",
    by="torch.nn.functional.cross_entropy",
    wrt="logits",
    exact=over_classes(cross_entropy_rule),
    peer=torch_over_classes(cross_entropy_peer),
    weigh=sample_weight,
)
NAN_THERE = "0·Infinity is NaN there"
crossEntropy.case("textbook numbers", TEXTBOOK)
class_cases(crossEntropy)
crossEntropy.case("base 2", data("ce two"), base=2)
crossEntropy.case("base 10, soft targets", soft_data("ce ten"), base=10)
MASKED = {"logits": [[1, -INFINITY, 2.25, 0.5], [0.5, 1.75, -INFINITY, -INFINITY]], "target": [2, 0]}
crossEntropy.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
crossEntropy.case("-Infinity masks a class, one-hot", one_hot(MASKED), reduction="none", alone=NAN_THERE)
crossEntropy.case(
    "-Infinity masks a class, soft targets",
    {"logits": MASKED["logits"], "target": [[0.25, 0, 0.25, 0.5], [0.5, 0.5, 0, 0]]},
    alone=NAN_THERE,
)
crossEntropy.case("labelSmoothing 0.1 with masked classes", MASKED, labelSmoothing=0.1, alone=NAN_THERE)
crossEntropy.case(
    "-Infinity on the true class is an infinite loss",
    {"logits": [[-INFINITY, 1, 2], [0, 1, 2]], "target": [0, 2]},
    reduction="none",
    alone=NAN_THERE,
)
crossEntropy.case(
    "every other class masked", {"logits": [[5, -INFINITY, -INFINITY]], "target": [0]}, alone=NAN_THERE
)
crossEntropy.case(
    "huge logits",
    {
        "logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]],
        "target": [0, 1, 1, 2],
    },
    reduction="none",
)
crossEntropy.case(
    "huge logits, soft targets",
    {"logits": [[1e4, -1e4, 0], [1e150, 0, 0]], "target": [[0.5, 0.25, 0.25], [0.5, 0.5, 0]]},
    reduction="none",
)
crossEntropy.case(
    "sure and right: a tiny loss is not 0",
    {"logits": [[100, 0], [40, 0], [0, 20], [700, 0]], "target": [0, 0, 1, 0]},
    reduction="none",
)
crossEntropy.case("one class", {"logits": [[3], [-1]], "target": [0, 0]})
crossEntropy.case(
    "NaN in, NaN out for that sample",
    {"logits": [[1, 2], [math.nan, 0], [0, 1]], "target": [0, 1, 1]},
    reduction="none",
)

# focal


def focal_rule(logits, target, gamma=2, alpha=None):
    """Σ t_j α_j (1 - p_j)^γ (-log p_j), with 1 - p_j as the sum of the others' shares."""
    powers = exact.exp(logits)
    total = powers.sum()
    loss = number(0)
    for j, t in enumerate(target):
        if t == 0:
            continue
        others = sum(np.delete(powers, j), number(0))
        if others.value == 0:  # one class
            continue
        share = alpha[j] if isinstance(alpha, list) else 1 if alpha is None else alpha
        loss = loss + (others / total) ** gamma * exact.log1p(others / powers[j]) * (t * mp.mpf(share))
    return loss


def focal_peer(logits, target, gamma=2, alpha=None):
    log_p = F.log_softmax(logits, -1)
    alpha = torch.tensor(1.0 if alpha is None else alpha, dtype=torch.float64)
    return -(target * alpha * (1 - log_p.exp()) ** gamma * log_p).sum(-1)


focal = Loss(
    "focal",
    by="a transcription with torch.nn.functional.log_softmax",
    wrt="logits",
    exact=over_classes(focal_rule),
    peer=torch_over_classes(focal_peer),
    weigh=sample_weight,
)
focal.case("textbook numbers", TEXTBOOK)
class_cases(focal, gamma=0.5, alpha=[0.25, 1, 0.75, 2])
focal.case("gamma 0 is cross-entropy", data("focal zero"), gamma=0)
focal.case("alpha 0.25", data("focal alpha"), alpha=0.25)
focal.case(
    "gamma 5, alpha per class, none", soft_data("focal five"), gamma=5, alpha=[1, 0, 0.5, 3], reduction="none"
)
focal.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
focal.case("labelSmoothing 0.1 with masked classes", MASKED, labelSmoothing=0.1, alone=NAN_THERE)
focal.case(
    "every other class masked",
    {"logits": [[5, -INFINITY, -INFINITY]], "target": [0]},
    gamma=0.5,
    alone=NAN_THERE,
)
SURE = {"logits": [[100, 0], [40, 0], [0, 20], [0, 100]], "target": [0, 0, 1, 0]}
focal.case("sure", SURE, reduction="none")
focal.case(
    "sure, gamma 0.5",
    SURE,
    gamma=0.5,
    reduction="none",
    alone="0 to a power below 1 has an infinite slope there",
)
focal.case(
    "huge logits",
    {"logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 1e4, -1e4]], "target": [0, 1, 1]},
    reduction="none",
)
focal.case(
    "huge logits, gamma 0.5",
    {"logits": [[1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 1e4, -1e4]], "target": [0, 1, 1]},
    gamma=0.5,
    reduction="none",
    alone="0 to a power below 1 has an infinite slope there",
)

# multiclassHinge


def multiclass_hinge_rule(logits, k, margin=1, power=1):
    terms = exact.relu(np.delete(logits, k) - logits[k] + mp.mpf(margin))
    return sum(terms**power, number(0))


def multiclass_hinge_peer(logits, target, margin=1, power=1):
    # multi_margin_loss divides by the number of classes; the expectation is over its target
    classes = logits.shape[-1]
    of = [
        F.multi_margin_loss(logits, torch.full((len(logits),), k), p=power, margin=margin, reduction="none")
        * classes
        for k in range(classes)
    ]
    return (target * torch.stack(of, -1)).sum(-1)


multiclassHinge = Loss(
    "multiclassHinge",
    by="torch.nn.functional.multi_margin_loss times the number of classes",
    wrt="logits",
    exact=expected(multiclass_hinge_rule),
    peer=torch_over_classes(multiclass_hinge_peer),
    weigh=sample_weight,
)
for m in (1, 3, 5):
    multiclassHinge.case(f"textbook numbers, margin {m}", TEXTBOOK, margin=m)
class_cases(multiclassHinge, margin=0.7, power=2)
multiclassHinge.case(
    "exactly on the kink",
    {"logits": [[3, -10, -10], [3, -2, -2]], "target": [0, 0]},
    margin=5,
    reduction="none",
    kink=True,
)
multiclassHinge.case("power 2", data("hinge two"), power=2)
multiclassHinge.case(
    "power 2, exactly on the kink", {"logits": [[3, -2, 4]], "target": [0]}, margin=5, power=2, kink=True
)
multiclassHinge.case("-Infinity masks a class", MASKED, reduction="none", alone=NAN_THERE)
multiclassHinge.case(
    "huge logits", {"logits": [[1e150, -1e150, 0], [1e4, -1e4, 0]], "target": [1, 0]}, reduction="none"
)
