"""Calculated columns in a project: kept with their formula, right after every change, one undo step."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanlab.app import refresh
from leanlab.app.calculated import formula_shown, in_turn, needing
from leanlab.app.importing import add_table, read
from leanlab.app.records import SheetColumn
from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.data.formula_text import FormulaProblem


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="P", author="A")
    yield made
    made.close()


@pytest.fixture
def sheet(session):
    return session.add_sheet(
        "Orders",
        [
            ColumnData("ordered", "datetime", np.array(["2026-01-05", "2026-01-06", "2026-01-07"], "datetime64[s]")),
            ColumnData("sent", "datetime", np.array(["2026-01-06", "2026-01-09", "NaT"], "datetime64[s]")),
            ColumnData("items", "whole", np.array([2.0, 4.0, 8.0])),
            ColumnData("carrier", "category", np.array(["North", "South", "North"], dtype=object)),
        ],
    )  # fmt: skip


def values(session, sheet, name):
    one = session.sheet(sheet).named(name)
    found = session.column(sheet, one.id)
    return [None if v != v else v for v in found.tolist()]  # noqa: PLR0124 - NaN


def test_a_calculated_column_is_kept_with_its_formula_and_unit(session, sheet, tmp_path):
    made = session.add_calculated_column(sheet, "lead time", "sent - ordered", unit="days")
    one = session.sheet(sheet).named("lead time")
    assert (one.id, one.unit, one.formula) == (made, "days", "{c2} - {c1}")
    assert values(session, sheet, "lead time") == [1, 3, None]
    session.save()
    session.close()
    again = Session.open(tmp_path / "p.leanlab")
    try:
        columns = again.sheet(sheet).columns
        assert formula_shown(columns, columns[4]) == "sent - ordered"
        again.set_cells(sheet, [(3, "c2", "2026-01-10")])
        assert values(again, sheet, "lead time") == [1, 3, 3]
    finally:
        again.close()


def test_it_follows_its_sources_and_one_undo_takes_both_back(session, sheet):
    session.add_calculated_column(sheet, "double", "items * 2")
    session.add_calculated_column(sheet, "share", "double / sum(double) * 100", unit="%")
    assert values(session, sheet, "double") == [4, 8, 16]
    session.set_cells(sheet, [(1, "c3", "6")])
    assert values(session, sheet, "double") == [12, 8, 16]
    assert values(session, sheet, "share")[0] == pytest.approx(100 / 3)
    session.undo()
    assert values(session, sheet, "double") == [4, 8, 16]
    assert values(session, sheet, "share")[0] == pytest.approx(100 / 7)
    session.redo()
    assert values(session, sheet, "double") == [12, 8, 16]


def test_rows_that_come_go_and_move_are_followed(session, sheet):
    session.add_calculated_column(sheet, "before", "lag(items)")
    session.add_calculated_column(sheet, "more", "items + 1")
    row = [
        ColumnData(c.name, c.kind, np.array([16.0]) if c.name == "items" else empty(c.kind))
        for c in session.sheet(sheet).columns
    ]
    [new] = session.append_rows(sheet, row)
    assert values(session, sheet, "before") == [None, 2, 4, 8]
    assert values(session, sheet, "more") == [3, 5, 9, 17]
    session.sort_rows(sheet, np.array([new, 3, 2, 1]))
    assert values(session, sheet, "before") == [None, 16, 8, 4]
    session.delete_rows(sheet, [3])
    assert values(session, sheet, "before") == [None, 16, 4]
    session.insert_rows(sheet, 2, row)
    assert values(session, sheet, "before") == [None, 16, 16, 4]
    session.undo()
    session.undo()
    assert values(session, sheet, "before") == [None, 16, 8, 4]


def empty(kind):
    if kind == "datetime":
        return np.array(["NaT"], "datetime64[s]")
    return np.array([np.nan]) if kind in {"number", "whole"} else np.array([None], dtype=object)


def test_one_edited_row_of_many_is_calculated_alone(session, monkeypatch):
    count = 5000
    sheet = session.add_sheet("Many", [ColumnData("x", "number", np.arange(count) / 2, decimals=1)])
    session.add_calculated_column(sheet, "y", "x * 10")
    monkeypatch.setattr(session, "calculate", None)  # the whole column is not looked at
    session.set_cells(sheet, [(7, "c1", "100")])
    assert session.column(sheet, "c2")[[6, 7]].tolist() == [1000.0, 35.0]


def test_one_edited_row_reaches_only_the_rows_that_look_at_it(session, monkeypatch):
    count = 5000
    sheet = session.add_sheet("Many", [ColumnData("x", "number", np.arange(count) / 2, decimals=1)])
    session.add_calculated_column(sheet, "change", "diff(x) + lag(x, -2)")
    session.add_calculated_column(sheet, "later", "lag(change) * 10")
    monkeypatch.setattr(session, "calculate", None)  # the whole column is not looked at
    for row in (1, 2, 700, 5000):
        session.set_cells(sheet, [(row, "c1", f"{row}.5")])
    x = session.column(sheet, "c1")
    change = np.full(count, np.nan)
    change[1:-2] = np.diff(x)[:-2] + x[3:]
    np.testing.assert_array_equal(session.column(sheet, "c2"), change)
    np.testing.assert_array_equal(session.column(sheet, "c3")[1:], 10 * change[:-1])


def test_what_depends_on_a_row_that_looks_at_another_follows(session, sheet):
    session.add_calculated_column(sheet, "before", "lag(items)")
    session.add_calculated_column(sheet, "so far", "running_sum(items)")
    session.add_calculated_column(sheet, "twice", "before * 2 + [so far]")
    session.set_cells(sheet, [(1, "c3", "100")])
    assert values(session, sheet, "twice") == [None, 200 + 104, 8 + 112]
    session.undo()
    assert values(session, sheet, "twice") == [None, 4 + 6, 8 + 14]


def test_a_whole_column_that_gets_fractions_becomes_one_of_numbers(session, sheet):
    session.add_calculated_column(sheet, "half", "items / 2")
    assert session.sheet(sheet).named("half").kind == "whole"
    session.set_cells(sheet, [(1, "c3", "3")])
    assert session.sheet(sheet).named("half").kind == "number"
    assert values(session, sheet, "half") == [1.5, 2, 4]


def test_a_new_name_of_a_source_changes_nothing(session, sheet):
    session.add_calculated_column(sheet, "double", "items * 2")
    session.edit_column(sheet, "c3", name="all items")
    columns = session.sheet(sheet).columns
    assert formula_shown(columns, columns[4]) == "[all items] * 2"
    session.set_cells(sheet, [(1, "c3", "5")])
    assert values(session, sheet, "double") == [10, 8, 16]


def test_another_formula_is_one_step_and_may_give_another_kind(session, sheet):
    made = session.add_calculated_column(sheet, "x", "items * 2", unit="pcs")
    session.add_calculated_column(sheet, "is big", "x > 5")
    session.change_formula(sheet, made, "items * 3", name="triple", unit="")
    assert values(session, sheet, "triple") == [6, 12, 24]
    assert values(session, sheet, "is big") == ["yes"] * 3
    session.undo()
    assert values(session, sheet, "x") == [4, 8, 16]
    assert values(session, sheet, "is big") == ["no", "yes", "yes"]
    session.delete_column(sheet, session.sheet(sheet).named("is big").id)
    session.change_formula(sheet, made, "ordered + items", name="x")
    assert session.sheet(sheet).named("x").kind == "datetime"
    assert str(session.column(sheet, made)[0]) == "2026-01-07T00:00:00"
    session.undo()
    assert values(session, sheet, "x") == [4, 8, 16]


def test_nobody_types_into_it_and_sources_stay(session, sheet):
    made = session.add_calculated_column(sheet, "double", "items * 2")
    for change in (
        lambda: session.set_cells(sheet, [(1, made, "5")]),
        lambda: session.set_column(sheet, made, np.array([1]), ["5"]),
        lambda: session.retype_column(sheet, made, "text"),
    ):
        with pytest.raises(DocumentProblem, match="double is calculated from its formula"):
            change()
    with pytest.raises(DocumentProblem, match="items is needed by the formula of double"):
        session.delete_column(sheet, "c3")
    with pytest.raises(DocumentProblem, match="items is needed"):
        session.retype_column(sheet, "c3", "text")
    session.retype_column(sheet, "c3", "number")
    session.freeze_column(sheet, made)
    session.set_cells(sheet, [(1, made, "5")])
    session.delete_column(sheet, "c3")
    assert values(session, sheet, "double") == [5, 8, 16]


def test_what_cannot_be_is_refused_before_anything_changes(session, sheet):
    revision = session.undo_label
    with pytest.raises(FormulaProblem, match="no column named itms"):
        session.add_calculated_column(sheet, "x", "itms + 1")
    with pytest.raises(DocumentProblem, match="named items already"):
        session.add_calculated_column(sheet, "items", "items + 1")
    with pytest.raises(DocumentProblem, match="no name yet"):
        session.add_calculated_column(sheet, "  ", "items + 1")
    assert session.undo_label == revision
    made = session.add_calculated_column(sheet, "x", "items + 1")
    other = session.add_calculated_column(sheet, "y", "x + 1")
    for column, text in ((made, "x + 1"), (made, "y + 1")):
        with pytest.raises(FormulaProblem, match="no column named"):
            session.change_formula(
                sheet, column, text, name=session.sheet(sheet).column(column).name
            )
    session.change_formula(sheet, other, "items", name="y")


def test_undo_of_a_new_column_takes_its_formula_along(session, sheet):
    session.add_calculated_column(sheet, "double", "items * 2")
    assert session.undo_label == "Add calculated column double"
    session.undo()
    assert [c.name for c in session.sheet(sheet).columns] == ["ordered", "sent", "items", "carrier"]
    assert session.record(sheet).get("settings", {}).get("formulas", {}) == {}
    session.redo()
    assert session.sheet(sheet).named("double").formula == "{c3} * 2"


def test_new_rows_of_a_file_are_calculated_and_the_column_is_not_missed(session, tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("id,x\nA11,1\nA12,2\nA13,3\n")
    second.write_text("id,x,double\nA11,1,0\nA12,20,0\nA13,3,0\nA14,4,0\n")
    table = read(first)
    sheet = add_table(session, table, title="S", file_name="a.csv")
    session.add_calculated_column(sheet, "double", "x * 2")
    session.add_calculated_column(sheet, "share", "x / sum(x)")
    assert refresh.guessed_keys(session, sheet) == ("c1",)
    newer = refresh.read_newer(session, sheet, second)
    found = refresh.plan(session, sheet, newer, keys=("c1",), mode="add")
    assert found.lacking == []
    assert found.extra == []
    refresh.carry_out(session, found, refresh.Wishes(), file_name="b.csv")
    assert values(session, sheet, "double") == [2, 40, 6, 8]
    assert values(session, sheet, "share")[3] == pytest.approx(4 / 28)
    session.undo()
    assert values(session, sheet, "double") == [2, 4, 6]


def hostile(columns):
    return [SheetColumn(i, n, "number", "", 0, None, f) for i, n, f in columns]


def test_columns_that_need_each_other_are_left_alone():
    columns = hostile(
        [("c1", "x", ""), ("c2", "a", "{c3}+1"), ("c3", "b", "{c2}+1"), ("c4", "d", "{c1}")]
    )
    assert [c.id for c in in_turn(columns, None)] == ["c4"]
    assert set(needing(columns, "c2")) == {"c2", "c3"}


@pytest.mark.parametrize(
    "strange",
    [
        {"formulas": ["c3"]}, {"formulas": {"c3": 5}}, [], {"formulas": {"c3": "{c3} + 1"}},
        {"formulas": {"c3": "__import__('os').system('true')"}}, {"formulas": {"c3": "(" * 5000}},
        {"formulas": {"c3": "{c99} + 1"}}, {"formulas": {"c3": "{c4} * 2"}},
    ],
)  # fmt: skip
def test_a_strange_formula_of_a_file_leaves_the_values_alone(session, sheet, strange):
    session.edit(sheet, {"settings": json.loads(json.dumps(strange))})
    session.set_cells(sheet, [(1, "c1", "2026-02-01")])
    assert values(session, sheet, "items") == [2, 4, 8]
    assert session.sheet(sheet).rows == 3


def test_a_sheet_that_is_full_of_columns_says_so(session):
    columns = [ColumnData(f"v{i}", "number", np.array([1.0])) for i in range(1990)]
    sheet = session.add_sheet("Wide", columns)
    for add in (
        lambda: session.add_calculated_column(sheet, "sum", "v1 + v2"),
        lambda: session.add_column(sheet, ColumnData("x", "number", np.array([1.0]))),
    ):
        with pytest.raises(DocumentProblem, match="up to 1\u202f990 columns"):
            add()
    assert len(session.sheet(sheet).columns) == 1990


def state(session, sheet):
    shown = session.sheet(sheet)
    cells = [list(session.texts(sheet, c.id)) for c in shown.columns]
    return (
        shown.columns,
        shown.unseen,
        session.row_ids(sheet).tolist(),
        cells,
        session.bad_cells(sheet),
    )


def edits(session, sheet, draw):
    """Return what a user may do next, each as a function."""
    columns, ids = session.sheet(sheet).columns, session.row_ids(sheet).tolist()
    typed = draw([c for c in columns if not c.formula])
    row = draw(ids)
    text = draw(["5", "7,5", "x", "2026-02-03", "North", ""])
    blank = [ColumnData(c.name, c.kind, empty(c.kind)) for c in columns]
    return [
        lambda: session.set_cells(sheet, [(row, typed.id, text)]),
        lambda: session.set_column(sheet, typed.id, np.array(ids), [text] * len(ids)),
        lambda: session.delete_rows(sheet, [row]) if len(ids) > 2 else None,
        lambda: session.insert_rows(sheet, row, blank),
        lambda: session.append_rows(sheet, blank),
        lambda: session.sort_rows(sheet, np.array(ids[::-1])),
        lambda: session.move_column(sheet, typed.id, draw(range(5))),
        lambda: session.edit_column(sheet, typed.id, name=f"{typed.name}x"),
    ]


@given(st.data())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_edited_formulas_are_right_and_undo_is_exact(session, data):
    def draw(choices):
        return data.draw(st.sampled_from(list(choices)))

    sheet = session.add_sheet(
        "S",
        [
            ColumnData("day", "datetime", np.array(["2026-01-05", "2026-01-06", "NaT"], "datetime64[s]")),
            ColumnData("items", "whole", np.array([2.0, 4.0, 8.0])),
            ColumnData("carrier", "category", np.array(["North", "South", None], dtype=object)),
        ],
    )  # fmt: skip
    session.add_calculated_column(sheet, "share", "items / sum(items)")
    session.add_calculated_column(sheet, "before", "lag(share)")
    session.add_calculated_column(sheet, "next", "day + items")
    session.add_calculated_column(sheet, "wide", "diff(items) - lag(items, -1)")
    session.add_calculated_column(sheet, "twice", "before * 2 + wide")
    for _ in range(6):
        before, revision = state(session, sheet), len(session.history(sheet))
        draw(edits(session, sheet, draw))()
        after = state(session, sheet)
        if len(session.history(sheet)) == revision and after == before:
            continue
        session.undo()
        assert state(session, sheet) == before
        session.redo()
        assert state(session, sheet) == after
        for one in session.sheet(sheet).columns:
            if one.formula:
                wanted = session.calculate(sheet, one.formula, column_id=one.id).column.values
                np.testing.assert_array_equal(session.column(sheet, one.id), wanted)
