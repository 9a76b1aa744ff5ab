"""The editors of worksheets, driven by keys as a user drives them; asserted on the project."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTreeWidgetItem,
)

from leanlab.app import worksheets as use
from leanlab.ui.worksheets import fields as fields_module
from leanlab.ui.worksheets.drawing_view import READABLE
from leanlab.ui.worksheets.evidence import EvidenceDialog
from leanlab.ui.worksheets.form import Strip
from leanlab.ui.worksheets.panes import Panes
from leanlab.ui.worksheets.photos import cleaned_photo
from leanlab.ui.worksheets.tree import ID

# what the offscreen platform says of a popup; a real screen does not
popups = pytest.mark.qt_log_ignore(
    "does not support grabbing the keyboard", r"does not support raise\(\)"
)
Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def open_page(session, project_window):
    project_window.resize(1440, 900)

    def opened(type_id):
        project_window.go_to(f"worksheet:{type_id}")
        page = project_window.navigation.page
        project_window.activateWindow()
        QApplication.processEvents()
        return page

    return opened


def view(session, page):
    return use.view_of(session, page.binding.record_id)


def press(widget, *keys, mod=Mod.NoModifier):
    for key in keys:
        QTest.keyClick(widget, key, mod)
        QApplication.processEvents()


def editor(grid):
    (found,) = [e for e in grid.findChildren(QLineEdit, "cell_editor") if e.isVisible()]
    return found


# forms -------------------------------------------------------------------------------------


def test_enter_in_a_field_accepts_it_as_one_step(open_page, session, qtbot):
    page = open_page("charter")
    line = page.findChild(QLineEdit, "field_problem_what")
    line.setFocus()
    QTest.keyClicks(line, "late lorries")
    press(line, Key.Key_Return)
    assert view(session, page).get("what") == "late lorries"
    assert session.undo_label == "Edit what is wrong"
    session.undo()
    qtbot.waitUntil(lambda: line.text() == "")


def test_a_pause_accepts_what_was_typed_and_keeps_the_cursor(
    open_page, session, qtbot, monkeypatch
):
    monkeypatch.setattr(fields_module, "PAUSE", 30)
    page = open_page("charter")
    area = page.findChild(QPlainTextEdit, "field_case_case")
    area.setFocus()
    QTest.keyClicks(area, "Two customers ask")
    qtbot.waitUntil(lambda: view(session, page).get("case") == "Two customers ask")
    QTest.keyClicks(area, " again")
    qtbot.waitUntil(lambda: view(session, page).get("case") == "Two customers ask again")


def test_what_does_not_fit_is_said_in_place_and_not_kept(open_page, session):
    page = open_page("charter")
    line = page.findChild(QLineEdit, "field_problem_size")
    QTest.keyClicks(line, "plenty")
    press(line, Key.Key_Return)
    assert view(session, page).get("size") is None
    assert "How much is a number" in page.notice.text.text()
    assert page.notice.isVisible()


def test_the_linter_shows_the_words_below_the_field(open_page, session):
    page = open_page("charter")
    line = page.findChild(QLineEdit, "field_problem_what")
    QTest.keyClicks(line, "late because of the list")
    press(line, Key.Key_Return)
    hint = line.parent().hint
    assert "'because of'" in hint.text()
    assert not hint.isHidden()


def test_saving_takes_over_what_is_being_typed(open_page, session):
    page = open_page("charter")
    line = page.findChild(QLineEdit, "field_problem_where")
    QTest.keyClicks(line, "north hub")
    page.accept_pending()
    assert view(session, page).get("where") == "north hub"


# grids -------------------------------------------------------------------------------------


def grid_of(page, section):
    grid = page.grid(section).view
    grid.setFocus()
    grid.setCurrentIndex(grid.grid.index(0, 0))
    return grid


def test_typing_in_the_blank_line_adds_a_row_and_enter_goes_down(open_page, session):
    page = open_page("sipoc")
    page.body.tabs["steps"][0].setCurrentIndex(1)
    grid = grid_of(page, "steps")
    for name in ("Scan parcels", "Load parcels"):
        QTest.keyClicks(grid.viewport(), name[0])
        QTest.keyClicks(editor(grid), name[1:])
        press(editor(grid), Key.Key_Return)
    assert [r.text("name") for r in view(session, page).all("steps")] == [
        "Scan parcels",
        "Load parcels",
    ]
    assert session.undo_label == "Add step"


@pytest.fixture
def three_actions(session):
    for title in ("First", "Second", "Third"):
        session.add("action", {"title": title, "status": "open"})
    return [a.id for a in session.records("action")]


def titles(session):
    return [r.text("title") for r in use.register_view(session, "actions").all("actions")]


def test_rows_are_added_moved_and_deleted_by_keys(open_page, session, three_actions):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    press(grid, Key.Key_Down, mod=Mod.AltModifier)
    assert titles(session) == ["Second", "First", "Third"]
    press(grid, Key.Key_Return, mod=Mod.ControlModifier)
    QTest.keyClicks(editor(grid), "New")
    press(editor(grid), Key.Key_Return)
    assert titles(session) == ["Second", "First", "New", "Third"]
    press(grid, Key.Key_Minus, mod=Mod.ControlModifier)
    assert titles(session) == ["Second", "First", "New"]
    session.undo()
    assert titles(session) == ["Second", "First", "New", "Third"]


def test_cells_are_pasted_from_a_spreadsheet_in_one_step(open_page, session, three_actions):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    QGuiApplication.clipboard().setText("One\tT. Lind\t2026-06-01\nTwo\tS. Haddad\t2026-07-01\n")
    press(grid, Key.Key_V, mod=Mod.ControlModifier)
    rows = use.register_view(session, "actions").all("actions")
    assert [(r.text("title"), r.text("owner"), r.text("due")) for r in rows[:2]] == [
        ("One", "T. Lind", "2026-06-01"), ("Two", "S. Haddad", "2026-07-01"),
    ]  # fmt: skip
    assert rows[2].text("title") == "Third"
    session.undo()
    assert titles(session) == ["First", "Second", "Third"]


def test_a_selection_is_copied_for_a_spreadsheet_and_filled_down(open_page, session, three_actions):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    owner = grid.grid.index(0, 1)
    grid.grid.setData(owner, "T. Lind")
    selection = grid.selectionModel()
    for line in range(3):
        selection.select(grid.grid.index(line, 1), selection.SelectionFlag.Select)
    selection.select(grid.grid.index(0, 0), selection.SelectionFlag.Deselect)
    press(grid, Key.Key_D, mod=Mod.ControlModifier)
    assert [a.get("owner") for a in session.records("action")] == ["T. Lind"] * 3
    press(grid, Key.Key_C, mod=Mod.ControlModifier)
    assert QGuiApplication.clipboard().text() == "T. Lind\nT. Lind\nT. Lind"


def test_space_ticks_and_delete_empties_a_cell(open_page, session, three_actions):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    names = [f.id for f in grid.grid.fields]
    grid.setCurrentIndex(grid.grid.index(0, names.index("process_change")))
    press(grid, Key.Key_Space)
    assert session.record(three_actions[0]).get("process_change") == 1
    grid.setCurrentIndex(grid.grid.index(0, 0))
    press(grid, Key.Key_Delete)
    assert titles(session)[0] == ""


def test_digits_rate_at_once_and_one_zero_makes_ten(open_page, session):
    page = open_page("fmea")
    use.add_row(session, view(session, page), "rows", {"failure": "Left behind"})
    grid = grid_of(page, "rows")
    names = [f.id for f in grid.grid.fields]
    grid.setCurrentIndex(grid.grid.index(0, names.index("severity")))
    press(grid, Key.Key_7)
    assert view(session, page).all("rows")[0].get("severity") == 7
    press(grid, Key.Key_1, Key.Key_0)
    assert view(session, page).all("rows")[0].get("severity") == 10
    press(grid, Key.Key_0)
    assert view(session, page).all("rows")[0].get("severity") == 10


@popups
def test_f4_shows_the_scale_and_a_choice_rates(open_page, session):
    page = open_page("fmea")
    use.add_row(session, view(session, page), "rows", {"failure": "Left behind"})
    grid = grid_of(page, "rows")
    names = [f.id for f in grid.grid.fields]
    grid.setCurrentIndex(grid.grid.index(0, names.index("occurrence")))
    press(grid, Key.Key_F4)
    card = grid.findChild(QListWidget, "scale_card")
    assert card.count() == 10
    card.setCurrentRow(2)
    press(card, Key.Key_Return)
    assert view(session, page).all("rows")[0].get("occurrence") == 8


@popups
def test_a_cause_typed_into_the_fmea_is_a_cause_of_the_fishbone(open_page, session):
    page = open_page("fmea")
    use.add_row(session, view(session, page), "rows", {"failure": "Left behind"})
    grid = grid_of(page, "rows")
    names = [f.id for f in grid.grid.fields]
    grid.setCurrentIndex(grid.grid.index(0, names.index("cause_id")))
    press(grid, Key.Key_F2)
    QTest.keyClicks(editor(grid), "List changes late")
    press(editor(grid), Key.Key_Return)
    assert [c.get("text") for c in session.records("cause")] == ["List changes late"]
    fish = open_page("fishbone")
    assert fish.body.outline.go_to(session.records("cause")[0].id)


def test_a_filter_and_a_search_show_fewer_rows(open_page, session, three_actions):
    session.edit(three_actions[0], {"due": "2020-01-01"})
    page = open_page("actions")
    panel = page.grid("actions")
    panel.show_filter("late")
    assert [r.text("title") for r in panel.view.grid.rows] == ["First"]
    panel.show_filter("")
    panel.search.setText("third")
    assert [r.text("title") for r in panel.view.grid.rows] == ["Third"]
    assert panel.count.text() == "1 of 3 actions"


def test_a_click_on_a_title_sorts_and_the_third_gives_the_own_order_back(
    open_page, session, three_actions
):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    order = lambda: [r.text("title") for r in grid.grid.rows]  # noqa: E731
    grid.sort_by(0)
    assert order() == ["First", "Second", "Third"]
    grid.sort_by(0)
    assert order() == ["Third", "Second", "First"]
    grid.sort_by(0)
    assert order() == ["First", "Second", "Third"]


def test_an_edit_elsewhere_shows_in_the_grid_and_keeps_the_current_cell(
    open_page, session, three_actions, qtbot
):
    page = open_page("actions")
    grid = grid_of(page, "actions")
    grid.setCurrentIndex(grid.grid.index(1, 2))
    session.edit(three_actions[0], {"title": "Changed"})
    assert grid.grid.rows[0].text("title") == "Changed"
    session.add("action", {"title": "Fourth"})
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, 2)


def test_the_first_column_stays_when_one_scrolls(open_page, session, qtbot):
    page = open_page("fmea")
    use.add_row(session, view(session, page), "rows", {"failure": "Left behind"})
    grid = grid_of(page, "rows")
    bar = grid.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    frozen = grid.findChild(type(grid).__mro__[1], "frozen_rows")
    assert frozen.isVisible()
    assert frozen.columnWidth(0) == grid.columnWidth(0)
    assert not frozen.isColumnHidden(0)
    assert frozen.isColumnHidden(1)


def test_actions_page_adds_one_from_anywhere_and_names_the_chart_flag(
    project_window, session, qtbot
):
    metric = session.add("metric", {"name": "Late departures", "role": "primary"})
    project_window.bar.run("new_action")
    page = project_window.navigation.page
    grid = page.grid("actions").view
    QTest.keyClicks(editor(grid), "Freeze list")
    press(editor(grid), Key.Key_Return)
    (action,) = session.records("action")
    assert (action.get("title"), action.get("owner")) == ("Freeze list", "A. Ruiz")
    session.edit(action.id, {"process_change": 1, "metric_id": metric})
    page.binding.type_text("actions", action.id, "status", "done")
    assert session.record(action.id).get("done_on")


# outlines ----------------------------------------------------------------------------------


def line_of(outline):
    (found,) = [e for e in outline.findChildren(QLineEdit, "outline_editor") if e.isVisible()]
    return found


def write(outline, text, key):
    line = line_of(outline)
    QTest.keyClicks(line, text)
    press(line, key)


def tree_of(session):
    rows = {c.id: c for c in session.records("cause")}
    return [
        (
            c.get("text"),
            c.get("branch"),
            rows[c.get("parent_id")].get("text") if c.get("parent_id") else None,
        )
        for c in rows.values()
    ]


def test_causes_are_written_like_a_list(open_page, session):
    page = open_page("fishbone")
    outline = page.body.outline
    outline.setFocus()
    outline.setCurrentItem(outline.topLevelItem(1))
    press(outline, Key.Key_Return)
    write(outline, "List changes late", Key.Key_Return)
    write(outline, "Gates are full", Key.Key_Tab)
    write(outline, "No plan of gates exists", Key.Key_Return)
    press(line_of(outline), Key.Key_Escape)
    assert tree_of(session) == [
        ("List changes late", "Method", None),
        ("Gates are full", "Method", None),
        ("No plan of gates exists", "Method", "Gates are full"),
    ]
    assert session.undo_label == "Add cause"


@pytest.fixture
def two_causes(session):
    a = session.add("cause", {"text": "A", "branch": "People"})
    b = session.add("cause", {"text": "B", "branch": "People"})
    return a, b


def test_alt_arrows_move_in_out_up_and_down(open_page, session, two_causes):
    a, b = two_causes
    page = open_page("fishbone")
    outline = page.body.outline
    outline.go_to(b)
    press(outline, Key.Key_Right, mod=Mod.AltModifier)
    assert session.record(b).get("parent_id") == a
    press(outline, Key.Key_Left, mod=Mod.AltModifier)
    assert (session.record(b).get("parent_id"), session.record(b).get("branch")) == (None, "People")
    press(outline, Key.Key_Up, mod=Mod.AltModifier)
    rows = use.view_of(session, page.binding.record_id).all("causes")
    assert [r.text("text") for r in rows] == ["B", "A"]


def test_shift_tab_moves_out_and_letters_set_the_status(open_page, session, two_causes):
    a, b = two_causes
    session.edit(b, {"parent_id": a})
    page = open_page("fishbone")
    outline = page.body.outline
    outline.go_to(b)
    press(outline, Key.Key_Backtab, mod=Mod.ShiftModifier)
    assert session.record(b).get("parent_id") is None
    press(outline, Key.Key_R)
    assert session.record(b).get("status") == "refuted"
    press(outline, Key.Key_Delete)
    assert [c.get("text") for c in session.records("cause")] == ["A"]


def test_an_empty_line_leaves_no_cause(open_page, session):
    page = open_page("fishbone")
    outline = page.body.outline
    outline.setFocus()
    outline.setCurrentItem(outline.topLevelItem(0))
    press(outline, Key.Key_Return)
    press(line_of(outline), Key.Key_Return)
    assert session.records("cause") == []
    assert outline.topLevelItem(0).childCount() == 0


def test_a_second_without_keys_makes_the_cause_and_the_line_stays_open(
    open_page, session, qtbot, monkeypatch
):
    from leanlab.ui.worksheets import tree

    monkeypatch.setattr(tree, "PAUSE", 30)
    page = open_page("fishbone")
    outline = page.body.outline
    outline.setFocus()
    outline.setCurrentItem(outline.topLevelItem(0))
    press(outline, Key.Key_Return)
    QTest.keyClicks(line_of(outline), "New staff")
    qtbot.waitUntil(lambda: [c.get("text") for c in session.records("cause")] == ["New staff"])
    QTest.keyClicks(line_of(outline), " each week")
    press(line_of(outline), Key.Key_Return)
    assert [c.get("text") for c in session.records("cause")] == ["New staff each week"]


def test_whys_and_fishbone_show_the_same_tree(open_page, session, two_causes):
    page = open_page("whys")
    outline = page.body.outline
    root = outline.topLevelItem(0)
    assert [root.child(i).text(0) for i in range(root.childCount())] == ["A", "B"]
    outline.go_to(two_causes[0])
    press(outline, Key.Key_Tab)
    write(outline, "Because of C", Key.Key_Escape)
    outline.go_to(two_causes[0])
    press(outline, Key.Key_Tab)
    write(outline, "C", Key.Key_Return)
    assert ("C", "People", "A") in tree_of(session) or ("C", None, "A") in tree_of(session)


# drawings ----------------------------------------------------------------------------------


def test_a_chip_moves_by_arrows_and_by_mouse(open_page, session, qtbot):
    chip = session.add(
        "solution", {"title": "Freeze list", "impact": 5.0, "effort": 5.0, "status": "idea"}
    )
    page = open_page("impact_effort")
    drawing = page.body.drawing
    drawing.setFocus()
    press(drawing, Key.Key_Tab)
    assert page.binding.current == chip
    press(drawing, Key.Key_Up)
    press(drawing, Key.Key_Left)
    record = session.record(chip)
    assert (record.get("impact"), record.get("effort")) == (5.5, 4.5)
    assert session.undo_label == "Move solution"
    node = drawing.item.drawing.node(chip)
    start = drawing.mapFromScene(QPointF(*node.centre))
    step = drawing.item.drawing.scale["x"] * drawing.transform().m11()
    goal = start + QPoint(round(3 * step), 0)
    QTest.mousePress(drawing.viewport(), Qt.MouseButton.LeftButton, Mod.NoModifier, start)
    QTest.mouseMove(drawing.viewport(), start + QPoint(20, 0))
    QTest.mouseMove(drawing.viewport(), goal)
    QTest.mouseRelease(drawing.viewport(), Qt.MouseButton.LeftButton, Mod.NoModifier, goal)
    assert session.record(chip).get("effort") == pytest.approx(7.5)
    assert session.record(chip).get("impact") == 5.5


def test_a_cause_dragged_to_another_bone_changes_its_branch(open_page, session, two_causes):
    page = open_page("fishbone")
    canvas, drawing = page.kind.canvas, page.body.drawing
    goal = drawing.item.drawing.node("group:Machine")
    edits = canvas.moved(
        page.binding.view, drawing.item.drawing, two_causes[0], goal.x, goal.y + 40
    )
    page.binding.edit(edits, "Move cause")
    assert session.record(two_causes[0]).get("branch") == "Machine"


def test_steps_are_added_connected_renamed_and_moved_by_keys(open_page, session):
    page = open_page("map")
    first = use.add_row(session, view(session, page), "steps", {"name": "Scan", "lane": "Sorting"})
    drawing = page.body.drawing
    drawing.setFocus()
    press(drawing, Key.Key_Tab)
    assert page.binding.current == first
    press(drawing, Key.Key_Return, mod=Mod.ControlModifier)
    line = drawing.findChild(QLineEdit, "drawing_text")
    QTest.keyClicks(line, "Load")
    press(line, Key.Key_Return)
    second = session.records("process_step")[1]
    assert (second.get("name"), second.get("lane")) == ("Load", "Sorting")
    assert session.record(first).get("next") == [{"to": second.id}]
    page.binding.pick(second.id)
    press(drawing, Key.Key_Right, Key.Key_Right)
    assert session.record(second.id).get("shift_x") == 16
    press(drawing, Key.Key_Delete)
    assert len(session.records("process_step")) == 1


def test_connectors_follow_a_step_that_was_moved(open_page, session):
    page = open_page("map")
    a = use.add_row(session, view(session, page), "steps", {"name": "A", "lane": "x"})
    b = use.add_row(session, view(session, page), "steps", {"name": "B", "lane": "x"})
    session.edit(a, {"next": [{"to": b}]})
    session.edit(b, {"shift_x": 80.0})
    drawing = page.body.drawing.item.drawing
    (line,) = [s for s in drawing.shapes if getattr(s, "style", "") == "link"]
    assert line.points[-1][0] == pytest.approx(drawing.node(b).x)


def begin_button(page):
    return page.findChild(QPushButton, "begin_drawing")


@pytest.mark.parametrize(
    "type_id", ["takt", "benefits", "risk", "map", "sipoc", "stakeholder", "impact_effort", "fishbone", "whys"]
)  # fmt: skip
def test_the_button_of_an_empty_drawing_puts_the_cursor_where_it_is_filled(
    open_page, project_window, type_id
):
    page = open_page(type_id)
    if page.body.panes() is not None:
        page.show_mode("both")
    QApplication.processEvents()
    assert begin_button(page).isVisible()
    QTest.mouseClick(begin_button(page), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert page.body.isAncestorOf(QApplication.focusWidget())


def test_five_whys_begin_with_what_was_seen_and_then_the_first_answer(open_page, session):
    session.add("cause", {"text": "Staff", "branch": "People", "source": "fishbone"})
    page = open_page("whys")
    page.show_mode("drawing")
    QTest.mouseClick(begin_button(page), Qt.MouseButton.LeftButton)
    QTest.keyClicks(QApplication.focusWidget(), "Lorry 14 left late")
    press(QApplication.focusWidget(), Key.Key_Return)
    assert view(session, page).get("problem") == "Lorry 14 left late"
    assert begin_button(page).text() == "Answer the first why"
    QTest.mouseClick(begin_button(page), Qt.MouseButton.LeftButton)
    write(page.body.outline, "Parcels were reloaded", Key.Key_Return)
    assert session.records("cause")[1].get("text") == "Parcels were reloaded"
    assert not begin_button(page).isVisible()
    assert [n.text for n in page.body.drawing.item.drawing.nodes] == [
        "Lorry 14 left late",
        "Parcels were reloaded",
    ]


def scrolls(drawing):
    return drawing.horizontalScrollBar().maximum() > 0 or drawing.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
@pytest.mark.parametrize("type_id", ["impact_effort", "stakeholder", "whys"])
def test_a_drawing_fits_its_pane_with_text_that_can_be_read(
    open_page, project_window, type_id, size
):
    project_window.resize(*size)
    page = open_page(type_id)
    page.show_mode("both")
    QApplication.processEvents()
    assert page.body.drawing.shows_all
    assert not scrolls(page.body.drawing)


def test_a_drawing_grows_with_the_text_of_the_program(open_page, session, project_window):
    session.add("cause", {"text": "Late list", "branch": "Method", "status": "potential"})
    page = open_page("fishbone")
    before = page.body.drawing.transform().m11()
    project_window.zoom(4)
    QApplication.processEvents()
    assert page.body.drawing.transform().m11() > 1.2 * before
    project_window.zoom(0)
    QApplication.processEvents()
    assert page.body.drawing.transform().m11() == pytest.approx(before)


def test_a_large_drawing_scrolls_until_all_of_it_is_asked_for(open_page, session, project_window):
    project_window.resize(1024, 640)
    for branch in ("People", "Method", "Machine", "Material", "Measurement", "Environment"):
        for at in range(4):
            session.add(
                "cause", {"text": f"{branch} wait for the list {at}", "branch": branch, "status": "potential"}
            )  # fmt: skip
    page = open_page("fishbone")
    drawing = page.body.drawing
    (whole,) = [b for b in page.body.findChildren(QPushButton) if b.text() == "Whole drawing"]
    assert drawing.transform().m11() == pytest.approx(READABLE)
    assert scrolls(drawing)
    assert not whole.isChecked()
    drawing.setFocus()
    press(drawing, Key.Key_0, mod=Mod.ControlModifier)
    assert whole.isChecked()
    assert not scrolls(drawing)
    press(drawing, Key.Key_Plus, mod=Mod.ControlModifier)
    assert not whole.isChecked()
    QTest.mouseClick(whole, Qt.MouseButton.LeftButton)
    assert drawing.shows_all
    QTest.mouseClick(whole, Qt.MouseButton.LeftButton)
    assert drawing.transform().m11() == pytest.approx(READABLE)


def test_the_paper_is_pulled_where_there_is_no_part(open_page, session, project_window):
    project_window.resize(1024, 640)
    page = open_page("fishbone")
    drawing = page.body.drawing
    drawing.zoom(2.5)
    bar, port = drawing.horizontalScrollBar(), drawing.viewport()
    bar.setValue(0)
    start = next(
        QPoint(port.width() - 20, y)
        for y in range(10, port.height(), 10)
        if drawing.node_at(drawing.mapToScene(QPoint(port.width() - 20, y))) is None
    )
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Mod.NoModifier, start)
    QTest.mouseMove(port, start - QPoint(60, 0))
    assert bar.value() == 60
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Mod.NoModifier, start - QPoint(60, 0))
    QTest.mouseMove(port, start)
    assert bar.value() == 60


def test_arrow_keys_scroll_a_drawing_without_parts(open_page, session, project_window):
    session.add("risk", {"title": "Late", "probability": 4, "impact": 4, "status": "open"})
    page = open_page("risk")
    page.show_mode("both")
    drawing = page.body.drawing
    drawing.setFocus()
    for _ in range(6):
        press(drawing, Key.Key_Plus, mod=Mod.ControlModifier)
    bar = drawing.horizontalScrollBar()
    bar.setValue(0)
    press(drawing, Key.Key_Right, Key.Key_Right)
    assert bar.value() > 0


def test_the_drawing_alone_has_the_whole_of_a_low_window_next_time_too(
    open_page, session, project_window
):
    project_window.resize(1024, 640)
    page = open_page("fishbone")
    before = page.body.drawing.height()
    QTest.mouseClick(page.mode_buttons["drawing"], Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert not any(strip.isVisible() for strip in page.body.findChildren(Strip))
    assert page.body.drawing.height() > before + 60
    use.add_worksheet(session, "fishbone", "analyse", "Second fishbone")
    project_window.go_to(session.records("worksheet")[-1].id)
    QApplication.processEvents()
    other = project_window.navigation.page
    assert other is not page
    assert other.mode_buttons["drawing"].isChecked()


def test_the_border_beside_a_drawing_moves_by_keys_and_is_kept(open_page, project_window):
    page = open_page("fishbone")
    panes = page.body.findChild(Panes, "panes")
    before = panes.sizes()
    grip = panes.handle(1)
    grip.setFocus()
    press(grip, Key.Key_Right)
    assert panes.sizes()[0] > before[0]
    assert project_window.settings.panes["worksheet.fishbone"] == panes.sizes()
    press(grip, Key.Key_Home)
    assert "worksheet.fishbone" not in project_window.settings.panes


# evidence, photos, status ------------------------------------------------------------------


def test_what_was_seen_with_a_photo_verifies_a_cause(open_page, session, two_causes, tmp_path):
    page = open_page("fishbone")
    photo = tmp_path / "gate.png"
    picture = QImage(3000, 1500, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    picture.setText("GPS", "48.1 N 11.5 E")
    picture.save(str(photo))
    dialog = EvidenceDialog(page.binding, two_causes[0], page)
    dialog.tabs.setCurrentIndex(1)
    dialog.note.setPlainText("41 of 50 changes came after 17:00")
    dialog.observer.setText("J. Moreau")
    dialog._photo = photo
    dialog._keep()
    cause = session.record(two_causes[0])
    assert (cause.get("status"), cause.get("observer")) == ("verified", "J. Moreau")
    (attached,) = session.attachments(cause.id)
    kept = QImage.fromData(session.content(attached.get("sha256")))
    assert (kept.width(), kept.height()) == (2000, 1000)
    assert b"48.1 N" not in session.content(attached.get("sha256"))
    assert session.undo_label == "Set cause verified"


def test_evidence_needs_words_and_an_observer(open_page, session, two_causes):
    page = open_page("fishbone")
    dialog = EvidenceDialog(page.binding, two_causes[0], page)
    dialog.tabs.setCurrentIndex(1)
    dialog.observer.setText("")
    dialog._keep()
    assert "who saw it" in dialog.problem.text()
    assert session.record(two_causes[0]).get("status") is None


def test_a_cause_is_not_verified_by_nothing(open_page, session, two_causes):
    page = open_page("fishbone")
    dialog = EvidenceDialog(page.binding, two_causes[0], page)
    dialog.tabs.setCurrentIndex(0)
    dialog._keep()
    assert "until then the cause is not verified" in dialog.problem.text()
    assert session.record(two_causes[0]).get("status") is None
    dialog.status.setCurrentIndex(dialog.status.findData("under test"))
    dialog._keep()
    assert session.record(two_causes[0]).get("status") == "under test"


def test_a_file_that_is_no_picture_is_refused_with_words(tmp_path):
    from leanlab.core.errors import ImportProblem

    path = tmp_path / "x.jpg"
    path.write_bytes(b"no picture")
    with pytest.raises(ImportProblem, match=r"x\.jpg cannot be read"):
        cleaned_photo(path)


def test_ready_shows_what_is_missing_and_the_next_message_goes_there(open_page, session):
    page = open_page("sipoc")
    page.mark_ready()
    assert "is not ready" in page.notice.text.text()
    page.next_message()
    assert page.findChild(QLineEdit, "field_frame_process").hasFocus()
    for name in ("process", "starts", "ends"):
        line = page.findChild(QLineEdit, f"field_frame_{name}")
        QTest.keyClicks(line, "x")
        press(line, Key.Key_Return)
    page.mark_ready()
    assert session.record(page.binding.record_id).get("status") == "ready"


def test_a_worksheet_is_copied_as_text_and_table(open_page, session, two_causes):
    page = open_page("fishbone")
    page.copy_table()
    data = QGuiApplication.clipboard().mimeData()
    assert "Causes" in data.text()
    assert "<table" in data.html()
    page.copy_picture()
    assert not QGuiApplication.clipboard().image().isNull()


def test_the_steps_of_the_process_are_offered_to_an_empty_fmea(open_page, session):
    session.add("process_step", {"name": "Load parcels", "step_type": "step"})
    page = open_page("fmea")
    page.findChild(object, "offer_steps").click()
    assert len(view(session, page).all("rows")) == 1
    assert page.findChild(object, "offer_steps") is None or page._offered == ()


def test_a_deleted_worksheet_leaves_its_page_and_comes_back_by_undo(
    open_page, session, project_window
):
    page = open_page("whys")
    page.delete()
    assert project_window.navigation.page is not page
    session.undo()
    assert len(session.records("worksheet")) == 1


def test_a_read_only_project_offers_nothing_to_type(open_page, session, monkeypatch):
    session.add("action", {"title": "First"})
    page = open_page("actions")
    monkeypatch.setattr(type(session), "read_only", property(lambda _s: True))
    page.refresh()
    grid = page.grid("actions").view
    assert not grid.grid.flags(grid.grid.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    page.binding.type_text("actions", session.records("action")[0].id, "title", "x")
    assert "read-only" in page.notice.text.text()


def test_what_if_columns_begin_with_the_values_of_the_last(open_page, session):
    page = open_page("takt")
    page.findChild(object, "add_scenarios").click()
    demand = page.findChild(QLineEdit, "field_scenarios_demand_1")
    QTest.keyClicks(demand, "450")
    press(demand, Key.Key_Return)
    page.findChild(object, "add_scenarios").click()
    rows = view(session, page).all("scenarios")
    assert [(r.text("name"), r.get("demand")) for r in rows] == [
        ("Today", 450.0),
        ("What if 1", 450.0),
    ]


def test_every_worksheet_opens_in_both_themes_with_names_for_everything(
    open_page, project_window, session
):
    from PySide6.QtWidgets import QAbstractButton, QComboBox

    from leanlab.worksheets.registry import BY_ID

    for type_id in BY_ID:
        page = open_page(type_id)
        for widget in [
            *page.findChildren(QLineEdit),
            *page.findChildren(QComboBox),
            *page.findChildren(QAbstractButton),
        ]:
            inner = widget.objectName().startswith("qt_") or type(widget.parent()).__name__ in {
                "QComboBox",
                "QTabBar",
                "_Combo",
            }
            if inner or not widget.isVisible() or type(widget).__name__ == "QTableCornerButton":
                continue
            assert widget.accessibleName() or widget.text(), (
                type_id,
                widget.objectName(),
                type(widget),
            )
    project_window.set_theme("dark")
    project_window.set_theme("light")


def test_items_of_an_outline_carry_their_row(open_page, session, two_causes):
    page = open_page("fishbone")
    item = page.body.outline.currentItem() or page.body.outline.topLevelItem(0)
    assert isinstance(item, QTreeWidgetItem)
    assert page.body.outline.topLevelItem(0).child(0).data(0, ID) == two_causes[0]


# first minutes -----------------------------------------------------------------------------


def test_an_untouched_worksheet_finds_no_fault(open_page, session):
    page = open_page("charter")
    assert page.next_one.text() == "Not begun: start with the first field"
    assert page.side.tabText(0) == "Checks"
    line = page.findChild(QLineEdit, "field_problem_what")
    line.setFocus()
    QTest.keyClicks(line, "late lorries")
    press(line, Key.Key_Return)
    assert "must" in page.next_one.text()
    assert page.side.tabText(0).startswith("Checks (")


def test_the_link_of_an_untouched_worksheet_leads_to_its_first_field(open_page):
    page = open_page("charter")
    page.next_one.click()
    assert isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)


@pytest.mark.parametrize(
    ("type_id", "name", "shown"),
    [("fishbone", "field_frame_preset", "People, method, machine (6M)"),
     ("fmea", "field_frame_scales", "for a production process"),
     ("fmea", "field_frame_mode", "action priority (AP)")],
)  # fmt: skip
def test_a_choice_that_counts_by_itself_is_shown_as_chosen(open_page, type_id, name, shown):
    box = open_page(type_id).findChild(QComboBox, name)
    assert box.currentText() == shown
    assert "" not in [box.itemText(i) for i in range(box.count())]
