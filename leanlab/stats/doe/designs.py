"""Designs by their published recipes: full factorial, Plackett-Burman, response surface, screening."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray, IntArray
from leanlab.stats.doe.factorial import factorial_2level
from leanlab.stats.inputs import number, whole

MOST_RUNS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A design in coded units.

    Attributes
    ----------
    kind : str
    design : FloatArray, shape (runs, factors)
        In standard order; full factorials count levels from 1.
    alpha : float
        Distance of the axial points (central composite designs), else NaN.
    factorial_points, axial_points, center_points : int
    """

    kind: str
    design: FloatArray
    alpha: float = float("nan")
    factorial_points: int = 0
    axial_points: int = 0
    center_points: int = 0

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.design.shape[0]

    @property
    def design_sorted(self) -> FloatArray:
        """Runs in lexicographic order, to compare designs whose order is free."""
        return np.asarray(self.design[np.lexsort(self.design.T[::-1])])


def full_factorial(levels: Sequence[int]) -> Design:
    """List every combination of levels, first factor fastest.

    Parameters
    ----------
    levels : sequence of int
        Number of levels per factor, at least 1.

    Returns
    -------
    Design
        Levels are counted 1, 2, 3...

    References
    ----------
    Montgomery, Design and Analysis of Experiments, chapter 5.

    Examples
    --------
    >>> full_factorial([2, 3]).design[:3].tolist()
    [[1.0, 1.0], [2.0, 1.0], [1.0, 2.0]]
    """
    counts = [
        whole(n, f"Number of levels of factor {i + 1}", least=1) for i, n in enumerate(levels)
    ]
    if not counts:
        raise DataProblem("There are no factors.", hint="Give the number of levels of each.")
    if math.prod(counts) > MOST_RUNS:
        raise DataProblem(
            f"{math.prod(counts)} runs are more than {MOST_RUNS}.",
            hint="Use fewer levels or factors, or a fraction.",
        )
    grid = itertools.product(*(range(1, n + 1) for n in reversed(counts)))
    return Design("full factorial", np.asarray([row[::-1] for row in grid], dtype=np.float64))


_ROWS: Mapping[int, str] = MappingProxyType(
    {
        8: "+++-+--",
        12: "++-+++---+-",
        16: "++++-+-++--+---",
        20: "++--++++-+-+----++-",
        24: "+++++-+-++--++--+-+----",
        32: "----+-+-+++-++---+++++--++-+--+",
        36: "-+-+++---+++++-+++--+----+-+-++--+-",
        44: "++--+-+--+++-+++++---+-+++-----+---++-+-++-",
        48: "+++++-++++--+-+-+++--+--++-++---+-+-++----+----",
    }
)
_BLOCKS_28 = (
    "+-++++--- ++-+++--- -+++++--- ---+-++++ ---++-+++ ----+++++ +++---+-+ +++---++- +++----++",
    "-+---+--+ --++--+-- +---+--+- --+-+---+ +----++-- -+-+---+- --+--+-+- +--+----+ -+--+-+--",
    "++-+-++-+ -++++-++- +-+-++-++ +-+++-+-+ ++--++++- -+++-+-++ +-++-+++- ++-++--++ -++-+++-+",
)


def plackett_burman(runs: int, factors: int) -> Design:
    """Build a two-level screening design for up to runs - 1 factors.

    Parameters
    ----------
    runs : int
        8, 12, 16, 20, 24, 28, 32, 36, 44 or 48.
    factors : int
        At most runs - 1.

    Returns
    -------
    Design
        Row 1 is the published generator, each further row the one before shifted right by one,
        the last row all low (28 runs: three blocks of nine that rotate). Two-factor interactions
        are spread over many main effects.

    Raises
    ------
    DataProblem
        No published generator for so many runs, or too many factors.

    References
    ----------
    Plackett and Burman 1946, Biometrika 33.

    Examples
    --------
    >>> plackett_burman(12, 3).design[0].tolist()
    [1.0, 1.0, -1.0]
    """
    runs = whole(runs, "Number of runs", least=1)
    available = sorted([*_ROWS, 28])
    if runs not in available:
        raise DataProblem(
            f"There is no Plackett-Burman design with {runs} runs here.",
            hint=f"Choose {', '.join(map(str, available))}.",
        )
    factors = whole(factors, "Number of factors", least=1, most=runs - 1)
    body = _rotated_blocks() if runs == 28 else _rotated_row(_ROWS[runs])
    whole_design = np.vstack([body, -np.ones((1, runs - 1))])
    return Design("Plackett-Burman", whole_design[:, :factors])


