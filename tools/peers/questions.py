"""What peers are asked: one sample each, ordinary and extreme, by our loss; the truth is that of the test vectors' formulas."""

import math
import sys
from pathlib import Path

import numpy as np
from mpmath import mp

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "vectors"))

import exact  # noqa: E402
from common import BEYOND, LOSSES, floats, leaf  # noqa: E402

INF = math.inf
LOGITS = (0.5, 12.0, 17.0, 40.0, 90.0, 105.0, 750.0, 1e4, INF)
PROBABILITIES = (0.0, 1e-38, 1e-20, 1e-8, 0.25, 0.5, 1 - 2.0**-24, 1.0)
RESIDUALS = (1e-12, 1e-6, 1e-4, 0.5, 20.0, 90.0, 750.0, 1e4, 1e20)


def rows(*logits):
    return [[[float(x) for x in row]] for row in logits]


LOGIT_ROWS = rows(
    (1, 2, 3), (100, 0, 0), (0, 40, 0), (1e4, -1e4, 0), (20, 0, -20), (0, -INF, 1), (-1e4, 1e4, 1e4), (89, -89, 0)
)
BOXES = (
    ([0, 0, 2, 2], [1, 1, 3, 3]),
    ([1, 1, 1, 1], [1, 1, 1, 1]),
    ([0, 0, 0, 2], [0, 0, 0, 2]),
    ([0, 0, 1e-4, 1e-4], [0, 0, 1e-4, 2e-4]),
    ([0, 0, 1e-3, 2e-3], [5e-4, 0, 1.5e-3, 2e-3]),
    ([0, 0, 1, 1], [1e6, 1e6, 1e6 + 1, 1e6 + 2]),
    ([2, 2, 2, 2], [5, 5, 5, 5]),
    ([0, 0, 0, 0], [0, 0, 1, 1]),
    ([0, 0, 1, 0], [0, 0, 1, 1]),
)
VECTORS = (
    ([[3.0, 4.0]], [[3.0, 4.0]]),
    ([[0.0, 0.0]], [[1.0, 0.0]]),
    ([[1e-5, 0.0]], [[0.0, 1e-5]]),
    ([[1e-20, 0.0]], [[1e-20, 1e-20]]),
    ([[1e25, 0.0]], [[1e25, 1e25]]),
    ([[1.0, 1e-4]], [[1.0, 0.0]]),
)


def of_logits(name, **options):
    return [({name: [s * x], "target": [t]}, options) for x in LOGITS for s in (1, -1) for t in (0.0, 1.0)]


def of_score():
    return [({"score": [s * x], "target": [y]}, {}) for x in LOGITS for s in (1, -1) for y in (1.0, -1.0)]


def of_probability():
    return [({"probability": [p], "target": [t]}, {}) for p in PROBABILITIES for t in (0.0, 1.0)]


def of_rows(**options):
    found = []
    for row in LOGIT_ROWS:
        for label in range(3):
            if row[0][label] != -INF:
                found.append(({"logits": row, "target": [label]}, options))
    return found


def of_residual(**options):
    return [({"prediction": [s * r], "target": [0.0]}, options) for r in RESIDUALS for s in (1, -1)]


def of_boxes():
    return [({"prediction": [list(map(float, p))], "target": [list(map(float, t))]}, {}) for p, t in BOXES]


def of_pairs(first, second, **more):
    return [({first: a, second: b, **more}, {}) for a, b in VECTORS]


DISTRIBUTIONS = ([1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5])
PREDICTED = ([1.0, 0.0, 0.0], [0.5, 0.25, 0.25], [0.0, 0.5, 0.5], [1e-20, 0.5, 0.5], [1e-8, 0.5, 0.5])

QUESTIONS = {
    "bceWithLogits": of_logits("logits"),
    "bce": of_probability(),
    "binaryFocal": [
        question
        for gamma in (2, 0.5)
        for question in of_logits("logits", gamma=gamma, alpha=None)
    ],
    "logistic": of_score(),
    "exponential": of_score(),
    "squaredHinge": of_score(),
    "crossEntropy": of_rows() + of_rows(labelSmoothing=0.1),
    "focal": of_rows(gamma=2) + of_rows(gamma=0.5),
    "poly": of_rows(epsilon=2),
    "categoricalCrossEntropy": [
        ({"probability": [p], "target": [label]}, {}) for p in PREDICTED for label in range(3)
    ],
    "klDivergence": [
        ({"prediction": [p], "target": [t]}, {"from": "probabilities"})
        for p in PREDICTED
        for t in DISTRIBUTIONS
    ]
    + [({"prediction": row, "target": [t]}, {"from": "logits"}) for row in LOGIT_ROWS for t in DISTRIBUTIONS],
    "huber": of_residual(delta=1),
    "smoothL1": of_residual(beta=1) + of_residual(beta=0),
    "mse": of_residual(),
    "logCosh": of_residual(),
    "pseudoHuber": of_residual(delta=1),
    "msle": [
        ({"prediction": [p], "target": [t]}, {})
        for p in (-0.5, 0.0, 1e-12, 1e-9, 1.0, 1e10)
        for t in (0.0, 1e-9, -0.5, 3.0)
    ],
    "mape": [
        ({"prediction": [p], "target": [t]}, {}) for p in (0.0, 1e-9, 1.0) for t in (1e-8, 1e-10, 0.5, -2.0)
    ],
    "poissonNll": [
        ({"prediction": [x], "target": [t]}, {"full": full, "logInput": log})
        for x in (0.5, 1e-12, 3.0)
        for t in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 10.0)
        for full in (False, True)
        for log in (True, False)
    ],
    "gaussianNll": [
        ({"prediction": [r], "target": [0.0], "variance": [v]}, {})
        for r in (1e-4, 1.0)
        for v in (1e-10, 1e-7, 1e-3, 1.0)
    ],
    "cosineEmbedding": of_pairs("first", "second", target=[1.0]) + of_pairs("first", "second", target=[-1.0]),
    "contrastive": of_pairs("first", "second", same=[1.0]) + of_pairs("first", "second", same=[0.0]),
    "triplet": [
        ({"anchor": a, "positive": b, "negative": [[0.0, 3.0]]}, {"distance": "euclidean", "normalize": False, "margin": 8})
        for a, b in VECTORS
        if a[0][0] < 1e20  # beside such lengths the margin is a rounding, and no answer is to be had
    ],
    "giou": of_boxes(),
    "diou": of_boxes(),
    "ciou": of_boxes(),
}


def single(nested):
    """Whether float32 holds all of it."""
    array = np.array(nested, dtype=float)
    with np.errstate(over="ignore"):
        return bool((array.astype(np.float32).astype(float) == array).all())


limit = np.frompyfunc(lambda x: x if abs(x) < BEYOND else mp.sign(x) * mp.inf, 1, 1)


def truth(name, inputs, options):
    """The loss of the one sample and its gradients, as float64."""
    loss = LOSSES[name]
    leaves = {key: leaf(data) for key, data in inputs.items()}
    case = {"name": "", "inputs": inputs, "options": {"reduction": "sum"}}
    reduced, _ = loss.reduce(leaves, options, case)
    slopes = exact.gradient(reduced["total"], {key: leaves[key] for key in loss.wrt if key in leaves})
    if any(np.isinf(np.array(data, dtype=float)).any() for data in inputs.values()):
        slopes = {key: limit(slope) for key, slope in slopes.items()}
    return float(np.array(floats(reduced["value"])).item()), {key: floats(slope) for key, slope in slopes.items()}
