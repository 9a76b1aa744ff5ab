"""Capability of processes that are not normal, from the percentiles of a fitted distribution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.stats import inputs
from leanlab.stats.distributions import Fit, fit

_TAIL = 0.0013498980316300946  # normal probability beyond 3 sigma


@dataclass(frozen=True, slots=True)
class NonNormal:
    """Result of `nonnormal`; what needs a limit that is not set is None."""

    distribution: str
    n: int
    parameters: dict[str, float]
    loglik: float
    anderson_darling: float
    q_0_135: float
    median: float
    q_99_865: float
    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float
    ppm_lt_lsl: float | None
    ppm_gt_usl: float | None
    ppm_total: float
    z_bench: float | None
    z_bench_ppk: float | None
    observed_ppm: float


def nonnormal(
    x: ArrayLike, distribution: str, *, lsl: float | None = None, usl: float | None = None
) -> NonNormal:
    """Compare a process that follows another distribution with its specification.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values of a stable process in data units; missing ones are left out.
    distribution : str
        A key of `leanlab.stats.distributions.FAMILIES`.
    lsl, usl : float, optional
        Specification; at least one limit.

    Returns
    -------
    NonNormal

    Raises
    ------
    DataProblem
        As `leanlab.stats.distributions.fit`, and for bad limits.

    Notes
    -----
    Percentile method: Pp = (USL - LSL) / (x.99865 - x.00135), Ppu = (USL - x.5) / (x.99865 - x.5),
    Ppl likewise; the probabilities are exactly those beyond 3 sigma of the normal distribution.
    z_bench is the normal quantile of the expected fraction inside, z_bench_ppk a third of it; None
    where all or nothing is inside.
    Parameters are maximum likelihood (Minitab takes divisor n - 1 for normal and lognormal).

    References
    ----------
    ISO 22514-2.

    Examples
    --------
    >>> result = nonnormal([3.1, 4.7, 2.2, 5.9, 4.1], "weibull", usl=12)
    >>> round(result.ppk, 3)
    2.222
    """
    low, high = inputs.limits(lsl, usl)
    found = fit(x, distribution)
    values = inputs.known(x)
    left, middle, right = (
        found.quantile(_TAIL), found.quantile(0.5), found.upper_quantile(_TAIL)
    )  # fmt: skip
    lower = None if low is None else (middle - low) / (middle - left)
    upper = None if high is None else (high - middle) / (right - middle)
    both = None if low is None or high is None else (high - low) / (right - left)
    below = None if low is None else 1e6 * float(found.cdf(low)[0])
    above = None if high is None else 1e6 * float(found.sf(high)[0])
    bench = _bench(found, low, high)
    outside = np.zeros(values.size, dtype=np.bool_)
    outside |= values < (-np.inf if low is None else low)
    outside |= values > (np.inf if high is None else high)
    return NonNormal(
        distribution=found.distribution,
        n=found.n,
        parameters=found.parameters,
        loglik=found.loglik,
        anderson_darling=found.anderson_darling,
        q_0_135=left,
        median=middle,
        q_99_865=right,
        pp=both,
        ppl=lower,
        ppu=upper,
        ppk=min(side for side in (lower, upper) if side is not None),
        ppm_lt_lsl=below,
        ppm_gt_usl=above,
        ppm_total=(below or 0.0) + (above or 0.0),
        z_bench=bench,
        z_bench_ppk=None if bench is None else bench / 3,
        observed_ppm=1e6 * float(outside.mean()),
    )


def _bench(found: Fit, low: float | None, high: float | None) -> float | None:
    from scipy.special import ndtri

    below = 0.0 if low is None else float(found.cdf(low)[0])
    above = 0.0 if high is None else float(found.sf(high)[0])
    if below + above < 0.5:
        bench = -float(ndtri(below + above))
    else:
        bench = float(ndtri((1.0 if high is None else float(found.cdf(high)[0])) - below))
    return bench if np.isfinite(bench) else None
