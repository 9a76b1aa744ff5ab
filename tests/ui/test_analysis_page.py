from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QWidget,
)

from leanlab.analyses.declare import Finding
from leanlab.analyses.registry import find
from leanlab.app import marks, results, stored
from leanlab.data.columns import ColumnData
from leanlab.ui.figure_widget import FigureWidget
from leanlab.ui.pages.analysis import AnalysisPage
from leanlab.ui.pages.analysis_tabs import options_in_words

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours
N = 30
VALUES = np.round(10 + np.sin(np.arange(N)), 1)
VALUES[16] = 20.0


@pytest.fixture
def sheet(session):
    days = np.datetime64("2026-04-01", "s") + 86400 * np.arange(N)
    return session.add_sheet(
        "Deliveries",
        [
            ColumnData("day", "datetime", days),
            ColumnData("late_h", "number", VALUES, unit="h", decimals=1),
            ColumnData("touches", "number", VALUES * 2, decimals=1),
            ColumnData("carrier", "category", np.asarray(["N", "S"] * (N // 2), dtype=object)),
        ],
    )


@pytest.fixture
def chart(session, sheet):
    return stored.add_analysis(session, "spc.i_mr", sheet)


@pytest.fixture
def page(qtbot, project_window, chart):
    project_window.resize(1280, 820)
    project_window.go_to(chart)
    found = project_window.navigation.page
    assert isinstance(found, AnalysisPage)
    computed(qtbot, found)
    return found


def computed(qtbot, page, old=None):
    qtbot.waitUntil(
        lambda: page.presentation is not None and page.presentation is not old, timeout=30_000
    )
    qtbot.waitUntil(lambda: page.window_.jobs.idle, timeout=30_000)
    return page.presentation


def test_opening_draws_the_picture_once(qtbot, project_window, chart, monkeypatch):
    drawn = []
    own = FigureWidget._draw
    monkeypatch.setattr(
        FigureWidget, "_draw", lambda widget: (drawn.append(widget.size()), own(widget))
    )
    project_window.resize(1280, 820)
    project_window.go_to(chart)
    page = project_window.navigation.page
    with qtbot.waitSignal(page.chart.canvas.painted, timeout=30_000):
        computed(qtbot, page)
    qtbot.waitUntil(lambda: not page.chart.canvas._settle.isActive())
    page.grab()
    assert drawn == [page.chart.canvas.size()]


def child(page, name, kind=QWidget):
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def answering(qtbot, act, fill):
    """Do `act`, and fill the dialog that it opens."""
    seen = []

    def answer():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, answer)
            return
        seen.append(dialog)
        fill(dialog)

    QTimer.singleShot(0, answer)
    act()
    assert seen, "no dialog came"


def press_ok(dialog):
    buttons = dialog.findChildren(QPushButton)
    next(b for b in buttons if b.isDefault() or b.autoDefault()).click()


# columns and options -------------------------------------------------------------------------


def test_the_result_of_the_guessed_columns_is_shown(page):
    assert len(page.presentation.numbers["i.points"]) == N
    assert page.title.text() == "I-MR chart: late_h"
    assert "n = 30" in page.caption.text()
    assert page.says.sentences.startswith("Verdict: ")


def test_another_option_is_stored_and_computed_at_once(qtbot, page, session, chart):
    before = page.presentation
    box = child(page, "option_rules", QComboBox)
    box.setCurrentIndex(box.findData("nelson"))
    box.activated.emit(box.currentIndex())
    computed(qtbot, page, before)
    assert session.record(chart).get("options")["rules"] == "nelson"
    assert session.undo_label == "Change options"
    session.undo()
    qtbot.waitUntil(lambda: box.currentData() == "standard")


def test_a_wrong_option_is_said_beside_its_field_and_changes_nothing(qtbot, page, session, chart):
    child(page, "more_options").click()
    line = child(page, "option_k", QLineEdit)
    line.setText("99")
    line.editingFinished.emit()
    problem = page.setup.forms[1]._problems["k"]
    assert problem.isVisible()
    assert "1 to 6" in problem.text()
    assert session.record(chart).get("options") == {}
    line.setText("2,5")
    line.editingFinished.emit()
    assert session.record(chart).get("options")["k"] == 2.5
    assert not problem.isVisible()


def test_only_suitable_columns_can_be_chosen_and_the_others_say_why(page):
    box = child(page, "role_value", QComboBox)
    items = {box.itemText(i): box.model().item(i).isEnabled() for i in range(box.count())}
    assert items["late_h (h)"]
    assert items["touches"]
    grey = next(text for text in items if text.startswith("carrier"))
    assert grey == "carrier"
    assert not items[grey]


def test_the_column_is_switched_with_one_key(qtbot, page, session, chart):
    before = page.presentation
    qtbot.keyClick(page, Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
    computed(qtbot, page, before)
    assert session.record(chart).get("roles")["value"] == ["c3"]
    assert page.title.text() == "I-MR chart: touches"


def drag(box, data):
    """Drag something into a box and let it go there."""
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    entered.ignore()
    QApplication.sendEvent(box, entered)
    if entered.isAccepted():
        QApplication.sendEvent(box, QDropEvent(QPointF(5, 5), copy, data, left, none))
    return entered.isAccepted()


def test_a_column_is_dragged_onto_a_role_in_one_step(qtbot, page, session, chart):
    child(page, "show_all_columns").click()
    columns = child(page, "all_columns", QListWidget)
    assert [columns.item(i).text() for i in range(columns.count())] == [
        "day", "late_h (h)", "touches", "carrier",
    ]  # fmt: skip
    before = page.presentation
    assert drag(child(page, "drop_value"), columns.mimeData([columns.item(2)]))
    computed(qtbot, page, before)
    assert session.record(chart).get("roles")["value"] == ["c3"]
    session.undo()
    assert session.record(chart).get("roles")["value"] == ["c2"]


def test_a_column_that_does_not_suit_is_refused_with_the_reason(page, session, chart):
    columns = child(page, "all_columns", QListWidget)
    assert not drag(child(page, "drop_value"), columns.mimeData([columns.item(3)]))
    assert "carrier holds categories" in page.window_.statusBar().currentMessage()
    assert session.record(chart).get("roles")["value"] == ["c2"]


def test_a_bound_metric_is_read_over_time_instead_of_columns(qtbot, page, session, sheet, chart):
    binding = {
        "sheet_id": sheet,
        "date": "c1",
        "value": "c2",
        "period": "week",
        "statistic": "mean",
    }
    metric = session.add("metric", {"name": "Late hours", "unit": "h", "binding": binding})
    qtbot.waitUntil(lambda: child(page, "source", QComboBox).findData(metric) >= 0)
    before = page.presentation
    box = child(page, "source", QComboBox)
    box.setCurrentIndex(box.findData(metric))
    box.activated.emit(box.currentIndex())
    after = computed(qtbot, page, before)
    qtbot.waitUntil(lambda: len(page.presentation.numbers["i.points"]) < N)
    assert after is not None
    assert session.record(chart).get("metric_id") == metric
    assert page.title.text() == "I-MR chart: Late hours"
    assert not child(page, "role_value").isVisible()
    page.chart.canvas.select(1)
    assert len(page.chart.canvas.rows_of_selected()) > 1
    session.undo()
    qtbot.waitUntil(lambda: child(page, "role_value").isVisible())
    qtbot.waitUntil(lambda: len(page.presentation.numbers["i.points"]) == N)


def test_a_missing_column_is_picked_with_one_click(qtbot, page, session, chart):
    stored.choose_columns(session, chart, "value", [])
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 1)
    assert not page.save_button.isEnabled()
    qtbot.waitUntil(lambda: page.findChild(QPushButton, "pick_value_c3") is not None)
    child(page, "pick_value_c3", QPushButton).click()
    computed(qtbot, page)
    assert session.record(chart).get("roles")["value"] == ["c3"]
    assert page.stack.currentIndex() == 0


def test_a_problem_stands_in_place_with_the_way_back(qtbot, page, session, sheet):
    session.set_cells(sheet, [(row, "c2", "5") for row in range(1, N + 1)], label="Level all")
    qtbot.waitUntil(lambda: page.run is None or page.run.columns.one("value").values.max() == 5)
    qtbot.waitUntil(lambda: page.window_.jobs.idle)
    if page.stack.currentIndex() == 1:
        child(page, "undo_here", QPushButton).click()
    else:
        session.undo()
    qtbot.waitUntil(
        lambda: page.run is not None and page.run.columns.one("value").values.max() == 20
    )


def test_the_title_is_edited_in_place(qtbot, page, session, chart):
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert not page.title.isReadOnly()
    page.title.setText("Waiting")
    qtbot.keyClick(page.title, Qt.Key.Key_Return)
    assert session.record(chart).get("title") == "Waiting"
    page.title.begin()
    page.title.setText("No")
    qtbot.keyClick(page.title, Qt.Key.Key_Escape)
    assert session.record(chart).get("title") == "Waiting"
    assert page.title.text() == "Waiting"


def test_changed_data_are_computed_and_the_old_picture_stays_until_then(
    qtbot, page, session, sheet
):
    before = page.presentation
    session.set_cells(sheet, [(1, "c2", "30")])
    assert page.chart.chart is before.charts[0]
    after = computed(qtbot, page, before)
    assert after.numbers["i.points"][0] == 30


def test_an_edit_elsewhere_computes_nothing(qtbot, page, session):
    before = page.presentation
    session.add("cause", {"text": "gate 2"})
    assert not page._later.isActive()
    assert page.presentation is before


# points --------------------------------------------------------------------------------------


def test_a_point_is_excluded_by_keyboard_with_a_reason(qtbot, page, session, chart):
    before, canvas = page.presentation, page.chart.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    canvas.select(16)

    def fill(dialog):
        qtbot.waitUntil(lambda: "With point 17" in dialog.effect.text())
        press_ok(dialog)
        assert dialog.isVisible(), "without a reason it must stay"
        dialog.box.setCurrentText("carrier strike")
        press_ok(dialog)

    answering(qtbot, lambda: qtbot.keyClick(canvas, Qt.Key.Key_Delete), fill)
    after = computed(qtbot, page, before)
    assert marks.marks_of(session, chart).excluded[0].reason == "carrier strike"
    assert after.numbers["i.ucl"][0] < before.numbers["i.ucl"][0]
    assert "1 excluded" in page.caption.text()
    assert session.undo_label == "Exclude point 17"
    assert "excluded" in canvas.describe()


def test_an_exclusion_can_reach_all_analyses_of_the_data(qtbot, page, session, sheet, chart):
    stored.add_analysis(session, "spc.run_chart", sheet)
    page.chart.canvas.select(16)

    def fill(dialog):
        dialog.everywhere.click()
        assert "Run chart: late_h" in dialog.consequence.text()
        dialog.box.setCurrentText("measurement error")
        press_ok(dialog)

    before = page.presentation
    answering(qtbot, lambda: page.points.do("exclude"), fill)
    computed(qtbot, page, before)
    assert session.row_states(sheet)[17].reason == "measurement error"
    assert "1 excluded in the data" in page.subtitle.text()
    before = page.presentation
    page.points.do("include")
    computed(qtbot, page, before)
    assert session.row_states(sheet) == {}


def test_a_stage_starts_because_of_a_process_change(qtbot, page, session, sheet, chart):
    metric = session.add("metric", {"name": "late"})
    session.edit_column(sheet, "c2", metric_id=metric)
    action = session.add(
        "action",
        {
            "title": "New cut-off", "status": "done", "done_on": "2026-04-21",
            "process_change": True, "metric_id": metric,
        },
    )  # fmt: skip
    page.chart.canvas.select(20)

    def fill(dialog):
        dialog.action.setCurrentIndex(dialog.action.findData(action))
        dialog.action.activated.emit(dialog.action.currentIndex())
        assert dialog.text == "New cut-off"
        press_ok(dialog)

    before = page.presentation
    answering(qtbot, lambda: page.points.do("stage"), fill)
    after = computed(qtbot, page, before)
    qtbot.waitUntil(lambda: len(page.presentation.numbers["mean_by_stage"]) == 2)
    assert after is not None
    assert ("stage_because", action) in {(k.verb, k.to_id) for k in session.links(chart)}
    page.chart.canvas.select(20)
    assert "unstage" in {verb.id for verb in page.points.verbs()}
    page.points.do("unstage")
    assert marks.marks_of(session, chart).stages == ()


def test_a_note_is_written_and_shown(qtbot, page, session, chart):
    page.chart.canvas.select(3)

    def fill(dialog):
        dialog.box.setCurrentText("new scale")
        press_ok(dialog)

    answering(qtbot, lambda: qtbot.keyClick(page.chart.canvas, Qt.Key.Key_A), fill)
    assert marks.note_at(marks.marks_of(session, chart), [4]) == "new scale"


def test_the_points_used_for_the_limits_end_here_and_are_released(qtbot, page, session, chart):
    canvas = page.chart.canvas
    canvas.select(9)
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    assert marks.marks_of(session, chart).limits_until == 10
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    assert marks.marks_of(session, chart).limits_until is None


def test_the_menu_offers_what_can_be_done_now(qtbot, page, session, chart):
    assert [a.text() for a in page.points.menu().actions()] == ["Show the whole chart\t0"]
    page.chart.canvas.select(16)
    texts = [a.text().partition("\t")[0] for a in page.points.menu().actions()]
    assert "Exclude…" in texts
    assert "Include again" not in texts
    before = page.presentation
    marks.exclude(session, chart, [17], "strike", point="point 17")
    computed(qtbot, page, before)
    texts = [a.text().partition("\t")[0] for a in page.points.menu().actions()]
    assert "Include again" in texts
    assert "Exclude…" not in texts


def test_a_signal_becomes_an_action(page, session):
    page.chart.canvas.select(16)
    page.points.do("action")
    action = session.records("action")[0]
    assert "point 17" in action.get("title")


def test_stages_that_were_marked_later_on_another_chart_can_be_taken_over(
    qtbot, project_window, session, sheet, chart
):
    proof = stored.add_analysis(session, "compare.before_after", sheet)
    stored.start_stage(session, chart, [21], "New list", point="point 21")
    project_window.go_to(proof)
    page = project_window.navigation.page
    before = computed(qtbot, page)
    offer = page.findChild(QPushButton, "offer")
    assert offer.text() == "Take 'New list' from another chart"
    offer.click()
    computed(qtbot, page, before)
    assert page.presentation.numbers["n_after"] == 10
    assert session.undo_label == "Take the stages of another chart"


def test_the_point_of_the_next_step_is_the_one_that_can_be_shown(qtbot, page):
    shown = page.presentation
    assert shown.findings[-1].points == (16,)
    assert page.findChild(QPushButton, "show_point_17") is not None


def test_where_all_is_well_the_next_step_leads_to_no_signal_that_is_over(page):
    well = Finding("verdict", "The improvement is confirmed.", "good")
    for verdict, leads in ((well, False), (replace(well, level="warning"), True)):
        findings = (verdict, Finding("next", "Hold the gain."))
        shown = replace(page.presentation, findings=findings)
        assert bool(page.says._signals(shown)) is leads


def test_a_comparison_without_stages_shows_its_points_so_that_one_can_be_marked(
    qtbot, project_window, session, sheet
):
    project_window.go_to(stored.add_analysis(session, "compare.before_after", sheet))
    page = project_window.navigation.page
    before = computed(qtbot, page)
    assert not page.finished
    assert not page.save_button.isEnabled()
    page.save_result()
    assert session.records("finding") == []
    assert page.findChild(QPushButton, "offer") is None  # no other chart has stages
    page.chart.canvas.select(20)
    assert "stage" in {verb.id for verb in page.points.verbs()}
    stored.start_stage(session, page.record_id, [21], "New list", point="point 21")
    computed(qtbot, page, before)
    assert page.finished
    assert page.presentation.numbers["n_after"] == 10


def test_a_point_leads_to_its_data_row(page, project_window, sheet):
    page.chart.canvas.select(16)
    page.points.do("row")
    assert project_window.navigation.target == sheet
    shown = project_window.navigation.page
    assert shown.view.selected_rows() == [16]
    assert shown.view.whole_rows()


def test_selected_points_are_selected_rows_and_the_other_way_round(
    qtbot, page, project_window, session, sheet, chart
):
    canvas = page.chart.canvas
    canvas.select(3)
    canvas.toggle(8)
    canvas.toggle(9)
    project_window.go_to(sheet)
    data = project_window.navigation.page
    assert data.view.selected_rows() == [3, 8, 9]
    data.view.select_whole([5, 20])
    data.show_on_chart(chart)
    assert canvas.chosen.tolist() == [5, 20]
    assert page.points.text.text().startswith("Points 6 and 21, at point 21")
    other = stored.add_analysis(session, "spc.run_chart", sheet)
    project_window.go_to(other)
    run = project_window.navigation.page
    computed(qtbot, run)
    assert run.chart.canvas.chosen.tolist() == [5, 20]


def test_rows_that_a_filter_hides_are_shown_when_their_points_are_selected(
    page, project_window, session, sheet
):
    from leanlab.data.views import Condition

    project_window.go_to(sheet)
    data = project_window.navigation.page
    data.filter_by(Condition("c2", "above", ("15",)))
    assert data.model.shown == 1
    page.chart.canvas.select(2)
    page._put_brush()
    data.shown()
    assert data.view.selected_rows() == [2]


def test_the_menu_of_the_data_leads_to_its_charts(page, project_window, sheet):
    from leanlab.ui.sheets.menus import cell_menu

    project_window.go_to(sheet)
    data = project_window.navigation.page
    data.view.select_whole([16])
    menu = cell_menu(data)
    shown = menu.findChild(QMenu, "show_on_chart")
    assert [a.text() for a in shown.actions()] == ["I-MR chart: late_h"]
    shown.actions()[0].trigger()
    assert project_window.navigation.page is page
    assert page.chart.canvas.chosen.tolist() == [16]


def test_space_and_control_pick_single_points(qtbot, page):
    canvas = page.chart.canvas
    canvas.setFocus()
    canvas.select(4)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Right, control)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, control)
    assert canvas.chosen.tolist() == [4]
    assert canvas.current == 6
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.chosen.tolist() == [4, 6]
    assert page.points._what == "points 5 and 7"
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, control)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, control)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.chosen.tolist() == []
    assert page.points.verbs() == []


