"""Segmentation: a mask of pixels per row, and the Lovász extension of the Jaccard loss."""

import numpy as np
import torch
from mpmath import mp

import exact
from common import Draw, Loss
from exact import number

# Overlaps


def overlap(logits, probability, target):
    """Σ over the pixels of each row of p·t, p(1 - t) and (1 - p)t."""
    p, q = probability, None
    if probability is None:
        p, q = exact.sigmoid(logits), exact.sigmoid(-logits)
    q = 1 - p if q is None else q
    target = exact.values(target)
    parts = (p * target, p * (1 - target), q * target)
    return tuple(part.reshape(len(target), -1).sum(axis=1) for part in parts)


def torch_overlap(logits, probability, target):
    p = torch.sigmoid(logits) if probability is None else probability
    return tuple(part.flatten(1).sum(1) for part in (p * target, p * (1 - target), (1 - p) * target))


def tversky_of(hit, false, missed, alpha, beta, smooth):
    """1 - (2·hit + s)/(2·hit + 2α·false + 2β·missed + s), as one fraction; 0 for 0/0"""
    wrong = false * (2 * alpha) + missed * (2 * beta)
    return wrong / (hit * 2 + wrong + smooth)


def rows_of(parts, power=None, **parameters):
    losses = []
    for hit, false, missed in zip(*parts):
        nothing = hit.value == false.value == missed.value == 0 and parameters["smooth"] == 0
        loss = number(0) if nothing else tversky_of(hit, false, missed, **parameters)
        losses.append(loss if power is None else loss**power)
    return np.array(losses, dtype=object)


def exactly(alpha, beta, smooth):
    return {"alpha": mp.mpf(alpha), "beta": mp.mpf(beta), "smooth": mp.mpf(smooth)}


def dice_exact(target, logits=None, probability=None, smooth=1):
    return rows_of(overlap(logits, probability, target), **exactly(0.5, 0.5, smooth))


def dice_peer(target, logits=None, probability=None, smooth=1):
    p, t = (torch.sigmoid(logits) if probability is None else probability).flatten(1), target.flatten(1)
    return 1 - (2 * (p * t).sum(1) + smooth) / (p.sum(1) + t.sum(1) + smooth)


def tversky_exact(target, logits=None, probability=None, alpha=0.5, beta=0.5, smooth=1):
    return rows_of(overlap(logits, probability, target), **exactly(alpha, beta, smooth))


def tversky_peer(target, logits=None, probability=None, alpha=0.5, beta=0.5, smooth=1):
    hit, false, missed = torch_overlap(logits, probability, target)
    return 1 - (2 * hit + smooth) / (2 * (hit + alpha * false + beta * missed) + smooth)


def focal_tversky_exact(target, logits=None, probability=None, alpha=0.5, beta=0.5, smooth=1, gamma=0.75):
    return rows_of(overlap(logits, probability, target), power=gamma, **exactly(alpha, beta, smooth))


def focal_tversky_peer(target, gamma=0.75, **inputs):
    return tversky_peer(target, **inputs) ** gamma


MODEL = ("logits", "probability")


def of_masks(name, exact_rule, peer):
    return Loss(name, by="a transcription", wrt=MODEL, exact=exact_rule, peer=peer)


dice = of_masks("dice", dice_exact, dice_peer)
tversky = of_masks("tversky", tversky_exact, tversky_peer)
focalTversky = of_masks("focalTversky", focal_tversky_exact, focal_tversky_peer)


def masks(name, shape=(4, 6), targets=(0, 1)):
    draw = Draw(name)
    return {"logits": draw.normal(shape, 2), "target": draw.choice(shape, targets)}


def shares(name, shape=(4, 6), targets=(0, 1)):
    draw = Draw(name)
    return {"probability": draw.uniform(shape, 0.02, 0.98), "target": draw.choice(shape, targets)}


def mask_cases(loss, *sets):
    loss.case("small", {"probability": [[0.5, 0.25, 0.75]], "target": [[1, 0, 1]]})
    loss.usual(masks(loss.name), (4,))
    loss.case("probability", shares(loss.name + " p"))
    loss.case(
        "probability, weights, sum", shares(loss.name + " p sum"), weight=[1, 0, 2, 0.5], reduction="sum"
    )
    loss.case("an image a row", masks(loss.name + " image", (2, 3, 4)))
    loss.case("an image a row, probability, none", shares(loss.name + " images", (3, 2, 2)), reduction="none")
    loss.case("soft targets", masks(loss.name + " soft", targets=(0, 0.25, 0.5, 1)))
    for options in sets:
        text = ", ".join(f"{key} {value}" for key, value in options.items())
        loss.case(text, masks(f"{loss.name} {text}"), **options)
        loss.case(f"{text}, probability, none", shares(f"{loss.name} {text}"), reduction="none", **options)
    loss.case(
        "an empty target: false positives still get a gradient",
        {"logits": [[2, -1, 0.5], [-5, -40, 3]], "target": [[0, 0, 0], [0, 0, 0]]},
        reduction="none",
    )
    loss.case("a full target", {"logits": [[2, -1, 0.5]], "target": [[1, 1, 1]]})
    loss.case("smooth 0", masks(loss.name + " rough"), smooth=0)
    loss.case(
        "smooth 0, nothing there and nothing found: 0",
        {"probability": [[0, 0], [0.5, 0.25]], "target": [[0, 0], [1, 0]]},
        smooth=0,
        reduction="none",
        kink=True,
        alone="0/0 is NaN there",
    )


