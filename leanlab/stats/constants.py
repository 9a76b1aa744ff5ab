"""Control-chart constants, exact: by closed form or quadrature, never from rounded tables."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray

_REACH = 9.0  # normal tails beyond 9 sigma add less than double precision can hold
_NODES = 400
LARGEST = 1000


def _normal_cdf(x: FloatArray) -> FloatArray:
    """Return the normal distribution function without scipy, which would slow the first chart."""
    scaled = (x.ravel() * -math.sqrt(0.5)).tolist()
    return 0.5 * np.fromiter(map(math.erfc, scaled), np.float64, x.size).reshape(x.shape)


@cache
def _grid() -> tuple[FloatArray, FloatArray]:
    """Return equally spaced nodes: for smooth curves that vanish at both ends nothing is better."""
    x = np.linspace(-_REACH, _REACH, _NODES + 1)
    return x, np.full(_NODES + 1, 2 * _REACH / _NODES)


def _checked(n: int) -> int:
    if n != int(n) or n < 2 or n > LARGEST:
        raise DataProblem(f"Subgroup size {n:g}: constants exist for 2 to {LARGEST}.")
    return int(n)


@cache
def d2(n: int) -> float:
    """Mean of the range of n standard normal values.

    Parameters
    ----------
    n : int
        Subgroup size, 2 to 1000.

    Returns
    -------
    float
        Exact to about 1e-12 (integral of ``1 - F^n - (1-F)^n``).

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, Appendix VI (rounded there).

    Examples
    --------
    >>> round(d2(5), 6)
    2.325929
    """
    n = _checked(n)
    if n == 2:
        return 2.0 / math.sqrt(math.pi)
    x, w = _grid()
    below, above = _normal_cdf(x), _normal_cdf(-x)
    return float(w @ (1.0 - below**n - above**n))


@cache
def d3(n: int) -> float:
    """Standard deviation of the range of n standard normal values.

    Examples
    --------
    >>> round(d3(5), 6)
    0.864082
    """
    n = _checked(n)
    if n == 2:
        return math.sqrt(2.0 - 4.0 / math.pi)
    return math.sqrt(max(0.0, _range_second_moment(n) - d2(n) ** 2))


@cache
def _range_second_moment(n: int) -> float:
    """Return E[R^2] = 2 * integral of r (1 - P(R <= r)) dr, with P(R<=r) by quadrature."""
    r, wr, inside = _ranges()
    return float(2.0 * wr @ (r * (1.0 - _cdf_of(inside, n))))


@cache
def _ranges() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ranges, their weights and what lies inside them; the same for every size."""
    nodes, weights = np.polynomial.legendre.leggauss(120)
    r = np.asarray(8.5 * (nodes + 1.0))
    return r, np.asarray(8.5 * weights), _inside(r)


def _inside(r: FloatArray) -> FloatArray:
    """Return P(x < Z < x + r), one row per range r and one column per node x."""
    x, _ = _grid()
    return np.asarray(_normal_cdf(x + r[:, None]) - _normal_cdf(x))


def _cdf_of(inside: FloatArray, n: int) -> FloatArray:
    x, w = _grid()
    density = np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    return np.minimum(n * (inside ** (n - 1) @ (w * density)), 1.0)


def range_cdf(r: FloatArray, n: int) -> FloatArray:
    """Return P(range of n standard normal values <= r).

    Examples
    --------
    >>> range_cdf(np.asarray([2.325929]), 5).round(3)
    array([0.531])
    """
    return _cdf_of(_inside(np.asarray(r, dtype=np.float64)), n)


@cache
def d4(n: int) -> float:
    """Median of the range of n standard normal values (not the R-chart factor D4).

    Examples
    --------
    >>> round(d4(2), 6)
    0.953873
    """
    n = _checked(n)
    low, high = 0.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if range_cdf(np.asarray([middle]), n)[0] < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


@cache
def c4(n: int) -> float:
    """Mean of the standard deviation (divisor n - 1) of n standard normal values.

    Examples
    --------
    >>> round(c4(5), 6)
    0.939986
    """
    if n < 2:
        raise DataProblem(f"c4 needs at least two values, not {n}.")
    if n > 1000:  # the gamma functions are so large here that their ratio loses digits
        return 1 - 1 / (4 * n) - 7 / (32 * n**2) - 19 / (128 * n**3)
    return math.sqrt(2.0 / (n - 1)) * math.exp(math.lgamma(n / 2.0) - math.lgamma((n - 1) / 2.0))


@cache
def c5(n: int) -> float:
    """Standard deviation of the standard deviation of n standard normal values."""
    return math.sqrt(max(0.0, 1.0 - c4(n) ** 2))


def control_chart(n: Sequence[int]) -> dict[str, list[float]]:
    """Return all chart factors for each subgroup size, for limits at 3 sigma.

    Parameters
    ----------
    n : list of int
        Subgroup sizes.

    Returns
    -------
    dict
        Lists ``n, d2, d3, d4, c4, c5, A, A2, A3, B3..B6, D1..D4, E2``.
    """
    rows = [_factors(int(size)) for size in n]
    names = rows[0] if rows else {}
    return {"n": [float(size) for size in n]} | {
        name: [row[name] for row in rows] for name in names
    }


def _factors(n: int) -> dict[str, float]:
    root = math.sqrt(n)
    return {
        "d2": d2(n), "d3": d3(n), "d4": d4(n), "c4": c4(n), "c5": c5(n),
        "A": 3 / root, "A2": 3 / (d2(n) * root), "A3": 3 / (c4(n) * root),
        "B3": max(0.0, 1 - 3 * c5(n) / c4(n)), "B4": 1 + 3 * c5(n) / c4(n),
        "B5": max(0.0, c4(n) - 3 * c5(n)), "B6": c4(n) + 3 * c5(n),
        "D1": max(0.0, d2(n) - 3 * d3(n)), "D2": d2(n) + 3 * d3(n),
        "D3": max(0.0, 1 - 3 * d3(n) / d2(n)), "D4": 1 + 3 * d3(n) / d2(n),
        "E2": 3 / d2(n),
    }  # fmt: skip


def d2_star(m: int, g: int) -> float:
    """Return d2* of g ranges of m values, which makes a squared mean range unbiased.

    Parameters
    ----------
    m : int
        Values per range, 2 to 1000.
    g : int
        Ranges that are averaged, at least 1.

    Raises
    ------
    DataProblem
        Sizes outside these bounds.

    References
    ----------
    Duncan, Quality Control and Industrial Statistics; AIAG MSA, 4th ed., Appendix C.

    Examples
    --------
    >>> round(1 / d2_star(3, 1), 4)
    0.5231
    """
    if g != int(g) or g < 1:
        raise DataProblem(f"Number of ranges {g:g}: at least one range is needed.")
    return math.sqrt(d2(m) ** 2 + d3(m) ** 2 / g)
