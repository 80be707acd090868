"""Published values, and equalities between losses, against the recorded files."""

import json

import torch
import torch.nn.functional as F
from mpmath import mp

import heads
import libraries
import multiclass
from common import VECTORS, agree
from exact import numbers

# loss, case, where in its answer, the published value as printed (half a unit of its last digit is allowed)
PUBLISHED = [
    ("smoothL1", "textbook numbers, sum", "value", "8.505"),
    ("smoothL1", "textbook numbers, beta 1/9", "value", "9.878333"),
    ("huber", "textbook numbers, delta 2", "value", "14.005"),
    ("tukeyBiweight", "textbook scale 1", "value", ["0.4775670", "3.5854885", "3.6583603"]),
    ("binaryFocal", "p 0.9, alpha null", "value.0", "0.00105361"),
    ("binaryFocal", "p 0.9, alpha null", "grads.logits.0", "-0.00289649"),
    ("powerBce", "p 0.5, n 4", "value", ["2.772589", "0.0645385"]),
    ("powerBce", "p 0.5, n 4", "grads.logits", ["-2", "0.1333333"]),
    ("barron", "r 1.5, alpha 1", "value", "0.8027756"),
    ("barron", "r 1.5, alpha 0", "value", "0.7537718"),
    ("barron", "r 1.5, alpha -2", "value", "0.72"),
    ("barron", "r 1.5, alpha -Infinity", "value", "0.6753475"),
    ("barron", "r 1.5, alpha 2", "value", "1.125"),
    ("ghmC", "ten bins, momentum 0", "value", "0.6116073121656732"),
    ("ghmR", "momentum 0", "value", "0.108470132857695"),
    ("categoricalCrossEntropy", "textbook numbers, base e", "value", "0.6931472"),
    ("categoricalCrossEntropy", "textbook numbers, base 2", "value", "1"),
    ("categoricalCrossEntropy", "textbook numbers, base 10", "value", "0.3010300"),
    ("nll", "textbook numbers, base e", "value", "0.6931472"),
    ("nll", "textbook numbers, base 2", "value", "1.0000000"),
    ("nll", "textbook numbers, base 10", "value", "0.3010300"),
    ("crossEntropy", "textbook numbers", "value", "0.1291089088298506"),
    ("crossEntropy", "textbook numbers", "grads.logits.0", ["-0.1211217573", "0.1189432359", "0.0021785214"]),
    ("multiclassHinge", "textbook numbers, margin 3", "value", "1"),
    ("multiclassHinge", "textbook numbers, margin 5", "value", "3"),
    ("multiclassHinge", "exactly on the kink", "value", ["0", "0"]),
    ("relationRanking", "textbook numbers", "value", "4.8324881"),
    ("iou", "form log, textbook boxes", "value", "1.9459101"),  # log 7: IoU .1428571
    ("iou", "textbook boxes", "value", ["0.8571429", "1", "0.8571429"]),
    ("diou", "textbook boxes", "value", ["0.9682540", "1.4", "0.9977679"]),
    ("giou", "textbook boxes", "value", ["1.0793651", "1.3333333", "1.4196429"]),
    # boxes of one shape: the first two are DIoU's
    ("ciou", "textbook boxes", "value", ["0.9682540", "1.4", "1.1662355"]),
    ("center", "textbook numbers, sum", "value", "5"),
]

# φ of arcFace with margin 0.5 at an angle; ψ of largeMarginSoftmax with m 4 at an angle
PHI = {1: "0.0707372", 2: "-0.8011436", 2.7: "-1.1437849"}
PSI = {1: "-1.346356", 2: "-4.145500", mp.pi: "-7"}

# the same inputs, two losses that are equal there
EQUAL = [
    (("crossEntropy", "index"), ("crossEntropy", "one-hot, the same as index")),
    (("focal", "index"), ("focal", "one-hot, the same as index")),
    (("multiclassHinge", "index"), ("multiclassHinge", "one-hot, the same as index")),
    (("relationRanking", "index"), ("relationRanking", "one-hot, the same as index")),
    (("barron", "r 1.5, alpha 0"), ("cauchy", "r 1.5")),
    (("barron", "r 1.5, alpha -2"), ("gemanMcClure", "r 1.5")),
    (("barron", "r 1.5, alpha -Infinity"), ("welsch", "r 1.5")),
    (("barron", "random, alpha 0"), ("cauchy", "as barron of alpha 0")),
    (("barron", "random, alpha -2"), ("gemanMcClure", "as barron of alpha -2")),
    (("barron", "random, alpha -Infinity"), ("welsch", "as barron of alpha -Infinity")),
    (("dice", "the same masks"), ("tversky", "alpha ½ and beta ½ is dice")),
    (("dice", "the same masks"), ("focalTversky", "gamma 1 is tversky")),
    (("tversky", "soft targets, alpha 0.8"), ("focalTversky", "soft targets, gamma 1, alpha 0.8")),
    (("nll", "index"), ("nll", "one-hot, the same as index")),
    (("crammerSinger", "index"), ("crammerSinger", "one-hot, the same as index")),
    (("multiclassRamp", "index"), ("multiclassRamp", "one-hot, the same as index")),
    (("ldam", "index"), ("ldam", "one-hot, the same as index")),
    (("logitAdjusted", "index"), ("logitAdjusted", "one-hot, the same as index")),
    (("poly", "index"), ("poly", "one-hot, the same as index")),
    (("generalizedCrossEntropy", "index"), ("generalizedCrossEntropy", "one-hot, the same as index")),
    (("sparsemaxLoss", "index"), ("sparsemaxLoss", "one-hot, the same as index")),
    (("amSoftmax", "scale 20, margin 0.4"), ("cosFace", "scale 20, margin 0.4")),
    (("cosFace", "scale 20, margin 0.4"), ("combinedMargin", "m1 1, m2 0, m3 0.4 is cosFace")),
    (("cosFace", "margin 0"), ("combinedMargin", "no margin at all is normFace")),
    (("cosFace", "margin 0"), ("coco", "alpha 10 is normFace")),
    (("l2Penalty", "small"), ("elasticNet", "l1Ratio 0 is l2Penalty")),
    (("l1Penalty", "small"), ("elasticNet", "l1Ratio 1 is l1Penalty")),
    (
        ("asymmetric", "gammas 0, clip 0: cross-entropy"),
        ("binaryFocal", "gamma 0, alpha null is cross-entropy"),
    ),
    (("crossEntropy", "classWeight, index"), ("crossEntropy", "classWeight, one-hot")),
    (("binaryFocal", "gamma 0, alpha null is cross-entropy"), ("powerBce", "n 1 is bceWithLogits")),
    (("bceWithLogits", "huge logits"), ("binaryFocal", "huge logits, gamma 0, alpha null")),
]


