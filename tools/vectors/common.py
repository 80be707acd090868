"""The case recorder: a loss written twice (exactly, and for PyTorch), its cases, and their file."""

import json
import math
import random
import zlib
from pathlib import Path

import numpy as np
import torch
from mpmath import mp

import exact

VECTORS = Path(__file__).resolve().parents[2] / "packages" / "lossc" / "test" / "vectors"
torch.set_default_dtype(torch.float64)

INTEGER_INPUTS = {"labels"}
FAR = (
    mp.mpf(10) ** 40
)  # stands for Infinity inside the exact arithmetic, so that limits are taken, not guessed
BEYOND = mp.mpf(10) ** 30  # with such an input, a value past this is Infinity
LOSSES = {}  # every Loss by name, in order of definition


class Loss:
    """One loss.

    exact(**inputs, **parameters)   the per-sample loss, as an array of exact Numbers
    peer(**inputs, **parameters)    the same from PyTorch, as a float64 tensor
    wrt                             the inputs that a model produces or learns; a case may leave some out
    weigh(**inputs, **parameters)   the loss's own sample weights (class weights, ignored labels), or None
    penalty                         True for one number without samples
    """

    def __init__(self, name, *, by, exact, peer, wrt, weigh=None, penalty=False):
        self.name, self.by, self.exact, self.peer, self.weigh = name, by, exact, peer, weigh
        self.wrt = wrt if isinstance(wrt, tuple) else (wrt,)
        self.penalty = penalty
        self.cases = []
        LOSSES[name] = self

    def case(self, name, inputs, *, kink=False, alone=None, tolerance=None, **options):
        """Adds a case. `kink`: not differentiable here, so no differences are taken.
        `alone`: why PyTorch cannot check it."""
        if any(case["name"] == name for case in self.cases):
            raise ValueError(f'{self.name}: two cases are called "{name}"')
        self.cases.append(
            dict(name=name, inputs=inputs, options=options, kink=kink, alone=alone, tolerance=tolerance)
        )

    def usual(self, inputs, shape, **options):
        """The cases every loss has: each reduction, weights, a mask, nothing counted."""
        draw = Draw(self.name + " weights")
        weight = draw.weights(shape)
        mask = draw.mask(shape)
        nothing = np.zeros(shape, dtype=bool).tolist()
        self.case("mean", inputs, **options)
        self.case("sum", inputs, reduction="sum", **options)
        self.case("none", inputs, reduction="none", **options)
        self.case("weights", inputs, weight=weight, **options)
        self.case("weights, mean over the count", inputs, weight=weight, meanOver="count", **options)
        self.case("mask", inputs, mask=mask, **options)
        self.case("weights and mask, none", inputs, weight=weight, mask=mask, reduction="none", **options)
        self.case("weights and mask, sum", inputs, weight=weight, mask=mask, reduction="sum", **options)
        self.case("nothing counted", inputs, mask=nothing, **options)

    def oracle(self):
        return (
            f"mpmath 1.3.0 at {mp.dps} digits, the formula and its exact derivative; "
            f"checked against PyTorch 2.13.0, {self.by}, float64, autograd"
        )

    def record(self):
        return {
            "loss": self.name,
            "oracle": self.oracle(),
            "cases": [self.answer(case) for case in self.cases],
        }

    def answer(self, case):
        """The case as it is written to the file, after the checks."""
        where = f"{self.name}, {case['name']}"
        leaves = {name: leaf(data) for name, data in case["inputs"].items()}
        common = ("weight", "mask", "reduction", "meanOver")
        parameters = {key: value for key, value in case["options"].items() if key not in common}
        (reduced, weight), fixed = exact.recorded(lambda: self.reduce(leaves, parameters, case))
        slopes = exact.gradient(reduced["total"], {name: leaves[name] for name in self.wrt if name in leaves})
        grads = {name: floats(array) for name, array in slopes.items()}
        value = floats(reduced["value"])
        given = [np.array(data, dtype=float) for data in case["inputs"].values()]
        if not case["kink"] and not any(np.isnan(data).any() for data in given):
            self.differences(where, case, leaves, parameters, slopes, fixed)
        if case["alone"] is None:
            self.compare(where, case, parameters, weight, value, grads)
        answer = {"name": case["name"], "inputs": case["inputs"], "options": case["options"]}
        answer |= {"value": value, "grads": grads}
        if not self.penalty:
            answer["weightSum"] = float(sum(weight.flat))
            answer["count"] = sum(1 for each in weight.flat if each != 0)
        if case["tolerance"] is not None:
            answer["tolerance"] = case["tolerance"]
        return answer

    def weights(self, shape, inputs, parameters, options):
        weight = np.full(shape, mp.mpf(1), dtype=object)
        if self.weigh is not None:
            weight = weight * self.weigh(**inputs, **parameters)
        for option in ("weight", "mask"):
            if option in options:
                given = np.array(options[option], dtype=object)
                assert given.shape == shape, (option, given.shape, shape)
                weight = weight * np.frompyfunc(mp.mpf, 1, 1)(given)
        return weight

    def reduce(self, leaves, parameters, case):
        """mean = Σ w·ℓ / Σ w; sum = Σ w·ℓ; none = w·ℓ. A sample of weight 0 is not looked at."""
        options = case["options"]
        sample = np.array(self.exact(**leaves, **parameters), dtype=object)
        if self.penalty:
            return {"total": sample.item(), "value": exact.values(sample)}, None
        weight = self.weights(sample.shape, leaves, parameters, options)
        counted = [(w, loss) for w, loss in zip(weight.flat, sample.flat) if w != 0]
        reduction = options.get("reduction", "mean")
        divisor = mp.mpf(1)
        if reduction == "mean" and counted:
            by_count = options.get("meanOver") == "count"
            divisor = mp.mpf(len(counted)) if by_count else sum(w for w, _ in counted)
        total = sum((loss * (w / divisor) for w, loss in counted), exact.number(0))
        limits = any(np.isinf(np.array(data, dtype=float)).any() for data in case["inputs"].values())

        def contribution(w, loss):
            if w == 0:
                return mp.mpf(0)
            return w * (mp.inf if limits and loss.value > BEYOND else loss.value)

        pairs = zip(weight.flat, exact.numbers(sample).flat)
        each = np.array([contribution(w, loss) for w, loss in pairs], dtype=object)
        value = (
            each.reshape(sample.shape)
            if reduction == "none"
            else np.array(each.sum() / divisor, dtype=object)
        )
        return {"total": total, "value": value}, weight

    def differences(self, where, case, leaves, parameters, slopes, fixed):
        """The tape's gradient is the central difference."""

        def total(name, index, moved):
            array = leaves[name].copy()
            array[index] = exact.number(moved)
            there = leaves | {name: array}
            reduced, _ = exact.replayed(lambda: self.reduce(there, parameters, case), fixed)
            return reduced["total"].value

        for name in slopes:
            sizes = [abs(leaf.value) for leaf in leaves[name].flat if leaf.value != 0]
            for index in np.ndindex(leaves[name].shape):
                point, slope = leaves[name][index].value, slopes[name][index]
                with mp.workdps(mp.dps + 100):
                    step = mp.mpf(10) ** -100 * (abs(point) or min([1, *sizes]))
                    ends = [total(name, index, moved) for moved in (point + step, point - step)]
                    numeric = (ends[0] - ends[1]) / (2 * step)
                close = abs(numeric - slope) <= mp.mpf(10) ** -20 * abs(slope) + mp.mpf(10) ** -150
                assert close, (
                    f"{where}: d/d{name}{list(index)} is {float(slope)}, by differences {float(numeric)}"
                )

    def compare(self, where, case, parameters, weight, value, grads):
        """PyTorch agrees."""
        options = case["options"]
        inputs = {name: tensor(name, data, name in self.wrt) for name, data in case["inputs"].items()}
        sample = self.peer(**inputs, **parameters)
        if self.penalty:
            total = result = sample
        else:
            weight = torch.tensor(weight.astype(float), dtype=torch.float64).reshape(weight.shape)
            counted = weight != 0
            weighted = torch.where(counted, weight * sample, 0.0)
            reduction = options.get("reduction", "mean")
            total = weighted.sum()
            if reduction == "mean" and counted.any():
                total = total / (counted.sum() if options.get("meanOver") == "count" else weight.sum())
            result = weighted if reduction == "none" else total
        agree(f"{where}: value", value, result.detach())
        if not total.requires_grad:  # constant
            total = total + sum(inputs[name].sum() * 0 for name in grads)
        derived = torch.autograd.grad(total, [inputs[name] for name in grads], allow_unused=True)
        for name, array in zip(grads, derived):
            array = torch.zeros_like(inputs[name]) if array is None else array
            agree(f"{where}: d/d{name}", grads[name], array)


