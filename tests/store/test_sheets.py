import numpy as np
import pytest

from leanlab.app.session import Session
from leanlab.core.errors import Cancelled
from leanlab.data.columns import ColumnData
from leanlab.store import bulk, document, sheets
from leanlab.store.bulk import Block
from leanlab.store.project import check

MANY = 21_000  # more than the rows that are looked up one by one


def columns(count=MANY):
    numbers = np.arange(count) / 4
    numbers[7:8] = np.nan
    days = np.datetime64("2026-01-01", "s") + np.arange(count) * np.timedelta64(60, "s")
    carriers = np.array(["North", None, "South"] * count, dtype=object)[:count]
    return [
        ColumnData("late", "number", numbers, unit="h", bad={7: "3a"} if count > 7 else {}),
        ColumnData("day", "datetime", days),
        ColumnData("carrier", "category", carriers),
    ]


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "CHUNK", 5_000)
    made = Session.create(tmp_path / "p.leanlab", name="P")
    yield made
    made.close()


@pytest.fixture
def sheet(session):
    return session.add_sheet("Deliveries", columns())


def state(session, sheet):
    """Everything a user can see of a sheet."""
    info = session.sheet(sheet)
    values = {c.name: (c.kind, list(map(str, session.column(sheet, c.id)))) for c in info.columns}
    names = [c.name for c in info.columns]
    return names, values, session.row_ids(sheet).tolist(), session.bad_cells(sheet), {
        i: s.state for i, s in session.row_states(sheet).items()
    }  # fmt: skip


def test_a_sheet_comes_back_as_it_went_in(session, sheet):
    info = session.sheet(sheet)
    assert info.rows == MANY
    for one, given in zip(info.columns, columns(), strict=True):
        found = session.column(sheet, one.id)
        assert found.dtype == given.values.dtype
        assert list(map(str, found)) == list(map(str, given.values))
    assert session.bad_cells(sheet) == {(8, "c1"): "3a"}
    assert session.cells(sheet, [3])[3]["c3"] == "South"


