"""Attribute agreement: do appraisers agree with themselves, each other and the standard?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import IntArray
from leanlab.stats.msa.kappa import (
    FleissKappa,
    KendallW,
    averaged,
    cohen_kappa,
    extreme_interval,
    fleiss_of_counts,
    kendall_w,
    order_of,
    percent_interval,
    ratings_of,
)
from leanlab.stats.msa.study import codes


@dataclass(frozen=True, slots=True)
class Disagreements:
    """How ratings of two categories (sorted) miss the standard."""

    first_as_second: int
    second_as_first: int
    mixed: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many parts are rated alike, with kappas.

    Attributes
    ----------
    inspected, matched : int
        Parts, and parts on which all ratings agree (and match the standard).
    percent : float
    ci95, ci95_one_sided_at_extremes : tuple of two floats
        Exact interval in percent; the second spends all of alpha on the one bound left at 0 or
        100 %.
    fleiss : FleissKappa
    cohen_kappa : float
        With two trials, or against the standard (mean over trials); else NaN.
    disagreements : Disagreements or None
        Against the standard with two categories.
    kendall : KendallW or None
        Ordinal ratings, without a standard.
    kendall_tau_b : float
        Ordinal ratings against the standard (mean over trials); else NaN.
    """

    inspected: int
    matched: int
    percent: float
    ci95: tuple[float, float]
    ci95_one_sided_at_extremes: tuple[float, float]
    fleiss: FleissKappa
    cohen_kappa: float = float("nan")
    disagreements: Disagreements | None = None
    kendall: KendallW | None = None
    kendall_tau_b: float = float("nan")


@dataclass(frozen=True, slots=True)
class AttributeAgreement:
    """Result of `attribute_agreement`; parts that do not apply are None or empty."""

    within_appraiser: Mapping[str, Agreement]
    appraiser_vs_standard: Mapping[str, Agreement]
    between_appraisers: Agreement | None
    all_appraisers_vs_standard: Agreement | None
    categories: tuple[str, ...]


