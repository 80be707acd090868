"""Metric learning of given pairs and triplets: rows [n d] of two or three inputs."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number
from metric import unit_rows
from multiclass import cross_entropy_rule


def row_distances(first, second, distance="euclidean"):
    difference = first - second
    squared = (difference * difference).sum(axis=1)
    return squared if distance == "squared" else exact.sqrt(squared)


def torch_row_distances(first, second, distance="euclidean"):
    difference = first - second
    return (
        difference.square().sum(1) if distance == "squared" else torch.linalg.vector_norm(difference, dim=1)
    )


def contrastive_exact(first, second, same, margin=1):
    distance = row_distances(first, second)
    apart = exact.relu(-distance + mp.mpf(margin))
    same = exact.values(same)
    return (distance * distance * same + apart * apart * (1 - same)) / 2


def contrastive_peer(first, second, same, margin=1):
    distance = torch_row_distances(first, second)
    return (same * distance**2 + (1 - same) * torch.relu(margin - distance) ** 2) / 2


contrastive = Loss(
    "contrastive",
    by="a transcription with torch.linalg.vector_norm",
    wrt=("first", "second"),
    exact=contrastive_exact,
    peer=contrastive_peer,
)


def rows(name, names=("first", "second"), n=5, width=3, spread=0.5):
    draw = Draw(name)
    return {each: draw.normal((n, width), spread) for each in names}


def compared(name):
    return {**rows(name), "same": [1, 0, 0, 1, 0]}


SAME_PAIRS = {
    "first": [[0, 0], [1, 0], [3, 1]],
    "second": [[0.3, 0.4], [0.6, 0.3], [0, -3]],
    "same": [1, 0, 0],
}
contrastive.case("small, none", SAME_PAIRS, reduction="none")
contrastive.usual(compared("contrastive"), (5,))
contrastive.case("margin 2", compared("contrastive two"), margin=2)
contrastive.case("margin 0.25, sum", compared("contrastive quarter"), margin=0.25, reduction="sum")
contrastive.case(
    "coincident embeddings: gradient 0, alike and different",
    {"first": [[1, 2], [1, 2]], "second": [[1, 2], [1, 2]], "same": [1, 0]},
    reduction="none",
    kink=True,
)
contrastive.case(
    "exactly on the margin",
    {"first": [[0, 0]], "second": [[3, 4]], "same": [0]},
    margin=5,
    kink=True,
)
contrastive.case(
    "huge distances",
    {"first": [[1e100, 0], [1e100, 0]], "second": [[0, 1e100], [0, 1e100]], "same": [1, 0]},
    reduction="none",
)
contrastive.case(
    "tiny distances",
    {"first": [[1e-100, 0], [1e-160, 2e-160]], "second": [[0, 2e-100], [0, 0]], "same": [1, 0]},
    reduction="none",
    alone="r² underflows there",
)

# deepId2


def deep_id_exact(logits, target, embeddings, margin=1, reduction="mean", **parameters):
    """Cross-entropy plus lambda times the contrastive loss of all pairs i < j of the batch, each reduced itself."""
    labels = [int(label) for label in exact.values(target)]
    classes = len(logits[0])
    identity = [
        cross_entropy_rule(z, [int(j == label) for j in range(classes)]) for z, label in zip(logits, labels)
    ]
    pairs = [(i, j) for i in range(len(labels)) for j in range(i + 1, len(labels))]
    verification = contrastive_exact(
        np.array([embeddings[i] for i, _ in pairs]),
        np.array([embeddings[j] for _, j in pairs]),
        exact.numbers([int(labels[i] == labels[j]) for i, j in pairs]),
        margin,
    )
    identity, verification = sum(identity, number(0)), verification.sum()
    if reduction == "mean":
        identity, verification = identity / len(labels), verification / len(pairs)
    return identity + verification * mp.mpf(parameters.get("lambda", 0.05))


def deep_id_peer(logits, target, embeddings, margin=1, reduction="mean", **parameters):
    identity = F.cross_entropy(logits, target.long(), reduction=reduction)
    i, j = torch.triu_indices(len(target), len(target), 1)
    verification = contrastive_peer(embeddings[i], embeddings[j], (target[i] == target[j]).double(), margin)
    return identity + parameters.get("lambda", 0.05) * getattr(verification, reduction)()


class Sum(Loss):
    """A sum of losses over different samples: one number, each part with its own reduction."""

    def case(self, name, inputs, *, reduction="mean", **options):
        super().case(name, inputs, **options, **({} if reduction == "mean" else {"reduction": reduction}))

    def reduce(self, leaves, parameters, case):
        return super().reduce(leaves, {**parameters, **reduction_of(case)}, case)

    def compare(self, where, case, parameters, weight, value, grads):
        super().compare(where, case, {**parameters, **reduction_of(case)}, weight, value, grads)


def reduction_of(case):
    return {"reduction": case["options"].get("reduction", "mean")}


deepId2 = Sum(
    "deepId2",
    by="torch.nn.functional.cross_entropy and a transcription",
    wrt=("logits", "embeddings"),
    exact=deep_id_exact,
    peer=deep_id_peer,
    penalty=True,
)


def identities(name, labels=(0, 1, 0, 2, 1), width=3, classes=3):
    draw = Draw(name)
    return {
        "logits": draw.normal((len(labels), classes), 2),
        "target": list(labels),
        "embeddings": draw.normal((len(labels), width), 0.6),
    }


deepId2.case("mean", identities("deep"))
deepId2.case("sum", identities("deep sum"), reduction="sum")
deepId2.case("lambda 0.5", identities("deep lambda"), **{"lambda": 0.5})
deepId2.case(
    "lambda 2, margin 0.5, sum", identities("deep set"), reduction="sum", margin=0.5, **{"lambda": 2}
)
deepId2.case("lambda 0 is cross-entropy", identities("deep zero"), **{"lambda": 0})
deepId2.case("one class", identities("deep one", (1, 1, 1)), margin=3)
deepId2.case("every label once", identities("deep once", (0, 2, 1)), margin=3, **{"lambda": 1})
deepId2.case(
    "coincident embeddings and huge logits",
    {
        "logits": [[1e4, -1e4], [1e4, -1e4], [0, 100]],
        "target": [0, 1, 1],
        "embeddings": [[1, 2], [1, 2], [1, 2]],
    },
    kink=True,
    **{"lambda": 1},
)

# triplet


def triplet_exact(anchor, positive, negative, margin=0.2, distance="squared", normalize=True):
    if normalize:
        anchor, positive, negative = map(unit_rows, (anchor, positive, negative))
    near, far = (row_distances(anchor, other, distance) for other in (positive, negative))
    return exact.relu(near - far + mp.mpf(margin))


def triplet_peer(anchor, positive, negative, margin=0.2, distance="squared", normalize=True):
    if normalize:
        anchor, positive, negative = (F.normalize(each, dim=1) for each in (anchor, positive, negative))
    near, far = (torch_row_distances(anchor, other, distance) for other in (positive, negative))
    return torch.relu(near - far + margin)


TRIPLET = ("anchor", "positive", "negative")
triplet = Loss(
    "triplet",
    by="a transcription with torch.linalg.vector_norm",
    wrt=TRIPLET,
    exact=triplet_exact,
    peer=triplet_peer,
)
SMALL = {"anchor": [[0, 0], [1, 0]], "positive": [[1, 0], [0, 2]], "negative": [[0, 1.05], [3, 1]]}
triplet.case("small, not normalized", SMALL, normalize=False, reduction="none")
triplet.case(
    "small, not normalized, euclidean", SMALL, normalize=False, distance="euclidean", reduction="none"
)
triplet.usual(rows("triplet", TRIPLET), (5,))
triplet.case("euclidean", rows("triplet euclidean", TRIPLET), distance="euclidean")
triplet.case("margin 1", rows("triplet margin", TRIPLET), margin=1, reduction="none")
triplet.case(
    "margin 0, euclidean, not normalized",
    rows("triplet plain", TRIPLET),
    margin=0,
    distance="euclidean",
    normalize=False,
)
SAME = {"anchor": [[3, 4]], "positive": [[3, 4]], "negative": [[3, 4]]}
for distance in ("squared", "euclidean"):
    triplet.case(f"coincident embeddings, {distance}", SAME, distance=distance, kink=True)
triplet.case(
    "the positive coincides with the anchor, euclidean",
    {"anchor": [[3, 4]], "positive": [[3, 4]], "negative": [[4, 3]]},
    distance="euclidean",
    margin=1,
    kink=True,
)
triplet.case(
    "exactly on the kink: gradient 0",
    {"anchor": [[0, 0]], "positive": [[1, 0]], "negative": [[0, 2]]},
    normalize=False,
    margin=3,
    kink=True,
)
triplet.case(
    "a row of zeros stays one",
    {"anchor": [[0, 0], [3, 4]], "positive": [[3, 4], [0, 0]], "negative": [[4, 3], [1, 0]]},
    margin=1,
    kink=True,
    alone="normalize has slope 1e12 there",
)
triplet.case(
    "lengths of 1e100 and 1e-100",
    {"anchor": [[1e100, 2e100]], "positive": [[1e-100, 3e-100]], "negative": [[1, 1.5]]},
    alone="normalize does not divide by less than 1e-12",
)
triplet.case(
    "huge embeddings, euclidean, not normalized",
    {"anchor": [[1e100, 0]], "positive": [[0, 3e100]], "negative": [[2e100, 1e100]]},
    distance="euclidean",
    normalize=False,
)


# cosineEmbedding


def cosine_exact(first, second, target, margin=0, encoding="sign"):
    cosines = (unit_rows(first) * unit_rows(second)).sum(axis=1)
    target = exact.values(target) * 2 - 1 if encoding == "binary" else exact.values(target)
    return np.array(
        [1 - c if t == 1 else exact.relu(c - mp.mpf(margin)) for c, t in zip(cosines, target)], dtype=object
    )


def cosine_peer(first, second, target, margin=0, encoding="sign"):
    target = target * 2 - 1 if encoding == "binary" else target
    # cosine_embedding_loss itself adds 1e-12 to the squared lengths
    cosine = F.cosine_similarity(first, second)
    return torch.where(target == 1, 1 - cosine, torch.relu(cosine - margin))


cosineEmbedding = Loss(
    "cosineEmbedding",
    by="a transcription with torch.nn.functional.cosine_similarity",
    wrt=("first", "second"),
    exact=cosine_exact,
    peer=cosine_peer,
)


def similar(name, targets=(1, -1, -1, 1, -1), **parameters):
    return {**rows(name, **parameters), "target": list(targets)}


PYTORCH = "it does not divide by less than 1e-8"
cosineEmbedding.case(
    "small, none",
    {"first": [[3, 4], [1, 0], [1, 2]], "second": [[4, 3], [1, 1], [-2, 1]], "target": [1, -1, -1]},
    reduction="none",
    kink=True,
)
cosineEmbedding.usual(similar("cosine", spread=2), (5,))
cosineEmbedding.case("margin 0.5", similar("cosine half"), margin=0.5)
cosineEmbedding.case("margin -0.5, sum", similar("cosine minus"), margin=-0.5, reduction="sum")
cosineEmbedding.case("binary encoding", similar("cosine binary", (1, 0, 0, 1, 0)), encoding="binary")
cosineEmbedding.case(
    "parallel and opposite",
    {"first": [[1, 2], [1, 2], [1, 2]], "second": [[2, 4], [-2, -4], [0.5, 1]], "target": [1, 1, -1]},
    reduction="none",
    alone=PYTORCH,
)
cosineEmbedding.case(
    "a row of zeros has cosine 0 and gradient 0",
    {"first": [[0, 0], [0, 0]], "second": [[1, 2], [0, 0]], "target": [1, -1]},
    margin=-0.5,
    reduction="none",
    kink=True,
    alone=PYTORCH,
)
cosineEmbedding.case(
    "lengths of 1e100 and 1e-100",
    {
        "first": [[1e100, 2e100], [1e-100, -2e-100]],
        "second": [[3e-90, 1e-90], [3e90, 1e90]],
        "target": [1, -1],
    },
    reduction="none",
    alone=PYTORCH,
)
cosineEmbedding.case(
    "nearly parallel",
    {"first": [[1, 1e-8], [1, 0]], "second": [[1, 0], [1, 1e-5]], "target": [1, -1]},
    reduction="none",
    tolerance=1e-6,
    alone=PYTORCH,
)