def test_single_points_are_excluded_together(qtbot, page, session, chart):
    page.chart.canvas.select(3)
    page.chart.canvas.toggle(16)

    def fill(dialog):
        dialog.box.setCurrentText("trial")
        press_ok(dialog)

    before = page.presentation
    answering(qtbot, lambda: page.points.do("exclude"), fill)
    computed(qtbot, page, before)
    assert marks.marks_of(session, chart).excluded[0].row_ids == (4, 17)
    assert session.undo_label == "Exclude points 4 and 17"


# causes --------------------------------------------------------------------------------------


def test_a_new_cause_of_a_point_is_one_step_and_stands_in_the_fishbone(qtbot, page, session, chart):
    page.chart.canvas.select(16)

    def fill(dialog):
        press_ok(dialog)
        assert dialog.isVisible(), "without words it must stay"
        dialog.box.setText("carrier strike")
        dialog.branch.setCurrentIndex(dialog.branch.findText("Method"))
        press_ok(dialog)

    answering(qtbot, lambda: qtbot.keyClick(page.chart.canvas, Qt.Key.Key_C), fill)
    cause = session.records("cause")[0]
    assert (cause.get("text"), cause.get("branch")) == ("carrier strike", "Method")
    assert cause.get("observed_on") == "2026-04-17"
    assert cause.get("evidence").startswith("Point 17, 17 Apr 2026, 20.0")
    assert "I-MR chart: late_h" in cause.get("evidence")
    assert marks.note_at(marks.marks_of(session, chart), [17]) == "carrier strike"
    assert ("explained_by", cause.id) in {(k.verb, k.to_id) for k in session.links(chart)}
    assert session.undo_label == "Assign cause to point 17"
    session.undo()
    assert session.records("cause") == []
    assert marks.note_at(marks.marks_of(session, chart), [17]) == ""
    assert session.links(chart) == []


