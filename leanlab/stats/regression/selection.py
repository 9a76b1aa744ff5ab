"""Choosing terms: stepwise, forward, backward and best subsets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats import inputs
from leanlab.stats.hypothesis.sides import f_p
from leanlab.stats.regression import model as models
from leanlab.stats.regression.qr import LeastSquares, least_squares

MODES = ("stepwise", "forward", "backward")
MOST_CANDIDATES = 16  # 65,535 subsets


@dataclass(frozen=True, slots=True)
class Step:
    """One term added or removed, with its partial p-value at that moment."""

    action: Literal["add", "remove"]
    term: str
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Stepwise:
    """Result of `stepwise`; `selected` and `coef` (intercept first) are in candidate order."""

    steps: tuple[Step, ...]
    selected: tuple[str, ...]
    coef: FloatArray
    s: float
    r_squared: float
    r_squared_adj: float
    mallows_cp: float


@dataclass(frozen=True, slots=True)
class Subset:
    """The best model of one size."""

    k: int
    terms: tuple[str, ...]
    r_squared: float
    r_squared_adj: float
    r_squared_pred: float
    mallows_cp: float
    s: float


def stepwise(
    data: Mapping[str, Any],
    response: str,
    candidates: Sequence[str],
    *,
    mode: str = "stepwise",
    alpha_to_enter: float = 0.15,
    alpha_to_remove: float = 0.15,
) -> Stepwise:
    """Add and remove terms by their partial p-values.

    Parameters
    ----------
    data, response
        As in `ols`; only rows that are complete in all candidates are used.
    candidates : sequence of str
        Terms to choose from.
    mode : {"stepwise", "forward", "backward"}
        "stepwise": remove the worst term if its p is above `alpha_to_remove`, else add the best
        one if its p is at most `alpha_to_enter`; "forward" never removes; "backward" starts with
        all terms and only removes.
    alpha_to_enter, alpha_to_remove : float

    Returns
    -------
    Stepwise
        p-values after a search are too small: confirm the model with new data.

    Raises
    ------
    DataProblem
        Unknown names, dependent candidates, too few rows, or `alpha_to_enter` above
        `alpha_to_remove` in stepwise mode (a term would come and go for ever).

    References
    ----------
    Montgomery, Peck and Vining, chapter 10; Mallows 1973, Technometrics 15.

    Examples
    --------
    >>> data = {"y": [1, 2, 3.1, 4, 5.2, 6], "a": [1, 2, 3, 4, 5, 6], "b": [1, 0, 0, 1, 1, 0]}
    >>> stepwise(data, "y", ["a", "b"]).selected
    ('a',)
    """
    inputs.choice(mode, MODES, "mode")
    enter = inputs.fraction(alpha_to_enter, "Alpha to enter")
    remove = inputs.fraction(alpha_to_remove, "Alpha to remove")
    if mode == "stepwise" and enter > remove:
        raise DataProblem(
            f"Alpha to enter ({enter:g}) is above alpha to remove ({remove:g}): a term could come and go for ever.",
            hint="Make alpha to remove as large or larger.",
        )
    search = _Search.of(data, response, candidates)
    chosen = set(range(len(candidates))) if mode == "backward" else set()
    steps: list[Step] = []
    while step := _next_step(search, chosen, mode, enter, remove):
        at = search.given.terms.index(step.term)
        chosen = chosen | {at} if step.action == "add" else chosen - {at}
        steps.append(step)
    fit = search.fit(chosen)
    return Stepwise(
        tuple(steps), tuple(search.given.terms[j] for j in sorted(chosen)), fit.coef, fit.s,
        fit.r_squared, fit.r_squared_adj, search.cp(fit),
    )  # fmt: skip


def _next_step(
    search: "_Search", chosen: set[int], mode: str, enter: float, remove: float
) -> Step | None:
    if mode != "forward" and chosen:
        weakest = min(chosen, key=lambda j: search.f_of(chosen, j))
        p = search.p_of(chosen, weakest)
        if p > remove:
            return Step("remove", search.given.terms[weakest], p)
    left = [j for j in range(len(search.given.terms)) if j not in chosen]
    if mode != "backward" and left:
        best = max(left, key=lambda j: search.f_of(chosen | {j}, j))
        p = search.p_of(chosen | {best}, best)
        if p <= enter:
            return Step("add", search.given.terms[best], p)
    return None


def best_subsets(
    data: Mapping[str, Any], response: str, candidates: Sequence[str]
) -> tuple[Subset, ...]:
    """Find the model with the largest R-squared for every number of terms.

    Parameters
    ----------
    data, response
        As in `ols`; only rows that are complete in all candidates are used.
    candidates : sequence of str
        1 to 16 terms.

    Returns
    -------
    tuple of Subset
        From one term to all; Mallows' Cp is SSE / s^2 of the full model - n + 2p.

    Raises
    ------
    DataProblem
        Unknown names, dependent candidates, too few rows, or too many candidates.

    References
    ----------
    Montgomery, Peck and Vining, chapter 10; Mallows 1973, Technometrics 15.

    Examples
    --------
    >>> data = {"y": [1, 2, 3.1, 4, 5.2, 6], "a": [1, 2, 3, 4, 5, 6], "b": [1, 0, 0, 1, 1, 0]}
    >>> [best.terms for best in best_subsets(data, "y", ["a", "b"])]
    [('a',), ('a', 'b')]
    """
    if len(candidates) > MOST_CANDIDATES:
        raise DataProblem(
            f"{len(candidates)} candidates make too many subsets; at most {MOST_CANDIDATES} are possible.",
            hint="Leave out terms, or use stepwise selection.",
        )
    search = _Search.of(data, response, candidates)
    out = []
    for k in range(1, len(candidates) + 1):
        subset = max(combinations(range(len(candidates)), k), key=search.explained)
        fit = search.fit(set(subset))
        terms = tuple(search.given.terms[j] for j in subset)
        shares = fit.r_squared, fit.r_squared_adj, fit.r_squared_pred
        out.append(Subset(k, terms, *shares, search.cp(fit), fit.s))
    return tuple(out)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """The complete rows and the model with all candidates."""

    given: models.Rows
    full: LeastSquares
    r: FloatArray

    @staticmethod
    def of(data: Mapping[str, Any], response: str, candidates: Sequence[str]) -> "_Search":
        if not candidates:
            raise DataProblem("There are no candidates.", hint="Choose one or more columns.")
        given = models.rows(data, response, candidates)
        full = least_squares(given.columns, given.y, given.terms)
        if full.ss_error == 0:
            raise DataProblem(
                "All candidates together fit exactly, so there is no error to judge by."
            )
        r = np.asarray(np.linalg.solve(full.inverse_r, np.eye(full.df_model)), dtype=np.float64)
        return _Search(given, full, r)

    def fit(self, chosen: set[int]) -> LeastSquares:
        at = sorted(chosen)
        names = [self.given.terms[j] for j in at]
        return least_squares(self.given.columns[:, at], self.given.y, names)

    def f_of(self, chosen: set[int], term: int) -> float:
        """Partial F of a term in the model with the chosen terms."""
        fit = self.fit(chosen)
        at = sorted(chosen).index(term) + 1
        if fit.ss_error == 0:
            return float("inf")
        return float(fit.coef[at] / (fit.unit_se[at] * fit.s)) ** 2

    def p_of(self, chosen: set[int], term: int) -> float:
        """Its p-value."""
        return f_p(self.f_of(chosen, term), 1, self.given.y.size - len(chosen) - 1)

    def explained(self, subset: tuple[int, ...]) -> float:
        """Sum of squares that a subset explains, from the triangular factor alone."""
        q, _ = np.linalg.qr(self.r[:, list(subset)])
        return float(((q.T @ self.full.scores) ** 2).sum())

    def cp(self, fit: LeastSquares) -> float:
        return fit.ss_error / self.full.s**2 - fit.n + 2 * fit.coef.size
