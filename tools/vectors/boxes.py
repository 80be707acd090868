"""Box losses: `prediction` and `target` [n 4], a box per row."""

import math

import numpy as np
import torch
from mpmath import mp

import exact
from common import Draw, Loss
from exact import maximum, minimum, number


def corners(box, format):
    """x1, y1, x2, y2, width and height."""
    a, b, c, d = box
    if format == "xyxy":
        return a, b, c, d, c - a, d - b
    if format == "xywh":
        return a, b, a + c, b + d, c, d
    return a - c / 2, b - d / 2, a + c / 2, b + d / 2, c, d


class Pair:
    """What the box losses have in common: overlap, union, hull and centers of two boxes."""

    def __init__(self, prediction, target, format):
        self.p, self.t = corners(prediction, format), corners(target, format)
        px1, py1, px2, py2, pw, ph = self.p
        tx1, ty1, tx2, ty2, tw, th = self.t
        # an extent of exactly 0 has gradient 0
        width = exact.relu(minimum(px2, tx2) - maximum(px1, tx1))
        height = exact.relu(minimum(py2, ty2) - maximum(py1, ty1))
        intersection = width * height
        self.union = pw * ph + tw * th - intersection
        self.hull_width = maximum(px2, tx2) - minimum(px1, tx1)
        self.hull_height = maximum(py2, ty2) - minimum(py1, ty1)
        self.identical = all(a.value == b.value for a, b in zip(self.p, self.t))
        if self.union.value == 0:  # two boxes without area
            self.iou = number(1 if self.identical else 0)
        else:
            self.iou = intersection / self.union


def over_boxes(rule):
    def apply(prediction, target, format="xyxy", **parameters):
        losses = [rule(Pair(p, t, format), **parameters) for p, t in zip(prediction, target)]
        return np.array([number(loss) for loss in losses], dtype=object)

    return apply


def giou_rule(pair):
    if pair.identical:
        return 0
    hull = pair.hull_width * pair.hull_height
    return 1 - pair.iou if hull.value == 0 else 1 - pair.iou + (hull - pair.union) / hull


def iou_rule(pair, form="linear", floor=0):
    """1 - IoU, 1 - IoU², or -log IoU, where an IoU below the floor is the floor, without gradient."""
    if form == "log":
        if pair.iou.value <= floor:
            return -exact.log(number(floor))
        return -exact.log(pair.iou)
    return 1 - pair.iou * pair.iou if form == "square" else 1 - pair.iou


def center_distance(pair):
    """ρ², the squared distance of the centers"""
    px1, py1, px2, py2, _, _ = pair.p
    tx1, ty1, tx2, ty2, _, _ = pair.t
    return ((px1 + px2 - tx1 - tx2) / 2) ** 2 + ((py1 + py2 - ty1 - ty2) / 2) ** 2


def diou_rule(pair):
    """1 - IoU + ρ²/c²"""
    if pair.identical:
        return 0
    return 1 - pair.iou + center_distance(pair) / (pair.hull_width**2 + pair.hull_height**2)


def ciou_rule(pair):
    """1 - IoU + ρ²/c² + αv, with α held constant."""
    if pair.identical:
        return 0
    *_, pw, ph = pair.p
    *_, tw, th = pair.t
    v = (exact.angle(tw, th) - exact.angle(pw, ph)) ** 2 * (4 / mp.pi**2)
    mismatch = (1 - pair.iou + v).value
    alpha = exact.constant(v.value / mismatch if mismatch else 0)
    return diou_rule(pair) + alpha * v


def ratio(a, b):
    """a/b, and 0 for 0/0"""
    return number(0) if b.value == 0 else a / b


def eiou_rule(pair):
    """1 - IoU + ρ²/c² + ((w - w_t)/C_w)² + ((h - h_t)/C_h)²"""
    width, height = (pair.p[i] - pair.t[i] for i in (4, 5))
    return diou_rule(pair) + ratio(width, pair.hull_width) ** 2 + ratio(height, pair.hull_height) ** 2