def test_a_known_cause_is_linked_and_keeps_what_was_seen_before(qtbot, page, session, chart):
    known = session.add("cause", {"text": "gate 2 blocked", "evidence": "seen in May"})
    session.add("cause", {"text": "new staff"})
    marks.annotate(session, chart, [17], "busy day", point="point 17")
    page.chart.canvas.select(16)

    def fill(dialog):
        dialog.box.setText("gate")
        assert dialog.list.count() == 1
        dialog.list.setCurrentRow(0)
        assert not dialog.branch.isEnabled()
        press_ok(dialog)

    answering(qtbot, lambda: page.points.do("cause"), fill)
    seen = session.record(known).get("evidence")
    assert seen.startswith("seen in May\nPoint 17")
    assert marks.note_at(marks.marks_of(session, chart), [17]) == "busy day"
    assert len(session.records("cause")) == 2


# saving, copying -----------------------------------------------------------------------------


def test_what_is_shown_is_saved_and_listed(qtbot, page, session, sheet, chart):
    page.save_button.click()
    saved = results.results_of(session, chart)
    assert len(saved) == 1
    assert len(saved[0].get("numbers")["i.points"]) == N
    qtbot.waitUntil(lambda: page.tabs.tabText(page.tabs.count() - 1) == "Saved (1)")
    before = page.presentation
    session.set_cells(sheet, [(1, "c2", "12")])
    computed(qtbot, page, before)
    qtbot.waitUntil(lambda: page.tabs._saved[0][1] == "old")