CHANGES = {
    "fill a column": lambda s, i: s.set_column(i, "c1", s.row_ids(i), ["5,5", "x"] * (MANY // 2)),
    "edit a thousand cells": lambda s, i: s.set_cells(i, [(r, "c2", "2026-02-03") for r in range(1, 1001)]),
    "edit one cell": lambda s, i: s.set_cells(i, [(8, "c1", "3")]),
    "append": lambda s, i: s.append_rows(i, columns(5_000)),
    "insert": lambda s, i: s.insert_rows(i, 5, columns(10)),
    "delete half": lambda s, i: s.delete_rows(i, list(range(2, MANY, 2))),
    "delete one": lambda s, i: s.delete_rows(i, [8]),
    "exclude many": lambda s, i: s.set_row_state(i, list(range(1, 1000)), "excluded", "strike"),
    "sort": lambda s, i: s.sort_rows(i, s.row_ids(i)[::-1].copy()),
    "number to text": lambda s, i: s.retype_column(i, "c1", "text"),
    "text to number": lambda s, i: s.retype_column(i, "c3", "number"),
    "date to text": lambda s, i: s.retype_column(i, "c2", "text"),
    "move a column": lambda s, i: s.move_column(i, "c3", 0),
    "delete a column": lambda s, i: s.delete_column(i, "c2"),
    "rename": lambda s, i: s.edit_column(i, "c1", name="hours"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_one_step_that_undo_takes_back_and_redo_repeats(session, sheet, name):
    before = state(session, sheet)
    heard = []
    session.listen(heard.append)
    CHANGES[name](session, sheet)
    after = state(session, sheet)
    assert after != before
    for _ in range(2):
        assert session.undo()
        assert state(session, sheet) == before
        assert session.redo()
        assert state(session, sheet) == after
    assert len(heard) == 5
    assert all(sheet in change.ids for change in heard)


def test_all_changes_together_leave_a_sound_file(session, sheet, tmp_path):
    states = [state(session, sheet)]
    for change in (
        "fill a column",
        "delete half",
        "append",
        "sort",
        "number to text",
        "move a column",
    ):
        CHANGES[change](session, sheet)
        states.append(state(session, sheet))
    session.save()
    assert check(session.path).sound
    for expected in reversed(states[:-1]):
        session.undo()
        assert state(session, sheet) == expected
    session.save()
    assert check(session.path).sound


def test_row_ids_are_never_used_again(session, sheet):
    last = session.append_rows(sheet, columns(10))[-1]
    session.undo()
    assert min(session.append_rows(sheet, columns(10))) > last
    session.delete_rows(sheet, session.row_ids(sheet)[-10:].tolist())
    assert min(session.append_rows(sheet, columns(10))) > last + 10


def test_rows_can_be_inserted_at_one_place_for_ever(session):
    sheet = session.add_sheet("Small", columns(10))
    for _ in range(80):
        session.insert_rows(sheet, 5, columns(1))
    ids = session.row_ids(sheet).tolist()
    assert ids[:4] == [1, 2, 3, 4]
    assert ids[4:84] == list(range(11, 91))
    assert ids[84:] == [5, 6, 7, 8, 9, 10]


def test_what_does_not_fit_the_new_kind_stays_as_it_was_written(session, sheet):
    misfits = session.retype_column(sheet, "c3", "number")
    assert misfits == 2 * MANY // 3
    assert session.bad_cells(sheet)[(1, "c3")] == "North"
    session.retype_column(sheet, "c3", "category")
    assert session.column(sheet, "c3")[0] == "North"
    assert (1, "c3") not in session.bad_cells(sheet)


def written(session, cells, decimal=""):
    texts = np.array(cells, dtype=object)
    settings = {"settings": {"decimal": decimal}} if decimal else {}
    return session.add_sheet("Weights", [ColumnData("kg", "text", texts)], source=settings)


@pytest.mark.parametrize(
    ("cells", "decimal", "numbers", "bad"),
    [
        (["13,28", "12,5 kg", "1.014,5"], ",", [13.28, np.nan, 1014.5], {2: "12,5 kg"}),
        (["13,28", "14", "12,5"], "", [13.28, 14, 12.5], {}),
        (["13.28", "1,014.5"], ",", [13.28, 1014.5], {}),
        (["1,234", "2,468"], ",", [1.234, 2.468], {}),
        (["1,234", "2,468"], ".", [1234, 2468], {}),
        (["1,5 kg", "2,5 kg", "3 kg"], "", [1.5, 2.5, 3], {}),
    ],
)
def test_text_is_read_as_numbers_with_the_decimal_mark_it_is_written_with(
    session, cells, decimal, numbers, bad
):
    sheet = written(session, cells, decimal)
    assert session.retype_column(sheet, "c1", "number") == len(bad)
    np.testing.assert_array_equal(session.column(sheet, "c1"), numbers)
    assert session.bad_cells(sheet) == {(row, "c1"): raw for row, raw in bad.items()}


def test_only_cells_that_fit_say_how_many_decimals_are_shown(session):
    sheet = written(session, ["13,28", "12,5 kg", "14,1"], ",")
    session.retype_column(sheet, "c1", "number")
    assert session.sheet(sheet).column("c1").decimals == 2


def test_numbers_come_back_from_text_whatever_mark_their_file_used(session):
    values = np.array([1.234, 22.5, 1500.125])
    sheet = session.add_sheet(
        "Weights",
        [ColumnData("kg", "number", values, decimals=3)],
        source={"settings": {"decimal": ","}},
    )
    session.retype_column(sheet, "c1", "text")
    session.retype_column(sheet, "c1", "number")
    np.testing.assert_array_equal(session.column(sheet, "c1"), values)


def test_a_cancelled_import_leaves_nothing(session):
    def stop(done, _total):
        if done:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        session.add_sheet("Half", columns(), progress=stop)
    assert session.sheets() == []
    assert session._document.rows("SELECT name FROM sqlite_schema WHERE name LIKE 'data_%'") == []
    session.save()
    assert check(session.path).sound


def test_a_new_column_needs_no_rebuild_and_survives_saving(session, sheet, tmp_path):
    extra = ColumnData("x", "number", np.arange(MANY) * 1.0, bad={3: "?"})
    column = session.add_column(sheet, extra, position=1)
    assert [c.name for c in session.sheet(sheet).columns] == ["late", "x", "day", "carrier"]
    assert session.column(sheet, column)[5] == 5.0
    session.save()
    assert check(session.path).sound
    session.undo()
    assert [c.name for c in session.sheet(sheet).columns] == ["late", "day", "carrier"]
    assert not any(c == column for _, c in session.bad_cells(sheet))


def test_a_decimal_typed_into_whole_numbers_makes_them_numbers(session):
    sheet = session.add_sheet("Counts", [ColumnData("n", "whole", np.arange(3.0), decimals=0)])
    session.set_cells(sheet, [(2, "c1", "7.5")])
    assert session.sheet(sheet).columns[0].kind == "number"
    assert session.column(sheet, "c1")[1] == 7.5
    session.undo()
    assert session.sheet(sheet).columns[0].kind == "whole"


def test_the_oldest_steps_are_forgotten_when_undo_grows_too_large(session, sheet, monkeypatch):
    monkeypatch.setattr(document, "UNDO_BYTES", 300_000)
    for _ in range(6):
        session.set_column(
            sheet,
            "c1",
            session.row_ids(sheet),
            np.random.default_rng(1).normal(size=MANY).round(6).astype(str),
        )
    assert session.steps_forgotten_by(0) <= 1
    undone = 0
    while session.undo():
        undone += 1
    assert 1 <= undone < 6


@pytest.mark.parametrize(
    "values", [[1.5, None, 2.0], ["a", None, "ä\n"], [None, None], [], [1, 2.0]]
)
def test_images_keep_values_exactly(values):
    assert bulk.unpacked(bulk.packed(values)) == values


def test_a_block_survives_the_way_to_disk():
    ids = np.array([5, 9, 2], dtype=np.int64)
    present = np.array([True, False, True])
    block = Block(
        "data_3", {"sheet_id": "x"}, ("c1", "c2"), ids, present, [[1.0, None], ["a", "b"]]
    )
    back = bulk.unpacked_block(bulk.packed_block(block))
    assert back.ids.tolist() == ids.tolist()
    assert back.present.tolist() == present.tolist()
    assert (back.table, back.fixed, back.names, back.values) == (
        "data_3", {"sheet_id": "x"}, ("c1", "c2"), [[1.0, None], ["a", "b"]],
    )  # fmt: skip


def test_a_sheet_without_rows_can_be_made(session):
    sheet = session.add_sheet("Empty", [ColumnData("a", "text", np.empty(0, dtype=object))])
    assert session.sheet(sheet).rows == 0
    assert sheets.row_ids(session._document, sheet).size == 0
    assert session.append_rows(sheet, [ColumnData("a", "text", np.array(["x"], dtype=object))]) == [
        1
    ]


def test_a_column_that_came_after_another_kind_survives_undoing_both(session, sheet):
    session.retype_column(sheet, "c1", "text")
    extra = ColumnData("x", "number", np.arange(MANY) * 1.0)
    column = session.add_column(sheet, extra)
    expected = state(session, sheet)
    session.undo()
    session.undo()
    session.save()
    assert check(session.path).sound
    session.redo()
    session.redo()
    assert state(session, sheet) == expected
    session.undo()
    session.undo()
    session.delete_rows(sheet, [1, 2])
    assert session.add_column(sheet, ColumnData("y", "number", np.zeros(MANY - 2))) != column
    session.save()
    assert check(session.path).sound
