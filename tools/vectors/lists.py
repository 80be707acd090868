"""Ranking: pairs of scores, and lists [n c] of documents with a relevance each."""

import numpy as np
import torch
import torch.nn.functional as F
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number

# marginRanking


def margin_ranking_exact(first, second, target, margin=0, encoding="sign"):
    target = target * 2 - 1 if encoding == "binary" else target
    return exact.relu((second - first) * exact.values(target) + mp.mpf(margin))


def margin_ranking_peer(first, second, target, margin=0, encoding="sign"):
    target = target * 2 - 1 if encoding == "binary" else target
    return F.margin_ranking_loss(first, second, target, margin=margin, reduction="none")


marginRanking = Loss(
    "marginRanking",
    by="torch.nn.functional.margin_ranking_loss",
    wrt=("first", "second"),
    exact=margin_ranking_exact,
    peer=margin_ranking_peer,
)


def scored(name, shape=(3, 4), targets=(-1, 1)):
    draw = Draw(name)
    first, second = draw.normal(shape, 1.2), draw.normal(shape, 1.2)
    return {"first": first, "second": second, "target": draw.choice(shape, targets)}


marginRanking.case(
    "small", {"first": [1, 0.5, -2], "second": [0, 2, 1], "target": [1, 1, -1]}, reduction="none"
)
marginRanking.usual(scored("margin ranking"), (3, 4))
marginRanking.case("margin 0.75", scored("margin ranking margin"), margin=0.75)
marginRanking.case("binary encoding", scored("margin ranking binary", targets=(0, 1)), encoding="binary")
marginRanking.case("three axes", scored("margin ranking axes", (2, 2, 3)), margin=1)
marginRanking.case(
    "exactly on the kink",
    {"first": [1, 2, 0.5], "second": [0, 2, 1.5], "target": [1, 1, -1]},
    margin=1,
    reduction="none",
    kink=True,
    alone="its slope is 1 on the kink",
)
marginRanking.case(
    "huge scores", {"first": [1e150, -1e300], "second": [-1e150, 0], "target": [-1, 1]}, reduction="none"
)

# Lists


def over_lists(rule):
    """rule(scores, relevance) of every list, with the documents that exist."""

    def apply(scores, relevance, mask=None, **parameters):
        losses = []
        for row in range(len(scores)):
            there = documents(mask, row, scores.shape[1])
            known = exact.values(relevance[row, there])
            losses.append(rule(scores[row, there], known, **parameters) if comparable(known) else number(0))
        return np.array(losses, dtype=object)

    return apply


def documents(mask, row, width):
    return [j for j in range(width) if mask is None or number(mask[row, j]).value != 0]


def comparable(relevance):
    """Are there two documents of different relevance?"""
    return len(set(relevance)) > 1


def has_pairs(scores, relevance, mask=None, **parameters):
    """A list without two documents of different relevance is not counted."""
    width = scores.shape[1]
    return np.array(
        [mp.mpf(comparable(exact.values(row[documents(mask, i, width)]))) for i, row in enumerate(relevance)],
        dtype=object,
    )


def torch_over_lists(rule):
    """The same for PyTorch, a list at a time."""

    def apply(scores, relevance, mask=None, **parameters):
        losses = []
        for row in range(len(scores)):
            there = torch.ones(scores.shape[1], dtype=torch.bool) if mask is None else mask[row] != 0
            known = relevance[row, there]
            there_are_pairs = len(known.unique()) > 1
            losses.append(
                rule(scores[row, there], known, **parameters) if there_are_pairs else torch.tensor(0.0)
            )
        return torch.stack(losses)

    return apply


def rank_net_rule(scores, relevance, sigma=1):
    """Σ over pairs of falling relevance of log(1 + exp(-σ(s_i - s_j)))"""
    return sum((each for _, _, each in pair_losses(scores, relevance, sigma)), number(0))


def pair_losses(scores, relevance, sigma):
    for i, high in enumerate(relevance):
        for j, low in enumerate(relevance):
            if high > low:
                yield i, j, exact.softplus((scores[j] - scores[i]) * mp.mpf(sigma))


