"""Dates typed by hand: one column, one order of day, month and year."""

import numpy as np
import pytest

from leanlab.app.session import Session
from leanlab.data.columns import ColumnData, empty_column


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Late orders")
    yield opened
    opened.close()


def sheet_of(session, source=None):
    columns = [empty_column("day", "datetime", 6), ColumnData("v", "number", np.zeros(6))]
    return session.add_sheet("Typed", columns, source=source)


def written(session, sheet, texts):
    session.set_cells(sheet, [(row, "c1", text) for row, text in enumerate(texts, start=1)])
    bad = {row: raw for (row, _), raw in session.bad_cells(sheet).items()}
    return [bad.get(i + 1) or str(v)[:10] for i, v in enumerate(session.column(sheet, "c1"))]


def test_the_first_date_that_tells_gives_the_order_of_its_column(session):
    sheet = sheet_of(session)
    session.set_cells(sheet, [(1, "c1", "03/04/2026")])
    assert session.bad_cells(sheet) == {(1, "c1"): "03/04/2026"}
    shown = written(session, sheet, ["25.2.2026", "02/13/2026", "03/04/2026", "2026-05-06"])
    assert shown[:4] == ["2026-02-25", "02/13/2026", "2026-04-03", "2026-05-06"]
    session.set_cells(sheet, [(5, "c1", "05/06/2026"), (6, "c1", "7 Jun 2026")])
    assert [str(v)[:10] for v in session.column(sheet, "c1")[4:]] == ["2026-06-05", "2026-06-07"]


def test_the_order_of_the_file_holds_for_what_is_typed(session):
    sheet = sheet_of(session, {"settings": {"date_order": "mdy"}})
    assert written(session, sheet, ["03/04/2026", "25/02/2026"])[:2] == ["2026-03-04", "25/02/2026"]


def test_a_pasted_column_and_undo_keep_to_it(session):
    sheet = sheet_of(session)
    rows = np.arange(1, 4)
    session.set_column(sheet, "c1", rows, ["03/04/2026", "25/04/2026", "04/26/2026"])
    assert [str(v)[:10] for v in session.column(sheet, "c1")[:3]] == [
        "2026-04-03",
        "2026-04-25",
        "NaT",
    ]
    assert session.sheet(sheet).source["orders"] == {"c1": "dmy"}
    session.undo()
    assert "orders" not in session.sheet(sheet).source
    assert session.bad_cells(sheet) == {}
