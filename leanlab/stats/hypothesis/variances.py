"""Tests and intervals of spread: chi-square, F, Bartlett, Levene, Brown-Forsythe and Bonett."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs, spread
from leanlab.stats.hypothesis.sides import Interval, chi2_p, f_p, normal_p, p_value, quantile


@dataclass(frozen=True, slots=True)
class OneVariance:
    """Result of `variance_one` (chi-square method, normal data)."""

    n: int
    sd: float
    variance: float
    chi2: float
    df: float
    p_two_sided: float
    p_less: float
    p_greater: float
    ci_sd: Interval
    ci_variance: Interval


@dataclass(frozen=True, slots=True)
class TwoVariances:
    """Result of `variance_two`; ratios are x over y."""

    sd_x: float
    sd_y: float
    ratio_variances: float
    f: float
    df_num: float
    df_den: float
    p_value: float
    ci_ratio_variances: Interval
    ci_ratio_sds: Interval
    levene_f: float
    levene_p: float


@dataclass(frozen=True, slots=True, eq=False)
class EqualVariances:
    """Result of `equal_variances`; groups in their order of appearance."""

    group: tuple[str, ...]
    n: tuple[int, ...]
    sd_by_group: FloatArray
    bartlett_chi2: float
    bartlett_df: float
    bartlett_p: float
    brown_forsythe_f: float
    brown_forsythe_p: float
    levene_mean_f: float
    levene_mean_p: float
    df_num: float
    df_den: float


@dataclass(frozen=True, slots=True)
class BonettOne:
    """Result of `bonett_one`: an interval that does not lean on the normal distribution."""

    n: int
    sd: float
    kurtosis: float
    ci_sd: Interval
    ci_variance: Interval


@dataclass(frozen=True, slots=True)
class BonettTwo:
    """Result of `bonett_two`; the ratio is sd x over sd y."""

    ratio_sds: float
    p_value: float
    ci_ratio_sds: Interval
    ci_ratio_variances: Interval


def variance_one(x: ArrayLike, *, sigma0: float = 1.0, confidence: float = 0.95) -> OneVariance:
    """Compare one standard deviation with a known value by the chi-square method.

    Parameters
    ----------
    x : array_like, shape (n,)
        Values from a normal distribution; the method is not robust (see `bonett_one`).
    sigma0 : float
        Standard deviation to compare with, above 0, in data units.
    confidence : float

    Returns
    -------
    OneVariance
        The two-sided p-value is twice the smaller tail.

    Raises
    ------
    DataProblem
        Fewer than two values, all equal, or `sigma0` not above 0.

    References
    ----------
    Montgomery and Runger, section 9-4.

    Examples
    --------
    >>> round(variance_one([3.1, 2.9, 3.6, 3.3, 3.0], sigma0=0.2).chi2, 3)
    7.7
    """
    from scipy.special import chdtr, chdtrc

    values = spread.varied(x, "The sample")
    sigma0 = inputs.number(sigma0, "The standard deviation to compare with", above=0)
    spread.computable(np.asarray([sigma0]), "The standard deviation to compare with")
    variance, df = float(values.var(ddof=1)), values.size - 1
    chi2 = df * variance / sigma0**2
    below, above = float(chdtr(df, chi2)), float(chdtrc(df, chi2))
    low, high = _chi2_interval(variance, df, confidence)
    return OneVariance(
        n=values.size, sd=float(np.sqrt(variance)), variance=variance, chi2=chi2, df=float(df),
        p_two_sided=p_value(below, above, "two.sided"), p_less=below, p_greater=above,
        ci_sd=(float(np.sqrt(low)), float(np.sqrt(high))), ci_variance=(low, high),
    )  # fmt: skip


def _chi2_interval(variance: float, df: float, confidence: float) -> tuple[float, float]:
    from scipy.special import chdtri

    tail = (1 - inputs.fraction(confidence)) / 2
    return float(df * variance / chdtri(df, tail)), float(df * variance / chdtri(df, 1 - tail))


def variance_two(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> TwoVariances:
    """Compare two standard deviations: F for normal data, Brown-Forsythe otherwise.

    Parameters
    ----------
    x, y : array_like
        Independent values of two groups.
    confidence : float

    Returns
    -------
    TwoVariances
        `p_value` belongs to F (twice the smaller tail), `levene_p` to Levene's test about the
        medians. Minitab shows Bonett's method by default: `bonett_two`.

    Raises
    ------
    DataProblem
        Fewer than two values, or a group without spread.

    References
    ----------
    Montgomery and Runger, section 10-5; Brown and Forsythe 1974, JASA 69.

    Examples
    --------
    >>> round(variance_two([1, 2, 3, 4], [2, 4, 6, 9]).ratio_variances, 3)
    0.187
    """
    from scipy.special import fdtr, fdtri

    a, b = spread.varied(x, "The first group"), spread.varied(y, "The second group")
    tail = (1 - inputs.fraction(confidence)) / 2
    ratio = float(a.var(ddof=1) / b.var(ddof=1))
    da, db = a.size - 1, b.size - 1
    low = ratio / float(fdtri(da, db, 1 - tail))
    high = ratio * float(fdtri(db, da, 1 - tail))
    levene_f, levene_p = _levene([a, b], np.median)
    return TwoVariances(
        sd_x=float(a.std(ddof=1)), sd_y=float(b.std(ddof=1)), ratio_variances=ratio, f=ratio,
        df_num=float(da), df_den=float(db),
        p_value=p_value(float(fdtr(da, db, ratio)), f_p(ratio, da, db), "two.sided"),
        ci_ratio_variances=(low, high), ci_ratio_sds=(float(np.sqrt(low)), float(np.sqrt(high))),
        levene_f=levene_f, levene_p=levene_p,
    )  # fmt: skip


def equal_variances(groups: Mapping[str, ArrayLike] | Any) -> EqualVariances:
    """Compare the standard deviations of two or more groups.

    Parameters
    ----------
    groups : mapping of name to array_like
        Two or more groups, two or more values each.

    Returns
    -------
    EqualVariances
        Bartlett's test (normal data), Brown-Forsythe (about medians; Minitab's and JMP's
        "Levene"), and Levene's original test about means.

    Raises
    ------
    DataProblem
        Too few groups or values, or a group without spread.

    References
    ----------
    Bartlett 1937; Levene 1960; Brown and Forsythe 1974, JASA 69; NIST handbook 1.3.5.7 and 1.3.5.10.

    Examples
    --------
    >>> result = equal_variances({"A": [1, 2, 3, 5], "B": [2, 4, 6, 9]})
    >>> round(result.bartlett_p, 3)
    0.382
    """
    named = inputs.groups(groups, least=2)
    samples = list(named.values())
    for name, sample in named.items():
        spread.varied(sample, f"Group {name}")
    chi2, df = _bartlett(samples)
    brown, brown_p = _levene(samples, np.median)
    levene, levene_p = _levene(samples, np.mean)
    return EqualVariances(
        group=tuple(named), n=tuple(s.size for s in samples),
        sd_by_group=np.asarray([s.std(ddof=1) for s in samples]),
        bartlett_chi2=chi2, bartlett_df=float(df), bartlett_p=chi2_p(chi2, df),
        brown_forsythe_f=brown, brown_forsythe_p=brown_p, levene_mean_f=levene,
        levene_mean_p=levene_p, df_num=float(len(samples) - 1),
        df_den=float(sum(s.size for s in samples) - len(samples)),
    )  # fmt: skip


def _bartlett(samples: list[FloatArray]) -> tuple[float, int]:
    df = np.asarray([s.size - 1 for s in samples], dtype=np.float64)
    variances = np.asarray([s.var(ddof=1) for s in samples])
    pooled = (df @ variances) / df.sum()
    k = len(samples)
    statistic = df.sum() * np.log(pooled) - df @ np.log(variances)
    correction = 1 + ((1 / df).sum() - 1 / df.sum()) / (3 * (k - 1))
    return max(0.0, float(statistic / correction)), k - 1


def _levene(samples: list[FloatArray], center: Callable[[FloatArray], Any]) -> tuple[float, float]:
    """One-way ANOVA of the distances from each group's centre."""
    distances = [np.abs(s - center(s)) for s in samples]
    n = np.asarray([d.size for d in distances])
    means = np.asarray([d.mean() for d in distances])
    df_num, df_den = len(samples) - 1, int(n.sum()) - len(samples)
    between = float(n @ (means - (n @ means) / n.sum()) ** 2) / df_num
    within = sum(float(((d - m) ** 2).sum()) for d, m in zip(distances, means, strict=True))
    scale = max(float(d.max()) for d in distances)
    if df_den == 0 or within <= (1e-13 * scale) ** 2:
        raise DataProblem(
            "All values lie equally far from the centre of their group, so spreads cannot be compared by distances.",
            hint="Collect three or more values per group.",
        )
    f = between / (within / df_den)
    return f, f_p(f, df_num, df_den)


