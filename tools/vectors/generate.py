"""Writes packages/lossc/test/vectors/NAME.json for every loss, or for those named on the command line."""

import importlib
import sys

import torch

from common import LOSSES, VECTORS, file_text

FAMILIES = (
    "regression",
    "robust",
    "likelihoods",
    "binary",
    "margins",
    "harmonized",
    "multiclass",
    "probabilities",
    "classmargins",
    "softmaxes",
    "distributions",
    "entropies",
    "ranking",
    "lists",
    "boxes",
    "metric",
    "pairs",
    "triplets",
    "contrasts",
    "similarities",
    "heads",
    "faces",
    "adaptive",
    "segmentation",
    "penalties",
)


def main(names):
    torch.set_num_threads(1)
    for family in FAMILIES:
        importlib.import_module(family)
    import check  # reads the losses too

    for name in names:
        if name not in LOSSES:
            sys.exit(f"generate.py: there is no loss {name!r}; there are {', '.join(LOSSES)}")
    VECTORS.mkdir(parents=True, exist_ok=True)
    for name in names or LOSSES:
        contents = file_text(LOSSES[name].record())
        (VECTORS / f"{name}.json").write_text(contents, encoding="utf-8")
        print(f"{name}: {len(LOSSES[name].cases)} cases, {len(contents) / 1000:.1f} kB", flush=True)
    print(f"{check.main()} published values and identities hold")


if __name__ == "__main__":
    main(sys.argv[1:])
