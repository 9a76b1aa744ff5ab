"""A p-value of any fit, by simulation: where no table exists, as with a third parameter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.distributions.families import Family, Parameters, family
from leanlab.stats.distributions.fitting import anderson_darling_of


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Result of `goodness_of_fit`; `samples` counts the simulated samples that could be fitted."""

    distribution: str
    n: int
    anderson_darling: float
    p_value: float
    samples: int
    seed: int


def goodness_of_fit(
    x: ArrayLike, distribution: str, *, samples: int = 500, seed: int = 1
) -> GoodnessOfFit:
    """Test a distribution with estimated parameters by the parametric bootstrap.

    Parameters
    ----------
    x : array_like, shape (n,)
        Independent values in data units, at least eight; missing ones are left out.
    distribution : str
        A key of `FAMILIES`.
    samples : int, default 500
        Simulated samples; the standard error of p is at most 0.5 / sqrt(samples).
    seed : int, default 1
        The same seed gives the same p-value.

    Returns
    -------
    GoodnessOfFit
        p = (1 + number of simulated statistics at least as large) / (samples + 1).

    Raises
    ------
    DataProblem
        As `fit`, and when fewer than half of the simulated samples can be fitted.

    References
    ----------
    Stute, Gonzalez Manteiga and Presedo Quindimil 1993, Metrika 40.

    Examples
    --------
    >>> goodness_of_fit(range(1, 30), "exponential", samples=50).p_value < 0.1
    True
    """
    one = family(distribution)
    wanted = inputs.whole(samples, "Number of samples", least=20, most=100_000)
    start = inputs.whole(seed, "Seed")
    values = np.sort(one.check(x, least=8))
    at, _ = one.fit(values)
    seen = anderson_darling_of(values, one, at)
    generator = np.random.default_rng(start)
    drawn = [_statistic(one, at, values.size, generator) for _ in range(wanted)]
    known = np.asarray([value for value in drawn if value is not None])
    if 2 * known.size < wanted:
        raise DataProblem(
            f"{one.title}: too many simulated samples could not be fitted.",
            hint="Choose a distribution with fewer parameters.",
        )
    p = (1 + int(np.count_nonzero(known >= seen))) / (known.size + 1)
    return GoodnessOfFit(one.id, values.size, seen, p, known.size, start)


def _statistic(one: Family, at: Parameters, n: int, generator: np.random.Generator) -> float | None:
    sample = np.sort(one.draw(n, at, generator))
    try:
        return anderson_darling_of(sample, one, one.fit(sample)[0])
    except DataProblem:  # a sample without a maximum inside says nothing
        return None