def bonett_one(x: ArrayLike, *, confidence: float = 0.95) -> BonettOne:
    """Interval of a standard deviation for any continuous distribution.

    Parameters
    ----------
    x : array_like, shape (n,)
        Four or more values.
    confidence : float

    Returns
    -------
    BonettOne
        `kurtosis` is the fourth-moment ratio about the trimmed mean (3 for a normal distribution).

    Raises
    ------
    DataProblem
        Fewer than four values, or all equal.

    Notes
    -----
    exp(ln(c s^2) -+ z se), c = n / (n - z), se = c sqrt((kurtosis - (n - 3)/n) / (n - 1)).

    References
    ----------
    Bonett 2006, Computational Statistics and Data Analysis 50, 775-782.

    Examples
    --------
    >>> result = bonett_one([15.83, 16.01, 16.24, 16.42, 15.33, 15.44, 16.88, 16.31])
    >>> round(result.sd, 4)
    0.5168
    """
    values = spread.varied(x, "The sample", least=4)
    n, variance = values.size, float(values.var(ddof=1))
    z = quantile(0.5 + inputs.fraction(confidence) / 2)
    if n <= z:
        raise DataProblem(f"{n} values are too few for {confidence:.6g} confidence.")
    fourth, second = _moments(values)
    kurtosis = n * fourth / second**2
    c = n / (n - z)
    error = c * float(np.sqrt(max(0.0, kurtosis - (n - 3) / n) / (n - 1)))
    low, high = (float(c * variance * np.exp(side * z * error)) for side in (-1, 1))
    return BonettOne(
        n, float(np.sqrt(variance)), kurtosis, (float(np.sqrt(low)), float(np.sqrt(high))), (low, high)
    )  # fmt: skip


