"""The sentences of findings and report cards, one file per language."""

import json
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from leanlab.analyses.declare import Check, Level
from leanlab.core import format as words
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
    return _FORMS.format(sentences()[key], **slots).strip()


class _PluralForms(Formatter):
    """Slots that count: `{n:point}` writes "1 point" or "3 points", `{n:?is|are}` the word only."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if not format_spec[:3].lstrip("?").isalpha():
            return super().format_field(value, format_spec)
        one, _, many = format_spec.lstrip("?").partition("|")
        if format_spec.startswith("?"):
            return one if str(value) == "1" else many
        if isinstance(value, str):
            return f"{value} {one if value == '1' else many or one + 's'}"
        return words.count(int(value), one, many or None)


_FORMS = _PluralForms()


def check(check_id: str, level: Level, key: str, /, **slots: object) -> Check:
    """Return a row of the report card; its label is the sentence `card.label.<id>`."""
    return Check(check_id, sentence(f"card.label.{check_id}"), level, sentence(key, **slots))


def graded(value: float, green: float, amber: float) -> Level:
    """Return green below or at the first bound, amber below or at the second, else red."""
    return "green" if value <= green else "amber" if value <= amber else "red"


def enough(count: float, green: float, amber: float) -> Level:
    """Return green from the first bound on, amber from the second on, else red."""
    return "green" if count >= green else "amber" if count >= amber else "red"