def recorded(loss, case):
    contents = json.loads((VECTORS / f"{loss}.json").read_text(encoding="utf-8"))
    return next(each for each in contents["cases"] if each["name"] == case)


def look_up(answer, path):
    for key in path.split("."):
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer


def check(where, found, published):
    """Asserts that `found` is `published` to the digits given, and counts the numbers."""
    if isinstance(published, list):
        assert len(found) == len(published), where
        return sum(check(where, f, p) for f, p in zip(found, published))
    last = len(published.partition(".")[2])
    assert abs(mp.mpf(found) - mp.mpf(published)) <= mp.mpf("0.51") * mp.mpf(10) ** -last, (
        f"{where}: {found}, not {published}"
    )
    return 1


def margins():
    count = 0
    for angle, published in PHI.items():
        features = numbers([[mp.cos(angle), mp.sin(angle)]])
        (logit,) = heads.arc_face_logits(features, numbers([[1, 0]]), [0], scale=1)[0]
        count += check(f"φ({angle})", logit.value, published)
    for angle, published in PSI.items():
        count += check(f"ψ({angle})", heads.psi(numbers(mp.cos(angle)), 4).value, published)
    return count


def identities():
    for first, second in EQUAL:
        a, b = recorded(*first), recorded(*second)
        assert (a["value"], a["grads"]) == (b["value"], b["grads"]), f"{first} and {second} differ"
    data = heads.samples("identity")
    features, weights = numbers(data["features"]), numbers(data["weights"])
    m1 = heads.largeMarginSoftmax.exact(features, weights, numbers(data["labels"]), m=1)
    plain = multiclass.crossEntropy.exact(features @ weights.T, numbers(data["labels"]))
    assert all(abs(a.value - b.value) < mp.mpf(10) ** -390 for a, b in zip(m1, plain)), (
        "largeMarginSoftmax of m 1"
    )
    zero = multiclass.focal.exact(features, numbers([0, 1, 2, 0, 1]), gamma=0)
    plain = multiclass.crossEntropy.exact(features, numbers([0, 1, 2, 0, 1]))
    assert all(abs(a.value - b.value) < mp.mpf(10) ** -390 for a, b in zip(zero, plain)), "focal of gamma 0"
    return len(EQUAL) + 2


def class_weights():
    """PyTorch's own weight, ignore_index and mean, where they are right: index targets without smoothing."""
    arguments = {
        "classWeight, index": {"weight": torch.tensor(multiclass.CLASS_WEIGHT)},
        "classWeight balanced": {"weight": torch.tensor([6 / 8, 6 / 12, 0, 6 / 4])},
        "ignoreIndex 1": {"ignore_index": 1},
    }
    for case, options in arguments.items():
        answer = recorded("crossEntropy", case)
        logits = torch.tensor(answer["inputs"]["logits"], requires_grad=True)
        loss = F.cross_entropy(logits, torch.tensor(answer["inputs"]["target"]), **options)
        loss.backward()
        agree(f"crossEntropy, {case}", answer["value"], loss.detach())
        agree(f"crossEntropy, {case}", answer["grads"]["logits"], logits.grad)
    return len(arguments)


def helpers():
    """Published values of what is no loss: l2Softmax's bound on alpha, the update of centers."""
    count = check("alphaLowerBound", mp.log(mp.mpf("0.9") * (10 - 2) / (1 - mp.mpf("0.9"))), "4.276666")
    features, labels, centers = numbers([[1, 0], [0, 1], [2, 2]]), [0, 0, 1], numbers([[0, 0], [0, 0]])
    for j, published in enumerate([["0.16666667", "0.16666667"], ["0.5", "0.5"]]):
        own = [x for x, label in zip(features, labels) if label == j]
        step = sum(centers[j] - x for x in own) / (1 + len(own))
        count += check(f"center {j}, updated", [c.value for c in centers[j] - step * 0.5], published)
    return count


def main():
    published = sum(
        check(f"{loss}, {case}", look_up(recorded(loss, case), path), p) for loss, case, path, p in PUBLISHED
    )
    return published + margins() + identities() + class_weights() + helpers() + libraries.check()


if __name__ == "__main__":
    print(f"{main()} published values and identities hold")