def attribute_agreement(
    appraiser: Sequence[Any],
    part: Sequence[Any],
    trial: Sequence[Any],
    rating: Sequence[Any],
    *,
    categories: Sequence[Any] | None = None,
    ordinal: bool = False,
    standard_by_part: Sequence[Any] | Mapping[Any, Any] | None = None,
) -> AttributeAgreement:
    """Compare ratings within and between appraisers and with the standard.

    Parameters
    ----------
    appraiser, part, trial, rating : sequence, shape (n,)
        One row per rating, in any order.
    categories : sequence, optional
        All categories, in order if ordinal; those that occur, sorted, if left out.
    ordinal : bool, default False
        Whether the order of categories means something (adds Kendall's measures).
    standard_by_part : sequence or mapping, optional
        True rating per part: by label, or in the order of the parts (whole-number labels by size,
        others by first appearance).

    Returns
    -------
    AttributeAgreement

    Raises
    ------
    DataProblem
        Missing or doubled ratings, unknown categories, a standard that does not fit the parts.

    Notes
    -----
    Fleiss within: trials as raters; between: every trial of every appraiser as a rater; against
    the standard: mean over trials (and appraisers) of the kappa of rating and standard.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., attribute study; Clopper and Pearson 1934.

    Examples
    --------
    >>> result = attribute_agreement(
    ...     ["A", "A", "A", "A"], [1, 2, 1, 2], [1, 1, 2, 2], ["ok", "nok", "ok", "ok"]
    ... )
    >>> result.within_appraiser["A"].matched
    1
    """
    study = _Study.of(appraiser, part, trial, rating, categories, ordinal)
    standard = None if standard_by_part is None else study.standard(standard_by_part)
    several = len(study.appraisers) > 1
    everyone = study.everyone()
    return AttributeAgreement(
        within_appraiser={
            name: study.alike(study.ratings[i])
            for i, name in enumerate(study.appraisers)
            if study.ratings.shape[2] > 1
        },
        appraiser_vs_standard={}
        if standard is None
        else {
            name: study.right(study.ratings[i], standard) for i, name in enumerate(study.appraisers)
        },
        between_appraisers=study.alike(everyone, between=True) if several else None,
        all_appraisers_vs_standard=study.right(everyone, standard, everyone=True)
        if several and standard is not None
        else None,
        categories=study.names,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """Ratings as category numbers, shape (appraisers, parts, trials)."""

    ratings: IntArray
    appraisers: tuple[str, ...]
    parts: tuple[str, ...]
    names: tuple[str, ...]
    ordinal: bool

    @classmethod
    def of(
        cls,
        appraiser: Sequence[Any],
        part: Sequence[Any],
        trial: Sequence[Any],
        rating: Sequence[Any],
        categories: Sequence[Any] | None,
        ordinal: bool,
    ) -> "_Study":
        given = ratings_of(rating, "Rating")
        who, appraisers = codes(appraiser, "Appraiser")
        what, parts = codes(part, "Part")
        when, trials = codes(trial, "Trial")
        if not len(given) == who.size == what.size == when.size:
            raise DataProblem("Appraiser, part, trial and rating need one value in every row.")
        if not given:
            raise DataProblem("There are no ratings.", hint="Choose the columns of the study.")
        names = order_of(categories, given)
        place = {name: i for i, name in enumerate(names)}
        order = _order(parts)
        table = np.full((len(appraisers), len(parts), len(trials)), -1, dtype=np.int64)
        back = np.argsort(order)
        for row, name in enumerate(given):
            at = (who[row], back[what[row]], when[row])
            if table[at] >= 0:
                raise DataProblem(
                    f"Row {row + 1} is a second rating of part {parts[what[row]]} by "
                    f"{appraisers[who[row]]} in trial {trials[when[row]]}.",
                    hint="Number the trials 1, 2, 3.",
                )
            table[at] = place[name]
        gap = np.argwhere(table < 0)
        if gap.size:
            i, j, k = gap[0]
            raise DataProblem(
                f"{appraisers[i]} did not rate part {parts[order[j]]} in trial {trials[k]}.",
                hint="Every appraiser must rate every part in every trial.",
            )
        return cls(table, appraisers, tuple(parts[i] for i in order), names, ordinal)

    def everyone(self) -> IntArray:
        """Return all ratings of each part, shape (parts, appraisers x trials)."""
        return np.asarray(self.ratings.transpose(1, 0, 2).reshape(len(self.parts), -1))

    def standard(self, given: Sequence[Any] | Mapping[Any, Any]) -> IntArray:
        """Return the category number of the standard of each part."""
        if isinstance(given, Mapping):
            by_name = {str(name): value for name, value in given.items()}
            lacking = next((name for name in self.parts if name not in by_name), None)
            if lacking is not None:
                raise DataProblem(f"Part {lacking} has no standard.")
            given = [by_name[name] for name in self.parts]
        values = ratings_of(given, "Standard")
        if len(values) != len(self.parts):
            raise DataProblem(f"There are {len(self.parts)} parts but {len(values)} standards.")
        order_of(self.names, values)
        return np.asarray([self.names.index(value) for value in values], dtype=np.int64)

    def alike(self, ratings: IntArray, *, between: bool = False) -> Agreement:
        """Judge whether all ratings of a part agree; `ratings` has shape (parts, raters)."""
        same = np.all(ratings == ratings[:, :1], axis=1)
        pair = ratings.shape[1] == 2 and not between
        return self._agreement(
            same,
            fleiss_of_counts(self._counts(ratings), self.names),
            cohen=self._cohen(ratings[:, 0], ratings[:, 1]) if pair else float("nan"),
            kendall=_concordance(ratings) if self.ordinal else None,
        )

    def right(self, ratings: IntArray, standard: IntArray, *, everyone: bool = False) -> Agreement:
        """Judge whether all ratings of a part match the standard."""
        match = np.all(ratings == standard[:, None], axis=1)
        columns = [np.stack([column, standard], axis=1) for column in ratings.T]
        kappas = [fleiss_of_counts(self._counts(pair), self.names) for pair in columns]
        cohens = [self._cohen(column, standard) for column in ratings.T]
        return self._agreement(
            match,
            averaged(kappas),
            cohen=float("nan") if everyone else sum(cohens) / len(cohens),
            tau=_mean_tau(ratings, standard) if self.ordinal else float("nan"),
            disagreements=None if everyone else self._misses(ratings, standard),
        )

    def _counts(self, ratings: IntArray) -> IntArray:
        size = len(self.names)
        flat = np.arange(ratings.shape[0])[:, None] * size + ratings
        counted = np.bincount(flat.ravel(), minlength=ratings.shape[0] * size)
        return np.asarray(counted.reshape(-1, size), dtype=np.int64)

    def _cohen(self, a: IntArray, b: IntArray) -> float:
        return cohen_kappa([self.names[i] for i in a], [self.names[i] for i in b], self.names).kappa

    def _misses(self, ratings: IntArray, standard: IntArray) -> Disagreements | None:
        if len(self.names) != 2:
            return None
        first = self.names.index(min(self.names))
        mixed = np.any(ratings != ratings[:, :1], axis=1)
        wrong = ~mixed & (ratings[:, 0] != standard)
        return Disagreements(
            int(np.count_nonzero(wrong & (standard == first))),
            int(np.count_nonzero(wrong & (standard != first))),
            int(np.count_nonzero(mixed)),
        )

    def _agreement(
        self,
        same: Any,
        fleiss: FleissKappa,
        *,
        cohen: float,
        disagreements: Disagreements | None = None,
        kendall: KendallW | None = None,
        tau: float = float("nan"),
    ) -> Agreement:
        inspected, matched = int(same.size), int(np.count_nonzero(same))
        return Agreement(
            inspected=inspected,
            matched=matched,
            percent=100 * matched / inspected,
            ci95=percent_interval(matched, inspected),
            ci95_one_sided_at_extremes=extreme_interval(matched, inspected),
            fleiss=fleiss,
            cohen_kappa=cohen,
            disagreements=disagreements,
            kendall=kendall,
            kendall_tau_b=tau,
        )


def _order(parts: tuple[str, ...]) -> IntArray:
    """Sort whole-number labels by size; leave others in order of first appearance."""
    if all(part.lstrip("-").isdigit() for part in parts):
        return np.argsort([int(part) for part in parts], kind="stable").astype(np.int64)
    return np.arange(len(parts))


def _concordance(ratings: IntArray) -> KendallW | None:
    """Return None where no rater tells the parts apart."""
    if ratings.shape[0] < 2 or np.all(ratings == ratings[0]):
        return None
    return kendall_w(ratings.astype(np.float64).tolist())


def _mean_tau(ratings: IntArray, standard: IntArray) -> float:
    return sum(kendall_tau_b(column, standard) for column in ratings.T) / ratings.shape[1]


def kendall_tau_b(a: IntArray, b: IntArray) -> float:
    """Return Kendall's tau-b of two orderings; NaN if one of them is constant.

    Examples
    --------
    >>> kendall_tau_b(np.array([1, 2, 3]), np.array([1, 2, 3]))
    1.0
    """
    up = np.sign(np.subtract.outer(a, a))
    over = np.sign(np.subtract.outer(b, b))
    size = float(np.sum(up**2)) * float(np.sum(over**2))
    return float(np.sum(up * over)) / size**0.5 if size > 0 else float("nan")
