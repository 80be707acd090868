"""Cross-entropy of probabilities and of log-probabilities, [n c] rows; the targets are multiclass.py's."""

import math

import numpy as np
import torch

import exact
from common import Draw, Loss
from exact import number
from multiclass import (
    CLASS_WEIGHT,
    log_base,
    one_hot,
    over_classes,
    sample_weight,
    torch_over_classes,
    unbalanced,
)

NAN_THERE = "0·Infinity is NaN there"


def renamed(function, name):
    """A function of logits, for an input of another name."""

    def apply(**inputs):
        return function(logits=inputs.pop(name), **inputs)

    return apply


def likelihood(log_probability):
    """-Σ t_j log p_j, where t = 0 adds nothing."""

    def rule(row, target, base="e"):
        terms = (log_probability(x) * -t for x, t in zip(row, target) if t != 0)
        return sum(terms, number(0)) / log_base(base)

    return over_classes(rule)


def torch_likelihood(log_probability):
    def rule(rows, target, base="e"):
        terms = torch.where(target == 0, 0.0, -target * log_probability(rows))
        return terms.sum(-1) / (1 if base == "e" else math.log(base))

    return torch_over_classes(rule)


def named(name, inputs):
    return {name: inputs["logits"], "target": inputs["target"]}


def rows_of_probabilities(name, n=5, c=4):
    draw = Draw(name)
    return {"logits": draw.distributions(n, c), "target": draw.labels(n, c)}


def soft_rows(name, n=5, c=4):
    draw = Draw(name)
    return {"logits": draw.distributions(n, c), "target": draw.distributions(n, c)}


def image(name):
    draw = Draw(name)
    rows = np.array(draw.distributions(8, 3)).reshape(2, 2, 2, 3)
    return {"logits": np.moveaxis(rows, -1, 1).tolist(), "target": draw.labels((2, 2, 2), 3)}


def likelihood_cases(loss, name, form):
    """What both losses are asked; `form` turns probabilities into what the loss takes."""

    def given(inputs):
        return named(name, {**inputs, "logits": form(inputs["logits"])})

    textbook = {"logits": [[0.5, 0.4, 0.1]], "target": [[1, 0, 0]]}
    for base in ("e", 2, 10):
        loss.case(
            f"textbook numbers, base {base}", given(textbook), **({} if base == "e" else {"base": base})
        )
    loss.usual(given(rows_of_probabilities(loss.name)), (5,))
    same = rows_of_probabilities(loss.name + " encoding")
    loss.case("index", given(same))
    loss.case("one-hot, the same as index", given(one_hot(same)))
    loss.case("soft targets", given(soft_rows(loss.name + " soft")))
    loss.case("base 2, soft targets, none", given(soft_rows(loss.name + " two")), base=2, reduction="none")
    loss.case("classWeight, index", given(same), classWeight=CLASS_WEIGHT)
    loss.case(
        "classWeight, soft targets", given(soft_rows(loss.name + " weighted")), classWeight=CLASS_WEIGHT
    )
    seldom = {**rows_of_probabilities(loss.name + " seldom", 6), "target": unbalanced(loss.name)["target"]}
    loss.case("classWeight balanced", given(seldom), classWeight="balanced")
    loss.case("ignoreIndex 1", given(seldom), ignoreIndex=1)
    loss.case("labelSmoothing 0.1", given(same), labelSmoothing=0.1)
    loss.case(
        "labelSmoothing 0.3 with classWeight, soft targets",
        given(soft_rows(loss.name + " smoothing")),
        labelSmoothing=0.3,
        classWeight=CLASS_WEIGHT,
    )
    loss.case("axis 1", given(image(loss.name + " image")), axis=1)
    loss.case(
        "the true class is impossible: an infinite loss",
        given({"logits": [[0, 0.25, 0.75], [0.5, 0.25, 0.25]], "target": [0, 1]}),
        reduction="none",
        kink=True,
        alone="Infinity is NaN there" if name == "logProbability" else None,
    )
    loss.case(
        "an impossible class with target 0 adds 0",
        given({"logits": [[0, 0.25, 0.75], [0, 0, 1]], "target": [[0, 0.5, 0.5], [0, 0, 1]]}),
        reduction="none",
        kink=True,
        alone=NAN_THERE,
    )
    loss.case(
        "a weight of 0 silences an infinite loss",
        given({"logits": [[0, 1], [0.5, 0.5]], "target": [0, 0]}),
        weight=[0, 2],
        kink=True,
        alone=NAN_THERE,
    )


def logs(rows):
    """Logarithms, rounded to float64."""
    array = np.array(rows, dtype=object)
    taken = [-math.inf if p == 0 else math.log(p) for p in array.flat]
    return np.array(taken).reshape(array.shape).tolist()


categoricalCrossEntropy = Loss(
    "categoricalCrossEntropy",
    by="a transcription",
    wrt="probability",
    exact=renamed(likelihood(exact.log), "probability"),
    peer=renamed(torch_likelihood(torch.log), "probability"),
    weigh=renamed(sample_weight, "probability"),
)
likelihood_cases(categoricalCrossEntropy, "probability", lambda rows: rows)
categoricalCrossEntropy.case(
    "tiny probabilities",
    {"probability": [[1e-300, 1], [1 - 2**-53, 2**-53], [1e-20, 1]], "target": [0, 1, 1]},
    reduction="none",
)

nll = Loss(
    "nll",
    by="a transcription",
    wrt="logProbability",
    exact=renamed(likelihood(lambda x: x), "logProbability"),
    peer=renamed(torch_likelihood(lambda x: x), "logProbability"),
    weigh=renamed(sample_weight, "logProbability"),
)
likelihood_cases(nll, "logProbability", logs)
nll.case(
    "very small probabilities",
    {"logProbability": [[-1e4, -1e-300], [-1e150, 0]], "target": [0, 1]},
    reduction="none",
)