def siou_rule(pair, theta=4):
    """1 - IoU + (Δ + Ω)/2: the distance of the centers, by its angle, and the shape."""
    px1, py1, px2, py2, pw, ph = pair.p
    tx1, ty1, tx2, ty2, tw, th = pair.t
    across, along = abs(px1 + px2 - tx1 - tx2) / 2, abs(py1 + py2 - ty1 - ty2) / 2
    angle = ratio(across * along * 2, across**2 + along**2)  # sin 2α
    offsets = ratio(across, pair.hull_width), ratio(along, pair.hull_height)
    distance = sum((1 - exact.exp((angle - 2) * each**2) for each in offsets), number(0))
    sizes = ((pw, tw), (ph, th))
    differences = (ratio(abs(a - b), maximum(a, b)) for a, b in sizes)
    shape = sum(((1 - exact.exp(-each)) ** theta for each in differences), number(0))
    return 1 - pair.iou + (distance + shape) / 2


def alpha_iou_rule(pair, alpha=3):
    """1 - IoU^α; without overlap there is no gradient"""
    return 1 - pair.iou ** mp.mpf(alpha) if pair.iou.value else 1


def torch_corners(box, format):
    a, b, c, d = box.unbind(-1)
    if format == "xyxy":
        return a, b, c, d
    if format == "xywh":
        return a, b, a + c, b + d
    return a - c / 2, b - d / 2, a + c / 2, b + d / 2


def torch_pair(prediction, target, format):
    p, t = torch_corners(prediction, format), torch_corners(target, format)
    width = torch.relu(torch.minimum(p[2], t[2]) - torch.maximum(p[0], t[0]))
    height = torch.relu(torch.minimum(p[3], t[3]) - torch.maximum(p[1], t[1]))
    intersection = width * height
    union = (p[2] - p[0]) * (p[3] - p[1]) + (t[2] - t[0]) * (t[3] - t[1]) - intersection
    hull_width = torch.maximum(p[2], t[2]) - torch.minimum(p[0], t[0])
    hull_height = torch.maximum(p[3], t[3]) - torch.minimum(p[1], t[1])
    return p, t, intersection / union, union, hull_width, hull_height


def iou_peer(prediction, target, format="xyxy", form="linear", floor=0):
    *_, iou, _, _, _ = torch_pair(prediction, target, format)
    if form == "log":
        return -iou.clamp(min=floor).log()
    return 1 - iou**2 if form == "square" else 1 - iou


def diou_peer(prediction, target, format="xyxy"):
    p, t, iou, _, width, height = torch_pair(prediction, target, format)
    distance = (((p[0] + p[2]) - (t[0] + t[2])) ** 2 + ((p[1] + p[3]) - (t[1] + t[3])) ** 2) / 4
    return 1 - iou + distance / (width**2 + height**2)


def giou_peer(prediction, target, format="xyxy"):
    _, _, iou, union, width, height = torch_pair(prediction, target, format)
    return 1 - iou + (width * height - union) / (width * height)


def ciou_peer(prediction, target, format="xyxy"):
    p, t, iou, *_ = torch_pair(prediction, target, format)
    # atan2 is torch.atan of the ratio, and finite for a height of 0
    turn = torch.atan2(t[2] - t[0], t[3] - t[1]) - torch.atan2(p[2] - p[0], p[3] - p[1])
    v = 4 / math.pi**2 * turn**2
    with torch.no_grad():
        alpha = torch.where(v == 0, 0.0, v / (1 - iou + v))
    return diou_peer(prediction, target, format) + alpha * v


def sizes_of(corners):
    return corners[2] - corners[0], corners[3] - corners[1]


def eiou_peer(prediction, target, format="xyxy"):
    p, t, _, _, *hull = torch_pair(prediction, target, format)
    terms = [((a - b) / c) ** 2 for a, b, c in zip(sizes_of(p), sizes_of(t), hull)]
    return diou_peer(prediction, target, format) + sum(terms)