def leaf(data):
    """An input as exact numbers, Infinity as FAR."""

    def near(x):
        return exact.number(math.copysign(1, x) * FAR if math.isinf(x) else x)

    array = np.array(data, dtype=object)
    return np.array([near(x) for x in array.flat], dtype=object).reshape(array.shape)


def is_masked(logit):
    """Was this exact number given as -Infinity?"""
    return exact.number(logit).value < -BEYOND


def floats(array):
    """Exact values as nested lists of float64."""
    array = np.array(array, dtype=object)
    return np.array([float(x) for x in array.flat]).reshape(array.shape).tolist()


def tensor(name, data, differentiate):
    dtype = torch.int64 if name in INTEGER_INPUTS else torch.float64
    return torch.tensor(data, dtype=dtype, requires_grad=differentiate)


def agree(where, mine, theirs):
    mine, theirs = np.array(mine, dtype=float), theirs.numpy()
    assert mine.shape == theirs.shape, f"{where}: shape {mine.shape}, PyTorch {theirs.shape}"
    close = np.isclose(mine, theirs, rtol=1e-11, atol=1e-13, equal_nan=True)
    assert close.all(), f"{where}:\n  exact   {mine[~close][:4]}\n  PyTorch {theirs[~close][:4]}"


class Draw:
    """Random data of few digits, the same in every run: seeded by a name."""

    def __init__(self, name):
        self.random = random.Random(zlib.crc32(name.encode()))

    def fill(self, shape, one):
        if isinstance(shape, int):
            shape = (shape,)
        if not shape:
            return one()
        return [self.fill(shape[1:], one) for _ in range(shape[0])]

    def normal(self, shape, spread=1.0, digits=3):
        return self.fill(shape, lambda: round(self.random.gauss(0, spread), digits))

    def uniform(self, shape, low, high, digits=3):
        return self.fill(shape, lambda: round(self.random.uniform(low, high), digits))

    def labels(self, shape, classes):
        return self.fill(shape, lambda: self.random.randrange(classes))

    def choice(self, shape, options):
        return self.fill(shape, lambda: self.random.choice(options))

    def distributions(self, rows, classes):
        """Rows of hundredths that add up to 1, none of them 0."""

        def row():
            cuts = sorted(self.random.sample(range(1, 100), classes - 1))
            return [(high - low) / 100 for low, high in zip([0, *cuts], [*cuts, 100])]

        return [row() for _ in range(rows)]

    def weights(self, shape):
        """0 to 3, with a 0 first."""
        data = np.array(self.choice(shape, [0.25, 0.5, 1, 1.5, 2, 3]))
        data.flat[0] = 0
        return data.tolist()

    def mask(self, shape):
        """About two in three, the first kept and the last dropped."""
        data = np.array(self.choice(shape, [True, True, False]))
        data.flat[0], data.flat[-1] = True, False
        return data.tolist()


