"""What a worksheet would look like after some edits, without making them."""

from collections.abc import Sequence
from dataclasses import replace

from leanlab.worksheets.declare import Edit, Row, View


def with_edits(view: View, edits: Sequence[Edit]) -> View:
    """Return a view in which the edited rows have their new values."""
    new = {e.row_id: dict(e.values) for e in edits}

    def edited(rows: Sequence[Row]) -> tuple[Row, ...]:
        return tuple(
            Row(r.id, r.code, {**r.values, **new[r.id]}) if r.id in new else r for r in rows
        )

    rows = {section: edited(known) for section, known in view.rows.items()}
    return replace(view, rows=rows, records=lambda kind: edited(view.records(kind)))