def test_sentences_tables_and_code_are_copied(qtbot, page):
    page.copy_sentences()
    assert QGuiApplication.clipboard().text().startswith("Verdict: ")
    page.copy_tables()
    data = QGuiApplication.clipboard().mimeData()
    assert "\t" in data.text()
    assert "<table" in data.html()
    page.copy_code()
    qtbot.waitUntil(
        lambda: "from leanlab.stats.spc import i_mr" in QGuiApplication.clipboard().text()
    )


@pytest.mark.parametrize("ending", [".png", ".svg", ".xlsx", ".csv", ".pdf"])
def test_a_result_is_written_to_a_file(page, tmp_path, ending):
    from leanlab.ui.dialogs.export import write

    path = tmp_path / f"out{ending}"
    write(path, page.run, page.presentation, "Late hours", page.chart.chart)
    begins = {
        ".png": b"\x89PNG",
        ".svg": b"<?xml",
        ".xlsx": b"PK",
        ".csv": b"\xef\xbb\xbf",
        ".pdf": b"%PDF",
    }
    assert path.read_bytes().startswith(begins[ending])


def test_the_export_takes_the_ending_of_the_chosen_kind(tmp_path):
    from leanlab.ui.dialogs.export import FILTERS, with_ending

    assert with_ending(tmp_path / "a", FILTERS[".xlsx"], FILTERS).name == "a.xlsx"
    assert with_ending(tmp_path / "a.svg", FILTERS[".png"], FILTERS).name == "a.svg"
    assert with_ending(tmp_path / "v1.2", FILTERS[".png"], FILTERS).name == "v1.2.png"


