"""Asks every peer every question in float64 and float32, and writes where it is wrong to wrong-python.json.

    python tools/peers/search.py

Questions and their true answers go to questions.json, for the programs that ask npm packages (search.mjs).
"""

import importlib
import json
import math
import sys
import warnings
from importlib import metadata
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from questions import QUESTIONS, single, truth  # noqa: E402
import calls  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import torch  # noqa: E402
from generate import FAMILIES  # noqa: E402

warnings.filterwarnings("ignore")

#: From which relative error on an answer is wrong: some hundred thousand roundings of float64, ten thousand of float32.
WRONG = {"float64": 1e-8, "float32": 1e-3}
SMALLEST = {"float64": 5e-324, "float32": 1.5e-45}
LARGEST = {"float64": 1.7976931348623157e308, "float32": 3.4028234663852886e38}
#: Beside numbers of order 1 a true 0 may come out as this.
ZERO = {"float64": 1e-12, "float32": 1e-5}


def is_wrong(got, true, precision):
    if math.isnan(true) or abs(true) > LARGEST[precision] / 2 and math.isinf(got):
        return False
    if math.isnan(got) or math.isinf(got) != math.isinf(true):
        return True
    if math.isinf(true):
        return got != true
    if true == 0 or abs(true) < SMALLEST[precision] * 1e8:
        return abs(got) > ZERO[precision]
    return abs(got - true) / abs(true) > WRONG[precision]


def with_torch(function, inputs, options, dtype):
    kind = torch.float64 if dtype == "float64" else torch.float32
    leaves = {name: torch.tensor(data, dtype=kind) for name, data in inputs.items()}
    wanted = [name for name in inputs if name not in ("target", "same")]
    for name in wanted:
        leaves[name].requires_grad_(True)
    value = function(**leaves, **options)
    value = value.sum()
    slopes = torch.autograd.grad(value, [leaves[name] for name in wanted], allow_unused=True)
    return value.item(), {
        name: (torch.zeros_like(leaves[name]) if slope is None else slope).double().tolist()
        for name, slope in zip(wanted, slopes)
    }


def with_jax(function, inputs, options, dtype):
    kind = jnp.float64 if dtype == "float64" else jnp.float32
    leaves = {name: jnp.array(data, dtype=kind) for name, data in inputs.items()}
    wanted = [name for name in inputs if name not in ("target", "same")]

    def of(*given):
        return function(**(leaves | dict(zip(wanted, given))), **options)

    value, slopes = jax.value_and_grad(of, argnums=tuple(range(len(wanted))))(*(leaves[n] for n in wanted))
    return float(value), {name: np.array(slope, dtype=float).tolist() for name, slope in zip(wanted, slopes)}


def wrong_numbers(answer, true, precision):
    """What is wrong with an answer: the value, and each number of the gradients."""
    value, grads = answer
    true_value, true_grads = true
    found = []
    if is_wrong(value, true_value, precision):
        found.append({"of": "value", "got": value, "true": true_value})
    for name, slope in grads.items():
        numbers = np.array(slope, dtype=float)
        for index in np.ndindex(numbers.shape):
            x, y = float(numbers[index]), float(np.array(true_grads[name], dtype=float)[index])
            if is_wrong(x, y, precision):
                found.append({"of": f"d/d{name}{list(index)}", "got": x, "true": y})
    return found


def spelt(item):
    """JSON has no infinities."""
    if isinstance(item, dict):
        return {key: spelt(each) for key, each in item.items()}
    if isinstance(item, (list, tuple)):
        return [spelt(each) for each in item]
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "Infinity" if item > 0 else "-Infinity"
    return item


def versions():
    """What was asked, in which version."""
    packages = {
        "PyTorch": "torch",
        "Keras": "keras",
        "optax": "optax",
        "scikit-learn": "scikit-learn",
        "pytorch-metric-learning": "pytorch-metric-learning",
    }
    found = {library: metadata.version(package).split("+")[0] for library, package in packages.items()}
    return found | {"torchvision": "0.24, its source typed again"}


def main():
    for family in FAMILIES:
        importlib.import_module(family)
    asked, wrong, count = [], [], {}
    answers = {
        name: [(inputs, options, truth(name, inputs, options)) for inputs, options in questions]
        for name, questions in QUESTIONS.items()
    }
    for name, questions in answers.items():
        for inputs, options, (value, grads) in questions:
            asked.append({"loss": name, "inputs": inputs, "options": options, "value": value, "grads": grads})

    def ask(library, text, loss, answer):
        for inputs, options, true in answers[loss]:
            for precision in ("float64", "float32"):
                if precision == "float32" and not all(single(data) for data in inputs.values()):
                    continue
                calls.keras.config.set_floatx(precision)
                try:
                    numbers = wrong_numbers(answer(inputs, options, precision), true, precision)
                except NotImplementedError:
                    continue
                except ValueError:
                    continue  # it refuses such values, which is an answer too
                count[f"{library} {text}"] = count.get(f"{library} {text}", 0) + 1
                about = {"library": library, "call": text, "loss": loss, "precision": precision}
                for number in numbers:
                    wrong.append({**about, "inputs": inputs, "options": options, **number})

    for library, text, loss, backend, function in calls.CALLS:
        run = with_torch if backend == "torch" else with_jax
        ask(library, text, loss, lambda i, o, p, run=run, function=function: run(function, i, o, p))
    for text, loss, function in calls.scikit_learn():
        ask("scikit-learn", text, loss, lambda i, o, p, function=function: function(p, **i, **o))
    (HERE / "questions.json").write_text(json.dumps(spelt(asked)) + "\n")
    (HERE / "wrong-python.json").write_text(json.dumps(spelt({"versions": versions(), "asked": count, "wrong": wrong})) + "\n")
    print(sum(count.values()), "answers,", len(wrong), "wrong numbers")


if __name__ == "__main__":
    main()