def text(data):
    """One JSON value on one line; a number that JSON lacks is the string JavaScript prints for it."""
    if isinstance(data, dict):
        return (
            "{ " + ", ".join(f"{json.dumps(key)}: {text(item)}" for key, item in data.items()) + " }"
            if data
            else "{}"
        )
    if isinstance(data, (list, tuple)):
        return "[" + ", ".join(text(item) for item in data) + "]"
    if isinstance(data, float):
        if math.isnan(data):
            return '"NaN"'
        if math.isinf(data):
            return '"Infinity"' if data > 0 else '"-Infinity"'
        return str(int(data)) if data.is_integer() and abs(data) < 1e15 else repr(data)
    return json.dumps(data, ensure_ascii=False)


def file_text(record):
    """The vectors file: one line for each part of a case."""
    cases = []
    for case in record["cases"]:
        parts = []
        for key, item in case.items():
            if key in ("inputs", "grads"):
                entries = ",\n".join(
                    f"        {json.dumps(name)}: {text(data)}" for name, data in item.items()
                )
                parts.append(f'      "{key}": {{\n{entries}\n      }}')
            else:
                parts.append(f'      "{key}": {text(item)}')
        cases.append("    {\n" + ",\n".join(parts) + "\n    }")
    head = f'  "loss": {text(record["loss"])},\n  "oracle": {text(record["oracle"])},\n'
    return "{\n" + head + '  "cases": [\n' + ",\n".join(cases) + "\n  ]\n}\n"
