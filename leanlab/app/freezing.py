"""The frozen copy of a project at a gate: what was known when it was decided."""

import gzip
import hashlib
import json
from typing import Any

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import clock

KINDS = (
    "person", "metric", "process_step", "cause", "action", "solution", "control_item",
    "benefit_line", "risk", "worksheet", "worksheet_row", "analysis", "finding", "waiver", "gate",
)  # fmt: skip


def freeze(session: Session, gate_id: str, phase_id: str) -> str:
    """Keep a copy with the gate; return the fingerprint of its bytes.

    The bytes are canonical JSON, compressed. The fingerprint is of these bytes and is never worked
    out again from tables, which a later LeanLab may have changed.
    """
    packed = gzip.compress(canonical(copy_of(session, phase_id)), mtime=0)
    name = f"gate-{phase_id}-{clock.today().isoformat()}.json.gz"
    session.attach(gate_id, name, packed)
    return hashlib.sha256(packed).hexdigest()


def frozen_copy(session: Session, fingerprint: str) -> dict[str, Any]:
    """Return a frozen copy by its fingerprint."""
    found: dict[str, Any] = json.loads(gzip.decompress(session.content(fingerprint)))
    return found


def canonical(value: Any) -> bytes:
    """Return JSON with one spelling only: sorted, without spaces, NaN refused."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def copy_of(session: Session, phase_id: str) -> dict[str, Any]:
    """Return what a gate freezes: records, results with their pictures, fingerprints of data."""
    return {
        "gate": phase_id,
        "project": {k: session.fact(k) for k in ("title", "project_kind", "author", "created")},
        "records": {kind: [_plain(r) for r in session.records(kind)] for kind in KINDS},
        "links": sorted([k.from_id, k.verb, k.to_id] for k in session.links()),
        "sheets": [
            {
                "id": s.id, "title": s.title, "rows": s.rows, "source": dict(s.source),
                "columns": [[c.id, c.name, c.kind, c.unit] for c in s.columns],
                "excluded": [[i, x.reason, x.who] for i, x in session.row_states(s.id).items()],
            }
            for s in session.sheets()
        ],
    }  # fmt: skip


def _plain(record: Record) -> dict[str, Any]:
    return {"id": record.id, "code": record.code, "revision": record.revision, **record.values}


def changes_since(session: Session, fingerprint: str) -> int:
    """Return how many records differ from a frozen copy: changed, new or gone."""
    then = frozen_copy(session, fingerprint)
    count = 0
    for kind in KINDS:
        if kind in {"gate", "waiver"}:
            continue
        old = {r["id"]: _content(r) for r in then["records"].get(kind, ())}
        new = {r.id: _content(_plain(r)) for r in session.records(kind)}
        count += sum(1 for i in old.keys() | new.keys() if old.get(i) != new.get(i))
    return count


def _content(record: dict[str, Any]) -> bytes:
    """Return what a record says; its revision goes back with an undo and proves nothing."""
    return canonical({name: value for name, value in record.items() if name != "revision"})
