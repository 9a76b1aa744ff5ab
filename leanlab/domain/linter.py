"""Point at words in a problem or goal that name a cause, a solution or a culprit too early.

It never rewrites; each hit shows the words and says in one line why they are doubtful.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from leanlab.core.resources import resource

LONGEST, SHORTEST = 80, 12
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of a text and why they are doubtful."""

    rule: str
    words: tuple[str, ...]
    reason: str


@cache
def _lists(language: str) -> Mapping[str, Mapping[str, object]]:
    found: Mapping[str, Mapping[str, object]] = json.loads(
        resource(f"linter/{language}.json").read_text("utf-8")
    )
    return found


def doubts(
    text: str, rules: Sequence[str], *, people: Sequence[str] = (), language: str = "en"
) -> tuple[Doubt, ...]:
    """Return what the word lists of these rules find in a text."""
    found: list[Doubt] = []
    for rule in rules:
        entry = _lists(language)[rule]
        patterns = entry["words"]
        assert isinstance(patterns, list)  # noqa: S101 - a slip in the data file
        words = _found(text, patterns)
        if rule == "person":
            words = (*words, *_found(text, [re.escape(p) for p in people if len(p) > 2]))  # noqa: PLR2004
        if words:
            found.append(Doubt(rule, words, str(entry["reason"])))
    return tuple(found)


def _found(text: str, patterns: Iterable[str]) -> tuple[str, ...]:
    hits: dict[str, None] = {}
    for pattern in patterns:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
            hits[match.group(0)] = None
    return tuple(hits)


def vague_words(text: str, language: str = "en") -> Doubt | None:
    """Return adjectives that stand where a number should; none when the text has numbers."""
    if _NUMBER.search(text):
        return None
    return next(iter(doubts(text, ("vague",), language=language)), None)


def word_count(text: str) -> int:
    """Count the words of a text."""
    return len(text.split())
