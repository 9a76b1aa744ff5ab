"""The frozen copy of a project at a gate: what was known when it was decided."""

import gzip
import hashlib
import json
import zlib
from typing import Any

import numpy as np

from leanlab.app.records import Record, SheetInfo
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.store.checks import is_json

KINDS = (
    "person", "metric", "process_step", "cause", "action", "solution", "control_item",
    "benefit_line", "risk", "worksheet", "worksheet_row", "analysis", "finding", "waiver", "gate",
)  # fmt: skip


LARGEST = 256 * 1024**2  # bytes of a copy when it is unpacked
GZIP = 31  # zlib's name for the form with a gzip head
_SHAPE = {"gate": str, "project": dict, "records": dict, "links": list, "sheets": list}


def freeze(session: Session, gate_id: str, phase_id: str) -> str:
    """Keep a copy with the gate; return the fingerprint of its bytes.

    The bytes are canonical JSON, compressed. The fingerprint is of these bytes and is never worked
    out again from tables, which a later LeanLab may have changed.
    """
    signed = {**copy_of(session, phase_id), "history": session.chain().head}
    packed = gzip.compress(canonical(signed), mtime=0)
    name = f"gate-{phase_id}-{clock.today().isoformat()}.json.gz"
    session.attach(gate_id, name, packed)
    return hashlib.sha256(packed).hexdigest()


def frozen_copy(session: Session, fingerprint: str) -> dict[str, Any] | None:
    """Return a frozen copy by its fingerprint; None if it is not there, or not one of LeanLab's.

    The project may be a stranger's: a few bytes that unpack to gigabytes are not unpacked.
    """
    try:
        packed = session.content(fingerprint)
    except (IndexError, KeyError):  # its content was taken out
        return None
    if hashlib.sha256(packed).hexdigest() != fingerprint:
        return None
    unpacking = zlib.decompressobj(GZIP)
    try:
        text = unpacking.decompress(packed, LARGEST).decode()
    except (zlib.error, UnicodeDecodeError):
        return None
    if not unpacking.eof or not is_json(text, an_object=True):
        return None
    found: dict[str, Any] = json.loads(text)
    shaped = all(isinstance(found.get(name), sort) for name, sort in _SHAPE.items())
    return found if shaped else None


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
                "data": _fingerprint_of_data(session, s),
                "columns": [[c.id, c.name, c.kind, c.unit] for c in s.columns],
                "excluded": [[i, x.reason, x.who] for i, x in session.row_states(s.id).items()],
            }
            for s in session.sheets()
        ],
    }  # fmt: skip


def _fingerprint_of_data(session: Session, sheet: SheetInfo) -> str:
    """Return a digest of the cells of a data sheet in their order, of those that do not fit too."""
    found = hashlib.sha256()
    for column in sheet.columns:
        values = np.asarray(session.column(sheet.id, column.id))
        found.update(canonical([column.id, column.kind]))
        found.update(
            canonical(values.tolist())
            if values.dtype == object
            else np.ascontiguousarray(values).tobytes()
        )
    bad = [[row, column, raw] for (row, column), raw in session.bad_cells(sheet.id).items()]
    found.update(canonical(sorted(bad)))
    return found.hexdigest()


def _plain(record: Record) -> dict[str, Any]:
    return {"id": record.id, "code": record.code, "revision": record.revision, **record.values}
