"""Power and sample size: how likely a test is to find what is there, and what that takes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.hypothesis.estimated_sd import noncentral_t_sf
from leanlab.stats.hypothesis.sides import checked, quantile

LARGEST_SAMPLE = 100_000_000


@dataclass(frozen=True, slots=True)
class Power:
    """Power of a test with n values (per group or level).

    `actual_power` is the power reached by the smallest n for a target, None if n was given.
    """

    n: int
    power: float
    actual_power: float | None = None


@dataclass(frozen=True, slots=True)
class FactorialPower:
    """Result of `factorial_2level`."""

    df_error: int
    power: float


@dataclass(frozen=True, slots=True)
class MeanSize:
    """Result of `margin_of_error_mean`: sample sizes for known and for estimated sigma."""

    n_z: int
    n_t: int


def t_one_sample(
    *,
    difference: float,
    sd: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the one-sample t test, and of the paired t test with the sd of the differences.

    Parameters
    ----------
    difference : float
        True average minus the value compared with, in data units.
    sd : float
        Standard deviation, above 0.
    alpha : float
        Level of the test.
    alternative : {"two.sided", "greater", "less"}
        Both tails count in a two-sided test (R only with strict=TRUE).
    n, target_power : int or float
        Give one: the power of n values, or the smallest n that reaches a power.

    Returns
    -------
    Power

    Raises
    ------
    DataProblem
        Both or neither of `n` and `target_power`, or a power that no n reaches.

    References
    ----------
    Cohen, Statistical Power Analysis, chapter 2 (noncentral t, n - 1 degrees of freedom).

    Examples
    --------
    >>> t_one_sample(difference=1, sd=2, target_power=0.9).n
    44
    """
    effect = _effect(difference, sd)
    tails = _tails(alpha, alternative)
    return _answer(lambda k: tails.t(effect * np.sqrt(k), k - 1), n, target_power, least=2)


