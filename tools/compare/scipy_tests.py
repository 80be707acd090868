"""Paired differences with what SciPy says of them: p of a sign-flip test and a bootstrap interval.

    python tools/compare/scipy_tests.py > packages/cli/test/fixtures/compare.json
"""

import json

import numpy
import scipy
from scipy import stats


def mean(sample, axis=-1):
    return numpy.mean(sample, axis=axis)


def case(name, differences, resamples):
    test = stats.permutation_test(
        (differences,), mean, permutation_type="samples", n_resamples=resamples, alternative="two-sided",
        rng=numpy.random.default_rng(1),
    )
    interval = stats.bootstrap(
        (differences,), mean, n_resamples=20000, method="percentile", confidence_level=0.95,
        rng=numpy.random.default_rng(2),
    ).confidence_interval
    return {
        "name": name,
        "differences": [float(x) for x in differences],
        "p": float(test.pvalue),
        "exact": bool(len(test.null_distribution) == 2 ** len(differences)),
        "interval": [float(interval.low), float(interval.high)],
    }


rng = numpy.random.default_rng(20261126)
cases = [
    case("ten rows, a clear shift", rng.normal(0.8, 1, 10), numpy.inf),
    case("nine rows, nothing", rng.normal(0, 1, 9), numpy.inf),
    case("eight rows with ties", numpy.array([1.0, 1, -1, 2, 2, 0, 3, -2]), numpy.inf),
    case("200 rows, a small shift", rng.normal(0.15, 1, 200), 50000),
    case("300 rows, heavy tails", rng.standard_t(3, 300) * 0.4 + 0.05, 50000),
]
print(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=1))
