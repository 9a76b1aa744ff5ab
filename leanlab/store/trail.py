"""Links, history and attached content of a document."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from leanlab.store.document import Document


def links(document: Document, record_id: str | None = None) -> list[tuple[str, str, str]]:
    """Return all links, or those of one record in either direction."""
    sql = "SELECT from_id, verb, to_id FROM link"
    if record_id is None:
        return [(r[0], r[1], r[2]) for r in document.rows(sql)]
    rows = document.rows(f"{sql} WHERE from_id = ? OR to_id = ?", [record_id, record_id])
    return [(r[0], r[1], r[2]) for r in rows]


def put_link(document: Document, from_id: str, verb: str, to_id: str, *, present: bool) -> None:
    """Add or take away a link inside a step."""
    key = {"from_id": from_id, "verb": verb, "to_id": to_id}
    document.put("link", key, key if present else None)
    for record_id in (from_id, to_id):
        document.touch(record_id, "link")


def history(document: Document, record_id: str) -> list[tuple[str, str, str, list[Any]]]:
    """Return when, who, what and the changed values of a record, the latest first."""
    rows = document.rows(
        "SELECT at, who, what, payload FROM audit WHERE payload LIKE ? ORDER BY seq DESC LIMIT 200",
        [f'%"{record_id}"%'],
    )
    return [(at, who, what, _about(record_id, payload)) for at, who, what, payload in rows]


def _about(record_id: str, payload: str) -> list[Any]:
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):  # not as LeanLab wrote it; the chain shows it
        return []
    return [entry for entry in told if record_id in json.dumps(entry)]


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether the history is the one that was written: each entry carries the digest of the last."""

    entries: int
    head: str  # digest of the last entry; printed on a sign-off, it shows a cut or rewritten tail
    broken_at: int | None  # number of the first entry that does not fit
    clock_went_back: int  # entries dated before the one they follow: a clock was set, or worse


def verified(document: Document) -> Chain:
    """Compute the chain of the history anew."""
    prev, last, back = "", "", 0
    count = 0
    sql = "SELECT seq, at, who, what, payload, prev, hash FROM audit ORDER BY seq"
    for seq, at, who, what, payload, stated, digest in document.rows(sql):
        count += 1
        entry = json.dumps([at, who, what, payload, prev])
        if stated != prev or hashlib.sha256(entry.encode()).hexdigest() != digest or seq != count:
            return Chain(count, prev, seq, back)
        back += at < last
        prev, last = digest, at
    return Chain(count, prev, None, back)


def holds(document: Document, digest: str) -> bool:
    """Whether an entry of the history has this digest."""
    return bool(document.rows("SELECT 1 FROM audit WHERE hash = ?", [digest]))


def recent(document: Document, count: int) -> list[tuple[str, str, str]]:
    """Return when, who and what of the latest steps."""
    rows = document.rows("SELECT at, who, what FROM audit ORDER BY seq DESC LIMIT ?", [count])
    return [(at, who, what) for at, who, what in rows]


def keep_content(document: Document, sha256: str, data: bytes) -> None:
    """Keep bytes once, however often they are attached."""
    document.run("INSERT OR IGNORE INTO content VALUES (?, ?)", [(sha256, data)])


def content(document: Document, sha256: str) -> bytes:
    """Return kept bytes."""
    return bytes(document.rows("SELECT data FROM content WHERE sha256 = ?", [sha256])[0][0])