def test_a_duplicate_opens(page, project_window, session, chart):
    page.duplicate_button.click()
    assert project_window.navigation.target != chart
    assert len(session.records("analysis")) == 2


def test_a_deleted_analysis_closes_its_page(qtbot, page, project_window, session, chart):
    session.delete(chart)
    assert project_window.navigation.target != chart


# room, keys, access --------------------------------------------------------------------------


def test_on_a_small_window_the_verdict_and_five_lines_more_are_seen_below_the_chart(
    qtbot, page, project_window
):
    project_window.resize(1440, 900)
    qtbot.waitUntil(lambda: page.tabs.indexOf(page.says) == -1)
    project_window.resize(1024, 640)
    qtbot.waitUntil(lambda: page.tabs.indexOf(page.says) == 0)
    assert page.chart.canvas.height() >= 236
    assert page.chart.canvas.width() >= 400
    view = page.says.viewport()

    def lines_below_the_verdict():
        seen = [v for v in view.findChildren(QLabel, "verdict") if v.isVisible()]
        if not seen:
            return 0
        verdict = seen[0]
        below = view.height() - verdict.mapTo(view, verdict.rect().bottomLeft()).y()
        return below / verdict.fontMetrics().lineSpacing()

    qtbot.waitUntil(lambda: lines_below_the_verdict() >= 5, timeout=5000)


