"""The comparison rule of the reference cases."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Worst:
    """The largest relative error met, and what did not match."""

    name: str = ""
    expected: Any = None
    actual: Any = None
    rel: float = 0.0
    mismatches: list[str] = field(default_factory=list)

    def meet(self, name: str, expected: float, actual: float) -> None:
        """Remember the largest relative error."""
        rel = abs(actual - expected) / max(abs(expected), 1e-300) if expected else abs(actual)
        if rel >= self.rel:
            self.name, self.expected, self.actual, self.rel = name, expected, actual, rel


def compare(case: Mapping[str, Any], got: Mapping[str, Any]) -> Worst:
    """Hold a result against a case; an empty list of mismatches means that it passed."""
    worst = Worst()
    for name, expected in case["expected"].items():
        rtol = case.get("rtol_fields", {}).get(name, case["rtol"])
        atol = case.get("atol_fields", {}).get(name, case["atol"])
        if name in got:
            _match(name, expected, got[name], (rtol, atol), worst)
        elif expected is not None:
            worst.mismatches.append(f"{name}: missing")
    return worst


def _match(
    name: str, expected: Any, actual: Any, tolerance: tuple[float, float], worst: Worst
) -> None:
    if hasattr(actual, "tolist"):
        actual = actual.tolist()
    if expected is None:
        if actual is not None and not (isinstance(actual, float) and math.isnan(actual)):
            worst.mismatches.append(f"{name}: expected nothing, got {actual!r}")
    elif isinstance(expected, Mapping):
        _match_mapping(name, expected, actual, tolerance, worst)
    elif isinstance(expected, list):
        _match_list(name, expected, actual, tolerance, worst)
    elif isinstance(expected, bool | str):
        if actual != expected:
            worst.mismatches.append(f"{name}: expected {expected!r}, got {actual!r}")
    else:
        _match_number(name, expected, actual, tolerance, worst)


def _match_mapping(
    name: str,
    expected: Mapping[str, Any],
    actual: Any,
    tolerance: tuple[float, float],
    worst: Worst,
) -> None:
    if not isinstance(actual, Mapping):
        worst.mismatches.append(f"{name}: expected named values, got {type(actual).__name__}")
        return
    for key, value in expected.items():
        if key in actual:
            _match(f"{name}.{key}", value, actual[key], tolerance, worst)
        elif value is not None:
            worst.mismatches.append(f"{name}.{key}: missing")


def _match_list(
    name: str, expected: list[Any], actual: Any, tolerance: tuple[float, float], worst: Worst
) -> None:
    if not isinstance(actual, Sequence) or isinstance(actual, str) or len(actual) != len(expected):
        worst.mismatches.append(f"{name}: expected {len(expected)} values, got {actual!r}"[:200])
        return
    for index, (want, have) in enumerate(zip(expected, actual, strict=True)):
        _match(f"{name}[{index}]", want, have, tolerance, worst)


def _match_number(
    name: str, expected: float, actual: Any, tolerance: tuple[float, float], worst: Worst
) -> None:
    try:
        value = float(actual)
    except (TypeError, ValueError):
        worst.mismatches.append(f"{name}: expected {expected!r}, got {actual!r}")
        return
    worst.meet(name, expected, value)
    rtol, atol = tolerance
    if not abs(value - expected) <= atol + rtol * abs(expected):
        worst.mismatches.append(
            f"{name}: expected {expected!r}, got {value!r} (rel {worst.rel:.2e})"
        )
