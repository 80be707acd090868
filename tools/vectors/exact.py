"""Numbers of 400 digits that remember where they came from: mpmath with a reverse-mode tape.

400 digits because 1 - p is wanted to 17 digits down to the smallest float64, 5e-324.
Kinks take the subgradient that the catalogue declares; `differences` in common.py checks the rest.
"""

import itertools

import mpmath
import numpy as np
from mpmath import mp

mp.dps = 400

_clock = itertools.count()


class Number:
    """A value and, for each operand, the derivative with respect to it."""

    __slots__ = ("born", "operands", "value")

    def __init__(self, value, *operands):
        self.value = value
        self.operands = operands
        self.born = next(_clock)

    def __add__(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = number(other)
        return Number(self.value + other.value, (self, 1), (other, 1))

    def __mul__(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = number(other)
        return Number(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = number(other)
        return Number(
            self.value / other.value, (self, 1 / other.value), (other, -self.value / other.value**2)
        )

    def __pow__(self, exponent):
        if exponent == 0:
            return number(1)
        exponent = mp.mpf(exponent)
        return Number(self.value**exponent, (self, exponent * self.value ** (exponent - 1)))

    def __neg__(self):
        return Number(-self.value, (self, -1))

    def __abs__(self):
        return Number(abs(self.value), (self, mp.sign(self.value)))  # 0 at 0

    def __sub__(self, other):
        return NotImplemented if isinstance(other, np.ndarray) else self + -number(other)

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return number(other) / self

    __radd__ = __add__
    __rmul__ = __mul__


def number(value):
    return value if isinstance(value, Number) else Number(mp.mpf(value))


def _elementwise(rule):
    """A function of one number, which also maps over an array."""

    def apply(x):
        return np.frompyfunc(lambda each: rule(number(each)), 1, 1)(x)

    return apply


def _op(function, derivative):
    return _elementwise(lambda x: Number(function(x.value), (x, derivative(x.value))))


def _log_slope(x):
    return mp.inf if x == 0 else 1 / x


exp = _op(mp.exp, mp.exp)
log = _op(lambda x: -mp.inf if x == 0 else mp.log(x), _log_slope)
log1p = _op(mpmath.log1p, lambda x: 1 / (1 + x))
sqrt = _op(mp.sqrt, lambda x: mp.mpf(0) if x == 0 else 1 / (2 * mp.sqrt(x)))  # a distance of 0 has gradient 0
relu = _op(lambda x: x if x > 0 else mp.mpf(0), lambda x: 1 if x > 0 else 0)  # 0 at 0
sigmoid = _op(lambda x: 1 / (1 + mp.exp(-x)), lambda x: 1 / ((1 + mp.exp(-x)) * (1 + mp.exp(x))))
softplus = _op(lambda x: mpmath.log1p(mp.exp(x)), lambda x: 1 / (1 + mp.exp(-x)))
log1mexp = _op(lambda x: mp.log(-mp.expm1(-x)), lambda x: 1 / mp.expm1(x))  # log(1 - e^-x)
cos = _op(mp.cos, lambda x: -mp.sin(x))
sin = _op(mp.sin, mp.cos)
acos = _op(mp.acos, lambda x: 0 if abs(x) >= 1 else -1 / mp.sqrt(1 - x * x))  # slope 0 at both ends
zero_one = _op(lambda x: mp.mpf(x <= 0), lambda x: mp.mpf(0))  # 1 at 0


def _choose(better):
    def rule(a, b):
        a, b = number(a), number(b)
        if a.value == b.value:  # a tie splits the gradient, as torch.maximum does
            return Number(a.value, (a, mp.mpf(1) / 2), (b, mp.mpf(1) / 2))
        winner = a if better(a.value, b.value) else b
        return Number(winner.value, (winner, 1))

    return np.frompyfunc(rule, 2, 1)


maximum = _choose(lambda a, b: a > b)
minimum = _choose(lambda a, b: a < b)


def angle(width, height):
    """atan(width / height), π/2 at height 0 and 0 with slope 0 at (0, 0)."""
    width, height = number(width), number(height)
    square = width.value**2 + height.value**2
    if square == 0:
        return number(0)
    value = mp.atan2(width.value, height.value)
    return Number(value, (width, height.value / square), (height, -width.value / square))


def values(array):
    return np.frompyfunc(lambda each: number(each).value, 1, 1)(array)


_constants = {"record": None, "replay": None}


def constant(x):
    """x without its gradient; while differences are taken, the value it had at the undisturbed point."""
    if _constants["replay"] is not None:
        return number(next(_constants["replay"]))
    if _constants["record"] is not None:
        _constants["record"].append(number(x).value)
    return number(number(x).value)


def recorded(function):
    """function() together with the constants it held fixed."""
    _constants["record"] = []
    try:
        return function(), _constants["record"]
    finally:
        _constants["record"] = None


def replayed(function, fixed):
    """function() with its constants as they were."""
    _constants["replay"] = iter(fixed)
    try:
        return function()
    finally:
        _constants["replay"] = None


def numbers(nested):
    """Nested lists of floats as an array of Numbers."""
    return np.frompyfunc(number, 1, 1)(np.array(nested, dtype=object))


def gradient(output, inputs):
    """d output / d input for every array of Numbers in `inputs`. A slope of 0 annihilates Infinity."""
    seen, stack = {}, [output]
    while stack:
        node = stack.pop()
        if node.born not in seen:
            seen[node.born] = node
            stack.extend(operand for operand, _ in node.operands)
    adjoint = {output.born: mp.mpf(1)}
    for born in sorted(seen, reverse=True):
        slope = adjoint.get(born, 0)
        if slope == 0:
            continue
        for operand, local in seen[born].operands:
            if local != 0:
                adjoint[operand.born] = adjoint.get(operand.born, 0) + slope * local
    lookup = np.frompyfunc(lambda leaf: adjoint.get(leaf.born, mp.mpf(0)), 1, 1)
    return {name: np.array(lookup(array), dtype=object) for name, array in inputs.items()}