def test_without_the_options_a_small_window_shows_the_sentences_beside_the_chart(
    qtbot, page, project_window
):
    project_window.resize(1024, 640)
    qtbot.waitUntil(lambda: page.tabs.indexOf(page.says) == 0)
    page.fold.click()
    qtbot.waitUntil(lambda: page.tabs.indexOf(page.says) == -1)
    assert page.says.isVisible()
    assert page.says.height() > 400
    assert page.panes_.columns.indexOf(page.says) == 2
    page.fold.click()
    qtbot.waitUntil(lambda: page.tabs.indexOf(page.says) == 0)


def test_how_the_room_was_shared_is_remembered_for_the_next_page_and_can_be_put_back(
    qtbot, page, project_window, session, sheet
):
    page.panes_.rows.handle(1).setFocus()
    usual = page.panes_.rows.sizes()[0]
    for _ in range(3):
        qtbot.keyClick(page.panes_.rows.handle(1), Qt.Key.Key_Up)
    moved = page.panes_.rows.sizes()[0]
    assert moved < usual
    project_window.go_to(stored.add_analysis(session, "spc.run_chart", sheet))
    other = project_window.navigation.page
    computed(qtbot, other)
    assert abs(other.panes_.rows.sizes()[0] - moved) <= 4
    qtbot.keyClick(other.panes_.rows.handle(1), Qt.Key.Key_Home)
    assert abs(other.panes_.rows.sizes()[0] - usual) <= 4


