"""The dialogs of the data page on what people really have: ids by the thousand, large columns."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from leanlab.app.records import SheetColumn
from leanlab.data.columns import ColumnData
from leanlab.ui import messages
from leanlab.ui.dialogs import metric, retype
from leanlab.ui.dialogs.filter import FilterDialog
from leanlab.ui.dialogs.sheet_source import SourceDialog, lines_of
from leanlab.ui.sheets import editing


@pytest.fixture
def sheet(session):
    orders = np.array([f"A{10_000 + i}" for i in range(120)], dtype=object)
    return session.add_sheet(
        "Orders",
        [ColumnData("order", "id", orders), ColumnData("late", "number", np.arange(120) / 2)],
        source={
            "file": "orders.csv", "rows": 1, "read": "2026-05-01T08:00:00", "sha256": "ab" * 32,
            "settings": {"encoding": "cp1252", "delimiter": ";", "decimal": ",", "date_order": "dmy"},
        },
        kept=("orders.csv", b"order;late\n"),
    )  # fmt: skip


def a_filter(window, qtbot, count):
    column = SheetColumn("c1", "order", "id", "", 0, None)
    dialog = FilterDialog(column, [(f"A{i}", 1) for i in range(count)], None, window)
    qtbot.addWidget(dialog)
    return dialog, dialog.editor


def test_a_column_of_many_values_is_asked_for_a_part_of_them_first(window, qtbot):
    _, editor = a_filter(window, qtbot, 300)
    assert editor.op.currentData() == "contains"
    assert editor.list.isHidden()
    editor.op.setCurrentIndex(editor.op.findData("one_of"))
    editor.search.setText("a29")
    shown = [i for i in range(editor.list.count()) if not editor.list.isRowHidden(i)]
    assert [editor.list.item(i).text().split()[0] for i in shown] == [
        "A29", *(f"A{i}" for i in range(290, 300)),
    ]  # fmt: skip


def test_few_values_are_ticked(window, qtbot):
    _, editor = a_filter(window, qtbot, 12)
    assert editor.op.currentData() == "one_of"
    assert editor.search.isHidden()


def test_a_metric_begun_on_an_id_column_takes_the_first_number_column(session, sheet):
    info = session.sheet(sheet)
    for column in ("c1", "c2", ""):
        proposed = metric._proposed(info, column)
        assert (proposed.value, proposed.condition) == ("c2", None)


def test_where_data_comes_from_is_said_in_words(project_window, session, sheet, qtbot):
    lines = lines_of(session.sheet(sheet).source)
    assert lines[0] == "orders.csv, 1 row, read on 1 May 2026."
    assert lines[2] == (
        "How it was read: encoding: Western (cp1252), separator: semicolon, "
        "decimal mark: comma (7,5), dates: day.month.year."
    )
    dialog = SourceDialog(session, sheet, project_window)
    qtbot.addWidget(dialog)
    texts = [part.text() for part in dialog.findChildren(QLabel)]
    assert any(text.startswith("Kept in the project on ") for text in texts)


@pytest.mark.parametrize("agreed", [True, False])
def test_reading_a_column_anew_asks_before_undo_forgets(
    project_window, session, sheet, qtbot, monkeypatch, agreed
):
    project_window.go_to(sheet)
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    asked = []
    monkeypatch.setattr(session, "steps_forgotten_by", lambda cells: asked.append(cells) or 3)
    monkeypatch.setattr(messages, "ask", lambda _p, problem, _v: asked.append(problem) or agreed)
    retype.retype_column(page, session.sheet(sheet).columns[1], "text")
    assert asked[0] == 120
    assert asked[1].message == "After this, 3 earlier steps can no longer be undone."
    assert session.sheet(sheet).columns[1].kind == ("text" if agreed else "number")


def test_nothing_is_asked_while_undo_has_room(project_window, session, monkeypatch):
    monkeypatch.setattr(messages, "ask", lambda *_: pytest.fail("asked"))
    assert editing.may_forget(project_window, session, 1_000)
