"""The keyboard map: every key does what it says, wherever the focus is."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton

from leanlab.app import links, results, stored
from leanlab.data.columns import ColumnData
from leanlab.ui import messages
from leanlab.ui.dialogs import links as links_dialog
from leanlab.ui.dialogs.help import HelpDialog, about
from leanlab.ui.dialogs.links import LinksDialog
from leanlab.ui.pages.analysis import AnalysisPage
from leanlab.ui.palette_dialog import PaletteDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours
N = 30
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def sheet(session):
    values = np.round(10 + np.sin(np.arange(N)), 1)
    values[16] = 20
    days = np.datetime64("2026-04-01", "s") + 86400 * np.arange(N)
    columns = [
        ColumnData("day", "datetime", days),
        ColumnData("late_h", "number", values, unit="h", decimals=1),
    ]
    return session.add_sheet("Deliveries", columns)


@pytest.fixture
def chart(session, sheet):
    return stored.add_analysis(session, "spc.i_mr", sheet, phase="measure")


@pytest.fixture
def press(qtbot, project_window):
    """Press keys where the focus is, in the active window."""
    project_window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is project_window)

    def pressed(key, modifiers=Qt.KeyboardModifier.NoModifier):
        qtbot.keyClick(QApplication.focusWidget() or project_window, key, modifiers)

    return pressed


def opened(qtbot, window, chart):
    window.go_to(chart)
    page = window.navigation.page
    assert isinstance(page, AnalysisPage)
    qtbot.waitUntil(lambda: page.presentation is not None, timeout=30_000)
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=30_000)
    return page


# places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (Qt.Key.Key_1, "home"), (Qt.Key.Key_2, "phase:define"), (Qt.Key.Key_3, "phase:measure"),
        (Qt.Key.Key_4, "phase:analyse"), (Qt.Key.Key_5, "phase:improve"),
        (Qt.Key.Key_6, "phase:control"), (Qt.Key.Key_7, "data"), (Qt.Key.Key_8, "analyses"),
        (Qt.Key.Key_9, "actions"),
    ],
)  # fmt: skip
def test_control_and_a_digit_lead_to_a_place(project_window, press, key, place):
    project_window.go_to("report")
    press(key, CONTROL)
    assert project_window.navigation.target == place


def test_alt_and_arrows_go_back_forward_and_up(qtbot, project_window, press, chart):
    project_window.go_to("home")
    opened(qtbot, project_window, chart)
    press(Qt.Key.Key_Up, ALT)
    assert project_window.navigation.target == "phase:measure"
    press(Qt.Key.Key_Left, ALT)
    assert project_window.navigation.target == chart
    press(Qt.Key.Key_Right, ALT)
    assert project_window.navigation.target == "phase:measure"


def test_f6_walks_through_the_panes_of_an_analysis_and_back(qtbot, project_window, press, chart):
    project_window.resize(1440, 900)
    page = opened(qtbot, project_window, chart)
    project_window.sidebar.setFocus()
    seen = []
    for _ in range(6):
        press(Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen[0] is page.setup
    assert seen[1] is page.chart.canvas
    assert page.says.isAncestorOf(seen[2]) or seen[2] is page.says
    assert page.tabs.isAncestorOf(seen[3]) or seen[3] is page.tabs
    assert seen[4] is project_window.header.find_box
    assert seen[5] is project_window.sidebar
    press(Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is project_window.header.find_box


def test_the_next_signal_is_found_from_anywhere_on_the_page(qtbot, project_window, press, chart):
    page = opened(qtbot, project_window, chart)
    page.setup.setFocus()
    press(Qt.Key.Key_Period, CONTROL)
    assert page.chart.canvas.current == 16


def test_shift_f10_asks_what_has_the_focus_for_its_menu(qtbot, project_window, press, chart):
    page = opened(qtbot, project_window, chart)
    asked = []
    page.chart.canvas.asked.disconnect()
    page.chart.canvas.asked.connect(lambda verb, _at: asked.append(verb))
    page.chart.canvas.setFocus()
    page.chart.canvas.select(16)
    press(Qt.Key.Key_F10, SHIFT)
    assert asked == ["menu"]


def test_f10_opens_the_menus(qtbot, project_window, press):
    press(Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    assert project_window.menuBar().activeAction().text() == "&File"
    QApplication.activePopupWidget().close()


# finding -------------------------------------------------------------------------------------


def test_find_here_goes_from_hit_to_hit_and_leaves_with_the_page(qtbot, project_window, press):
    project_window.go_to("phase:define")
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: any(b.isVisible() for b in page.findChildren(QPushButton)))
    press(Qt.Key.Key_F, CONTROL)
    bar = project_window.finder
    assert bar.isVisible()
    qtbot.keyClicks(bar.text, "sipoc")
    assert bar.count.text().startswith("1 of ")
    total = int(bar.count.text().split(" of ")[1])
    assert total == len([h for h in bar._hits if "sipoc" in h.widget.text().lower()])
    press(Qt.Key.Key_Return, SHIFT)
    assert bar.count.text() == f"{total} of {total}"
    project_window.set_theme("dark")  # builds the page anew below the bar
    qtbot.waitUntil(lambda: any(b.isVisible() for b in page.findChildren(QPushButton)))
    press(Qt.Key.Key_Return)
    assert bar.count.text() == f"1 of {total}"
    bar.text.setText("qqq")
    assert bar.count.text() == "Nothing found here"
    press(Qt.Key.Key_Escape)
    assert not bar.isVisible()
    press(Qt.Key.Key_F, CONTROL)
    project_window.go_to("home")
    assert not bar.isVisible()


def test_find_here_goes_to_the_cell_of_a_table(project_window, press, session):
    for title in ("Ask the night shift", "Count the gates", "Ask the day shift"):
        session.add("action", {"title": title})
    project_window.go_to("actions")
    press(Qt.Key.Key_F, CONTROL)
    bar = project_window.finder
    bar.text.setText("shift")
    assert bar.count.text() == "1 of 2"
    view = bar._hits[0].widget
    assert view.currentIndex().data() == "Ask the night shift"
    bar.step(1)
    assert view.currentIndex().data() == "Ask the day shift"


def test_find_here_uses_the_bar_of_data_and_the_box_of_analyses(project_window, press, sheet):
    project_window.go_to(sheet)
    press(Qt.Key.Key_F, CONTROL)
    assert project_window.navigation.page.find_bar.isVisible()
    assert not project_window.finder.isVisible()
    project_window.go_to("analyses")
    press(Qt.Key.Key_F, CONTROL)
    assert QApplication.focusWidget() is project_window.navigation.page.box


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [(Qt.Key.Key_K, CONTROL), (Qt.Key.Key_F, CONTROL | SHIFT), (Qt.Key.Key_P, CONTROL | SHIFT)],
)
def test_the_whole_project_is_searched(project_window, press, monkeypatch, key, modifiers):
    seen = []
    monkeypatch.setattr(PaletteDialog, "exec", lambda dialog: seen.append(dialog) or 0)
    press(key, modifiers)
    assert len(seen) == 1


# links ---------------------------------------------------------------------------------------


def test_a_row_that_is_picked_is_linked_in_the_way_that_suits(project_window, session, press, monkeypatch):  # fmt: skip
    cause = session.add("cause", {"text": "gate 2 blocked"})
    action = session.add("action", {"title": "Repair gate 2"})
    project_window.go_to("actions")
    project_window.navigation.page.binding.pick(action)
    shown = []

    def fill(dialog):
        shown.append(dialog)
        dialog.box.setText("gate blocked")
        assert dialog.told.text() == "Acts on Cause C1: gate 2 blocked."
        dialog._add()
        return 0

    monkeypatch.setattr(links_dialog.LinksDialog, "exec", fill)
    press(Qt.Key.Key_L, CONTROL)
    assert shown
    assert [(k.from_id, k.verb, k.to_id) for k in session.links(action)] == [(action, "addresses", cause)]  # fmt: skip
    assert session.undo_label == "Link action A1 with cause C1"
    assert [entry.words for entry in links.linked(session, cause)] == ["is acted on by"]
    session.undo()
    assert session.links(action) == []


def test_links_are_listed_followed_and_taken_away(project_window, session, chart):
    one, other = session.add("cause", {"text": "x"}), session.add("action", {"title": "y"})
    links.link(session, chart, other)
    links.link(session, chart, one)
    dialog = LinksDialog(session, chart, project_window)
    words = " ".join(w.text() for w in dialog.findChildren(QLabel))
    assert "has points explained by" in words
    assert "belongs with" in words
    away = [b for b in dialog.findChildren(QPushButton) if b.text() == "Take away"]
    away[0].click()
    assert len(session.links(chart)) == 1
    go = next(b for b in dialog.findChildren(QPushButton) if b.text().startswith(("Cause", "Action")) and b.isEnabled() and not b.isHidden())  # fmt: skip
    go.click()
    assert dialog.target in {one, other}


def test_what_a_program_linked_cannot_be_taken_away_here(project_window, session, chart):
    results.save_result(session, chart)
    dialog = LinksDialog(session, chart, project_window)
    assert not [b for b in dialog.findChildren(QPushButton) if b.text() == "Take away"]


def test_without_a_record_the_link_says_why_not(project_window):
    project_window.go_to("home")
    project_window.bar.run("link")
    assert "can be linked" in project_window.statusBar().currentMessage()


# out of date ---------------------------------------------------------------------------------


def test_f5_brings_all_saved_results_up_to_date_in_one_step(
    qtbot, project_window, session, sheet, chart, press, monkeypatch
):
    other = stored.add_analysis(session, "spc.run_chart", sheet)
    saved = [results.save_result(session, a) for a in (chart, other)]
    session.set_cells(sheet, [(1, "c2", "12")])
    asked = []
    monkeypatch.setattr(
        messages, "ask", lambda _w, problem, _verb: bool(asked.append(problem.message)) or True
    )
    project_window.go_to("home")
    press(Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: session.undo_label == "Recompute 2 saved results", timeout=30_000)
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    assert asked[0].startswith("2 saved results are out of date")
    assert not any(results.out_of_date(session, session.record(s)) for s in saved)
    session.undo()
    assert all(results.out_of_date(session, session.record(s)) for s in saved)


def test_f5_renews_nothing_unasked_and_says_when_all_is_well(
    qtbot, project_window, session, sheet, chart, press, monkeypatch
):
    saved = results.save_result(session, chart)
    press(Qt.Key.Key_F5)
    qtbot.waitUntil(
        lambda: project_window.statusBar().currentMessage() == "Everything is up to date.",
        timeout=30_000,
    )
    session.set_cells(sheet, [(1, "c2", "12")])
    asked = []
    monkeypatch.setattr(messages, "ask", lambda *_: bool(asked.append(1)))
    press(Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: bool(asked), timeout=30_000)
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    assert results.out_of_date(session, session.record(saved))


def test_a_result_that_cannot_be_computed_any_more_is_named(session, sheet, chart):
    other = stored.add_analysis(session, "spc.run_chart", sheet)
    saved = [results.save_result(session, a) for a in (chart, other)]
    session.set_cells(sheet, [(1, "c2", "12")])
    stored.choose_columns(session, other, "value", [])
    failed = results.recompute_all(session, [session.record(s) for s in saved], lambda: None)
    assert len(failed) == 1
    assert "Run chart" in failed[0]
    assert not results.out_of_date(session, session.record(saved[0]))


# worksheets and help --------------------------------------------------------------------------


def test_control_enter_marks_a_worksheet_ready_but_adds_a_row_inside_a_table(
    project_window, session, press
):
    project_window.go_to("worksheet:sipoc")
    page = project_window.navigation.page
    seen = []
    page.mark_ready = lambda: seen.append("ready")
    page.panel_button.setFocus()
    press(Qt.Key.Key_Return, CONTROL)
    assert seen == ["ready"]
    for title in ("a", "b"):
        session.add("action", {"title": title})
    project_window.go_to("actions")
    grid = project_window.navigation.page.grid("actions").view
    grid.setFocus()
    grid.setCurrentIndex(grid.model().index(0, 0))
    rows = grid.model().rowCount()
    press(Qt.Key.Key_Return, CONTROL)
    assert seen == ["ready"]
    assert len(session.records("action")) + 1 >= rows


def test_new_action_and_new_analysis_open_from_anywhere(project_window, session, press, monkeypatch, sheet):  # fmt: skip
    from leanlab.ui.dialogs import new_analysis

    project_window.go_to("phase:define")
    seen = []
    monkeypatch.setattr(new_analysis.NewAnalysisDialog, "exec", lambda _d: seen.append(1) or 0)
    press(Qt.Key.Key_A, CONTROL | SHIFT)
    assert seen == [1]
    press(Qt.Key.Key_N, CONTROL | SHIFT)
    assert project_window.navigation.target == "actions"
    assert len(session.records("action")) == 1


def test_help_tells_about_what_has_the_focus(qtbot, project_window, chart, press, monkeypatch):
    page = opened(qtbot, project_window, chart)
    shown = []
    monkeypatch.setattr(HelpDialog, "exec", lambda dialog: shown.append(dialog) or QDialog.Accepted)
    page.findChild(QComboBox, "option_rules").setFocus()
    press(Qt.Key.Key_F1)
    texts = [w.text() for w in shown[0].findChildren(QLabel)]
    assert "Rules" in texts
    assert shown[0].text.toPlainText().startswith("I-MR")
    page.chart.canvas.setFocus()
    press(Qt.Key.Key_F1)
    assert any("Space" in w.text() for w in shown[1].findChildren(QLabel))
    assert about(None) == ("", "")
