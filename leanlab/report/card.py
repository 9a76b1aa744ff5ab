"""Outcome cards on paper: one of A5 size, or two on an A4 page."""

import base64
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from leanlab import __version__
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.domain.cards import Card, Photo
from leanlab.report.drawings import cleaned
from leanlab.report.pdf import compiler

_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


def cards_pdf(
    cards: Sequence[Card], *, per_page: int = 1, check: Callable[[], None] = lambda: None
) -> bytes:
    """Set cards: one a page of A5 size lying, or two below each other on A4."""
    data = _data(cards, per_page, check)
    pages = compiler(data, "card.typ").compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=int(clock.now().timestamp())
    )
    check()
    return bytes(pages)


def card_pictures(
    cards: Sequence[Card], ppi: float, *, check: Callable[[], None] = lambda: None
) -> list[bytes]:
    """Return every page of cards as PNG: for the printer."""
    pages = compiler(_data(cards, 1, check), "card.typ").compile(format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _data(cards: Sequence[Card], per_page: int, check: Callable[[], None]) -> dict[str, Any]:
    shown = []
    for card in cards:
        check()
        shown.append(_plain(card))
    return {
        "cards": shown,
        "per_page": per_page,
        "program": f"LeanLab {__version__}",
        "printed": words.day(clock.today()),
    }


def _plain(card: Card) -> dict[str, Any]:
    fields = ("figures", "held", "benefits", "asks")
    data: dict[str, Any] = {f.name: getattr(card, f.name) for f in dataclasses.fields(card)}
    for name in fields:
        value = data[name]
        data[name] = (
            [dataclasses.asdict(one) for one in value]
            if isinstance(value, Sequence)
            else dataclasses.asdict(value)
        )
    data["svg"] = cleaned(card.svg) if card.svg else ""
    data["photos"] = [p for p in map(_photo, card.photos) if p]
    data["as_of"] = words.day(card.as_of[:10]) if card.as_of else ""
    data["weak"] = [
        {k: str(w.get(k, "")) for k in ("title", "text", "code", "who")} for w in card.weak
    ]
    data.pop("more")
    return data


def _photo(photo: Photo) -> dict[str, str] | None:
    """Return a photo as a drawing of 4:3 that holds it, for a template that knows no files."""
    kind = next((kind for magic, kind in _MAGIC.items() if photo.data.startswith(magic)), "")
    if not kind:
        return None
    coded = base64.b64encode(photo.data).decode()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 400 300" width="400" height="300"><image width="400" height="300" '
        f'preserveAspectRatio="xMidYMid slice" xlink:href="data:image/{kind};base64,{coded}"/></svg>'
    )
    return {"when": photo.when, "name": photo.name, "svg": svg}