def bonett_two(
    x: ArrayLike, y: ArrayLike, *, ratio0: float = 1.0, confidence: float = 0.95
) -> BonettTwo:
    """Compare two standard deviations for any continuous distribution.

    Parameters
    ----------
    x, y : array_like
        Four or more independent values each.
    ratio0 : float
        Ratio of standard deviations to test against, above 0.
    confidence : float

    Returns
    -------
    BonettTwo
        The interval holds every ratio that the test keeps at this confidence (Minitab's method:
        the pooled kurtosis depends on the ratio tested, so the interval is not symmetric in logs).

    Raises
    ------
    DataProblem
        Fewer than four values, or a group without spread.

    Notes
    -----
    With unequal sizes the test statistic is corrected by c1/c2, c_i = n_i / (n_i - z), and the
    p-value is the level at which the interval's end meets `ratio0`.

    References
    ----------
    Bonett 2006, Applied Psychological Measurement 30, 432-439; Minitab, Methods and formulas for
    2 Variances.

    Examples
    --------
    >>> x, y = [1, 3, 4, 6, 9], [2, 2.5, 3, 4, 4.5]
    >>> round(bonett_two(x, y).ratio_sds, 3)
    2.941
    """
    a = spread.varied(x, "The first group", least=4)
    b = spread.varied(y, "The second group", least=4)
    ratio0 = inputs.number(ratio0, "The ratio to test against", above=0)
    it = _bonett(a, b)
    low, high = _bonett_interval(it, inputs.fraction(confidence))
    return BonettTwo(it.ratio, _bonett_p(it, ratio0), (low, high), (low**2, high**2))