def siou_peer(prediction, target, format="xyxy", theta=4):
    p, t, iou, _, *hull = torch_pair(prediction, target, format)
    across, along = ((p[i] + p[i + 2] - t[i] - t[i + 2]) / 2 for i in (0, 1))
    square = across**2 + along**2  # cos(2 asin(along/σ) - π/2), as published, has slope NaN on the axes
    angle = 2 * across.abs() * along.abs() / torch.where(square == 0, 1, square)
    distance = sum(1 - torch.exp((angle - 2) * (d / c) ** 2) for d, c in zip((across, along), hull))
    shape = sum(
        (1 - torch.exp(-(a - b).abs() / torch.maximum(a, b))) ** theta
        for a, b in zip(sizes_of(p), sizes_of(t))
    )
    return 1 - iou + (distance + shape) / 2


def alpha_iou_peer(prediction, target, format="xyxy", alpha=3):
    return 1 - torch_pair(prediction, target, format)[2] ** alpha


def boxes(name, n=5, format="xyxy"):
    """Random boxes, each target near its prediction."""
    draw = Draw(name)

    def box(near):
        x, y = (round(value + draw.random.gauss(0, 1), 2) for value in near[:2])
        width, height = (round(draw.random.uniform(0.5, 4), 2) for _ in range(2))
        return [x, y, width, height]

    pairs = [(first, box(first)) for first in (box((0, 0)) for _ in range(n))]
    if format == "xyxy":
        pairs = [tuple([x, y, round(x + w, 2), round(y + h, 2)] for x, y, w, h in pair) for pair in pairs]
    return {"prediction": [p for p, _ in pairs], "target": [t for _, t in pairs]}


def pair_of(prediction, target):
    return {"prediction": [prediction], "target": [target]}


TEXTBOOK = {
    "prediction": [[0, 0, 2, 2], [0, 0, 1, 1], [0, 0, 4, 1]],
    "target": [[1, 1, 3, 3], [2, 0, 3, 1], [0, 0, 1, 4]],
}


def box_cases(loss, seed=""):
    """What every box loss is asked."""
    loss.case("textbook boxes", TEXTBOOK, reduction="none", kink=True)
    loss.usual(boxes(loss.name + seed), (5,))
    loss.case("format xywh", boxes(loss.name + " xywh", format="xywh"), format="xywh")
    loss.case(
        "format cxcywh", boxes(loss.name + " cxcywh", format="cxcywh"), format="cxcywh", reduction="none"
    )
    loss.case("disjoint", pair_of([0, 0, 1, 2], [5, 3, 7, 4]))
    loss.case(
        "touching at an edge: the overlap's gradient is 0", pair_of([0, 0, 1, 2], [1, 1, 3, 4]), kink=True
    )
    loss.case("touching at a corner", pair_of([0, 0, 1, 1], [1, 1, 3, 4]), kink=True)
    loss.case("one inside the other", pair_of([0, 0, 4, 8], [1, 2, 3, 3]))
    loss.case("two edges in common: each box takes half", pair_of([0, 0, 2, 2], [0, 0, 4, 1]), kink=True)
    loss.case("identical", pair_of([0, 0, 2, 4], [0, 0, 2, 4]), kink=True)
    loss.case("identical points", pair_of([1, 2, 1, 2], [1, 2, 1, 2]), kink=True, alone="0/0 is NaN there")
    loss.case("identical lines", pair_of([0, 1, 2, 1], [0, 1, 2, 1]), kink=True, alone="0/0 is NaN there")
    loss.case("prediction of height 0", pair_of([0, 1, 3, 1], [1, 0, 2, 4]), kink=True)
    loss.case("target of width 0", pair_of([0, 0, 2, 2], [1, 0.5, 1, 1.5]))
    loss.case(
        "two different points: no overlap",
        pair_of([0, 0, 0, 0], [1, 1, 1, 1]),
        kink=True,
        alone="0/0 is NaN there",
    )
    loss.case("coordinates of 1e100", pair_of([0, 0, 2e100, 1e100], [1e100, -1e100, 4e100, 0.5e100]))
    loss.case("sizes of 1e-100", pair_of([0, 0, 2e-100, 1e-100], [1e-100, -1e-100, 4e-100, 0.5e-100]))


