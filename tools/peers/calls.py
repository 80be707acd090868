"""The peers' losses, each as a function of our inputs and options that gives the loss of the sample, to be differentiated.

A call that takes no such options (a γ it has not) says so with NotImplementedError. torchvision's losses are its own source,
typed again: the wheel does not import beside the CPU build of PyTorch.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from pytorch_metric_learning import distances, losses  # noqa: E402

TORCH, KERAS, OPTAX, METRIC, VISION = "PyTorch", "Keras", "optax", "pytorch-metric-learning", "torchvision"
#: (library, call as text, our loss, backend, function)
CALLS = []


def call(library, text, loss, backend="torch"):
    def keep(function):
        CALLS.append((library, text, loss, backend, function))
        return function

    return keep


def only(condition):
    if not condition:
        raise NotImplementedError


# PyTorch


@call(TORCH, "binary_cross_entropy_with_logits", "bceWithLogits")
def _(logits, target):
    return F.binary_cross_entropy_with_logits(logits, target, reduction="sum")


@call(TORCH, "binary_cross_entropy", "bce")
def _(probability, target):
    return F.binary_cross_entropy(probability, target, reduction="sum")


@call(TORCH, "soft_margin_loss", "logistic")
def _(score, target):
    return F.soft_margin_loss(score, target, reduction="sum")


@call(TORCH, "cross_entropy", "crossEntropy")
def _(logits, target, labelSmoothing=0):
    return F.cross_entropy(logits, target.long(), reduction="sum", label_smoothing=labelSmoothing)


@call(TORCH, "kl_div", "klDivergence")
def _(prediction, target, **options):
    log = prediction.log() if options["from"] == "probabilities" else F.log_softmax(prediction, dim=-1)
    return F.kl_div(log, target, reduction="sum")


@call(TORCH, "huber_loss", "huber")
def _(prediction, target, delta):
    return F.huber_loss(prediction, target, reduction="sum", delta=delta)


@call(TORCH, "smooth_l1_loss", "smoothL1")
def _(prediction, target, beta):
    return F.smooth_l1_loss(prediction, target, reduction="sum", beta=beta)


@call(TORCH, "mse_loss", "mse")
def _(prediction, target):
    return F.mse_loss(prediction, target, reduction="sum")


@call(TORCH, "poisson_nll_loss", "poissonNll")
def _(prediction, target, full, logInput):
    return F.poisson_nll_loss(prediction, target, log_input=logInput, full=full, reduction="sum")


@call(TORCH, "gaussian_nll_loss", "gaussianNll")
def _(prediction, target, variance):
    return F.gaussian_nll_loss(prediction, target, variance, reduction="sum")


@call(TORCH, "cosine_embedding_loss", "cosineEmbedding")
def _(first, second, target):
    return F.cosine_embedding_loss(first, second, target, reduction="sum")


@call(TORCH, "triplet_margin_loss", "triplet")
def _(anchor, positive, negative, margin, **_):
    return F.triplet_margin_loss(anchor, positive, negative, margin=margin, reduction="sum")


# torchvision, typed again from torchvision/ops (0.24): focal_loss.py, giou_loss.py, diou_loss.py, ciou_loss.py


@call(VISION, "sigmoid_focal_loss", "binaryFocal")
def _(logits, target, gamma, alpha):
    p = torch.sigmoid(logits)
    ce = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    p_t = p * target + (1 - p) * (1 - target)
    return (ce * ((1 - p_t) ** gamma)).sum()


def _intersection(boxes1, boxes2):
    x1, y1, x2, y2 = boxes1.unbind(dim=-1)
    x1g, y1g, x2g, y2g = boxes2.unbind(dim=-1)
    xkis1, ykis1 = torch.max(x1, x1g), torch.max(y1, y1g)
    xkis2, ykis2 = torch.min(x2, x2g), torch.min(y2, y2g)
    intersection = torch.zeros_like(x1)
    mask = (ykis2 > ykis1) & (xkis2 > xkis1)
    intersection[mask] = (xkis2[mask] - xkis1[mask]) * (ykis2[mask] - ykis1[mask])
    union = (x2 - x1) * (y2 - y1) + (x2g - x1g) * (y2g - y1g) - intersection
    return intersection, union


def _hull(boxes1, boxes2):
    low = torch.min(boxes1[:, :2], boxes2[:, :2])
    high = torch.max(boxes1[:, 2:], boxes2[:, 2:])
    return high - low


@call(VISION, "generalized_box_iou_loss", "giou")
def _(prediction, target, eps=1e-7):
    intersection, union = _intersection(prediction, target)
    iou = intersection / (union + eps)
    area = _hull(prediction, target).prod(dim=-1)
    return (1 - (iou - ((area - union) / (area + eps)))).sum()


def _distance(prediction, target, eps=1e-7):
    intersection, union = _intersection(prediction, target)
    iou = intersection / (union + eps)
    diagonal = (_hull(prediction, target) ** 2).sum(dim=-1) + eps
    centers = ((prediction[:, :2] + prediction[:, 2:]) - (target[:, :2] + target[:, 2:])) / 2
    return 1 - iou + (centers**2).sum(dim=-1) / diagonal, iou


@call(VISION, "distance_box_iou_loss", "diou")
def _(prediction, target):
    return _distance(prediction, target)[0].sum()


@call(VISION, "complete_box_iou_loss", "ciou")
def _(prediction, target, eps=1e-7):
    loss, iou = _distance(prediction, target)
    w_pred, h_pred = prediction[:, 2] - prediction[:, 0], prediction[:, 3] - prediction[:, 1]
    w_gt, h_gt = target[:, 2] - target[:, 0], target[:, 3] - target[:, 1]
    v = (4 / (torch.pi**2)) * torch.pow(torch.atan(w_gt / h_gt) - torch.atan(w_pred / h_pred), 2)
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return (loss + alpha * v).sum()


# Keras: it averages over the last axis, of one number here


@call(KERAS, "binary_crossentropy(from_logits=True)", "bceWithLogits")
def _(logits, target):
    return keras.losses.binary_crossentropy(target, logits, from_logits=True)


@call(KERAS, "binary_crossentropy", "bce")
def _(probability, target):
    return keras.losses.binary_crossentropy(target, probability)


@call(KERAS, "binary_focal_crossentropy(from_logits=True)", "binaryFocal")
def _(logits, target, gamma, alpha):
    return keras.losses.binary_focal_crossentropy(target, logits, gamma=gamma, from_logits=True)


@call(KERAS, "sparse_categorical_crossentropy(from_logits=True)", "crossEntropy")
def _(logits, target, labelSmoothing=0):
    only(labelSmoothing == 0)
    return keras.losses.sparse_categorical_crossentropy(target.long(), logits, from_logits=True).sum()


@call(KERAS, "categorical_crossentropy(from_logits=True)", "crossEntropy")
def _(logits, target, labelSmoothing=0):
    hot = F.one_hot(target.long(), 3).to(logits.dtype)
    return keras.losses.categorical_crossentropy(
        hot, logits, from_logits=True, label_smoothing=labelSmoothing
    ).sum()


@call(KERAS, "sparse_categorical_crossentropy", "categoricalCrossEntropy")
def _(probability, target):
    return keras.losses.sparse_categorical_crossentropy(target.long(), probability).sum()


@call(KERAS, "categorical_focal_crossentropy(from_logits=True)", "focal")
def _(logits, target, gamma):
    hot = F.one_hot(target.long(), 3).to(logits.dtype)
    return keras.losses.categorical_focal_crossentropy(
        hot, logits, alpha=1.0, gamma=gamma, from_logits=True
    ).sum()


@call(KERAS, "kl_divergence", "klDivergence")
def _(prediction, target, **options):
    only(options["from"] == "probabilities")
    return keras.losses.kl_divergence(target, prediction).sum()


@call(KERAS, "poisson", "poissonNll")
def _(prediction, target, full, logInput):
    only(not full and not logInput)
    return keras.losses.poisson(target, prediction)


@call(KERAS, "huber", "huber")
def _(prediction, target, delta):
    return keras.losses.huber(target, prediction, delta=delta)


@call(KERAS, "log_cosh", "logCosh")
def _(prediction, target):
    return keras.losses.log_cosh(target, prediction)


@call(KERAS, "mean_squared_error", "mse")
def _(prediction, target):
    return keras.losses.mean_squared_error(target, prediction)


@call(KERAS, "mean_squared_logarithmic_error", "msle")
def _(prediction, target):
    return keras.losses.mean_squared_logarithmic_error(target, prediction)


@call(KERAS, "mean_absolute_percentage_error / 100", "mape")
def _(prediction, target):
    return keras.losses.mean_absolute_percentage_error(target, prediction) / 100


# optax


@call(OPTAX, "sigmoid_binary_cross_entropy", "bceWithLogits", "jax")
def _(logits, target):
    return optax.sigmoid_binary_cross_entropy(logits, target).sum()


@call(OPTAX, "sigmoid_focal_loss", "binaryFocal", "jax")
def _(logits, target, gamma, alpha):
    return optax.sigmoid_focal_loss(logits, target, alpha=None, gamma=gamma).sum()


@call(OPTAX, "softmax_cross_entropy_with_integer_labels", "crossEntropy", "jax")
def _(logits, target, labelSmoothing=0):
    only(labelSmoothing == 0)
    return optax.softmax_cross_entropy_with_integer_labels(logits, target.astype(jnp.int32)).sum()


@call(OPTAX, "softmax_cross_entropy with smooth_labels", "crossEntropy", "jax")
def _(logits, target, labelSmoothing=0):
    hot = jax.nn.one_hot(target.astype(jnp.int32), 3, dtype=logits.dtype)
    return optax.softmax_cross_entropy(logits, optax.smooth_labels(hot, labelSmoothing)).sum()


@call(OPTAX, "poly_loss_cross_entropy", "poly", "jax")
def _(logits, target, epsilon):
    hot = jax.nn.one_hot(target.astype(jnp.int32), 3, dtype=logits.dtype)
    return optax.losses.poly_loss_cross_entropy(logits, hot, epsilon=float(epsilon)).sum()


@call(OPTAX, "kl_divergence", "klDivergence", "jax")
def _(prediction, target, **options):
    log = jnp.log(prediction) if options["from"] == "probabilities" else jax.nn.log_softmax(prediction)
    return optax.losses.kl_divergence(log, target).sum()


@call(OPTAX, "convex_kl_divergence - its added terms", "klDivergence", "jax")
def _(prediction, target, **options):
    only(options["from"] == "logits")
    log = jax.nn.log_softmax(prediction)
    return optax.losses.convex_kl_divergence(log, target).sum() - (jnp.exp(log) - target).sum()


@call(OPTAX, "huber_loss", "huber", "jax")
def _(prediction, target, delta):
    return optax.huber_loss(prediction, target, delta=float(delta)).sum()


@call(OPTAX, "log_cosh", "logCosh", "jax")
def _(prediction, target):
    return optax.log_cosh(prediction, target).sum()


@call(OPTAX, "squared_error", "mse", "jax")
def _(prediction, target):
    return optax.squared_error(prediction, target).sum()


@call(OPTAX, "losses.cosine_distance", "cosineEmbedding", "jax")
def _(first, second, target):
    only(float(np.asarray(target)[0]) == 1)
    return optax.losses.cosine_distance(first, second).sum()


# pytorch-metric-learning: pairs of a batch of two


@call(METRIC, "TripletMarginLoss(distance=LpDistance(normalize_embeddings=False))", "triplet")
def _(anchor, positive, negative, margin, **_):
    loss = losses.TripletMarginLoss(margin=margin, distance=distances.LpDistance(normalize_embeddings=False))
    index = torch.zeros(1, dtype=torch.long)
    batch = torch.cat([anchor, positive, negative])
    return loss(batch, torch.tensor([0, 0, 1]), indices_tuple=(index, index + 1, index + 2))


# scikit-learn: the losses of its boosting and linear models, which have gradients of their own


def scikit_learn():
    """(call as text, our loss, function of inputs and options that gives value and gradients)"""
    from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss
    from sklearn.metrics import log_loss

    def binomial(dtype, logits, target):
        value, slope = HalfBinomialLoss().loss_gradient(
            y_true=np.array(target, dtype=dtype), raw_prediction=np.array(logits, dtype=dtype)
        )
        return float(value[0]), {"logits": [float(slope[0])]}

    def multinomial(dtype, logits, target, labelSmoothing=0):
        only(labelSmoothing == 0)
        value, slope = HalfMultinomialLoss(n_classes=3).loss_gradient(
            y_true=np.array(target, dtype=dtype), raw_prediction=np.array(logits, dtype=dtype)
        )
        return float(value[0]), {"logits": slope.astype(float).tolist()}

    def metric(dtype, probability, target):
        p = np.array(probability, dtype=dtype)
        return float(log_loss(target, np.stack([1 - p, p], axis=1), labels=[0, 1])), {}

    return [
        ("_loss.HalfBinomialLoss", "bceWithLogits", binomial),
        ("_loss.HalfMultinomialLoss", "crossEntropy", multinomial),
        ("metrics.log_loss", "bce", metric),
    ]