def _moments(values: FloatArray) -> tuple[float, float]:
    """Fourth sum about the trimmed mean (robust), second about the mean."""
    ordered = np.sort(values)
    cut = int(np.floor(values.size / (2 * np.sqrt(values.size - 4)))) if values.size > 4 else 0
    cut = min(cut, (values.size - 1) // 2)
    middle = float(ordered[cut : values.size - cut].mean())
    return float(((values - middle) ** 4).sum()), float(((values - values.mean()) ** 2).sum())


@dataclass(frozen=True, slots=True)
class _Bonett:
    """What the two-sample method needs of both samples."""

    n: tuple[int, int]
    fourth: tuple[float, float]
    second: tuple[float, float]
    ratio: float

    def log_ratio(self, z: float, rho: float) -> float:
        """ln(c ratio^2 / rho^2), c correcting for unequal sizes."""
        c = (self.n[0] / (self.n[0] - z)) / (self.n[1] / (self.n[1] - z))
        return float(np.log(c) + 2 * np.log(self.ratio / rho))

    def error(self, rho: float) -> float:
        """Standard error from the kurtosis pooled under the hypothesis sd x = rho sd y."""
        fourth = self.fourth[0] + rho**4 * self.fourth[1]
        kurtosis = sum(self.n) * fourth / (self.second[0] + rho**2 * self.second[1]) ** 2
        return float(np.sqrt(sum(max(0.0, kurtosis - (n - 3) / n) / (n - 1) for n in self.n)))


def _bonett(a: FloatArray, b: FloatArray) -> _Bonett:
    (fourth_a, second_a), (fourth_b, second_b) = _moments(a), _moments(b)
    ratio = float(a.std(ddof=1) / b.std(ddof=1))
    return _Bonett((a.size, b.size), (fourth_a, fourth_b), (second_a, second_b), ratio)


def _bonett_interval(it: _Bonett, confidence: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    z = quantile(0.5 + confidence / 2)
    if min(it.n) <= z:
        raise DataProblem(f"{min(it.n)} values are too few for {confidence:.6g} confidence.")
    ends = []
    for side in (1.0, -1.0):

        def gap(log_rho: float, side: float = side) -> float:
            rho = float(np.exp(log_rho))
            return side * it.log_ratio(z, rho) - z * it.error(rho)

        inner = float(np.log(it.ratio)) + it.log_ratio(z, it.ratio) / 2
        outer = inner
        for reach in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0):
            outer = inner - side * reach
            if gap(outer) > 0:
                break
        else:
            raise DataProblem("The interval of the ratio has no end: too few or too odd values.")
        ends.append(float(np.exp(brentq(gap, inner, outer, xtol=1e-13))))
    return ends[0], ends[1]


def _bonett_p(it: _Bonett, rho: float) -> float:
    """Return the level at which the interval's end meets `rho`."""
    from scipy.optimize import brentq

    error, side = it.error(rho), 1.0 if it.ratio >= rho else -1.0

    def gap(z: float) -> float:
        return side * it.log_ratio(z, rho) - z * error

    if gap(0.0) <= 0:
        return 1.0
    last = min(8.0, 0.999 * min(it.n))
    if gap(last) > 0:
        return normal_p(last)
    return normal_p(float(brentq(gap, 0.0, last, xtol=1e-13)))