def _signs(text: str) -> FloatArray:
    return np.asarray([1.0 if sign == "+" else -1.0 for sign in text])


def _rotated_row(text: str) -> FloatArray:
    row = _signs(text)
    return np.stack([np.roll(row, shift) for shift in range(row.size)])


def _rotated_blocks() -> FloatArray:
    a, b, c = (np.stack([_signs(row) for row in block.split()]) for block in _BLOCKS_28)
    return np.block([[a, b, c], [c, a, b], [b, c, a]])


_BOX_BEHNKEN: Mapping[int, tuple[tuple[int, ...], ...]] = MappingProxyType(
    {
        3: ((0, 1), (0, 2), (1, 2)),
        4: ((0, 1), (2, 3), (0, 3), (1, 2), (0, 2), (1, 3)),
        5: tuple(itertools.combinations(range(5), 2)),
        6: ((0, 1, 3), (1, 2, 4), (2, 3, 5), (0, 3, 4), (1, 4, 5), (0, 2, 5)),
        7: ((3, 4, 5), (0, 5, 6), (1, 4, 6), (0, 1, 3), (2, 3, 6), (0, 2, 4), (1, 2, 5)),
    }
)


def box_behnken(factors: int, center_points: int = 3) -> Design:
    """Build a three-level response surface design without corner points.

    Parameters
    ----------
    factors : int
        3 to 7. Six and seven factors use the published triples, not all pairs.
    center_points : int, default 3

    Returns
    -------
    Design

    References
    ----------
    Box and Behnken 1960, Technometrics 2.

    Examples
    --------
    >>> box_behnken(3).runs
    15
    """
    factors = whole(factors, "Number of factors", least=3, most=7)
    centers = whole(center_points, "Number of centre points", least=0, most=100)
    rows = []
    for moved in _BOX_BEHNKEN[factors]:
        for signs in itertools.product((-1.0, 1.0), repeat=len(moved)):
            row = np.zeros(factors)
            row[list(moved)] = signs
            rows.append(row)
    body = np.vstack([*rows, np.zeros((centers, factors))])
    return Design("Box-Behnken", body, factorial_points=len(rows), center_points=centers)


def ccd(
    factors: int,
    alpha: str | float = "rotatable",
    center_points: int = 5,
    generator: str | Sequence[str] | None = None,
) -> Design:
    """Build a central composite design: a factorial, axial points and centre points.

    Parameters
    ----------
    factors : int
        2 to 10.
    alpha : {"rotatable", "spherical", "face"} or float
        Distance of the axial points: fourth root of the number of factorial points, square root
        of the number of factors, 1, or a number.
    center_points : int, default 5
        Centre points in all.
    generator : str or sequence of str, optional
        Generator of a fractional factorial part: ``E=ABCD``.

    Returns
    -------
    Design

    References
    ----------
    Box and Wilson 1951; Myers, Montgomery and Anderson-Cook, Response Surface Methodology.

    Examples
    --------
    >>> round(ccd(2).alpha, 4)
    1.4142
    """
    factors = whole(factors, "Number of factors", least=2, most=10)
    centers = whole(center_points, "Number of centre points", least=0, most=100)
    rules = [generator] if isinstance(generator, str) else list(generator or ())
    corner = factorial_2level(factors, [rule for rule in rules if rule]).design.astype(np.float64)
    distance = _distance(alpha, factors, corner.shape[0])
    axial = np.zeros((2 * factors, factors))
    for place in range(factors):
        axial[2 * place : 2 * place + 2, place] = (-distance, distance)
    body = np.vstack([corner, axial, np.zeros((centers, factors))])
    return Design("central composite", body, distance, corner.shape[0], 2 * factors, centers)


def _distance(alpha: str | float, factors: int, corners: int) -> float:
    named = {"rotatable": corners**0.25, "spherical": math.sqrt(factors), "face": 1.0}
    if isinstance(alpha, str):
        if alpha not in named:
            raise DataProblem(f"Unknown alpha {alpha!r}.", hint="rotatable, spherical or face.")
        return float(named[alpha])
    return number(alpha, "Alpha", above=0)


@dataclass(frozen=True, slots=True, eq=False)
class DefinitiveScreening:
    """A definitive screening design and what it promises.

    Attributes
    ----------
    design : IntArray, shape (runs, factors)
        Pairs of mirrored runs, then one centre run.
    center_runs, zeros_per_column, main_effect_sum_of_squares : int
    max_abs_main_main, max_abs_main_quadratic, max_abs_main_interaction : int
        Largest inner products; all 0: main effects are clear of each other and of every
        second-order effect.
    correlation_quadratic_pair : float
        Correlation of two quadratic columns.
    """

    design: IntArray
    center_runs: int
    zeros_per_column: int
    main_effect_sum_of_squares: int
    max_abs_main_main: int
    max_abs_main_quadratic: int
    max_abs_main_interaction: int
    correlation_quadratic_pair: float

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.design.shape[0]


