"""Reads inputs from standard input, writes them with their true values and gradients to oracle.json.

    npx tsx tools/accuracy/inputs.ts | python tools/accuracy/oracle.py

The formulas and the exact arithmetic (400 digits) are those of the test vectors, tools/vectors.
"""

import importlib
import json
import sys
from pathlib import Path

import numpy as np
from mpmath import mp

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "vectors"))

import exact  # noqa: E402
from common import BEYOND, LOSSES, floats, leaf, text  # noqa: E402
from generate import FAMILIES  # noqa: E402

WORDS = {"Infinity": np.inf, "-Infinity": -np.inf}


def numbers(nested):
    if isinstance(nested, list):
        return [numbers(each) for each in nested]
    return WORDS.get(nested, nested)


def parameters(options):
    return {name: WORDS.get(value, value) if isinstance(value, str) else value for name, value in options.items()}


limit = np.frompyfunc(lambda x: x if abs(x) < BEYOND else mp.sign(x) * mp.inf, 1, 1)


def answer(loss, case):
    """Every sample's loss (a number for a penalty) and the gradient of their sum."""
    inputs = {name: numbers(data) for name, data in case["inputs"].items()}
    leaves = {name: leaf(data) for name, data in inputs.items()}
    reduction = {} if loss.penalty else {"reduction": "none"}
    given = {"name": case["name"], "inputs": inputs, "options": reduction}
    reduced, _ = loss.reduce(leaves, parameters(case["options"]), given)
    slopes = exact.gradient(reduced["total"], {name: leaves[name] for name in loss.wrt if name in leaves})
    # With infinite inputs a slope past BEYOND stands for an infinite one, as a value does.
    limits = any(np.isinf(np.array(data, dtype=float)).any() for data in inputs.values())
    if limits:
        slopes = {name: limit(slope) for name, slope in slopes.items()}
    return {
        "name": case["name"],
        "inputs": inputs,
        "options": case["options"],
        "value": floats(reduced["value"]),
        "grads": {name: floats(slope) for name, slope in slopes.items()},
    }


def main():
    for family in FAMILIES:
        importlib.import_module(family)
    lines = []
    for entry in json.load(sys.stdin):
        loss = LOSSES[entry["loss"]]
        cases = []
        for case in entry["cases"]:
            cases.append("  " + text(answer(loss, case)))
        lines.append(f'{{ "loss": "{entry["loss"]}", "cases": [\n' + ",\n".join(cases) + "\n] }")
        print(entry["loss"], len(cases), flush=True)
    (HERE / "oracle.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
