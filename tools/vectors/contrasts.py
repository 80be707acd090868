"""Metric learning by softmax over a batch: each sample against all others, or two views against each other."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Loss
from exact import number
from metric import batch, partners, unit_rows
from pairs import rows
from triplets import some_weights

VIEWS = ("first", "second")


def surprise(logits, truth):
    """-log softmax of one entry, from the differences to it."""
    others = (exact.exp(each - logits[truth]) for j, each in enumerate(logits) if j != truth)
    return exact.log1p(sum(others, number(0)))


def unit(rows, normalize=True):
    return unit_rows(rows) if normalize else rows


def torch_unit(rows, normalize=True):
    return F.normalize(rows, dim=1) if normalize else rows


# Two views


def diagonal(products):
    return np.array([surprise(row, i) for i, row in enumerate(products)], dtype=object)


def torch_diagonal(products):
    return F.cross_entropy(products, torch.arange(len(products)), reduction="none")


nPair = Loss(
    "nPair",
    by="torch.nn.functional.cross_entropy",
    wrt=("anchor", "positive"),
    exact=lambda anchor, positive, normalize=True: diagonal(
        unit(anchor, normalize) @ unit(positive, normalize).T
    ),
    peer=lambda anchor, positive, normalize=True: torch_diagonal(
        torch_unit(anchor, normalize) @ torch_unit(positive, normalize).T
    ),
)
infoNce = Loss(
    "infoNce",
    by="torch.nn.functional.cross_entropy",
    wrt=VIEWS,
    exact=lambda first, second, temperature=0.07: diagonal(
        unit(first) @ unit(second).T / mp.mpf(temperature)
    ),
    peer=lambda first, second, temperature=0.07: torch_diagonal(
        torch_unit(first) @ torch_unit(second).T / temperature
    ),
)


def clip_exact(first, second, scale=1 / 0.07):
    products = unit(first) @ unit(second).T * scale
    return (diagonal(products) + diagonal(products.T)) / 2


def clip_peer(first, second, scale=1 / 0.07):
    products = scale * torch_unit(first) @ torch_unit(second).T
    return (torch_diagonal(products) + torch_diagonal(products.T)) / 2


clip = Loss(
    "clip",
    by="torch.nn.functional.cross_entropy in both directions",
    wrt=(*VIEWS, "scale"),
    exact=clip_exact,
    peer=clip_peer,
)


def sig_lip_exact(first, second, scale=10, bias=-10):
    products = unit(first) @ unit(second).T * scale + bias
    sign = -(2 * np.eye(len(products), dtype=int) - 1)
    return exact.softplus(products * sign.astype(object)).sum(axis=1)


def sig_lip_peer(first, second, scale=10, bias=-10):
    products = scale * torch_unit(first) @ torch_unit(second).T + bias
    return -F.logsigmoid((2 * torch.eye(len(products)) - 1) * products).sum(1)


sigLip = Loss(
    "sigLip",
    by="torch.nn.functional.logsigmoid",
    wrt=(*VIEWS, "scale", "bias"),
    exact=sig_lip_exact,
    peer=sig_lip_peer,
)

SLOPE = "normalize has slope 1e12 there"
SHORT = "normalize does not divide by less than 1e-12"


def view_cases(loss, **options):
    """What every loss of two views is asked."""
    names = loss.wrt[:2]

    def of(first, second):
        return dict(zip(names, (first, second)))

    loss.case("small", of([[3, 4], [1, 0], [0, -2]], [[4, 3], [1, 1], [1, -2]]), reduction="none")
    loss.usual(rows(loss.name, names), (5,))
    loss.case("parameters set", rows(loss.name + " set", names), **options)
    loss.case("parameters set, none", rows(loss.name + " none", names), reduction="none", **options)
    loss.case("one pair", rows(loss.name + " one", names, 1))
    loss.case("two pairs of many features", rows(loss.name + " two", names, 2, 9))
    loss.case(
        "coincident views",
        of([[1, 0], [0, 2], [-3, 0]], [[1, 0], [0, 2], [-3, 0]]),
        reduction="none",
    )
    loss.case(
        "all samples the same", of([[3, 4], [3, 4], [3, 4]], [[3, 4], [3, 4], [3, 4]]), reduction="none"
    )
    loss.case("opposite views", of([[1, 0], [0, 2]], [[-1, 0], [0, -2]]), reduction="none")
    loss.case(
        "a row of zeros stays one", of([[0, 0], [1, 2]], [[1, 1], [0, 0]]), kink=True, alone=SLOPE, **options
    )
    loss.case(
        "lengths of 1e100 and 1e-100",
        of([[1e100, 2e100], [1e-100, -2e-100]], [[1, 0.5], [1e-90, 3e-90]]),
        alone=SHORT,
        **options,
    )


view_cases(nPair, normalize=False)
nPair.case(
    "not normalized, huge products",
    {"anchor": [[100, 0], [0, 100]], "positive": [[100, 1], [50, -100]]},
    normalize=False,
    reduction="none",
)
view_cases(infoNce, temperature=0.5)
infoNce.case("temperature 1e-3", rows("info cold", VIEWS), temperature=1e-3, reduction="none")
view_cases(clip, scale=4)
clip.case("a learnt scale", {**rows("clip learnt", VIEWS), "scale": 12.5})
clip.case(
    "a learnt scale, sum, weights",
    {**rows("clip sum", VIEWS), "scale": 3},
    reduction="sum",
    weight=[1, 0, 2, 0.5, 1],
)
clip.case("scale 1000", rows("clip large", VIEWS), scale=1000, reduction="none")
view_cases(sigLip, scale=4, bias=-2)
sigLip.case("learnt scale and bias", {**rows("sig learnt", VIEWS), "scale": 12.5, "bias": -7})
sigLip.case("a learnt bias", {**rows("sig bias", VIEWS), "bias": 1.5}, scale=3, reduction="sum")
sigLip.case("scale 1000, bias 0", rows("sig large", VIEWS), scale=1000, bias=0, reduction="none")


# One batch with labels


def batch_rows(embeddings, temperature):
    units = unit_rows(embeddings)
    return units @ units.T / mp.mpf(temperature)


def of_pair(row, i, j):
    """-log exp(s_ij)/Σ_{k≠i} exp(s_ik)"""
    return surprise(np.delete(row, i), j - (j > i))


def nt_xent_exact(embeddings, labels, temperature=0.1):
    labels = exact.values(labels)
    products = batch_rows(embeddings, temperature)
    losses = np.full(products.shape, number(0), dtype=object)
    for i, row in enumerate(products):
        for j in partners(labels, i)[0]:
            losses[i, j] = of_pair(row, i, j)
    return losses


def torch_log_shares(embeddings, temperature):
    units = F.normalize(embeddings, dim=1)
    products = units @ units.T / temperature
    return products.masked_fill(torch.eye(len(products), dtype=torch.bool), -torch.inf).log_softmax(1)


def torch_positive(labels):
    return (labels[:, None] == labels[None]) & ~torch.eye(len(labels), dtype=torch.bool)


def is_positive(embeddings, labels, **parameters):
    """Counted: pairs of different samples with one label."""
    labels = exact.values(labels)
    n = len(labels)
    counted = [[mp.mpf(i != j and labels[i] == labels[j]) for j in range(n)] for i in range(n)]
    return np.array(counted, dtype=object)


ntXent = Loss(
    "ntXent",
    by="a transcription with torch.log_softmax",
    wrt="embeddings",
    exact=nt_xent_exact,
    peer=lambda embeddings, labels, temperature=0.1: torch.where(
        torch_positive(labels), -torch_log_shares(embeddings, temperature), 0.0
    ),
    weigh=is_positive,
)


def sup_con_exact(embeddings, labels, temperature=0.1):
    """L_out: the mean over an anchor's positives, outside the logarithm."""
    losses = nt_xent_exact(embeddings, labels, temperature)
    counts = [len(partners(exact.values(labels), i)[0]) for i in range(len(losses))]
    return np.array([row.sum() / max(count, 1) for row, count in zip(losses, counts)], dtype=object)


