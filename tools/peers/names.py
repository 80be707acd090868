"""Checks that every name in packages/lossc/src/names/ exists in the library it is said to be of.

    npx tsx tools/peers/print-names.ts | python tools/peers/names.py

A dotted name is imported; where its package cannot be imported here (torchvision beside a CPU build of PyTorch), its
source is searched for the definition. A word that an estimator takes is tried: the estimator is fitted to four rows.
What is not installed is said, and counts as a failure. TensorFlow.js has its own check in print-names.ts.
"""

import importlib
import json
import os
import pathlib
import re
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "torch")
warnings.filterwarnings("ignore")


def imported(name):
    """The object of a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise ImportError(f"no module of {name}")


def in_source(name):
    """Whether a package that does not import defines the name in its files."""
    package, last = name.split(".")[0], name.split(".")[-1]
    for folder in map(pathlib.Path, sys.path):
        for file in (folder / package).glob("**/*.py"):
            if re.search(rf"^(def|class) {last}\b", file.read_text(errors="replace"), re.M):
                return True
    return False


def fit(name):
    """Fits `module.Estimator(loss="word")` to four rows."""
    import numpy as np

    estimator, argument, word = re.fullmatch(r'([\w.]+)\((\w+)="([^"]+)"\)', name).groups()
    options = {argument: word}
    if word == "quantile":
        options["quantile"] = 0.5
    imported(estimator)(**options).fit(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 1, 0, 1]))


def lightgbm_objective(name):
    import lightgbm
    import numpy as np

    word = re.fullmatch(r'objective="([^"]+)"', name).group(1)
    parameters = {"objective": word, "verbose": -1, "min_data_in_leaf": 1}
    if word == "multiclass":
        parameters["num_class"] = 2
    group = [4] if word == "lambdarank" else None
    data = lightgbm.Dataset(np.arange(8.0).reshape(4, 2), np.array([0, 1, 0, 1]), group=group)
    lightgbm.train(parameters, data, 1)


def xgboost_objective(name):
    import numpy as np
    import xgboost

    parameters = {"objective": name, "verbosity": 0}
    if name.startswith("multi:"):
        parameters["num_class"] = 2
    if name == "reg:quantileerror":
        parameters["quantile_alpha"] = 0.5
    data = xgboost.DMatrix(np.arange(8.0).reshape(4, 2), np.array([0, 1, 0, 1]))
    if name.startswith("rank:"):
        data.set_group([4])
    xgboost.train(parameters, data, 1)


def check(library, name):
    if library == "LightGBM":
        lightgbm_objective(name)
    elif library == "XGBoost":
        xgboost_objective(name)
    elif "(" in name:
        fit(name)
    elif name.startswith("torchvision."):
        try:
            imported(name)
        except Exception as error:
            if not in_source(name):
                raise ImportError(f"neither imported nor in its source: {error}") from error
    else:
        imported(name)


missing = 0
for row in json.load(sys.stdin):
    if row["library"] == "TensorFlow.js":
        continue
    try:
        check(row["library"], row["name"])
        print(f"ok      {row['name']}")
    except Exception as error:
        missing += 1
        print(f"MISSING {row['name']}: {type(error).__name__}: {error}")
print(f"{missing} missing")
sys.exit(1 if missing else 0)