def test_the_folded_options_are_remembered_apart_for_wide_and_small_windows(page, project_window):
    project_window.resize(1024, 640)
    page.fold.click()
    assert not page.setup.isVisible()
    project_window.resize(1440, 900)
    assert page.setup.isVisible()
    assert page.fold.isChecked()
    project_window.resize(1024, 640)
    assert not page.setup.isVisible()
    assert not page.fold.isChecked()


def test_titles_keep_their_height_when_the_theme_changes_and_end_in_an_ellipsis(
    page, project_window, session, chart
):
    project_window.set_theme("dark")
    assert page.title.height() >= page.title.fontMetrics().height()
    long = "The departure delay of all lorries in the evening wave " * 3
    stored.rename(session, chart, long.strip())
    assert page.title.text() == long.strip()
    assert long.strip() in page.title.toolTip()


def test_a_caption_of_several_lines_is_shown_whole(page, project_window):
    project_window.resize(1440, 900)
    page.foot.show_caption("rules: Standard · sigma from mean moving range / d2 · " * 4)
    page.layout().activate()
    lines = page.caption.height() / page.caption.fontMetrics().lineSpacing()
    assert lines >= 2
    assert page.caption.toolTip() == ""


def test_the_options_fold_away(page):
    page.fold.click()
    assert not page.setup.isVisible()
    page.fold.click()
    assert page.setup.isVisible()


