"""Finding cells of a sheet part by part: the same cells as reading all of their texts."""

import numpy as np
import pytest

from leanlab.app.session import Session
from leanlab.data.columns import ColumnData
from leanlab.data.searching import Sought
from leanlab.store import sheets


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "CHUNK", 10)
    made = Session.create(tmp_path / "p.leanlab", name="P", author="A")
    yield made
    made.close()


@pytest.fixture
def sheet(session):
    rng = np.random.default_rng(4)
    late = rng.normal(20, 5, 35).round(2)
    late[[3, 11]] = np.nan
    hub = np.array(["North", None, "South"] * 11 + ["North", "12"], dtype=object)
    days = np.datetime64("2026-01-05", "s") + np.arange(35) * np.timedelta64(3600, "s")
    columns = [
        ColumnData("late", "number", late, bad={3: "12 or so"}),
        ColumnData("hub", "category", hub),
        ColumnData("day", "datetime", days),
    ]
    return session.add_sheet("Data", columns)


def read(session, sheet, text):
    ids = session.row_ids(sheet).tolist()
    return {
        (row_id, column.id)
        for column in session.sheet(sheet).columns
        for row_id, cell in zip(ids, session.texts(sheet, column.id), strict=True)
        if text in cell.lower()
    }


def found(session, sheet, text, begin=1):
    columns = [c.id for c in session.sheet(sheet).columns]
    return [list(p) for p in session.find_cells(sheet, columns, Sought(text), begin=begin)]


@pytest.mark.parametrize("text", ["12", "or so", "north", "2026-01-05", "1.", "-", "22:00", "zzz"])
def test_the_same_cells_are_found_as_by_reading_all_texts(session, sheet, text):
    told = [cell for part in found(session, sheet, text) for cell in part]
    assert len(told) == len(set(told))
    assert set(told) == read(session, sheet, text)


def test_moved_and_deleted_rows_are_found_by_their_ids(session, sheet):
    session.sort_rows(sheet, session.row_ids(sheet)[::-1])
    session.delete_rows(sheet, [5, 20])
    told = {cell for part in found(session, sheet, "south") for cell in part}
    assert told == read(session, sheet, "south")
    assert told


def test_the_part_with_the_current_row_comes_first(session, sheet):
    parts = found(session, sheet, "north", begin=25)
    assert [[row for row, _ in part] for part in parts] == [
        [22, 25, 28], [31, 34], [1, 4, 7, 10], [13, 16, 19],
    ]  # fmt: skip


def test_an_edit_ends_the_search(session, sheet):
    parts = session.find_cells(sheet, ["c2"], Sought("north"))
    assert next(parts)
    session.set_cells(sheet, [(1, "c2", "South")])
    assert list(parts) == []


def test_a_sheet_without_rows_holds_nothing(session):
    sheet = session.add_sheet("Empty", [ColumnData("x", "number", np.array([]))])
    assert found(session, sheet, "1") == []
