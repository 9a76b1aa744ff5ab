"""Another shape as a new data sheet: one undo step, its origin remembered, exclusions kept."""

import numpy as np
import pytest

from leanlab.app.reshaping import Wish, carry_out
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem
from leanlab.data.columns import ColumnData


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="P", author="A")
    yield made
    made.close()


@pytest.fixture
def sheet(session):
    return session.add_sheet(
        "Fill",
        [
            ColumnData("line", "category", np.array(["A", "B", "A"], dtype=object)),
            ColumnData("H1", "number", np.array([1.0, 2.0, np.nan]), unit="g", bad={2: "x"}),
            ColumnData("H2", "number", np.array([4.0, 5.0, 6.0]), unit="g"),
        ],
    )


def texts(session, sheet, name):
    return list(session.texts(sheet, session.sheet(sheet).named(name).id))


def test_stacking_makes_a_new_sheet_that_knows_its_origin(session, sheet):
    session.set_row_state(sheet, [2], "excluded", "trial run")
    before = len(session.sheets())
    [made] = carry_out(
        session, sheet, Wish("stack", columns=("c2", "c3"), names="Head", values="g")
    )
    assert texts(session, made, "Head") == ["H1", "H2"] * 3
    assert texts(session, made, "g") == ["1.00", "4.00", "2.00", "5.00", "x", "6.00"]
    origin = session.sheet(made).source["made_from"]
    assert (origin["sheet"], origin["title"]) == (sheet, "Fill")
    assert origin["told"] == "stacked from its columns H1, H2"
    states = session.row_states(made)
    assert {i: s.reason for i, s in states.items()} == {3: "trial run", 4: "trial run"}
    assert session.undo_label == "Stack Fill"
    session.undo()
    assert len(session.sheets()) == before
    session.redo()
    assert texts(session, made, "g")[4] == "x"
    assert len(session.row_states(made)) == 2


def test_dividing_makes_one_sheet_a_group_in_one_step(session, sheet):
    session.set_row_state(sheet, [3], "labelled", "check this")
    made = carry_out(session, sheet, Wish("split", by="c1"))
    assert [session.sheet(m).title for m in made] == ["Fill – A", "Fill – B"]
    assert texts(session, made[0], "H2") == ["4.00", "6.00"]
    assert {s.state for s in session.row_states(made[0]).values()} == {"labelled"}
    session.undo()
    assert len(session.sheets()) == 1


def test_excluded_rows_are_left_out_where_no_row_could_bear_it(session, sheet):
    session.set_row_state(sheet, [2], "excluded", "trial run")
    [made] = carry_out(session, sheet, Wish("transpose"), title="By head")
    assert session.sheet(made).title == "By head"
    assert [c.name for c in session.sheet(made).columns] == ["Column", "Row 1", "Row 2"]
    assert session.sheet(made).source["notes"] == ["1 excluded row left out."]
    session.set_row_state(sheet, [1, 3], "excluded", "trial run")
    with pytest.raises(DataProblem, match="All rows are excluded"):
        carry_out(session, sheet, Wish("unstack", value="c2", by="c1"))


def test_what_is_not_chosen_is_asked_for(session, sheet):
    for wish, words in (
        (Wish("split"), "column with the groups"), (Wish("unstack", by="c1"), "column with the values"),
        (Wish("stack", columns=("c2",)), "two at least"),
    ):  # fmt: skip
        with pytest.raises(DataProblem, match=words):
            carry_out(session, sheet, wish)
    empty = session.add_sheet("Empty", [ColumnData("x", "number", np.array([]))])
    with pytest.raises(DataProblem, match="no rows yet"):
        carry_out(session, empty, Wish("transpose"))
    assert len(session.sheets()) == 2


def test_calculated_columns_come_along_as_values(session, sheet):
    session.add_calculated_column(sheet, "sum", "H1 + H2")
    [made, _] = carry_out(session, sheet, Wish("split", by="c1"))
    assert session.sheet(made).named("sum").formula == ""
    assert session.column(made, session.sheet(made).named("sum").id).tolist()[0] == 5.0