iou = Loss("iou", by="a transcription", wrt="prediction", exact=over_boxes(iou_rule), peer=iou_peer)
box_cases(iou)
for form in ("log", "square"):
    iou.case(f"form {form}, textbook boxes", pair_of([0, 0, 2, 2], [1, 1, 3, 3]), form=form)
    overlapping = {
        "prediction": [[0, 0, 2, 2], [0.5, 1, 4, 3], [-1, -2, 3, 1]],
        "target": [[1, 0.5, 3, 3], [1, 0, 3, 2.5], [-2, -1, 1, 2]],
    }
    iou.case(f"form {form}, none", overlapping, form=form, reduction="none")
    iou.case(f"form {form}, weights, floor 0.01", overlapping, form=form, weight=[1, 0, 2.5], floor=0.01)
    iou.case(f"form {form}, identical", pair_of([0, 0, 2, 4], [0, 0, 2, 4]), form=form, kink=True)
    iou.case(
        f"form {form}, identical points",
        pair_of([1, 2, 1, 2], [1, 2, 1, 2]),
        form=form,
        kink=True,
        alone="0/0 is NaN there",
    )
    iou.case(
        f"form {form}, coordinates of 1e100",
        pair_of([0, 0, 2e100, 1e100], [1e100, -1e100, 4e100, 0.5e100]),
        form=form,
    )
APART = pair_of([0, 0, 1, 2], [5, 3, 7, 4])
iou.case("form square, disjoint", APART, form="square")
iou.case(
    "form log, disjoint: an infinite loss without gradient", APART, form="log", kink=True, alone="0·Infinity"
)
iou.case("form log, disjoint, floor 1e-6", APART, form="log", floor=1e-6)
iou.case(
    "form log, a small overlap",
    pair_of([0, 0, 1, 1], [0.999, 0.9999, 3, 3]),
    form="log",
)

diou = Loss("diou", by="a transcription", wrt="prediction", exact=over_boxes(diou_rule), peer=diou_peer)
box_cases(diou)

giou = Loss("giou", by="a transcription", wrt="prediction", exact=over_boxes(giou_rule), peer=giou_peer)
box_cases(giou)
giou.case("a point inside the target", pair_of([1, 1, 1, 1], [0, 0, 4, 2]), kink=True)

ciou = Loss("ciou", by="a transcription", wrt="prediction", exact=over_boxes(ciou_rule), peer=ciou_peer)
box_cases(ciou)

eiou = Loss("eiou", by="a transcription", wrt="prediction", exact=over_boxes(eiou_rule), peer=eiou_peer)
box_cases(eiou)

siou = Loss("siou", by="a transcription", wrt="prediction", exact=over_boxes(siou_rule), peer=siou_peer)
box_cases(siou, " no centers in line")
siou.case("theta 2", boxes("siou theta", 4), theta=2, reduction="none")
siou.case("theta 6, coordinates apart", pair_of([0, 0, 1, 2], [50, 30, 54, 31]), theta=6)
siou.case("centers side by side", pair_of([0, 0, 2, 2], [3, 0.5, 7, 1.5]), kink=True)
siou.case("centers one above the other", pair_of([0, 0, 2, 2], [0.5, 3, 1.5, 7]), kink=True)

alphaIou = Loss(
    "alphaIou", by="a transcription", wrt="prediction", exact=over_boxes(alpha_iou_rule), peer=alpha_iou_peer
)
box_cases(alphaIou)
for alpha in (1, 2, 0.5):
    alphaIou.case(
        f"alpha {alpha}", boxes("alpha alpha", 4), alpha=alpha, reduction="none", alone="0/0 is NaN there"
    )
