"""The only source of today; tests and pictures freeze it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_frozen: datetime | None = None
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the current time in UTC, with its offset."""
    return _told.get() or _frozen or datetime.now(UTC)


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


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Tell a story of the past: only this thread takes `moment` for now."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
