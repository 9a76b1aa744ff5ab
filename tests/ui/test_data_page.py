"""The data page, driven as a user drives it; asserts on the project."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPushButton, QStyleOptionViewItem

from leanlab.app.importing import add_table, read
from leanlab.app.metrics import binding_of, series_of
from leanlab.data.columns import ColumnData
from leanlab.data.views import Condition
from leanlab.ui import messages
from leanlab.ui.dialogs import import_file, metric, reason
from leanlab.ui.dialogs.import_file import ImportDialog
from leanlab.ui.dialogs.metric import MetricDialog
from leanlab.ui.dialogs.refresh_data import RefreshDialog
from leanlab.ui.sheets.menus import cell_menu

Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def sheet(session):
    count = 60
    days = np.datetime64("2026-01-05", "s") + np.arange(count) * np.timedelta64(86400, "s")
    late = np.arange(count) / 2
    late[17] = np.nan
    return session.add_sheet(
        "Deliveries",
        [
            ColumnData("day", "datetime", days),
            ColumnData("late", "number", late, unit="h", decimals=1, bad={17: "3a"}),
            ColumnData("carrier", "category", np.array(["North", "South"] * 30, dtype=object)),
        ],
    )


@pytest.fixture
def page(project_window, sheet, qtbot):
    project_window.go_to(sheet)
    found = project_window.navigation.page
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    return found


def cells(page, column):
    return page.session.column(page.record_id, column).tolist()


def press(qtbot, page, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(page.view, key, modifiers)


def at(page, row, column):
    page.view.go(row, column)


def select(page, top, bottom, left, right):
    at(page, top, left)
    page.view._select(top, bottom, left, right)


def test_typing_into_a_cell_and_enter_goes_down(page, qtbot):
    at(page, 2, 1)
    qtbot.keyClicks(page.view, "7")
    [editor] = page.view.viewport().findChildren(QLineEdit)
    editor.setText("7,5")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: cells(page, "c2")[2] == 7.5)
    assert page.view.currentIndex().row() == 3


def test_text_among_numbers_is_kept_marked_and_named_in_the_banner(page):
    assert page.banner.isVisible()
    assert page.banner_words.text().startswith("1 cell is not a number (row 18)")
    page.model.setData(page.model.index(39, 1), "n.k.")
    assert page.banner_words.text().startswith("2 cells are not numbers (rows 18, 40)")
    assert page.session.sheet(page.record_id).columns[1].kind == "number"
    page.model.setData(page.model.index(17, 1), "3")
    page.model.setData(page.model.index(39, 1), "")
    assert not page.banner.isVisible()


def test_next_goes_to_the_cell_that_does_not_fit(page):
    at(page, 0, 0)
    page.next_bad.click()
    assert (page.view.currentIndex().row(), page.view.currentIndex().column()) == (17, 1)


def test_rows_typed_below_the_end_are_added_in_one_step(page):
    page.model.setData(page.model.index(60, 1), "9.5")
    assert page.session.sheet(page.record_id).rows == 61
    assert cells(page, "c2")[-1] == 9.5
    page.session.undo()
    assert page.session.sheet(page.record_id).rows == 60


def test_copy_and_paste_speak_the_language_of_excel(page, qtbot):
    select(page, 0, 1, 1, 2)
    press(qtbot, page, Key.Key_C, Control)
    assert QGuiApplication.clipboard().text() == "0.0\tNorth\n0.5\tSouth"
    QGuiApplication.clipboard().setText('1,5\t"a\nb"\n2,5\tSouth\n')
    at(page, 59, 1)
    press(qtbot, page, Key.Key_V, Control)
    assert cells(page, "c2")[-2:] == [1.5, 2.5]
    assert cells(page, "c3")[-2:] == ["a\nb", "South"]
    page.session.undo()
    assert page.session.sheet(page.record_id).rows == 60


def test_a_wider_block_brings_new_columns(page, qtbot):
    QGuiApplication.clipboard().setText("East\t4\nWest\t5\n")
    at(page, 0, 2)
    press(qtbot, page, Key.Key_V, Control)
    one = page.session.sheet(page.record_id).columns[3]
    assert (one.name, one.kind) == ("Column 4", "whole")
    assert cells(page, one.id)[:2] == [4.0, 5.0]


def test_cut_clear_and_fill_down_are_single_steps(page, qtbot):
    select(page, 0, 3, 1, 1)
    press(qtbot, page, Key.Key_D, Control)
    assert cells(page, "c2")[:4] == [0.0] * 4
    assert page.session.undo_label == "Fill down"
    press(qtbot, page, Key.Key_Delete)
    assert np.isnan(cells(page, "c2")[:4]).all()
    page.session.undo()
    page.session.undo()
    assert cells(page, "c2")[:4] == [0.0, 0.5, 1.0, 1.5]


def test_keys_of_a_spreadsheet_move_and_select(page, qtbot):
    at(page, 5, 1)
    press(qtbot, page, Key.Key_Down, Control)
    assert page.view.currentIndex().row() == 16  # row 18 is missing
    press(qtbot, page, Key.Key_Down, Control)
    assert page.view.currentIndex().row() == 18
    press(qtbot, page, Key.Key_Space, Control)
    assert page.view.block() == (range(60), range(1, 2))
    at(page, 5, 1)
    press(qtbot, page, Key.Key_Space, Shift)
    assert page.view.block() == (range(5, 6), range(3))
    press(qtbot, page, Key.Key_A, Control)
    assert page.view.block() == (range(60), range(3))


def test_rows_are_deleted_and_inserted(page, qtbot):
    select(page, 1, 2, 0, 2)
    press(qtbot, page, Key.Key_Minus, Control)
    assert page.session.row_ids(page.record_id).tolist()[:3] == [1, 4, 5]
    at(page, 1, 0)
    press(qtbot, page, Key.Key_Plus, Control)
    assert page.session.row_ids(page.record_id).tolist()[:3] == [1, 61, 4]


def test_e_excludes_whole_rows_with_a_reason_and_i_takes_them_back(page, qtbot, monkeypatch):
    monkeypatch.setattr(
        reason.ReasonDialog, "exec", lambda self: self.box.setCurrentText("strike") or 1
    )
    at(page, 3, 0)
    press(qtbot, page, Key.Key_Space, Shift)
    press(qtbot, page, Key.Key_E)
    assert page.session.row_states(page.record_id)[4].reason == "strike"
    assert "1 excluded" in page.subtitle.text()
    press(qtbot, page, Key.Key_I)
    assert page.session.row_states(page.record_id) == {}


def test_filter_and_sort_are_a_view_said_in_words(page):
    before = page.session.unsaved_edits
    page.filter_by(Condition("c3", "is", ("North",)))
    page.filter_by(Condition("c2", "above", ("20",)))
    page.sort_by("c2", descending=True)
    assert page.filter_words.text() == (
        "Showing 9 of 60 rows: carrier is North and late is above 20; sorted by late, highest first."
    )
    assert [page.model.row_id(i) for i in range(3)] == [59, 57, 55]
    assert page.session.unsaved_edits == before
    page.filter_strip.findChild(QPushButton, "clear_filter").click()
    assert page.model.shown == 60
    assert not page.filter_strip.isVisible()


def test_edits_in_a_filtered_view_reach_the_right_rows(page):
    page.filter_by(Condition("c3", "is", ("South",)))
    page.model.setData(page.model.index(0, 1), "99")
    assert cells(page, "c2")[1] == 99.0
    assert page.model.shown == 30


def test_the_shown_order_can_be_kept(page):
    page.sort_by("c2", descending=True)
    page.sort_for_good()
    assert page.session.row_ids(page.record_id).tolist()[:2] == [60, 59]
    page.session.undo()
    assert page.session.row_ids(page.record_id).tolist()[:2] == [1, 2]


def test_the_panel_shows_and_changes_the_column(page, qtbot):
    at(page, 0, 1)
    assert page.panel.facts.text().splitlines()[:2] == ["59 values", "1 cell does not fit"]
    page.panel.name.setText("hours late")
    page.panel.name.editingFinished.emit()
    page.panel.unit.setText("hours")
    page.panel.unit.editingFinished.emit()
    one = page.session.sheet(page.record_id).columns[1]
    assert (one.name, one.unit) == ("hours late", "hours")
    page.panel.jump.emit(18)
    assert page.view.currentIndex().row() == 17


def test_changing_the_kind_is_one_undoable_step(page):
    one = page.model.sheet.columns[1]
    page.retype(one, "text")
    assert cells(page, "c2")[17] == "3a"
    assert page.session.bad_cells(page.record_id) == {}
    page.session.undo()
    assert page.session.sheet(page.record_id).columns[1].kind == "number"
    assert page.session.bad_cells(page.record_id) == {(18, "c2"): "3a"}


def test_find_and_replace(page, qtbot, project_window):
    page.finder.open()
    page.find_bar.text.setText("north")
    page.find_bar.whole.setChecked(True)
    qtbot.waitUntil(lambda: page.find_bar.found.text().endswith("of 30"))
    page.find_bar.moved.emit(1)
    assert page.find_bar.found.text() == "2 of 30"
    page.find_bar.other.setText("North Express")
    page.find_bar.all.click()
    assert cells(page, "c3").count("North Express") == 30
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    page.session.undo()
    assert cells(page, "c3").count("North") == 30


def test_the_first_hit_is_shown_while_the_rest_is_still_searched(
    page, qtbot, project_window, monkeypatch
):
    go_on = threading.Event()
    whole = type(page.session).find_cells

    def slowly(self, *args, **kwargs):
        for found in whole(self, *args, **kwargs):
            for one in found:
                yield [one]
                go_on.wait(30)

    monkeypatch.setattr(type(page.session), "find_cells", slowly)
    at(page, 3, 0)
    page.finder.open()
    page.find_bar.text.setText("south")
    qtbot.waitUntil(lambda: page.find_bar.found.text() == "1 of 1…")
    assert cells(page, "c3")[page.view.currentIndex().row()] == "South"
    shown = page.view.currentIndex()
    page.find_bar.all.click()  # not before all of it was found
    assert "South" in cells(page, "c3")
    go_on.set()
    qtbot.waitUntil(lambda: page.find_bar.found.text().endswith("of 30"))
    assert page.view.currentIndex() == shown


def test_an_edit_while_it_is_searched_begins_anew(page, qtbot):
    page.finder.open()
    page.find_bar.text.setText("south")
    page.find_bar.searched.emit()
    row = cells(page, "c3").index("South")
    page.model.setData(page.model.index(row, 2), "North")
    qtbot.waitUntil(lambda: page.find_bar.found.text().endswith("of 29"))


def test_a_reloaded_page_follows_undo(page):
    page.model.setData(page.model.index(0, 1), "42")
    assert page.model.index(0, 1).data() == "42.0"
    page.session.undo()
    assert page.model.index(0, 1).data() == "0.0"


def test_a_read_only_project_is_only_read(page, qtbot, monkeypatch):
    monkeypatch.setattr(type(page.session), "read_only", property(lambda self: True))
    at(page, 0, 1)
    press(qtbot, page, Key.Key_Delete)
    assert cells(page, "c2")[0] == 0.0
    assert not page.model.index(0, 1).flags() & Qt.ItemFlag.ItemIsEditable


# import -----------------------------------------------------------------------------------


def opened(window, qtbot, tmp_path, text, name="orders.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    dialog = ImportDialog(path, name, "Orders", window)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: window.jobs.idle)
    return dialog, path


def test_the_preview_asks_what_it_cannot_decide_and_shows_the_answer(
    project_window, qtbot, tmp_path
):
    text = "day;late\n03/04/2026;7,5\n05/06/2026;8,5\n"
    dialog, _ = opened(project_window, qtbot, tmp_path, text)
    assert dialog.table is None
    assert not dialog.ok.isEnabled()
    assert "day/month/year" in dialog.question_words.text()
    answers = [b for b in dialog.question.findChildren(QPushButton) if not b.isHidden()]
    assert [b.text() for b in answers] == ["day.month.year", "month/day/year"]
    answers[0].click()
    qtbot.waitUntil(lambda: dialog.table is not None)
    assert str(dialog.table.columns[0].values[0])[:10] == "2026-04-03"
    assert dialog.ok.isEnabled()


def test_a_cell_that_does_not_fit_is_marked_in_the_selected_column_too(
    project_window, qtbot, tmp_path
):
    text = "v;w\n" + "1,5;a\n" * 9 + "12,5 kg;b\n"
    dialog, _ = opened(project_window, qtbot, tmp_path, text)
    colours = []
    for at in (0, 9):
        option = QStyleOptionViewItem()
        dialog.preview.itemDelegate().initStyleOption(option, dialog.model.index(at, 0))
        colours.append(option.palette.color(QPalette.ColorRole.HighlightedText).name())
    problem = QColor(project_window.tokens["problem"]).name()
    assert (colours[0] != problem, colours[1]) == (True, problem)


def shown(layout):
    found = [layout.itemAt(at).widget() for at in range(layout.count())]
    return [part for part in found if isinstance(part, QPushButton) and not part.isHidden()]


def test_a_column_that_stayed_text_is_marked_and_can_be_read_as_numbers(
    project_window, qtbot, tmp_path
):
    text = "v,w\n" + "1.5,a\n" * 19 + "not yet,b\n" * 9
    dialog, _ = opened(project_window, qtbot, tmp_path, text)
    assert "19 of 28 cells are numbers" in dialog.notes.text()
    across = Qt.Orientation.Horizontal
    assert dialog.model.headerData(0, across).endswith(", see below")
    assert "look" not in dialog.model.headerData(1, across)
    [offer] = shown(dialog.offers)
    assert offer.text() == "Read v as numbers"
    offer.click()
    qtbot.waitUntil(lambda: dialog.table.columns[0].kind == "number")
    assert len(dialog.table.columns[0].bad) == 9
    assert shown(dialog.offers) == []


def test_dates_in_several_orders_are_read_in_the_one_that_is_taken(project_window, qtbot, tmp_path):
    text = "day,v\n" + "2026-04-26,1\n26/04/2026,2\n04/26/2026,3\n" * 5
    dialog, _ = opened(project_window, qtbot, tmp_path, text)
    assert "written in different orders" in dialog.notes.text()
    offers = shown(dialog.offers)
    assert [offer.text() for offer in offers] == [
        "Read day as dates, day/month/year",
        "Read day as dates, month/day/year",
    ]
    offers[1].click()
    qtbot.waitUntil(lambda: dialog.table.columns[0].kind == "datetime")
    assert set(dialog.table.columns[0].bad.values()) == {"26/04/2026"}


def test_the_encoding_question_proposes_the_likeliest_first(project_window, qtbot, tmp_path):
    dialog, _ = opened(project_window, qtbot, tmp_path, "größe\n1\n".encode("cp1252"))
    assert dialog.question_words.text().startswith("The text is not written in UTF-8.")
    answers = shown(dialog.answers)
    assert answers[0].text() == "Western (cp1252)"
    assert "UTF-8" not in [answer.text() for answer in answers]
    answers[0].click()
    qtbot.waitUntil(lambda: dialog.table is not None)
    assert dialog.table.columns[0].name == "größe"


def test_columns_are_renamed_retyped_and_left_out(project_window, qtbot, tmp_path):
    dialog, _ = opened(
        project_window, qtbot, tmp_path, "id,weight,x\n1,12 kg,a\n2,13 kg,b\n3,14 kg,c\n"
    )
    dialog.preview.setCurrentIndex(dialog.model.index(0, 1))
    dialog.column_kind.setCurrentIndex(dialog.column_kind.findData("number"))
    dialog.column_kind.activated.emit(0)
    qtbot.waitUntil(lambda: dialog.table.columns[1].unit == "kg")
    dialog.column_name.setText("mass")
    dialog.column_name.editingFinished.emit()
    qtbot.waitUntil(lambda: dialog.table.columns[1].name == "mass")
    dialog.preview.setCurrentIndex(dialog.model.index(0, 2))
    dialog.leave_out.click()
    qtbot.waitUntil(lambda: len(dialog.table.columns) == 2)
    assert dialog.table.columns[1].values.tolist() == [12.0, 13.0, 14.0]


def test_a_large_file_is_previewed_by_its_first_rows_and_read_wholly(
    project_window, qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr(import_file, "is_large", lambda source: True)
    dialog, _ = opened(project_window, qtbot, tmp_path, "x\n" + "1.5\n" * 5000)
    assert dialog.table.rows == 2000
    assert not dialog.table.complete
    dialog._import()
    qtbot.waitUntil(lambda: dialog.result() == QDialog.DialogCode.Accepted)
    assert dialog.table.rows == 5000


def test_importing_makes_a_sheet_and_opens_it(project_window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(
        ImportDialog, "exec", lambda self: qtbot.waitUntil(lambda: self.table is not None) or 1
    )
    path = tmp_path / "late_orders.csv"
    path.write_text("day,late\n2026-04-26,7.5\n2026-05-03,8.5\n")
    project_window._taker(path)(path)
    qtbot.waitUntil(lambda: bool(project_window.project.sheets()))
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    [sheet] = project_window.project.sheets()
    assert sheet.title == "late orders"
    assert project_window.navigation.target == sheet.id
    assert len(project_window.project.attachments(sheet.id)) == 1


def test_pasting_as_new_data(project_window, qtbot, monkeypatch):
    monkeypatch.setattr(
        ImportDialog, "exec", lambda self: qtbot.waitUntil(lambda: self.table is not None) or 1
    )
    QGuiApplication.clipboard().setText("day\tlate\n26.04.2026\t7,5\n27.04.2026\t8,5\n")
    project_window.bar.run("paste_sheet")
    qtbot.waitUntil(lambda: bool(project_window.project.sheets()))
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    [sheet] = project_window.project.sheets()
    assert [c.kind for c in sheet.columns] == ["datetime", "number"]


# metrics and newer files ------------------------------------------------------------------


def test_a_metric_is_bound_with_a_sentence_that_follows(page, project_window, qtbot, monkeypatch):
    said = []

    def fill(dialog):
        dialog.name.setText("Late")
        dialog.where.counts.setCurrentIndex(1)
        dialog.where.asked.setCurrentIndex(dialog.where.asked.findData("c3"))
        dialog.where.condition.op.setCurrentIndex(dialog.where.condition.op.findData("is"))
        dialog.where.condition.first.setText("North")
        dialog.where.period.setCurrentIndex(dialog.where.period.findData("week"))
        qtbot.waitUntil(lambda: "50.0 % on average" in dialog.preview.text())
        said.append(dialog.preview.text())
        dialog.use_average.click()
        return 1

    monkeypatch.setattr(MetricDialog, "exec", fill)
    metric_id = metric.edit_metric(page.session, None, project_window, sheet_id=page.record_id)
    found = page.session.record(metric_id)
    assert said == ["Late per week: 9 weeks, 50.0 % on average."]
    assert found.get("baseline") == 50.0
    assert binding_of(found).condition == Condition("c3", "is", ("North",))
    assert series_of(page.session, found).average == 50.0
    page.session.undo()
    assert page.session.records("metric") == []


def test_a_metric_of_a_column_is_proposed_from_the_column(page, project_window, qtbot, monkeypatch):
    monkeypatch.setattr(MetricDialog, "exec", lambda self: self.name.setText("Hours late") or 1)
    page.bind_metric(page.model.sheet.columns[1])
    [found] = page.session.records("metric")
    assert binding_of(found).value == "c2"
    assert page.session.sheet(page.record_id).columns[1].metric_id == found.id
    qtbot.waitUntil(lambda: project_window.jobs.idle)


def test_limits_the_wrong_way_round_are_said_in_place(page, project_window, qtbot):
    dialog = MetricDialog(page.session, None, None, project_window)
    qtbot.addWidget(dialog)
    dialog.name.setText("x")
    dialog.numbers["lsl"].setText("5")
    dialog.numbers["usl"].setText("3")
    dialog._check()
    assert "Exchange them" in dialog.problem.text()
    dialog.numbers["usl"].setText("much")
    dialog._check()
    assert "numbers" in dialog.problem.text()
    dialog.stop()


def test_replacing_by_a_newer_file_shows_what_changes_first(
    project_window, qtbot, tmp_path, monkeypatch
):
    from leanlab.app.importing import add_table, read
    from leanlab.ui.dialogs import refresh_data

    path, later = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("order,late\nA10,1.5\nA11,2.5\nA12,3.5\n")
    later.write_text("order,late\nA11,9.5\nA12,3.5\nA13,4.5\n")
    session = project_window.project
    sheet = add_table(session, read(path), title="Orders", file_name="a.csv")
    shown = []

    def look(dialog):
        qtbot.waitUntil(lambda: dialog.plan is not None)
        shown.extend(dialog.plan.sentences)
        assert dialog.keys["c1"].isChecked()
        return 1

    monkeypatch.setattr(RefreshDialog, "exec", look)
    refresh_data.refresh_from(project_window, sheet, "replace", later)
    qtbot.waitUntil(lambda: session.undo_label == "Replace the file of Orders")
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    assert shown[:4] == [
        "1 new row",
        "1 row with other values",
        "1 row as before",
        "1 row no longer in the file",
    ]
    assert session.column(sheet, "c2").tolist() == [9.5, 3.5, 4.5]
    assert session.row_ids(sheet).tolist() == [2, 3, 4]


def test_the_list_of_data_says_what_is_there(project_window, sheet, qtbot):
    project_window.project.add(
        "metric", {"name": "Hours", "binding": {"sheet_id": sheet, "value": "c2"}}
    )
    project_window.go_to("data")
    page = project_window.navigation.page
    qtbot.waitUntil(
        lambda: page.findChild(object, "metric_says_Y1").text().startswith("Hours: 59 values")
    )
    texts = [
        label.text() for label in page.findChildren(type(page.findChild(object, "metric_says_Y1")))
    ]
    assert "60 rows · 3 columns" in texts
    assert "1 cell does not fit its column." in texts


def test_pasting_without_text_or_columns_is_refused_in_words(page, monkeypatch):
    said = []
    monkeypatch.setattr(page.window_, "say", said.append)
    monkeypatch.setattr(page.window_, "show_problem", lambda problem: said.append(problem.message))
    QGuiApplication.clipboard().clear()
    page.editing.paste()
    assert said == ["There is nothing to paste."]
    for column in ("c1", "c2", "c3"):
        page.session.delete_column(page.record_id, column)
    page.session.delete_rows(page.record_id, page.session.row_ids(page.record_id).tolist())
    QGuiApplication.clipboard().setText("1\t2")
    page.editing.paste()
    assert said[-1] == "This data has no columns."
    assert page.session.row_ids(page.record_id).size == 0


def test_a_marked_cell_offers_what_it_may_have_meant(page):
    at(page, 17, 1)
    actions = {a.text(): a for a in cell_menu(page).actions()}
    actions["Correct to 3"].trigger()
    assert cells(page, "c2")[17] == 3.0
    assert page.session.undo_label == "Correct to 3"
    page.session.undo()
    actions = {a.text(): a for a in cell_menu(page).actions()}
    actions["Leave it missing"].trigger()
    assert not page.banner.isVisible()
    at(page, 3, 1)
    assert "Leave it missing" not in {a.text() for a in cell_menu(page).actions()}


def test_pasted_new_columns_are_read_as_a_file_would_be(page):
    QGuiApplication.clipboard().setText("North\t15%\t05.01.2026\nSouth\t7,5%\tnever\n")
    at(page, 4, 2)
    page.editing.paste()
    share, day = page.session.sheet(page.record_id).columns[3:]
    assert (share.kind, share.unit, day.kind) == ("number", "%", "category")
    assert cells(page, share.id)[4:6] == [15.0, 7.5]
    assert np.isnan(cells(page, share.id)[3])
    assert cells(page, day.id)[4:6] == ["05.01.2026", "never"]


def test_a_typed_number_shows_the_decimals_it_is_typed_with(project_window, qtbot):
    project_window.bar.run("new_sheet")
    typed = project_window.navigation.page
    typed.model.setData(typed.model.index(0, 1), "8")
    assert typed.model.index(0, 1).data() == "8"
    typed.model.setData(typed.model.index(1, 1), "7,25")
    assert [typed.model.index(r, 1).data() for r in (0, 1)] == ["8.00", "7.25"]


def test_typing_goes_on_after_a_first_number_with_decimals(project_window, qtbot):
    project_window.bar.run("new_sheet")
    page = project_window.navigation.page
    qtbot.waitUntil(page.view.hasFocus)
    at(page, 0, 1)
    qtbot.keyClicks(page.view, "1")
    [editor] = page.view.viewport().findChildren(QLineEdit)
    editor.setText("12,5")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.index(0, 1).data() == "12.5")
    assert page.view.currentIndex().row() == 1
    assert page.view.hasFocus()


def test_importing_into_a_read_only_project_is_refused_before_a_file_is_chosen(
    project_window, monkeypatch
):
    monkeypatch.setattr(type(project_window.session), "read_only", property(lambda _: True))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: pytest.fail("asked for a file"))
    said = []
    monkeypatch.setattr(project_window, "say", said.append)
    project_window.bar.run("import")
    assert said == ["This project was opened read-only."]
    project_window.bar.refresh()
    assert not project_window.bar.actions["import"].isEnabled()


def test_data_is_exported_and_an_existing_file_is_not_replaced_unasked(
    page, project_window, qtbot, monkeypatch, tmp_path
):
    kinds = ["CSV table (*.csv)", "Excel workbook (*.xlsx)"]
    answers = iter([(str(tmp_path / "out"), kinds[1]), (str(tmp_path / "out"), kinds[0]), ("", "")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: next(answers))
    (tmp_path / "out.csv").write_text("mine")
    asked = []
    monkeypatch.setattr(
        messages, "ask", lambda _w, problem, _v: bool(asked.append(problem.message))
    )
    for _ in range(3):
        project_window.bar.run("export_data")
        qtbot.waitUntil(lambda: project_window.jobs.idle)
    assert (tmp_path / "out.xlsx").stat().st_size > 1000
    assert asked == ["There is a file named out.csv."]
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_a_key_far_to_the_right_is_offered_first_and_calculated_columns_never(
    project_window, session, qtbot, tmp_path
):
    path = tmp_path / "wide.csv"
    names = [f"m{i}" for i in range(12)]
    lines = [",".join([*names, "order"])]
    lines += [",".join([*"1" * 12, f"A{100 + i}"]) for i in range(5)]
    path.write_text("\n".join(lines))
    table = read(path)
    made = add_table(session, table, title="Wide", file_name="wide.csv")
    session.add_calculated_column(made, "sum", "m0 + m1")
    dialog = RefreshDialog(made, table, "add", project_window)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert next(iter(dialog.keys)) == "c13"
    assert dialog.keys["c13"].isChecked()
    assert len(dialog.keys) == 13
    assert dialog.found.text().splitlines()[2] == "• 5 rows as before"