def sup_con_peer(embeddings, labels, temperature=0.1):
    positive = torch_positive(labels)
    losses = torch.where(positive, -torch_log_shares(embeddings, temperature), 0.0)
    return losses.sum(1) / positive.sum(1).clamp(min=1)


def has_positive(embeddings, labels, **parameters):
    """Counted: anchors with a positive."""
    return np.array([mp.mpf(any(row)) for row in is_positive(embeddings, labels)], dtype=object)


supCon = Loss(
    "supCon",
    by="a transcription with torch.log_softmax",
    wrt="embeddings",
    exact=sup_con_exact,
    peer=sup_con_peer,
    weigh=has_positive,
)

TWO_VIEWS = (0, 1, 2, 0, 1, 2)
LABELS = (0, 1, 0, 1, 0, 2)


def batch_cases(loss, axes, **options):
    """What every loss of a labelled batch is asked."""

    def named(name, labels=LABELS):
        return batch(f"{loss.name} {name}", labels)

    weight = some_weights((5,) * axes)
    loss.case("small", {"embeddings": [[3, 4], [4, 3], [0, 2], [-1, 0.5]], "labels": [0, 0, 1, 1]})
    loss.case("mean", named("mean"))
    loss.case("sum", named("sum"), reduction="sum")
    loss.case("none", named("none", (0, 1, 0, 1, 1)), reduction="none")
    loss.case("two views", named("views", TWO_VIEWS))
    loss.case("parameters set", named("set"), **options)
    loss.case("parameters set, sum", named("set sum"), reduction="sum", **options)
    loss.case("weights", named("weights", (0, 1, 0, 1, 1)), weight=weight)
    loss.case(
        "weights, mean over the count", named("count", (0, 1, 0, 1, 1)), weight=weight, meanOver="count"
    )
    loss.case("mask", named("mask", (0, 1, 0, 1, 1)), mask=(np.array(weight) < 1).tolist())
    loss.case("anchors without positives", named("lonely", (0, 1, 0, 2, 3)))
    loss.case("every label once", named("single", (0, 1, 2)))
    loss.case("one class", named("class", (4, 4, 4)))
    loss.case(
        "identical embeddings",
        {"embeddings": [[3, 4]] * 4, "labels": [0, 0, 1, 1]},
        reduction="none",
        kink=True,
    )
    loss.case(
        "identical positives, opposite negatives",
        {"embeddings": [[3, 4], [3, 4], [-3, -4], [-3, -4]], "labels": [0, 0, 1, 1]},
        kink=True,
    )
    loss.case(
        "a row of zeros stays one",
        {"embeddings": [[0, 0], [3, 4], [4, 3], [0, 2]], "labels": [0, 0, 1, 1]},
        kink=True,
        alone=SLOPE,
    )
    loss.case(
        "lengths of 1e100 and 1e-100",
        {"embeddings": [[1e100, 2e100], [1e-100, 3e-100], [1, -1], [-2, 5]], "labels": [0, 0, 1, 1]},
        alone=SHORT,
    )


batch_cases(ntXent, 2, temperature=0.5)
ntXent.case("temperature 1e-3", batch("xent cold", LABELS), temperature=1e-3)
batch_cases(supCon, 1, temperature=0.5)
supCon.case("temperature 1e-3, none", batch("con cold", LABELS), temperature=1e-3, reduction="none")
