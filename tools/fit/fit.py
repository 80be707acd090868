"""Fits the polynomials of backends/wasm/math: the least largest error, relative to what the polynomial is part of.

    python tools/fit/fit.py exp 5         p of 1 + r + r² p(r) = eʳ, |r| ≤ ln 2 / 2, five coefficients
    python tools/fit/fit.py log1p 4       R of x − s (x − z R(z)) = log(1 + x), z = s², |s| ≤ 1/3

and those of math/short.ts, which are float64:

    python tools/fit/fit.py coth 4        c of (c(f²) + f) / (c(f²) − f) = 2^f, |f| ≤ 1/2; the error is that of 2^f − 1
    python tools/fit/fit.py far 6         that of log1p
    python tools/fit/fit.py near 4        the same for √½ ≤ 1 + x ≤ √2

Lawson's iteration over Chebyshev's points; float32 coefficients are rounded one after the other, those that are left
fitted again. Prints them and the error.
"""

import sys
from math import factorial

import numpy as np


def exp_rest(r):
    return sum(r**k / factorial(k + 2) for k in range(18))


def artanh_rest(z):
    return sum(2 * z**k / (2 * k + 3) for k in range(40))


def coth(z):
    return np.sqrt(z) / np.tanh(np.sqrt(z) * np.log(2) / 2)


def of_logarithm(z):
    return z / (2 + z * artanh_rest(z))


HALF = np.log(2) / 2 * 1.0001
NEAR = ((np.sqrt(2) - 1) / (np.sqrt(2) + 1)) ** 2 * 1.0001
functions = {
    # what is fitted, from, to, and the share of the result that its error is multiplied by
    "exp": (exp_rest, -HALF, HALF, lambda r: r * r / np.exp(r)),
    "log1p": (artanh_rest, 0, 1 / 9, of_logarithm),
    "coth": (coth, 0, 0.2501, lambda z: 1 / (coth(z) - np.sqrt(z))),
    "far": (artanh_rest, 0, 1 / 9, of_logarithm),
    "near": (artanh_rest, 0, NEAR, of_logarithm),
}
short = ("coth", "far", "near")


def lawson(x, y, weight, first, count):
    powers = np.stack([x**i for i in range(first, count)], 1)
    importance = np.ones_like(x)
    best = (np.inf, None)
    for _ in range(60):
        scale = np.sqrt(importance) * weight
        coefficients = np.linalg.lstsq(powers * scale[:, None], y * scale, rcond=None)[0]
        error = np.abs((powers @ coefficients - y) * weight)
        if error.max() < best[0]:
            best = (error.max(), coefficients)
        importance *= error / error.max() + 1e-3
        importance /= importance.mean()
    return best[1]


def fit(name, count):
    function, low, high, share = functions[name]
    x = np.cos(np.pi * (np.arange(4000) + 0.5) / 4000) * (high - low) / 2 + (high + low) / 2
    y, weight = function(x), share(x)
    fixed = list(map(float, lawson(x, y, weight, 0, count))) if name in short else []
    while len(fixed) < count:
        left = y - sum(c * x**i for i, c in enumerate(fixed))
        fixed.append(float(np.float32(lawson(x, left, weight, len(fixed), count)[0])))
    return fixed, np.abs((sum(c * x**i for i, c in enumerate(fixed)) - y) * weight).max()


if __name__ == "__main__":
    coefficients, error = fit(sys.argv[1], int(sys.argv[2]))
    print(", ".join(map(str, coefficients)))
    print(f"error {error:.2g}")
