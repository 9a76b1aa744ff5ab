"""The sentences of findings and report cards, one file per language."""

import json
from collections.abc import Mapping
from functools import cache

from leanlab.analyses.declare import Check, Level
from leanlab.core.resources import resource


@cache
def sentences(language: str = "en") -> Mapping[str, str]:
    """Return all sentences of a language by key."""
    text = resource(f"findings/{language}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert isinstance(found, dict)  # noqa: S101 - a shipped file
    return found


def sentence(key: str, /, **slots: object) -> str:
    """Return the sentence with its slots filled; an unknown key is a bug."""
    return sentences()[key].format(**slots).strip()


def check(check_id: str, level: Level, key: str, /, **slots: object) -> Check:
    """Return a row of the report card; its label is the sentence `card.label.<id>`."""
    return Check(check_id, sentence(f"card.label.{check_id}"), level, sentence(key, **slots))


def graded(value: float, green: float, amber: float) -> Level:
    """Return green below or at the first bound, amber below or at the second, else red."""
    return "green" if value <= green else "amber" if value <= amber else "red"


def enough(count: float, green: float, amber: float) -> Level:
    """Return green from the first bound on, amber from the second on, else red."""
    return "green" if count >= green else "amber" if count >= amber else "red"