def sure_cases(loss):
    loss.case(
        "sure and wrong",
        {"logits": [[1e4, -1e4, 700], [40, -40, -700]], "target": [[0, 1, 0], [0, 1, 1]]},
        reduction="none",
    )
    loss.case(
        "sure and right: a tiny loss is not 0",
        {"logits": [[40, -40, -100], [100, -80, -90]], "target": [[1, 0, 0], [1, 0, 0]]},
        reduction="none",
        alone="1 cancels there",
    )
    loss.case("sure in the middle", {"logits": [[20, -20, 0.5]], "target": [[1, 0, 1]]})


mask_cases(dice, {"smooth": 0.1})
sure_cases(dice)
dice.case(
    "probabilities 0 and 1 that are right",
    {"probability": [[1, 0, 1]], "target": [[1, 0, 1]]},
    reduction="none",
)
mask_cases(tversky, {"alpha": 0.3, "beta": 0.7}, {"alpha": 0.9, "beta": 0.2, "smooth": 0.01})
sure_cases(tversky)
tversky.case("alpha 1 and beta 1 is the Jaccard loss", masks("tversky jaccard"), alpha=1, beta=1)
mask_cases(focalTversky, {"gamma": 2}, {"alpha": 0.3, "beta": 0.7, "gamma": 0.5, "smooth": 0.1})
sure_cases(focalTversky)
same, soft = masks("one formula"), shares("one formula", targets=(0, 0.5, 1))
dice.case("the same masks", same, reduction="none")
tversky.case("alpha ½ and beta ½ is dice", same, reduction="none")
focalTversky.case("gamma 1 is tversky", same, reduction="none", gamma=1)
tversky.case("soft targets, alpha 0.8", soft, alpha=0.8)
focalTversky.case("soft targets, gamma 1, alpha 0.8", soft, gamma=1, alpha=0.8)


# Lovász


def jaccard_steps(foreground):
    """How much each pixel, in this order, adds to the Jaccard loss of the pixels so far."""
    total, steps, before = sum(foreground), [], mp.mpf(0)
    hit, union = total, total
    for each in foreground:
        hit, union = hit - each, union + 1 - each
        loss = 1 - mp.mpf(hit) / union
        steps.append(loss - before)
        before = loss
    return steps


def lovasz(errors, foreground):
    """Σ of the errors in falling order times the steps; ties in the order given."""
    order = sorted(range(len(errors)), key=lambda i: (-errors[i].value, i))
    steps = jaccard_steps([foreground[i] for i in order])
    return sum((errors[i] * step for i, step in zip(order, steps)), number(0))


def torch_lovasz(errors, foreground):
    ordered, order = torch.sort(errors, descending=True, stable=True)
    foreground = foreground[order]
    total = foreground.sum()
    loss = 1 - (total - foreground.cumsum(0)) / (total + (1 - foreground).cumsum(0))
    return (ordered * torch.diff(loss, prepend=torch.zeros(1))).sum()


def lovasz_hinge_exact(logits, target):
    losses = []
    for row, known in zip(logits.reshape(len(logits), -1), exact.values(target).reshape(len(target), -1)):
        errors = 1 - row * (2 * known - 1)
        losses.append(lovasz_relu(errors, [int(each) for each in known]))
    return np.array(losses, dtype=object)


def lovasz_relu(errors, foreground):
    """The errors below 0 count as 0, in the order of the errors themselves."""
    order = sorted(range(len(errors)), key=lambda i: (-errors[i].value, i))
    steps = jaccard_steps([foreground[i] for i in order])
    return sum((exact.relu(errors[i]) * step for i, step in zip(order, steps)), number(0))


def lovasz_hinge_peer(logits, target):
    losses = []
    for row, known in zip(logits.flatten(1), target.flatten(1)):
        errors = 1 - row * (2 * known - 1)
        order = torch.sort(errors.detach(), descending=True, stable=True).indices
        losses.append(torch_lovasz(torch.relu(errors)[order], known[order]))
    return torch.stack(losses)


