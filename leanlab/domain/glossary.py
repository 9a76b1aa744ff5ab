"""What the words of the trade mean, and which help page says more."""

import json
from dataclasses import dataclass
from functools import cache

from leanlab.core.resources import resource


@dataclass(frozen=True, slots=True)
class Term:
    """One word, what else people call it, and its meaning in a sentence or two."""

    term: str
    also: tuple[str, ...]
    meaning: str
    page: str  # of the help; empty where no page speaks of it


@cache
def terms(language: str = "en") -> tuple[Term, ...]:
    """Return all terms of a language, in the order of the alphabet."""
    found = json.loads(resource(f"glossary/{language}.json").read_text("utf-8"))
    return tuple(
        Term(one["term"], tuple(one["also"]), one["meaning"], one["page"]) for one in found
    )


def as_page() -> str:
    """Return the whole glossary as a help page."""
    lines = ["# Glossary", "", "What the words mean that LeanLab uses, each in a sentence or two."]
    for one in terms():
        also = f" (also: {', '.join(one.also)})" if one.also else ""
        lines += ["", f"**{one.term}**{also}: {one.meaning}"]
    return "\n".join(lines)
