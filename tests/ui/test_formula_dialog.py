"""Calculated columns in the window: the dialog, the marks, what cannot be typed into; hidden columns."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from leanlab.data.columns import ColumnData
from leanlab.ui.dialogs.formula import FormulaDialog
from leanlab.ui.sheets.menus import column_menu

Key = Qt.Key


@pytest.fixture
def sheet(session):
    return session.add_sheet(
        "Orders",
        [
            ColumnData("late h", "number", np.array([1.0, 6.0, np.nan]), unit="h", decimals=1),
            ColumnData("items", "whole", np.array([2.0, 4.0, 0.0]), decimals=0),
            ColumnData("carrier", "category", np.array(["N", "S", "N"], dtype=object)),
        ],
    )


@pytest.fixture
def page(project_window, sheet, qtbot):
    project_window.go_to(sheet)
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    return project_window.navigation.page


@pytest.fixture
def dialog(page, qtbot):
    made = FormulaDialog(page, None)
    qtbot.addWidget(made)
    return made


def write(dialog, name, text, unit=""):
    dialog.name.setText(name)
    dialog.unit.setText(unit)
    dialog.text.setPlainText(text)
    dialog.calculate()


def test_the_preview_follows_and_the_column_is_added_as_one_step(page, dialog, qtbot):
    assert not dialog.ok.isEnabled()
    dialog.name.setText("per item")
    dialog.text.insertPlainText("[late h] / items")
    qtbot.waitUntil(lambda: dialog.outcome is not None)
    shown = [dialog.preview.horizontalHeaderItem(i).text() for i in range(3)]
    assert shown == ["late h", "items", "per item"]
    assert dialog.preview.item(1, 2).text() == "1.5"
    assert dialog.said.text() == "Number with 1 decimal, 3 rows."
    dialog.unit.setText("h")
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    one = page.session.sheet(page.record_id).named("per item")
    assert (one.unit, one.formula) == ("h", "{c1} / {c2}")
    assert page.session.undo_label == "Add calculated column per item"


def test_what_is_wrong_is_said_at_its_place_and_nothing_can_be_added(page, dialog):
    write(dialog, "x", "[late h] / itms")
    assert "no column named itms (at character 12). Did you mean items?" in dialog.said.text()
    assert not dialog.ok.isEnabled()
    [mark] = dialog.text.extraSelections()
    assert mark.cursor.selectedText() == "itms"
    write(dialog, "items", "items + 1")
    dialog.accept()
    assert "named items already" in dialog.said.text()
    assert len(page.session.sheet(page.record_id).columns) == 3
    write(dialog, "x", "1 / items")
    assert "Row 3 has no result: it would be divided by zero." in dialog.said.text()
    assert dialog.ok.isEnabled()


def test_lists_write_columns_and_functions(dialog):
    dialog.text.clear()
    functions = {
        dialog.functions.topLevelItem(i).text(0): i
        for i in range(dialog.functions.topLevelItemCount())
    }
    item = dialog.functions.topLevelItem(functions["abs(x)"])
    dialog.functions.itemActivated.emit(item, 0)
    dialog.listed.itemActivated.emit(dialog.listed.topLevelItem(0), 0)
    assert dialog.text.toPlainText() == "abs([late h])"


def test_a_calculated_cell_is_not_typed_into(page, qtbot, monkeypatch):
    made = page.session.add_calculated_column(page.record_id, "double", "items * 2")
    asked, said = [], []
    monkeypatch.setattr(page.window_, "say", said.append)
    monkeypatch.setattr(page, "ask_formula", lambda one: asked.append(one.id))
    page.view.go(1, 3)
    qtbot.keyClicks(page.view, "7")
    assert page.session.column(page.record_id, made).tolist() == [4, 8, 0]
    assert "double is calculated" in said[0]
    qtbot.keyClick(page.view, Key.Key_F2)
    page.view.doubleClicked.emit(page.model.index(0, 3))
    assert asked == [made, made]
    qtbot.keyClick(page.view, Key.Key_Delete)
    assert page.session.column(page.record_id, made).tolist() == [4, 8, 0]


def test_pasting_a_row_passes_over_the_calculated_column(page):
    page.session.add_calculated_column(page.record_id, "double", "items * 2")
    page.view.go(0, 0)
    QGuiApplication.clipboard().setText("2.5\t7\tS\t999\n")
    page.editing.paste()
    page.session.set_cells(page.record_id, [(2, "c2", "5")])
    assert page.session.column(page.record_id, "c4").tolist() == [14, 10, 0]
    page.view.go(0, 3)
    page.editing.paste()
    assert page.session.column(page.record_id, "c4").tolist()[0] == 14


def test_marks_menu_and_panel_say_that_it_is_calculated(page, qtbot):
    page.session.add_calculated_column(page.record_id, "third", "items / 3")
    one = page.model.sheet.columns[3]
    assert page.view.columns.spoken(3) == "third, number, calculated"
    tip = page.model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "= items / 3" in tip
    assert page.model.index(0, 3).data() == "0.667"
    page.view.go(0, 3)
    assert page.panel.formula.text() == "= items / 3"
    assert not page.panel.kind.isEnabled()
    actions = {a.text(): a for a in column_menu(page, one).actions()}
    assert not actions["Read as"].isEnabled()
    actions["Turn into ordinary values"].trigger()
    assert page.session.sheet(page.record_id).columns[3].formula == ""
    assert page.panel.formula.isHidden()


def test_a_needed_column_is_not_deleted_and_the_reason_is_said(page, monkeypatch):
    page.session.add_calculated_column(page.record_id, "double", "items * 2")
    said = []
    monkeypatch.setattr(page.window_, "show_problem", lambda problem: said.append(problem.message))
    actions = {a.text(): a for a in column_menu(page, page.model.sheet.columns[1]).actions()}
    actions["Delete column"].trigger()
    assert said == ["The column items is needed by the formula of double."]


def test_columns_are_hidden_shown_and_passed_over(page, qtbot):
    actions = {a.text(): a for a in column_menu(page, page.model.sheet.columns[1]).actions()}
    actions["Hide column"].trigger()
    assert page.view.isColumnHidden(1)
    assert "1 hidden column" in page.subtitle.text()
    assert page.session.undo_label == "Hide column items"
    page.view.go(0, 0)
    qtbot.keyClick(page.view, Key.Key_Tab)
    assert page.view.currentIndex().column() == 2
    qtbot.keyClick(page.view, Key.Key_Backtab)
    assert page.view.currentIndex().column() == 0
    qtbot.keyClick(page.view, Key.Key_Tab)
    qtbot.keyClick(page.view, Key.Key_Tab)
    assert (page.view.currentIndex().row(), page.view.currentIndex().column()) == (1, 0)
    page.session.undo()
    assert not page.view.isColumnHidden(1)
    page.session.redo()
    actions = {a.text(): a for a in column_menu(page, page.model.sheet.columns[0]).actions()}
    actions["Show 1 hidden column"].trigger()
    assert not page.view.isColumnHidden(1)
    page.session.hide_column(page.record_id, "c1")
    page.session.hide_column(page.record_id, "c2")
    with pytest.raises(Exception, match="last column"):
        page.session.hide_column(page.record_id, "c3")


def test_rename_and_unit_lead_to_their_lines(page, qtbot, project_window):
    actions = {a.text(): a for a in column_menu(page, page.model.sheet.columns[1]).actions()}
    actions["Rename…"].trigger()
    assert page.panel.name.text() == "items"
    page.panel.name.setText("pieces")
    page.panel.name.editingFinished.emit()
    assert page.session.undo_label == "Rename column items"
    actions = {a.text(): a for a in column_menu(page, page.model.sheet.columns[1]).actions()}
    actions["Unit…"].trigger()
    page.panel.unit.setText("pcs")
    page.panel.unit.editingFinished.emit()
    assert page.session.undo_label == "Change unit of pieces"
    page.session.undo()
    page.session.undo()
    assert page.session.sheet(page.record_id).columns[1].name == "items"


def test_a_formula_that_no_longer_works_is_said_in_the_panel(page):
    page.session.edit(page.record_id, {"settings": {"formulas": {"c2": "{c9} + 1"}}})
    page.view.go(0, 1)
    assert "does not work any more" in page.panel.formula_wrong.text()
    assert "was deleted" in page.panel.formula_wrong.text()
