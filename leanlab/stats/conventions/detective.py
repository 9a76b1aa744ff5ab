"""Given a number seen in another program: which convention reproduces it?"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.conventions.candidates import Candidate, Spec, of_values
from leanlab.stats.conventions.counts_candidates import of_counts
from leanlab.stats.conventions.gage_candidates import of_gage
from leanlab.stats.conventions.presets import PRESETS


@dataclass(frozen=True, slots=True)
class Match:
    """A convention with the value it gives; `difference` is that value minus the one seen."""

    quantity: str
    value: float
    convention: str
    sum: str
    presets: tuple[str, ...]
    difference: float

    @property
    def sentence(self) -> str:
        """The match in one sentence, with its sum."""
        who = f" ({', '.join(self.presets)})" if self.presets else ""
        return f"{self.quantity} = {self.sum} = {self.value:.7g}: {self.convention}{who}."


@dataclass(frozen=True, slots=True)
class Explanation:
    """Result of `explain`: conventions that give the number, else the nearest ones."""

    seen: float
    decimals: int
    matches: tuple[Match, ...]
    nearest: tuple[Match, ...]

    @property
    def found(self) -> bool:
        """Whether some convention reproduces the number to all its decimals."""
        return bool(self.matches)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        if self.matches:
            return self.matches[0].sentence
        if not self.nearest:
            return "Nothing can be computed from these data."
        best = self.nearest[0]
        return f"No convention known here gives {self.seen:g}; the nearest is {best.sentence}"


def explain(
    value: float | str,
    data: Any,
    *,
    quantity: str | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    tolerance: float | None = None,
    confidence: float = 0.95,
) -> Explanation:
    """Name the conventions that reproduce a number seen in another program.

    Parameters
    ----------
    value : float or str
        The number as printed. Its decimals count: "1.30" asks for two, 1.3 for one.
    data : array_like, sequence of sequences, or mapping
        One column of values, subgroups in rows, a gage study as a mapping with the columns
        ``part``, ``operator`` and ``value``, or counts as a mapping with ``events`` and
        ``trials`` (or ``exposure``).
    quantity : str, optional
        What it was called, for example "Cpk", "UCL", "%Tolerance"; a part of the name is enough,
        capitals do not matter. Everything that the data allow if left out.
    lsl, usl, target : float, optional
        Specification, for capability.
    tolerance : float, optional
        Upper minus lower limit, for gage studies (default usl - lsl).
    confidence : float
        Of the intervals of proportions and rates.

    Returns
    -------
    Explanation
        Matches agree in every printed decimal; LeanLab's own convention comes first, then those of
        known presets. Without a match, the five nearest of that quantity.

    Raises
    ------
    DataProblem
        The value is not a number, the data are bad, or no quantity has that name.

    Examples
    --------
    >>> from leanlab.stats.conventions import explain
    >>> x = [10.1, 10.4, 9.8, 10.0, 10.3, 9.9, 10.2]
    >>> explain("0.97", x, quantity="Cpk", lsl=9, usl=11).matches[0].presets
    ('LeanLab', 'Minitab')
    >>> explain("1.39", x, quantity="Cpk", lsl=9, usl=11).matches[0].convention
    'overall standard deviation, divisor n - 1'
    """
    seen, decimals = _printed(value)
    low, high = inputs.limits(lsl, usl, needed=False)
    spec = Spec(low, high, None if target is None else inputs.number(target, "Target"))
    if tolerance is None and low is not None and high is not None:
        tolerance = high - low
    level = inputs.fraction(confidence)
    candidates = _named(list(_candidates(data, spec, tolerance, level)), quantity)
    half = 0.5 * 10.0**-decimals
    rows = [_match(c, seen) for c in candidates if math.isfinite(c.value)]
    hits = [m for m in rows if abs(m.difference) <= half * (1 + 1e-9)]
    hits.sort(key=lambda m: (-_rank(m), abs(m.difference)))
    near = _distinct(sorted(rows, key=lambda m: abs(m.difference)))[:5]
    return Explanation(seen, decimals, tuple(_distinct(hits)), () if hits else tuple(near))


def _printed(value: float | str) -> tuple[float, int]:
    text = value.strip().rstrip("%").strip().replace(",", ".") if isinstance(value, str) else ""
    text = text or repr(float(inputs.number(value, "The number")))
    try:
        seen = float(text)
    except ValueError as error:
        raise DataProblem(f"The number must be a number, not {value!r}.") from error
    if not math.isfinite(seen):
        raise DataProblem(f"The number must be a number, not {value!r}.")
    digits, _, exponent = text.lower().partition("e")
    decimals = len(digits.partition(".")[2]) if isinstance(value, str) or digits[-2:] != ".0" else 0
    return seen, decimals - int(exponent or 0)


def _candidates(
    data: Any, spec: Spec, tolerance: float | None, level: float
) -> Iterator[Candidate]:
    if not isinstance(data, Mapping):
        yield from of_values(data, spec)
    elif {"part", "operator", "value"} <= set(data):
        yield from of_gage(data, tolerance)
    elif "events" in data:
        yield from of_counts(data, level)
    else:
        raise DataProblem(
            "These columns are neither a gage study nor counts.",
            hint="Name them part, operator and value, or events and trials.",
        )


def _named(candidates: list[Candidate], quantity: str | None) -> list[Candidate]:
    if not candidates:
        raise DataProblem(
            "Nothing can be computed from these data.", hint="Check for too few or equal values."
        )
    if quantity is None:
        return candidates
    wanted = _plain(quantity)
    names = {wanted, _MIXED_UP.get(wanted, wanted)}
    exact = [c for c in candidates if _plain(c.quantity) in names]
    found = exact or [c for c in candidates if wanted in _plain(c.quantity)]
    if not found:
        known = ", ".join(dict.fromkeys(c.quantity for c in candidates))
        raise DataProblem(
            f"No quantity here is called {quantity!r}.", hint=f"One of: {known}; check the limits."
        )
    return found


# Programs that know one sigma only call both kinds of index by one name.
_MIXED_UP = {"cp": "pp", "cpl": "ppl", "cpu": "ppu", "cpk": "ppk", "pp": "cp", "ppl": "cpl",
             "ppu": "cpu", "ppk": "cpk"}  # fmt: skip


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == "%")


def _match(candidate: Candidate, seen: float) -> Match:
    who = [
        name for name, p in PRESETS.items() if candidate.settings and p.follows(candidate.settings)
    ]
    return Match(
        candidate.quantity,
        candidate.value,
        candidate.convention,
        candidate.sum,
        tuple(who),
        candidate.value - seen,
    )


def _rank(match: Match) -> int:
    return 2 if "LeanLab" in match.presets else 1 if match.presets else 0


def _distinct(matches: list[Match]) -> list[Match]:
    """Merge matches that differ in nothing but the preset that names them."""
    merged: dict[tuple[str, str], Match] = {}
    for match in matches:
        key = (match.quantity, match.convention)
        before = merged.get(key)
        presets = dict.fromkeys((*(before.presets if before else ()), *match.presets))
        merged[key] = Match(
            match.quantity, match.value, match.convention, match.sum, tuple(presets),
            match.difference,
        )  # fmt: skip
    return list(merged.values())
