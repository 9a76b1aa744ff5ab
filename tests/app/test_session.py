import numpy as np
import pytest

from leanlab.app.session import Session, drafts
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Late orders", author="Ann")
    yield opened
    opened.close()


def sheet_of(session, n=5):
    return session.add_sheet(
        "Deliveries",
        [
            ColumnData("late_h", "number", np.arange(n) + 0.5, unit="h", decimals=1, bad={2: "3a"}),
            ColumnData("day", "datetime", np.datetime64("2026-04-01", "s") + 86400 * np.arange(n)),
            ColumnData(
                "carrier",
                "category",
                np.asarray(["North", None, "South", "North", "South"][:n], dtype=object),
            ),
        ],
    )


def reopened(session):
    session.save()
    session.close()
    return Session.open(session.path)


def test_listeners_hear_each_step_once(session):
    heard = []
    session.listen(heard.append)
    with session.step("Two causes"):
        session.add("cause", {"text": "late truck"})
        session.add("cause", {"text": "wrong label"})
    session.undo()
    session.redo()
    assert [c.label for c in heard] == ["Two causes", "Undo two causes", "Redo two causes"]
    assert all(len(c.ids) == 2 and "cause" in c.kinds for c in heard)
    assert [c.code for c in session.records("cause")] == ["C1", "C2"]


def test_codes_are_never_used_again(session):
    session.add("action", {"title": "Move cut-off"})
    session.undo()
    session.add("action", {"title": "Train"})
    assert [a.code for a in session.records("action")] == ["A2"]


def test_values_without_a_column_are_kept(session):
    one = session.add(
        "metric", {"name": "late %", "target": 5.0, "colour": "blue", "binding": {"period": "week"}}
    )
    values = session.record(one).values
    assert (values["colour"], values["binding"], values["target"]) == (
        "blue",
        {"period": "week"},
        5.0,
    )


def test_sheets_come_back_as_they_were(session):
    sheet_id = sheet_of(session)
    again = reopened(session)
    sheet = again.sheet(sheet_id)
    assert [c.name for c in sheet.columns] == ["late_h", "day", "carrier"]
    assert sheet.columns[0].unit == "h"
    assert again.column(sheet_id, "c1").tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert str(again.column(sheet_id, "c2")[1]) == "2026-04-02T00:00:00"
    assert again.column(sheet_id, "c3")[1] is None
    assert again.bad_cells(sheet_id) == {(3, "c1"): "3a"}
    again.close()


def everything(session):
    tables = ["record", "sheet_column", "row_state", "bad_cell", "link", "data_1", "cause"]
    return {t: session._document.rows(f"SELECT * FROM {t} ORDER BY 1, 2") for t in tables}  # noqa: S608


def test_undoing_everything_restores_every_table(session):
    sheet_id = sheet_of(session)
    cause = session.add("cause", {"text": "late truck", "status": "potential"})
    before = everything(session)
    steps = [
        lambda: session.set_cells(sheet_id, [(1, "c1", "9,5"), (2, "c1", "x"), (3, "c3", "West")]),
        lambda: session.append_rows(sheet_id, [
            ColumnData("late_h", "number", np.asarray([7.0])),
            ColumnData("day", "datetime", np.asarray(["2026-05-01"], dtype="datetime64[s]")),
            ColumnData("carrier", "category", np.asarray(["East"], dtype=object)),
        ]),
        lambda: session.delete_rows(sheet_id, [1, 2]),
        lambda: session.set_row_state(sheet_id, [3], "excluded", "strike"),
        lambda: session.edit_column(sheet_id, "c1", name="late hours"),
        lambda: session.delete_column(sheet_id, "c3"),
        lambda: session.edit(cause, {"status": "verified"}),
        lambda: session.link(cause, "evidence", sheet_id),
        lambda: session.delete(cause),
    ]  # fmt: skip
    for change in steps:
        change()
    after = everything(session)
    for _ in steps:
        assert session.undo()
    assert everything(session) == before
    for _ in steps:
        assert session.redo()
    strip = lambda t: {k: [r[:4] for r in v] for k, v in t.items() if k != "record"}  # noqa: E731
    assert strip(everything(session)) == strip(after)