def t_two_sample(
    *,
    difference: float,
    sd: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the two-sample t test; n counts the values of each group.

    Parameters as in `t_one_sample`; `sd` is that within each group.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    References
    ----------
    Cohen, Statistical Power Analysis, chapter 2 (noncentral t, 2n - 2 degrees of freedom).

    Examples
    --------
    >>> t_two_sample(difference=1.5, sd=3, target_power=0.9).n
    86
    """
    effect = _effect(difference, sd)
    tails = _tails(alpha, alternative)
    return _answer(lambda k: tails.t(effect * np.sqrt(k / 2), 2 * k - 2), n, target_power, least=2)


def anova_one_way(
    *,
    levels: int,
    max_difference: float,
    sd: float,
    alpha: float = 0.05,
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of one-way ANOVA to find a largest difference between averages; n is per level.

    Parameters
    ----------
    levels : int
        Number of groups, 2 or more.
    max_difference : float
        Between the largest and the smallest average; the others lie in the middle, which is the
        least favourable case (Minitab's definition).
    sd : float
        Standard deviation within the groups.
    alpha, n, target_power
        As in `t_one_sample`.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    Notes
    -----
    Noncentral F with noncentrality n D^2 / (2 sd^2).

    References
    ----------
    Minitab, Methods and formulas for Power and Sample Size for One-Way ANOVA.

    Examples
    --------
    >>> anova_one_way(levels=3, max_difference=2, sd=1.5, target_power=0.9).n
    16
    """
    k = inputs.whole(levels, "The number of levels", least=2, most=10_000)
    effect = _effect(max_difference, sd)
    alpha = inputs.fraction(alpha, "Alpha")
    return _answer(
        lambda m: _f_power(m * effect**2 / 2, k - 1, k * (m - 1), alpha), n, target_power, least=2
    )


def proportion_one(
    *,
    p: float,
    p0: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the test of one proportion, by the normal approximation.

    Parameters
    ----------
    p, p0 : float
        True proportion and the one compared with.
    alpha, alternative, n, target_power
        As in `t_one_sample`.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    References
    ----------
    Fleiss, Statistical Methods for Rates and Proportions, section 2.2; Minitab. (The arcsine
    method of R's pwr gives other numbers.)

    Examples
    --------
    >>> proportion_one(p=0.02, p0=0.01, alternative="greater", target_power=0.8).n
    793
    """
    p, p0 = inputs.fraction(p, "p"), inputs.fraction(p0, "p0")
    _refuse_equal(p, p0)
    tails = _tails(alpha, alternative)
    null, true = np.sqrt(p0 * (1 - p0)), np.sqrt(p * (1 - p))
    return _answer(
        lambda k: tails.normal((p - p0) * np.sqrt(k), null, true), n, target_power, least=1
    )


def proportion_two(
    *,
    p1: float,
    p2: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the test of two proportions, by the normal approximation; n is per group.

    Parameters
    ----------
    p1, p2 : float
        True proportions of both groups; "greater" means p1 > p2.
    alpha, alternative, n, target_power
        As in `t_one_sample`.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    Notes
    -----
    Pooled standard error under the null, unpooled under the alternative.

    References
    ----------
    Fleiss, Statistical Methods for Rates and Proportions, section 4.2.

    Examples
    --------
    >>> proportion_two(p1=0.05, p2=0.02, target_power=0.9).n
    787
    """
    p1, p2 = inputs.fraction(p1, "p1"), inputs.fraction(p2, "p2")
    _refuse_equal(p1, p2)
    tails = _tails(alpha, alternative)
    middle = (p1 + p2) / 2
    null, true = np.sqrt(2 * middle * (1 - middle)), np.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return _answer(
        lambda k: tails.normal((p1 - p2) * np.sqrt(k), null, true), n, target_power, least=1
    )


def variance_one(
    *,
    ratio_sd: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the chi-square test of one standard deviation.

    Parameters
    ----------
    ratio_sd : float
        True standard deviation over the one compared with.
    alpha, alternative, n, target_power
        As in `t_one_sample`.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    References
    ----------
    Montgomery and Runger, section 9-4.

    Examples
    --------
    >>> variance_one(ratio_sd=1.4, target_power=0.8).n
    34
    """
    from scipy.special import chdtr, chdtrc, chdtri

    ratio = _ratio(ratio_sd)
    tails = _tails(alpha, alternative)

    def power(k: int) -> float:
        low = chdtr(k - 1, chdtri(k - 1, 1 - tails.below) / ratio**2) if tails.below else 0.0
        high = chdtrc(k - 1, chdtri(k - 1, tails.above) / ratio**2) if tails.above else 0.0
        return float(low + high)

    return _answer(power, n, target_power, least=2)


def variance_two(
    *,
    ratio_sd: float,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    n: int | None = None,
    target_power: float | None = None,
) -> Power:
    """Power of the F test of two standard deviations; n is per group.

    Parameters
    ----------
    ratio_sd : float
        True standard deviation of the first group over that of the second.
    alpha, alternative, n, target_power
        As in `t_one_sample`.

    Raises
    ------
    DataProblem
        As in `t_one_sample`.

    References
    ----------
    Montgomery and Runger, section 10-5.

    Examples
    --------
    >>> variance_two(ratio_sd=2, target_power=0.9).n
    24
    """
    from scipy.special import fdtr, fdtrc, fdtri

    ratio = _ratio(ratio_sd)
    tails = _tails(alpha, alternative)

    def power(k: int) -> float:
        df = k - 1
        low = fdtr(df, df, fdtri(df, df, tails.below) / ratio**2) if tails.below else 0.0
        high = fdtrc(df, df, fdtri(df, df, 1 - tails.above) / ratio**2) if tails.above else 0.0
        return float(low + high)

    return _answer(power, n, target_power, least=2)


def factorial_2level(
    *,
    factors: int,
    effect: float,
    sd: float,
    corner_points: int | None = None,
    replicates: int = 1,
    center_points: int = 0,
    terms_in_model: int | None = None,
    alpha: float = 0.05,
) -> FactorialPower:
    """Power of a two-level factorial to find one effect.

    Parameters
    ----------
    factors : int
    effect : float
        Average at the high level minus average at the low level.
    sd : float
        Standard deviation of a run.
    corner_points : int, optional
        Runs of one replicate; 2^factors unless told (a fraction has fewer).
    replicates, center_points : int
        One further degree of freedom goes to curvature when there are centre points.
    terms_in_model : int, optional
        Without the intercept; all that one replicate can estimate unless told.
    alpha : float

    Returns
    -------
    FactorialPower

    Raises
    ------
    DataProblem
        More terms than the design can estimate, or no degrees of freedom for the error.

    Notes
    -----
    F(1, df) with noncentrality N effect^2 / (4 sd^2), N the factorial runs.

    References
    ----------
    Montgomery, Design and Analysis of Experiments, chapter 6.

    Examples
    --------
    >>> factorial_2level(factors=3, effect=3, sd=1, replicates=2).df_error
    8
    """
    k = inputs.whole(factors, "The number of factors", least=2, most=30)
    corners = inputs.whole(
        2**k if corner_points is None else corner_points, "The number of corner points", least=2
    )
    repeats = inputs.whole(replicates, "The number of replicates", least=1, most=1_000_000)
    centers = inputs.whole(center_points, "The number of centre points", most=1_000_000)
    terms = inputs.whole(
        corners - 1 if terms_in_model is None else terms_in_model, "The number of terms", least=1
    )
    if terms > corners - 1:
        raise DataProblem(
            f"{corners} corner points can estimate {corners - 1} terms, not {terms}.",
            hint="Leave out interactions.",
        )
    runs = corners * repeats
    df = runs + centers - 1 - terms - (1 if centers else 0)
    if df < 1:
        raise DataProblem(
            "No degrees of freedom are left for the error.",
            hint="Add replicates or centre points, or leave out terms.",
        )
    noncentrality = runs * _effect(effect, sd) ** 2 / 4
    return FactorialPower(df, _f_power(noncentrality, 1, df, inputs.fraction(alpha, "Alpha")))


def margin_of_error_mean(*, sd: float, margin: float, confidence: float = 0.95) -> MeanSize:
    """Sample size for an average that is known to within a margin.

    Parameters
    ----------
    sd, margin : float
        Standard deviation and half-width of the interval, above 0, in data units.
    confidence : float

    Returns
    -------
    MeanSize
        `n_z` for known sigma, `n_t` for a sigma estimated from the same sample.

    Raises
    ------
    DataProblem
        Numbers that are not above 0, or a sample size that is out of reach.

    References
    ----------
    Montgomery and Runger, section 8-1.

    Examples
    --------
    >>> margin_of_error_mean(sd=4.2, margin=1)
    MeanSize(n_z=68, n_t=71)
    """
    spread = inputs.number(sd, "The standard deviation", above=0)
    ratio = spread / inputs.number(margin, "The margin", above=0)
    probability = 0.5 + inputs.fraction(confidence) / 2
    n_z = _smallest(lambda k: quantile(probability) * ratio <= np.sqrt(k), 1)
    n_t = _smallest(lambda k: quantile(probability, k - 1) * ratio <= np.sqrt(k), 2)
    return MeanSize(n_z, n_t)


def margin_of_error_proportion(*, p: float, margin: float, confidence: float = 0.95) -> int:
    """Sample size for a proportion that is known to within a margin (Wald interval).

    Parameters
    ----------
    p : float
        Expected proportion; 0.5 is the safe choice.
    margin : float
        Half-width of the interval, above 0.
    confidence : float

    Returns
    -------
    int
        Without correction for a finite population.

    Raises
    ------
    DataProblem
        A proportion outside 0..1 or a margin that is not above 0.

    References
    ----------
    Montgomery and Runger, section 8-4.

    Examples
    --------
    >>> margin_of_error_proportion(p=0.5, margin=0.05)
    385
    """
    p = inputs.fraction(p, "p")
    spread = float(np.sqrt(p * (1 - p)))
    ratio = quantile(0.5 + inputs.fraction(confidence) / 2) * spread
    ratio /= inputs.number(margin, "The margin", above=0)
    return _smallest(lambda k: ratio <= np.sqrt(k), 1)


def detectable_difference(
    test: str,
    *,
    n: int,
    sd: float,
    target_power: float = 0.9,
    alpha: float = 0.05,
    alternative: str = "two.sided",
    levels: int = 2,
) -> float:
    """Return the smallest difference that n values find with the wanted power.

    Parameters
    ----------
    test : {"t_one_sample", "t_two_sample", "anova_one_way"}
    n : int
        Values, per group or level.
    sd : float
        Standard deviation, above 0.
    target_power, alpha : float
    alternative : {"two.sided", "greater", "less"}
        Of the t tests; "less" gives a negative difference.
    levels : int
        Of the analysis of variance.

    Returns
    -------
    float
        In data units.

    Raises
    ------
    DataProblem
        Unknown test, or a power that is not above alpha.

    References
    ----------
    Cohen, Statistical Power Analysis, chapter 2.

    Examples
    --------
    >>> round(detectable_difference("t_two_sample", n=20, sd=1, target_power=0.8689528), 4)
    1.0
    """
    from scipy.optimize import brentq

    inputs.choice(test, ("t_one_sample", "t_two_sample", "anova_one_way"), "test")
    spread = inputs.number(sd, "The standard deviation", above=0)
    wanted, level = (
        inputs.fraction(target_power, "The target power"),
        inputs.fraction(alpha, "Alpha"),
    )
    if wanted <= level:
        raise DataProblem(
            f"The target power {wanted:g} is not above alpha {level:g}.", hint="Ask for more power."
        )
    sign = -1.0 if checked(alternative) == "less" and test != "anova_one_way" else 1.0

    def gap(effect: float) -> float:
        if test == "anova_one_way":
            return (
                anova_one_way(levels=levels, max_difference=effect, sd=1, alpha=alpha, n=n).power
                - wanted
            )
        find = t_one_sample if test == "t_one_sample" else t_two_sample
        found = find(difference=sign * effect, sd=1, alpha=alpha, alternative=alternative, n=n)
        return found.power - wanted

    high = 1.0
    while gap(high) < 0:
        high *= 2
    return sign * spread * float(brentq(gap, 1e-9, high, xtol=1e-12))


@dataclass(frozen=True, slots=True)
class _Tails:
    """How much of alpha lies below and above."""

    below: float
    above: float

    def t(self, noncentrality: float, df: float) -> float:
        """Chance that a noncentral t falls outside the critical values."""
        from scipy.special import stdtrit

        low, high = 0.0, 0.0
        if self.below:
            low = noncentral_t_sf(-float(stdtrit(df, self.below)), df, -noncentrality)
        if self.above:
            high = noncentral_t_sf(-float(stdtrit(df, self.above)), df, noncentrality)
        return min(1.0, low + high)

    def normal(self, gap: float, null_error: float, true_error: float) -> float:
        """Chance that a normal statistic falls outside limits set by the null error."""
        from scipy.special import ndtr, ndtri

        low = ndtr((ndtri(self.below) * null_error - gap) / true_error) if self.below else 0.0
        high = ndtr((ndtri(self.above) * null_error + gap) / true_error) if self.above else 0.0
        return float(low + high)


def _tails(alpha: float, alternative: str) -> _Tails:
    alpha = inputs.fraction(alpha, "Alpha")
    return {
        "two.sided": _Tails(alpha / 2, alpha / 2),
        "greater": _Tails(0.0, alpha),
        "less": _Tails(alpha, 0.0),
    }[checked(alternative)]


def _f_power(noncentrality: float, df_num: float, df_den: float, alpha: float) -> float:
    from scipy.special import fdtri, ncfdtr

    critical = fdtri(df_num, df_den, 1 - alpha)
    return float(min(1.0, max(0.0, 1 - ncfdtr(df_num, df_den, noncentrality, critical))))


def _effect(difference: float, sd: float) -> float:
    size = inputs.number(difference, "The difference")
    if size == 0:
        raise DataProblem(
            "The difference to find is 0.", hint="Enter the smallest difference that matters."
        )
    effect = size / inputs.number(sd, "The standard deviation", above=0)
    if not 1e-70 < abs(effect) < 1e70:
        raise DataProblem(
            f"The difference is {abs(effect):g} standard deviations.", hint="Check both numbers."
        )
    return effect


def _ratio(ratio_sd: float) -> float:
    ratio = inputs.number(ratio_sd, "The ratio of standard deviations", above=0)
    if not 1e-70 < ratio < 1e70:
        raise DataProblem(f"The ratio of standard deviations is {ratio:g}.", hint="Check it.")
    if ratio == 1:
        raise DataProblem(
            "The ratio to find is 1: no difference.", hint="Enter a ratio above or below 1."
        )
    return ratio


def _refuse_equal(p: float, p0: float) -> None:
    if p == p0:
        raise DataProblem(
            f"Both proportions are {p:g}: no difference to find.",
            hint="Enter the smallest difference that matters.",
        )


def _answer(
    power: Callable[[int], float], n: int | None, target: float | None, *, least: int
) -> Power:
    if (n is None) == (target is None):
        raise DataProblem("Give either n or the target power.")
    if n is not None:
        size = inputs.whole(n, "n", least=least, most=LARGEST_SAMPLE)
        return Power(size, power(size))
    wanted = inputs.fraction(target, "The target power")
    size = _smallest(lambda k: power(k) >= wanted, least)
    return Power(size, power(size), power(size))


def _smallest(enough: Callable[[int], bool | np.bool_], least: int) -> int:
    """Return the smallest n that is enough; more is never worse."""
    high = least
    while not enough(high):
        if high > LARGEST_SAMPLE:
            raise DataProblem(
                f"Not even {LARGEST_SAMPLE:,} values would be enough.",
                hint="Check the direction of the alternative and the size of the difference.",
            )
        high *= 2
    low = max(least - 1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
