"""The script that people write: log loss by group with pandas and scikit-learn."""

import sys

import numpy
import pandas
from sklearn.metrics import log_loss

frame = pandas.read_parquet(sys.argv[1])
frame["p"] = 1 / (1 + numpy.exp(-frame["score"]))
for group, part in frame.groupby("group"):
    print(group, log_loss(part["label"], part["p"], labels=[0, 1]))