def test_undoing_a_new_sheet_or_column_leaves_a_sound_file(session):
    sheet_id = sheet_of(session)
    session.add_column(
        sheet_id, ColumnData("note", "text", np.asarray(list("abcde"), dtype=object))
    )
    session.undo()
    assert len(session.sheet(sheet_id).columns) == 3
    session.undo()
    assert session.sheets() == []
    again = reopened(session)
    assert again.sheets() == []
    again.close()


def test_a_deleted_row_id_is_never_used_again(session):
    sheet_id = sheet_of(session)
    session.delete_rows(sheet_id, [5])
    (new,) = session.append_rows(sheet_id, [
        ColumnData("late_h", "number", np.asarray([7.0])),
        ColumnData("day", "datetime", np.asarray(["NaT"], dtype="datetime64[s]")),
        ColumnData("carrier", "category", np.asarray([None], dtype=object)),
    ])  # fmt: skip
    assert new == 6


def test_excluding_without_a_reason_is_impossible(session):
    with pytest.raises(DocumentProblem, match="reason"):
        session.set_row_state(sheet_of(session), [1], "excluded", "  ")


def test_attachments_travel_with_the_file(session):
    about = session.add("cause", {"text": "late truck"})
    session.attach(about, "photo.png", b"\x89PNG")
    again = reopened(session)
    (kept,) = again.attachments(about)
    assert again.content(kept.values["sha256"]) == b"\x89PNG"
    again.close()


def test_history_says_who_changed_what(session):
    cause = session.add("cause", {"text": "late truck"})
    session.edit(cause, {"text": "late trucks"})
    _when, who, what, changed = session.history(cause)[0]
    assert (who, what) == ("Ann", "Edit cause")
    assert any("late trucks" in str(entry) for entry in changed)


def test_a_project_that_cannot_be_saved_leaves_no_draft(tmp_path):
    with pytest.raises(DocumentProblem, match="not there"):
        Session.create(tmp_path / "gone" / "b.leanlab", name="B")
    assert drafts() == []


def test_a_draft_knows_its_title(session):
    session.add("cause", {"text": "late truck"})
    session.close(keep_draft=True)
    (draft,) = drafts()
    assert (draft.title, draft.edits) == ("Late orders", 1)
    again = Session.recover(draft)
    again.save()
    again.close()


def test_undo_takes_back_what_a_step_changed_and_leaves_a_later_decision(session):
    line = session.add("benefit_line", {"title": "Scrap", "state": "claimed", "extra": "a"})
    session.edit(line, {"title": "Less scrap", "extra": "b", "other": 1})
    with session.step("Validate", final=True):
        session.edit(line, {"state": "validated", "month_reviews": {"2026-01": "yes"}})
    decided = session.record(line).values
    session.undo()
    values = session.record(line).values
    assert (values["title"], values["extra"]) == ("Scrap", "a")
    assert "other" not in values
    assert values["state"] == "validated"
    assert values["month_reviews"] == {"2026-01": "yes"}
    session.undo()
    assert not session.exists(line)
    session.redo()
    assert session.record(line).get("state") == "validated"
    session.redo()
    assert session.record(line).values == decided


def test_the_making_of_a_project_is_not_undone(tmp_path):
    made = Session.create(tmp_path / "new.leanlab", name="New", kind="kaizen")
    assert made.undo() == made.undo_label == ""
    assert (made.title, made.fact("project_kind")) == ("New", "kaizen")
    made.close()


def test_an_edit_that_could_not_be_saved_is_refused(session):
    line = session.add("action", {"title": "Sort"})
    sheet = sheet_of(session)
    session.save()
    reading = Session.open(session.path, read_only=True)
    refused = (
        lambda: reading.add("action", {"title": "x"}),
        lambda: reading.edit(line, {"title": "x"}),
        lambda: reading.delete(line),
        lambda: reading.link(line, "about", sheet),
        lambda: reading.set_fact("title", "x"),
        lambda: reading.set_cells(sheet, [(1, "c1", "9")]),
        lambda: reading.attach(line, "a.txt", b"x"),
    )
    for edit in refused:
        with pytest.raises(DocumentProblem, match="read-only"):
            edit()
    assert reading.unsaved_edits == 0
    own = session.path.with_name("own.leanlab")
    reading.save_as(own)
    reading.edit(line, {"title": "mine"})
    reading.close()