def definitive_screening(factors: int) -> DefinitiveScreening:
    """Build a three-level screening design from a conference matrix.

    Parameters
    ----------
    factors : int
        3 to 30. An odd number drops a column of the next even design, so that main effects stay
        orthogonal: 2k+1 runs for even k, 2k+3 for odd k (more where no conference matrix exists).

    Returns
    -------
    DefinitiveScreening

    References
    ----------
    Jones and Nachtsheim 2011, JQT 43; Xiao, Lin and Bai 2012, JQT 44; Paley 1933.

    Examples
    --------
    >>> definitive_screening(6).runs
    13
    """
    factors = whole(factors, "Number of factors", least=3, most=30)
    order = next(n for n in _CONFERENCE if n >= factors)
    half = conference_matrix(order)[:, :factors]
    design = np.empty((2 * order + 1, factors), dtype=np.int64)
    design[0:-1:2], design[1:-1:2], design[-1] = half, -half, 0
    square = design**2
    gram = design.T @ design
    apart = gram - np.diag(np.diagonal(gram))
    products = [design[:, i] * design[:, j] for i, j in itertools.combinations(range(factors), 2)]
    return DefinitiveScreening(
        design=design,
        center_runs=int(np.count_nonzero(~design.any(axis=1))),
        zeros_per_column=int(np.count_nonzero(design[:, 0] == 0)),
        main_effect_sum_of_squares=int(gram[0, 0]),
        max_abs_main_main=int(np.abs(apart).max()),
        max_abs_main_quadratic=int(np.abs(design.T @ square).max()),
        max_abs_main_interaction=int(np.abs(design.T @ np.stack(products, axis=1)).max()),
        correlation_quadratic_pair=float(np.corrcoef(square[:, 0], square[:, 1])[0, 1]),
    )


_CONFERENCE = (4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 26, 28, 30)
_FIELDS: Mapping[int, tuple[int, tuple[int, ...]]] = MappingProxyType(
    # prime, and the lower coefficients of an irreducible polynomial x^m + ...
    {9: (3, (1, 0)), 25: (5, (3, 0)), 27: (3, (1, 2, 0))}
)


@cache
def conference_matrix(order: int) -> IntArray:
    """Return a square matrix C of 0 (diagonal), -1 and 1 with C'C = (order - 1) I.

    Notes
    -----
    Paley's construction from the squares of a finite field of order - 1 elements; order 16 comes
    from doubling the skew matrix of order 8.
    """
    if order == 16:
        small = conference_matrix(8)
        one = np.eye(8, dtype=np.int64)
        return np.block([[small, small + one], [small - one, -small]])
    q = order - 1
    core = _residues(q)
    out = np.zeros((order, order), dtype=np.int64)
    out[0, 1:] = 1
    out[1:, 0] = 1 if q % 4 == 1 else -1
    out[1:, 1:] = core
    return out


def _residues(q: int) -> IntArray:
    """Return chi(a - b) for all pairs of elements: 1 for squares, -1 for others, 0 for zero."""
    prime, lower = _FIELDS.get(q, (q, (0,)))
    elements = [_digits(i, prime, len(lower)) for i in range(q)]
    squares = {_times(e, e, prime, lower) for e in elements if any(e)}
    table = {e: (0 if not any(e) else 1 if e in squares else -1) for e in elements}
    return np.asarray(
        [
            [table[tuple((x - y) % prime for x, y in zip(a, b, strict=True))] for b in elements]
            for a in elements
        ],
        dtype=np.int64,
    )


def _digits(value: int, prime: int, count: int) -> tuple[int, ...]:
    return tuple(value // prime**i % prime for i in range(count))


def _times(
    a: tuple[int, ...], b: tuple[int, ...], prime: int, lower: tuple[int, ...]
) -> tuple[int, ...]:
    """Multiply two polynomials and reduce by the irreducible one."""
    m = len(lower)
    full = [0] * (2 * m - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            full[i + j] += x * y
    for high in range(2 * m - 2, m - 1, -1):
        for i, coefficient in enumerate(lower):
            full[high - m + i] -= full[high] * coefficient
    return tuple(c % prime for c in full[:m])