def lambda_rank_rule(scores, relevance, sigma=1, k=None):
    """The same, each pair times |ΔNDCG@k| of swapping its documents, held constant."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i].value, i))
    place = {document: rank for rank, document in enumerate(order, 1)}

    def discount(rank):
        return 1 / mp.log(1 + rank, 2) if k is None or rank <= k else mp.mpf(0)

    gains = [mp.mpf(2) ** each - 1 for each in relevance]
    best = sum(gain * discount(rank) for rank, gain in enumerate(sorted(gains, reverse=True), 1))
    loss = number(0)
    for i, j, each in pair_losses(scores, relevance, sigma):
        swapped = (gains[i] - gains[j]) * (discount(place[i]) - discount(place[j])) / best
        loss = loss + each * exact.constant(abs(swapped))
    return loss


def list_net_rule(scores, relevance):
    """Cross-entropy of softmax(scores) under softmax(relevance)"""
    powers = [mp.exp(each) for each in relevance]
    total = exact.log(exact.exp(scores).sum())
    terms = ((total - score) * (power / sum(powers)) for score, power in zip(scores, powers))
    return sum(terms, number(0))


def list_mle_rule(scores, relevance):
    """-log of the Plackett-Luce likelihood of the order by relevance, ties in the order given."""
    order = sorted(range(len(scores)), key=lambda i: (-relevance[i], i))
    loss = number(0)
    for place, document in enumerate(order):
        rest = scores[order[place:]]
        loss = loss + exact.log1p(sum((exact.exp(each - scores[document]) for each in rest[1:]), number(0)))
    return loss


def torch_pairs(scores, relevance, sigma):
    pairs = relevance[:, None] > relevance[None]
    return torch.where(pairs, F.softplus(sigma * (scores[None] - scores[:, None]), threshold=700), 0.0)


def lambda_rank_peer(scores, relevance, sigma=1, k=None):
    length = len(scores)
    place = torch.empty(length)
    place[torch.sort(scores.detach(), descending=True, stable=True).indices] = torch.arange(1.0, length + 1)

    def discount(rank):
        return torch.where(rank <= (length if k is None else k), 1 / torch.log2(1 + rank), 0.0)

    gains = 2**relevance - 1
    best = (gains.sort(descending=True).values * discount(torch.arange(1.0, length + 1))).sum()
    swapped = (gains[:, None] - gains) * (discount(place)[:, None] - discount(place)) / best
    return (torch_pairs(scores, relevance, sigma) * swapped.abs()).sum()


def list_mle_peer(scores, relevance):
    ordered = scores[torch.sort(relevance, descending=True, stable=True).indices]
    return (ordered.flip(0).logcumsumexp(0).flip(0) - ordered).sum()


def of_lists(name, rule, peer):
    return Loss(
        name,
        by="a transcription",
        wrt="scores",
        exact=over_lists(rule),
        peer=torch_over_lists(peer),
        weigh=has_pairs,
    )


rankNet = of_lists(
    "rankNet",
    rank_net_rule,
    lambda scores, relevance, sigma=1: torch_pairs(scores, relevance, sigma).sum(),
)
lambdaRank = of_lists("lambdaRank", lambda_rank_rule, lambda_rank_peer)
listNet = of_lists(
    "listNet",
    list_net_rule,
    lambda scores, relevance: F.cross_entropy(scores, relevance.softmax(0)),
)
listMle = of_lists("listMle", list_mle_rule, list_mle_peer)


def graded(name, n=4, c=5, grades=(0, 0, 1, 2, 3)):
    draw = Draw(name)
    relevance = [draw.random.sample(grades, len(grades))[:c] for _ in range(n)]
    return {"scores": draw.normal((n, c), 1.5), "relevance": relevance}


HOLES = {"mask": [[1, 1, 1, 0, 0], [0, 1, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]]}


def list_cases(loss, *sets, large=True):
    loss.case("small", {"scores": [[2, 0.5, 1]], "relevance": [[1, 2, 0]]})
    loss.usual(graded(loss.name), (4,))
    for options in sets:
        text = ", ".join(f"{key} {value}" for key, value in options.items())
        loss.case(text, graded(f"{loss.name} {text}"), **options)
        loss.case(f"{text}, none", graded(f"{loss.name} {text} none"), reduction="none", **options)
    loss.case("yes and no", graded(loss.name + " binary", grades=(0, 0, 1, 1, 0)))
    loss.case("documents that do not exist", {**graded(loss.name + " mask"), **HOLES})
    loss.case(
        "documents that do not exist, and a mask of lists, none",
        {**graded(loss.name + " masks"), **HOLES},
        mask=[True, False, True, True],
        reduction="none",
    )
    same = {
        "scores": [[1, 2, 3], [0.5, -1, 2], [2, 0, 1]],
        "relevance": [[1, 1, 1], [0, 1, 0], [0, 0, 0]],
    }
    loss.case("lists without pairs do not count", same)
    loss.case("lists without pairs, none", same, reduction="none")
    loss.case("no list has a pair", {"scores": [[1, 2], [3, 4]], "relevance": [[1, 1], [0, 0]]})
    loss.case(
        "the mask leaves no pair",
        {
            "scores": [[1, 2, 0], [3, 4, 1]],
            "relevance": [[1, 0, 1], [0, 2, 1]],
            "mask": [[1, 0, 1], [1, 1, 0]],
        },
    )
    loss.case(
        "two documents", {"scores": [[0.5, -0.25], [1, 3]], "relevance": [[1, 0], [2, 0]]}, reduction="none"
    )
    loss.case(
        "huge scores",
        {"scores": [[1e4, -1e4, 0], [-1e4, 1e4, 0]], "relevance": [[2, 0, 1], [2, 0, 1]]},
        reduction="none",
    )
    loss.case(
        "well sorted: a tiny loss is not 0",
        {"scores": [[200, 90, 0]], "relevance": [[2, 1, 0]]},
        alone=None if loss is not listMle else "log(1 + x) loses its digits there",
    )
    loss.case(
        "scores that tie",
        {"scores": [[1, 1, 1, 0], [2, 0, 2, 0]], "relevance": [[0, 2, 1, 0], [1, 0, 2, 3]]},
        reduction="none",
        kink=loss is lambdaRank,
    )


list_cases(rankNet, {"sigma": 2})
list_cases(lambdaRank, {"sigma": 0.5}, {"k": 2}, {"sigma": 2, "k": 1})
lambdaRank.case("k beyond the list is all", graded("lambda long"), k=50)
lambdaRank.case("fractional relevance", {"scores": [[1, 0, 2]], "relevance": [[0.5, 1.25, 0]]})
list_cases(listNet)
listNet.case("large relevance", {"scores": [[1, 0, 2]], "relevance": [[1000, 0, 990]]})
list_cases(listMle)
