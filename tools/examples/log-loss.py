"""Writes what scikit-learn says of examples/mnist-softmax.parquet, for the command line's tests to be held against.

pip install scikit-learn==1.9.1 pyarrow==25.0.1 && python tools/examples/log-loss.py
"""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet
import sklearn
from sklearn.metrics import log_loss

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "mnist-softmax.parquet"
FIXTURE = ROOT / "packages" / "cli" / "test" / "fixtures" / "mnist-softmax.log-loss.json"
CLASSES = 10


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def main():
    table = pyarrow.parquet.read_table(EXAMPLE)
    label = table["label"].to_numpy()
    columns = [table[f"logit_{k}"].to_numpy() for k in range(CLASSES)]
    probability = softmax(np.stack(columns, axis=1).astype(np.float64))
    # log_loss clips at the spacing of float64 around 1; a figure that depends on it would be no oracle.
    if probability[np.arange(len(label)), label].min() < 1e-15:
        raise SystemExit("log-loss.py: scikit-learn would clip the probability of a label.")

    def of(rows):
        return log_loss(label[rows], probability[rows], labels=range(CLASSES))

    result = {
        "oracle": f"scikit-learn {sklearn.__version__} log_loss",
        "all": of(label >= 0),
        "byLabel": {str(k): of(label == k) for k in range(CLASSES)},
    }
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(FIXTURE.read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
