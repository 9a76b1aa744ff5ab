"""Photos of before and after: told by their names, else by the day on which they were attached."""

from datetime import date

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.domain.cards import Photo

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
LARGEST = 12_000_000  # bytes of one photo


def photos_of(session: Session, change: date | None) -> list[Photo]:
    """Return the first photo of before and of after, as far as there are any."""
    found: dict[str, Record] = {}
    for record in session.records("attachment"):
        name = str(record.get("name", "")).lower()
        if not name.endswith(ENDINGS) or int(record.get("size", 0)) > LARGEST:
            continue
        found.setdefault(_when(name, record.created[:10], change), record)
    return [
        Photo(when, str(found[when].get("name")), session.content(str(found[when].get("sha256"))))
        for when in ("before", "after")
        if when in found
    ]


def _when(name: str, created: str, change: date | None) -> str:
    for word in ("before", "after"):
        if word in name:
            return word
    return "before" if change is None or created < change.isoformat() else "after"
