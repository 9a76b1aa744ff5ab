"""Numbers and dates as people read them; files and JSON keep full precision."""

import math
from datetime import date, datetime

SMALLEST_P = 0.001


def decimals_of(values: object) -> int:
    """Return how many decimals the given numbers were written with, at most 6."""
    most = 0
    for value in list(values)[:1000]:  # type: ignore[call-overload]
        if value is None or not math.isfinite(value):
            continue
        text = f"{value:.6f}".rstrip("0")
        most = max(most, len(text.partition(".")[2]))
    return most


def number(value: float | None, decimals: int = 2) -> str:
    """Format a value in data units; pass the data's decimals + 1."""
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size != 0 and (size >= 1e9 or size < 0.5 * 10 ** -max(decimals, 4)):  # noqa: PLR2004
        return f"{value:.3g}"
    text = f"{value:,.{decimals}f}".replace(",", "\u202f")
    return text.replace("-", "\u2212") if float(f"{value:.{decimals}f}") else text.lstrip("-")


def index(value: float | None) -> str:
    """Format a capability index: two decimals."""
    return number(value, 2)


def coded(name: str, code: str) -> str:
    """Return a name with its code behind it: the name leads, the code only tells two alike apart."""
    return f"{name} ({code})" if name and code else name or code


def percent(share: float | None) -> str:
    """Format a share (0..1) as a percentage with one decimal."""
    return "–" if share is None or not math.isfinite(share) else f"{number(100 * share, 1)} %"


def p_value(p: float | None) -> str:
    """Format a p-value: three decimals, or < 0.001."""
    if p is None or not math.isfinite(p):
        return "–"
    return "< 0.001" if p < SMALLEST_P else f"{p:.3f}"


def p_phrase(p: float | None) -> str:
    """Format a p-value inside a sentence: p = 0.034 or p < 0.001."""
    text = p_value(p)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def day(value: date | datetime | str) -> str:
    """Format a date as 26 Apr 2026."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.day} {value:%b %Y}"


def month(value: str) -> str:
    """Format a month written as 2026-05 as May 2026."""
    return day(f"{value}-01").partition(" ")[2]


def count(n: int, one: str, many: str | None = None) -> str:
    """Format a counted thing: 1 point, 3 points."""
    return f"{n:,} ".replace(",", "\u202f") + (one if n == 1 else many or one + "s")


def titled(name: str, unit: str) -> str:
    """Return a name with its unit behind it, once: many files write the unit into the heading."""
    if not unit or name.rstrip().endswith((f"({unit})", f"[{unit}]", f" in {unit}")):
        return name
    return f"{name} ({unit})"
