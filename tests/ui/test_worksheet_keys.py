"""Every worksheet by keyboard alone: Tab traps nobody, and keys never take the focus away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListView, QPlainTextEdit, QWidget

from leanlab.app import worksheets as use
from leanlab.worksheets.registry import WORKSHEETS

# what the offscreen platform says of a popup; a real screen does not
popups = pytest.mark.qt_log_ignore(
    "does not support grabbing the keyboard", r"does not support raise\(\)"
)
every_worksheet = pytest.mark.parametrize("kind", WORKSHEETS, ids=lambda k: k.id)
Key, Mod = Qt.Key, Qt.KeyboardModifier
MOST_STEPS = 600


@pytest.fixture
def page(kind, session, project_window):
    """The worksheet in the real window, two rows in each of its lists."""
    project_window.resize(1440, 900)
    project_window.go_to(f"worksheet:{kind.id}")
    opened = project_window.navigation.page
    for section in kind.sections:
        known = (
            ()
            if not section.repeats
            else use.view_of(session, opened.binding.record_id).all(section.id)
        )
        for at in range(len(known), 2 if section.repeats else 0):
            values = {section.fields[0].id: f"{section.row_word} {at + 1}"}
            use.add_row(session, use.view_of(session, opened.binding.record_id), section.id, values)
    if opened.body.panes() is not None:
        opened.show_mode("both")
    project_window.activateWindow()
    settle()
    return opened


def settle():
    for _ in range(3):
        QApplication.processEvents()


def press(key, mod=Mod.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, mod)
    settle()


def stops(page):
    return {
        part
        for part in page.findChildren(QWidget)
        if part.isVisible() and part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
    }  # fmt: skip


def walked(page, first, key):
    """Press a key until the focus leaves the page; return where it was."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    seen = []
    for _ in range(MOST_STEPS):
        now = QApplication.focusWidget()
        assert now is not None, f"the focus is lost behind {seen[-1].objectName()}"
        if not page.isAncestorOf(now):
            return seen
        if not seen or seen[-1] is not now:
            seen.append(now)
        press(key)
    raise AssertionError(f"{key.name} does not leave {now.objectName()}")


@every_worksheet
def test_tab_leads_through_every_part_and_out_again(page, kind):
    seen = walked(page, page.findChild(QWidget, "worksheet_more"), Key.Key_Tab)
    before = walked(page, page.findChild(QWidget, "worksheet_more"), Key.Key_Backtab)
    back = walked(page, seen[-1], Key.Key_Backtab)
    missed = stops(page) - {*seen, *before, *back}
    assert not missed, [part.objectName() for part in missed]


@every_worksheet
def test_f6_leads_from_part_to_part_and_round(page, kind, project_window):
    page.side.show()
    if page.body.outline is not None:
        page.body.outline.go_to(page.binding.view.all(page.body.outline.section.id)[0].id)
    settle()
    parts = page.panes()
    assert page.main_part() in parts
    if kind.canvas is not None and page.body.drawing.item.drawing.shapes:
        assert page.body.drawing in parts
    project_window.sidebar.setFocus()
    for part in parts:
        press(Key.Key_F6)
        focus = QApplication.focusWidget()
        assert part is focus or part.isAncestorOf(focus), part.objectName()
    for part in parts[-2::-1]:
        press(Key.Key_F6, Mod.ShiftModifier)
        focus = QApplication.focusWidget()
        assert part is focus or part.isAncestorOf(focus), part.objectName()


def rows(page, section_id):
    return [(r.id, dict(r.values)) for r in page.binding.view.all(section_id)]


def cells(page):
    """Yield each grid with its columns, its tab in front."""
    for section_id, panel in page.body.grids.items():
        page.body._show_tab(section_id)
        settle()
        yield section_id, panel.view


@popups
@every_worksheet
def test_keys_in_every_cell_keep_the_focus_and_are_undone(page, kind, session):
    type_a_row_and_take_it_back(page)
    open_clear_and_delete_every_cell(page, session)


def type_a_row_and_take_it_back(page):
    for section_id, grid in cells(page):
        if not grid.grid.has_blank:
            continue
        before = rows(page, section_id)
        grid.setFocus(Qt.FocusReason.TabFocusReason)
        grid.setCurrentIndex(grid.grid.index(grid.grid.rowCount() - 1, 0))
        QTest.keyClicks(grid.viewport(), "X")
        settle()
        assert isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit), section_id
        press(Key.Key_Return)
        assert QApplication.focusWidget() is grid
        assert len(rows(page, section_id)) == len(before) + 1
        press(Key.Key_Z, Mod.ControlModifier)
        assert rows(page, section_id) == before
        assert QApplication.focusWidget() is grid
        assert grid.currentIndex().isValid()


def open_clear_and_delete_every_cell(page, session):
    for section_id, grid in cells(page):
        before = rows(page, section_id)
        for column, field in enumerate(grid.grid.fields):
            grid.setFocus()
            grid.clearSelection()
            grid.setCurrentIndex(grid.grid.index(0, column))
            press(Key.Key_F2)
            if field.editable and field.type != "bool":
                editor = QApplication.focusWidget()
                assert isinstance(editor, QLineEdit | QPlainTextEdit | QComboBox | QListView), (
                    field.id
                )
                press(Key.Key_Escape)
            assert QApplication.focusWidget() is grid, field.id
            assert rows(page, section_id) == before
            undo = session.undo_label
            press(Key.Key_Delete)
            assert QApplication.focusWidget() is grid, field.id
            assert len(rows(page, section_id)) == len(before)
            if session.undo_label != undo or rows(page, section_id) != before:
                press(Key.Key_Z, Mod.ControlModifier)
            assert rows(page, section_id) == before, field.id
        grid.setCurrentIndex(grid.grid.index(0, 0))
        press(Key.Key_Minus, Mod.ControlModifier)
        assert len(rows(page, section_id)) == len(before) - 1
        assert grid.currentIndex().isValid()
        press(Key.Key_Z, Mod.ControlModifier)
        assert [row for row, _ in rows(page, section_id)] == [row for row, _ in before]
        assert QApplication.focusWidget() is grid
