"""The only source of today; tests and pictures freeze it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_frozen: datetime | None = None


def now() -> datetime:
    """Return the current time in UTC, with its offset."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """Return the local calendar day."""
    return now().astimezone().date()


def freeze(moment: datetime | None) -> None:
    """Stand still at `moment`; None lets the clock run again."""
    global _frozen  # noqa: PLW0603 - one clock for the whole program
    _frozen = moment


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stand still inside a with block."""
    before = _frozen
    freeze(moment)
    try:
        yield
    finally:
        freeze(before)