lovaszHinge = Loss(
    "lovaszHinge",
    by="a transcription with torch.sort",
    wrt="logits",
    exact=lovasz_hinge_exact,
    peer=lovasz_hinge_peer,
)
lovaszHinge.case("small", {"logits": [[2, -0.75, 0.5, 0.25]], "target": [[1, 0, 1, 0]]})
lovaszHinge.usual(masks("lovasz"), (4,))
lovaszHinge.case("an image a row", masks("lovasz image", (2, 3, 4)))
lovaszHinge.case("many pixels, none", masks("lovasz many", (2, 20)), reduction="none")
lovaszHinge.case(
    "an empty target: the worst false positive has the gradient",
    {"logits": [[2, -3, 0.5, -0.5]], "target": [[0, 0, 0, 0]]},
)
lovaszHinge.case("a full target", {"logits": [[2, -3, 0.5, -0.5]], "target": [[1, 1, 1, 1]]})
lovaszHinge.case("all beyond the margin", {"logits": [[2, -3, 1.5]], "target": [[1, 0, 1]]})
lovaszHinge.case("one pixel", {"logits": [[0.5], [-2]], "target": [[1], [0]]}, reduction="none")
lovaszHinge.case(
    "ties: the first pixel comes first",
    {"logits": [[0, 0, 0, 0]], "target": [[1, 0, 1, 0]]},
    kink=True,
)
lovaszHinge.case(
    "exactly on the margin: gradient 0", {"logits": [[1, -1, 0.5]], "target": [[1, 0, 0]]}, kink=True
)
lovaszHinge.case(
    "huge logits",
    {"logits": [[1e150, -2e150, 1e4], [-1e4, 1e4, -1e150]], "target": [[0, 1, 1], [0, 1, 0]]},
    reduction="none",
)


def lovasz_softmax_exact(target, logits=None, probability=None):
    losses = []
    for row, labels in enumerate(exact.values(target)):
        if probability is None:
            powers = exact.exp(logits[row])
            p = powers / powers.sum(axis=1)[:, None]
        else:
            p = probability[row]
        present = sorted({int(label) for label in labels})
        of_class = []
        for k in present:
            foreground = [int(label == k) for label in labels]
            errors = [1 - each if f else each for each, f in zip(p[:, k], foreground)]
            of_class.append(lovasz(errors, foreground))
        losses.append(sum(of_class, number(0)) / len(present))
    return np.array(losses, dtype=object)


def lovasz_softmax_peer(target, logits=None, probability=None):
    p = logits.softmax(-1) if probability is None else probability
    losses = []
    for row, labels in zip(p, target):
        of_class = []
        for k in labels.unique():
            foreground = (labels == k).double()
            of_class.append(torch_lovasz((foreground - row[:, int(k)]).abs(), foreground))
        losses.append(torch.stack(of_class).mean())
    return torch.stack(losses)


lovaszSoftmax = Loss(
    "lovaszSoftmax",
    by="a transcription with torch.sort",
    wrt=MODEL,
    exact=lovasz_softmax_exact,
    peer=lovasz_softmax_peer,
)


def classes(name, n=3, pixels=6, c=3, present=None):
    draw = Draw(name)
    return {"logits": draw.normal((n, pixels, c), 1.5), "target": draw.labels((n, pixels), present or c)}


def class_shares(name, n=3, pixels=5, c=3):
    draw = Draw(name)
    rows = np.array(draw.distributions(n * pixels, c)).reshape(n, pixels, c)
    return {"probability": rows.tolist(), "target": draw.labels((n, pixels), c)}


lovaszSoftmax.case("small", {"logits": [[[2, -1], [0.5, 0.25], [0, 1]]], "target": [[0, 1, 1]]})
lovaszSoftmax.usual(classes("lovasz softmax"), (3,))
lovaszSoftmax.case("probability", class_shares("lovasz shares"))
lovaszSoftmax.case("probability, none", class_shares("lovasz shares none"), reduction="none")
lovaszSoftmax.case("classes that are absent do not count", classes("lovasz absent", c=5, present=2))
lovaszSoftmax.case("one class in the target", {**classes("lovasz one", 1, 4), "target": [[2, 2, 2, 2]]})
lovaszSoftmax.case("many pixels", classes("lovasz pixels", 1, 15, 4), reduction="sum")
lovaszSoftmax.case(
    "one pixel", {"logits": [[[1, 2, 0.5]], [[0, 3, -1]]], "target": [[1], [0]]}, reduction="none"
)
lovaszSoftmax.case(
    "ties: the first pixel comes first",
    {"logits": [[[0, 0], [0, 0], [0, 0]]], "target": [[0, 1, 0]]},
    kink=True,
)
lovaszSoftmax.case(
    "huge logits",
    {"logits": [[[1e4, -1e4, 0], [0, 30, 10], [5, 0, 20]]], "target": [[0, 0, 2]]},
    reduction="none",
)
