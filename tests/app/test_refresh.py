import numpy as np
import pytest

from leanlab.app import refresh
from leanlab.app.importing import add_table, kept_original, read
from leanlab.app.marks import exclude
from leanlab.app.readiness import ready
from leanlab.app.refresh import Wishes
from leanlab.app.session import Session
from leanlab.app.stored import add_analysis
from leanlab.core.errors import DataProblem

FIRST = "order;day;late\nA1;01.04.2026;7,5\nA2;02.04.2026;3,0\nA3;03.04.2026;x\nA4;04.04.2026;2,5\n"
LATER = "order;day;late\nA2;02.04.2026;4,0\nA3;03.04.2026;6,0\nA4;04.04.2026;2,5\nA5;05.04.2026;1,5\nA5;05.04.2026;1,5\n"


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="P")
    yield made
    made.close()


def imported(session, tmp_path, text=FIRST, name="first.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return add_table(session, read(path), title="Orders", file_name=name, kept=kept_original(path))


def newer(session, sheet, tmp_path, text=LATER):
    path = tmp_path / "later.csv"
    path.write_text(text, encoding="utf-8")
    return refresh.read_newer(session, sheet, path), path


def test_an_import_keeps_the_file_with_its_fingerprint(session, tmp_path):
    sheet = imported(session, tmp_path)
    [kept] = session.attachments(sheet)
    assert session.content(kept.get("sha256")) == FIRST.encode()
    assert session.sheet(sheet).source["sha256"] == kept.get("sha256")
    assert session.undo().startswith("Undo import")
    assert session.sheets() == []


def test_a_later_file_is_read_the_way_the_first_one_was(session, tmp_path):
    sheet = imported(session, tmp_path)
    table, _ = newer(session, sheet, tmp_path, "order;day;late\nA9;05.06.2026;1\n")
    assert [c.kind for c in table.columns] == ["text", "datetime", "number"] or [
        c.kind for c in table.columns
    ] == ["category", "datetime", "number"]
    assert str(table.columns[1].values[0])[:10] == "2026-06-05"


def test_new_changed_missing_and_duplicate_rows_are_told_apart_by_key(session, tmp_path):
    sheet = imported(session, tmp_path)
    assert refresh.guessed_keys(session, sheet) == ("c1",) or refresh.guessed_keys(session, sheet)
    table, _ = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="replace")
    assert found.new.tolist() == [3]
    assert [(c.row_id, c.columns) for c in found.changed] == [(2, ("c3",)), (3, ("c3",))]
    assert found.missing.tolist() == [1]
    assert found.duplicates.tolist() == [4]
    assert found.unchanged == 1
    assert refresh.changes(session, found) == [
        ("2", "late", "3.0", "4.0"),
        ("3", "late", "x", "6.0"),
    ]
    assert "1 new row" in found.sentences


def test_replacing_keeps_row_ids_exclusions_and_marks_and_is_one_step(session, tmp_path):
    sheet = imported(session, tmp_path)
    session.set_row_state(sheet, [4], "excluded", "test order")
    chart = add_analysis(session, "spc.run_chart", sheet, roles={"value": ["c3"], "order": ["c2"]})
    exclude(session, chart, [2], "typing error", point="point 2")
    table, path = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="replace")
    wishes = Wishes(delete_missing=True)
    before = session.undo_label
    refresh.carry_out(session, found, wishes, file_name="later.csv", kept=kept_original(path))
    assert session.row_ids(sheet).tolist() == [2, 3, 4, 5]
    assert session.column(sheet, "c3").tolist() == [4.0, 6.0, 2.5, 1.5]
    assert session.bad_cells(sheet) == {}
    assert session.row_states(sheet)[4].reason == "test order"
    assert session.record(chart).get("marks")["excluded"][0]["rows"] == [2]
    assert ready(session, session.record(chart)).columns.row_ids.tolist() == [2, 3, 4, 5]
    source = session.sheet(sheet).source
    assert (source["file"], source["keys"], source["earlier"][0]["file"]) == (
        "later.csv",
        ["c1"],
        "first.csv",
    )
    assert len(session.attachments(sheet)) == 2
    session.undo()
    assert session.undo_label == before
    assert session.row_ids(sheet).tolist() == [1, 2, 3, 4]
    assert session.bad_cells(sheet) == {(3, "c3"): "x"}
    assert session.sheet(sheet).source["file"] == "first.csv"
    session.redo()
    assert session.row_ids(sheet).tolist() == [2, 3, 4, 5]


def test_adding_rows_leaves_missing_ones_alone(session, tmp_path):
    sheet = imported(session, tmp_path)
    table, _ = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="add")
    refresh.carry_out(session, found, Wishes(update=False), file_name="later.csv")
    assert session.row_ids(sheet).tolist() == [1, 2, 3, 4, 5]
    assert session.column(sheet, "c3")[1] == 3.0


def test_without_a_key_only_rows_that_are_wholly_new_are_added(session, tmp_path):
    sheet = imported(session, tmp_path)
    table, _ = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=[], mode="add")
    assert found.new.tolist() == [0, 1, 3]
    assert found.changed == []


def test_a_column_that_was_renamed_here_still_finds_its_column_in_the_file(session, tmp_path):
    sheet = imported(session, tmp_path)
    session.edit_column(sheet, "c3", name="hours late")
    table, _ = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="add")
    assert found.lacking == []
    assert found.extra == []


def test_new_columns_of_the_file_can_be_taken_over(session, tmp_path):
    sheet = imported(session, tmp_path)
    text = "order;day;late;carrier\nA1;01.04.2026;7,5;North\nA5;05.04.2026;1,5;South\n"
    table, _ = newer(session, sheet, tmp_path, text)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="add")
    assert [table.columns[at].name for at in found.extra] == ["carrier"]
    refresh.carry_out(session, found, Wishes(add_columns=True), file_name="later.csv")
    one = session.sheet(sheet).named("carrier")
    assert session.column(sheet, one.id).tolist() == ["North", None, None, None, "South"]


def test_a_file_of_another_kind_is_refused(session, tmp_path):
    sheet = imported(session, tmp_path)
    table, _ = newer(session, sheet, tmp_path, "x;y\n1;2\n")
    with pytest.raises(DataProblem, match="none of the columns"):
        refresh.plan(session, sheet, table, keys=[], mode="add")
    table, _ = newer(session, sheet, tmp_path, "day;late\n01.04.2026;2,5\n")
    with pytest.raises(DataProblem, match="lacks the key"):
        refresh.plan(session, sheet, table, keys=["c1"], mode="add")


def test_duplicates_are_added_only_when_asked_for(session, tmp_path):
    sheet = imported(session, tmp_path)
    table, _ = newer(session, sheet, tmp_path)
    found = refresh.plan(session, sheet, table, keys=["c1"], mode="add")
    refresh.carry_out(session, found, Wishes(add_duplicates=True), file_name="later.csv")
    assert np.count_nonzero([t == "A5" for t in session.texts(sheet, "c1")]) == 2