def test_every_control_has_a_name_for_screen_readers(page):
    nameless = [
        w for w in page.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.isVisible() and not w.accessibleName() and w.objectName() != "qt_tabwidget_tabbar"
        and not w.inherits("QTabWidget") and not w.inherits("QScrollArea") and not w.inherits("QTabBar")
    ]  # fmt: skip
    assert not nameless, [(type(w).__name__, w.objectName()) for w in nameless]


def test_a_read_only_project_shows_but_does_not_change(qtbot, window, session, chart):
    from leanlab.app.session import Session

    session.save()
    session.close()
    opened = Session.open(session.path, read_only=True)
    window.show_project(opened)
    window.go_to(chart)
    page = window.navigation.page
    computed(qtbot, page)
    page.chart.canvas.select(16)
    assert {verb.id for verb in page.points.verbs()} == {"row"}
    assert not page.save_button.isEnabled()
    assert not child(page, "role_value").isEnabled()


# lists and saved results ---------------------------------------------------------------------


def test_the_list_filters_by_state_and_title(qtbot, project_window, session, sheet, chart):
    stored.add_analysis(session, "spc.run_chart", sheet)
    results.save_result(session, chart)
    session.set_cells(sheet, [(1, "c2", "12")])
    project_window.go_to("analyses")
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: len(page._states) == 2)

    def rows():
        cards = [w for w in page.findChildren(QWidget) if w.property("record") and w.isVisible()]
        return {w.property("record") for w in cards}

    page.filter.setCurrentIndex(page.filter.findData("old"))
    page.filter.activated.emit(0)
    qtbot.waitUntil(lambda: rows() == {chart})
    page.filter.setCurrentIndex(0)
    page.box.setText("run")
    qtbot.waitUntil(lambda: len(rows()) == 1 and chart not in rows())
    child(page, f"delete_{rows().pop()}", QPushButton).click()
    assert [r.id for r in session.records("analysis")] == [chart]
    assert session.undo_label == "Delete Run chart: late_h"


def test_a_saved_result_offers_to_recompute_or_to_keep(
    qtbot, project_window, session, sheet, chart
):
    saved = results.save_result(session, chart)
    session.set_cells(sheet, [(1, "c2", "12")])
    project_window.go_to(saved)
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: page.findChild(QPushButton, "keep_result") is not None)
    child(page, "recompute", QPushButton).click()
    assert session.record(saved).get("numbers")["i.points"][0] == 12
    qtbot.waitUntil(lambda: page._standing != "old")
    session.set_cells(sheet, [(1, "c2", "13")])
    qtbot.waitUntil(lambda: page._standing == "old")
    child(page, "keep_result", QPushButton).click()
    assert session.record(saved).get("numbers")["i.points"][0] == 12
    qtbot.waitUntil(lambda: page._standing == "kept")
    assert "data changed since" in " ".join(w.text() for w in page.findChildren(QLabel))
    project_window.go_to("analyses")
    listed = project_window.navigation.page
    qtbot.waitUntil(lambda: listed._state(session.record(chart)).kind == "kept")
    assert "kept as of" in " ".join(w.text() for w in listed.findChildren(QLabel))


def test_unsuitable_columns_keep_their_name_and_tell_the_reason_in_a_tool_tip(page):
    combo = child(page, "role_value", QComboBox)
    at = combo.findText("carrier")
    item = combo.model().item(at)
    assert not item.isEnabled()
    assert "carrier holds categories; Value needs numbers" in item.toolTip()


def test_a_confidence_is_told_in_percent():
    words = dict(options_in_words(find("descriptive.summary").options()))
    assert words["Confidence"] == "95 %"


def test_the_method_says_what_the_rules_cost(qtbot, page):
    page.tabs.setCurrentIndex(next(i for i in range(page.tabs.count()) if page.tabs.tabText(i) == "Method"))  # fmt: skip
    told = child(page.tabs, "rule_cost", QLabel)
    qtbot.waitUntil(lambda: "false alarm" in told.text(), timeout=30_000)
    assert "every 217 points" in told.text()  # measured and published: about 215 to 220
    assert "charts with 30 points, 1" in told.text()
