"""Dialogs that find as one types: Enter takes the line, arrows walk, nothing is said of nothing."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QListWidgetItem

from leanlab.ui.dialogs.links import LinksDialog
from leanlab.ui.dialogs.new_worksheet import NewWorksheetDialog
from leanlab.ui.found_list import ID, FoundList

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours


def front(qtbot, dialog):
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.box.hasFocus)


def test_enter_opens_the_worksheet_that_the_arrows_chose(qtbot, window):
    dialog = NewWorksheetDialog(frozenset(), "#000000", window)
    front(qtbot, dialog)
    first = dialog.found.chosen
    qtbot.keyClick(dialog.box, Qt.Key.Key_Down)
    second = dialog.found.chosen
    assert first != second
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.chosen == second


def test_a_worksheet_that_is_not_there_is_told_and_cannot_be_opened(qtbot, window):
    dialog = NewWorksheetDialog(frozenset(), "#000000", window)
    front(qtbot, dialog)
    dialog.box.setText("zzzz")
    assert dialog.found.told.text() == "No worksheet is called so. Try other words."
    assert not dialog.open_button.isEnabled()
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.box.setText("cause fish")
    assert dialog.open_button.isEnabled()
    assert not dialog.found.told.isVisible()
    dialog.close()


def test_enter_links_once_and_only_what_was_looked_for(qtbot, project_window, session):
    action = session.add("action", {"title": "Repair gate 2"})
    cause = session.add("cause", {"text": "gate 2 blocked"})
    dialog = LinksDialog(session, action, project_window)
    front(qtbot, dialog)
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)  # nothing is typed: nothing is chosen
    assert session.links(action) == []
    qtbot.keyClicks(dialog.box, "blocked")
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert [(k.from_id, k.to_id) for k in session.links(action)] == [(action, cause)]
    assert dialog.isVisible()
    assert dialog.box.text() == ""
    dialog.close()


def test_a_screen_reader_hears_how_many_were_found(qtbot, monkeypatch):
    spoken = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: spoken.append(event.message())
    )

    def find(typed):
        lines = [QListWidgetItem(str(number)) for number in range(len(typed))]
        for line in lines:
            line.setData(ID, line.text())
        return lines, f"{len(lines)} found."

    made = FoundList(find, names=("Find", "Found"))
    qtbot.addWidget(made)
    made.show()
    made.box.setText("abc")
    made.box.setText("abcd")
    assert spoken == ["3 found.", "4 found."]


def test_leaving_the_palette_gives_the_keys_back_to_where_they_were(qtbot, project_window, session):
    session.add("action", {"title": "Ask the night shift"})
    project_window.go_to("actions")
    project_window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is project_window)
    before = project_window.navigation.page.main_part()
    before.setFocus()

    def leave():
        dialog = QApplication.activeModalWidget()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(0, leave)
    project_window.show_palette()
    project_window.activateWindow()  # offscreen, no desktop does it
    qtbot.waitUntil(before.hasFocus)
