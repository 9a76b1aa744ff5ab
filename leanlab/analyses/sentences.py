"""The sentences of findings and report cards, one file per language."""

import json
from collections.abc import Mapping
from functools import cache

from leanlab.core.resources import resource


@cache
def _sentences(language: str) -> Mapping[str, str]:
    text = resource(f"findings/{language}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert isinstance(found, dict)  # noqa: S101 - a shipped file
    return found


def sentence(key: str, /, **slots: object) -> str:
    """Return the sentence with its slots filled; an unknown key is a bug."""
    return _sentences("en")[key].format(**slots).strip()
