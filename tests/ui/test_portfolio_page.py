"""The lead's ten minutes in the window: the list, the filter, the card, the project, nothing written."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QLineEdit,
    QPushButton,
    QRadioButton,
)

from leanlab.app import portfolio
from leanlab.app import settings as user_settings
from leanlab.core import clock
from leanlab.core.errors import Cancelled
from leanlab.ui.portfolio.card_dialog import CardDialog
from tests.sample_folder import NOW, built, projects

__all__ = ["built", "projects"]
WAIT = 30_000


def content(place):
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in place.rglob("*") if p.is_file()}


@pytest.fixture
def page(window, qtbot, projects):
    before = content(projects)
    window.show_portfolio(projects)
    found = window.portfolio
    qtbot.waitUntil(lambda: window.jobs.idle and found.found is not None, timeout=WAIT)
    yield found
    assert content(projects) == before, "a byte of the folder changed"


def child(widget, kind, name):
    found = widget.findChild(kind, name)
    assert found is not None, name
    return found


def table(page, which="projects"):
    return page._panes[which].table


def codes(page, which="projects"):
    rows = table(page, which).lines.rows
    return [row.values[0] if not isinstance(row, str) else row for row in rows]


def test_all_projects_are_listed_with_figures_and_what_cannot_be_read(page):
    assert codes(page)[0] == "P-004"
    assert set(codes(page)) == {"P-001", "P-002", "P-004", "P-008", "P-012", "P-024"}
    assert "6 projects" in page.as_of.text()
    assert "2 files not read" in page.as_of.text()
    at = page.tabs.indexOf(page.bad)
    assert page.tabs.isTabVisible(at)
    said = [line.values[1] for line in page.bad.table.lines.rows]
    assert any("damaged" in text for text in said)
    assert any("newer LeanLab" in text for text in said)


def test_health_has_a_sign_a_reason_and_words_for_the_blind(page):
    model = table(page).lines
    index = model.index(0, model.sheet.led)
    assert "gate is" in model.data(index)
    assert model.data(index, Qt.ItemDataRole.DecorationRole) is not None
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole).endswith(", problem")


def test_the_tool_tip_of_the_health_tells_every_reason_and_takes_no_markup(page):
    model = table(page).lines
    index = model.index(0, model.sheet.led)
    assert model.data(index).endswith("(+5)")
    told = model.data(index, Qt.ItemDataRole.ToolTipRole).split("\n")
    assert len(told) == 6
    assert "The metric is worse than before." in told
    line = model.rows[0]
    model.rows[0] = replace(line, values=(line.values[0], "<h1>Late</h1>", *line.values[2:]))
    assert "&lt;h1&gt;" in model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole)


def test_words_and_boxes_filter_and_groups_have_headings(page, qtbot):
    qtbot.keyClicks(child(page, QLineEdit, "portfolio_search"), "changeover")
    qtbot.waitUntil(lambda: codes(page) == ["P-002"])
    assert page.filters.count.text() == "1 of 6 shown"
    page.filters.apply({"site": "Hub north"})
    qtbot.waitUntil(lambda: set(codes(page)) == {"P-001", "P-012"})
    page.filters.apply({"group": "leader"})
    qtbot.waitUntil(lambda: "Ana Ruiz  (1)" in codes(page))
    model = table(page).lines
    assert model.line(model.headings[0]) is None
    assert model.flags(model.index(model.headings[0], 0)) == Qt.ItemFlag.NoItemFlags


def test_sorting_goes_by_value_with_empty_ones_last(page):
    model = table(page).lines
    column = next(i for i, c in enumerate(model.sheet.columns) if c.name == "Gap closed")
    model.sort(column, Qt.SortOrder.DescendingOrder)
    shares = [row.values[column] for row in model.rows]
    known = [share for share in shares if share is not None]
    assert known == sorted(known, reverse=True)
    assert shares[: len(known)] == known
    assert shares[len(known) :] == [None] * (len(shares) - len(known))


def test_a_saved_view_comes_back(page, window, qtbot):
    page.filters.apply({"site": "Hub north", "group": "phase", "search": "la"})
    page.filters.save_view("North")
    page.filters.apply({})
    assert user_settings.load().portfolio_views["North"]["site"] == "Hub north"
    page.filters.apply(window.settings.portfolio_views["North"])
    assert child(page, QComboBox, "portfolio_site").currentData() == "Hub north"
    page.filters.forget_view("North")
    assert user_settings.load().portfolio_views == {}


def test_mark_as_seen_leaves_what_is_saved_later(page, projects, qtbot):
    assert page.filters.fresh.text().endswith("(6)")
    qtbot.mouseClick(child(page, QPushButton, "portfolio_seen"), Qt.MouseButton.LeftButton)
    page.filters.fresh.setChecked(True)
    qtbot.waitUntil(lambda: codes(page) == [])
    assert page._panes["projects"].nothing.text() == "No project fits the filter."


def test_enter_opens_read_only_and_closing_comes_back(page, window, qtbot):
    chosen = table(page).current_line()
    qtbot.keyClick(table(page), Qt.Key.Key_Return)
    assert window.session.title == chosen.entry.title
    assert window.session.read_only
    assert window.navigation.target == "home"
    window.file.close()
    assert window.stack.currentWidget() is page
    page.window_.leave_portfolio()
    assert window.stack.currentWidget() is window.start


def test_an_action_opens_its_project_at_the_action(page, window, qtbot):
    page.tabs.setCurrentWidget(page._panes["actions"])
    qtbot.keyClick(table(page, "actions"), Qt.Key.Key_Return)
    assert (
        window.session.kind_of(window.navigation.target) == "action"
        or window.navigation.target == "actions"
    )


def test_space_shows_the_card_and_the_keys_go_on(page, window, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(
        CardDialog, "exec", lambda self: opened.append(self) or QDialog.DialogCode.Rejected
    )
    monkeypatch.setattr(CardDialog, "deleteLater", lambda self: None)
    qtbot.keyClick(table(page), Qt.Key.Key_Space)
    (dialog,) = opened
    qtbot.waitUntil(lambda: dialog.shown is not None, timeout=WAIT)
    assert dialog.shown.title == "Returns of shoes"
    assert dialog.view.accessibleName() == "Outcome card of Returns of shoes. Held: no."
    dialog.step(1)
    qtbot.waitUntil(lambda: dialog.shown is not None, timeout=WAIT)
    assert dialog.place.text() == "2 of 6"
    dialog._open("card")
    assert dialog.wanted == (Path(dialog.entry.path), "card")
    dialog.close()


def test_stop_keeps_what_was_read(window, qtbot, projects, monkeypatch):
    def stopped(place, progress):
        progress(0, 8)
        raise Cancelled("Stopped.")

    monkeypatch.setattr(portfolio, "scan", stopped)
    window.show_portfolio(projects)
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=WAIT)
    assert window.portfolio.rescan.text() == "&Rescan"
    assert window.portfolio.found is None
    assert "Stopped" in window.statusBar().currentMessage()


def test_an_empty_folder_says_what_to_do(window, qtbot, tmp_path):
    window.show_portfolio(tmp_path)
    qtbot.waitUntil(lambda: window.jobs.idle and window.portfolio.found is not None, timeout=WAIT)
    assert window.portfolio._empty.isVisible()
    assert (
        window.portfolio.nothing.text()
        == "No project files here. Choose the folder where your teams save."
    )


def test_a_folder_that_is_gone_is_told_in_its_place(window, qtbot, tmp_path):
    window.show_portfolio(tmp_path / "gone")
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=WAIT)
    assert "is not there any more" in window.portfolio.nothing.text()


def test_the_start_page_remembers_the_folder(page, window, qtbot, projects):
    window.leave_portfolio()
    shown = [b.text() for b in window.start.findChildren(QPushButton)]
    assert projects.name in shown
    assert user_settings.load().portfolios == [str(projects)]


def test_trends_follow_the_filter(page, qtbot):
    page.tabs.setCurrentWidget(page.trends)
    names = {w.accessibleName() for w in page.trends.findChildren(object) if getattr(w, "objectName", str)() == "trend_picture"}  # fmt: skip
    assert {"Begun and ended", "Days per phase", "Benefits per month"} <= names


def test_exports_are_written_in_the_background(page, window, qtbot, tmp_path, monkeypatch):
    from leanlab.ui.commands import portfolio as commands

    opened = []
    monkeypatch.setattr(
        commands.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    for what, magic in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("cards", b"%PDF")):
        target = tmp_path / f"{what}.{'xlsx' if what == 'xlsx' else 'pdf'}"
        monkeypatch.setattr(
            commands.QFileDialog, "getSaveFileName", lambda *_, t=target: (str(t), "")
        )
        page._export(what)
        qtbot.waitUntil(lambda: window.jobs.idle, timeout=WAIT)
        assert target.read_bytes().startswith(magic)
    assert len(opened) == 3


def test_the_open_project_has_its_card_and_takes_answers(project_window, qtbot):
    from leanlab.ui.portfolio.answers import AnswersDialog

    window = project_window
    window.bar.run("outcome_card")
    shown = window.navigation.page
    assert shown.card.title == "Late deliveries"
    window.session.add(
        "action", {"title": "x", "status": "done", "done_on": "2026-05-01", "process_change": 1}
    )
    assert any(ask.target == "card.trained" for ask in shown.card.asks)
    dialog = AnswersDialog(window.session, window)
    dialog.fields["card.trained"].setPlainText("4 of 6")
    dialog._keep()
    assert ("Trained", "4 of 6") in shown.card.follow_up
    assert window.session.undo_label == "Answer questions of the outcome card"


def test_a_weak_spot_leads_to_its_record(project_window, qtbot):
    window = project_window
    metric = window.session.add("metric", {"name": "Late", "role": "primary", "baseline": None})
    window.bar.run("outcome_card")
    weak = next(w for w in window.navigation.page.card.weak if w["topic"] == "baseline")
    assert weak["target"] == metric
    assert weak["code"] == window.session.record(metric).code


def test_own_decisions_stay_visible_until_they_are_merged(page, window, projects, qtbot):
    from leanlab.app import review_pending
    from leanlab.domain.review import Item, Part

    seen = next(s for s in page.found.good if s.name == "P-008.leanlab")
    item = Item(
        id="i1",
        kind="gate",
        about="define",
        title="Gate Define",
        choice="rework",
        at=NOW.isoformat(),
    )
    part = Part(
        project_id=seen.project_id,
        title="x",
        owner="Rita Costa",
        items=(item,),
        revision=1,
        seal="0" * 64,
    )
    review_pending.keep_begun(part)
    page.scan()
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=WAIT)
    entry = next(e for e in page.entries if e.text("code") == "P-008")
    assert entry.pending
    assert entry.pending[0].startswith("Gate Define: rework")


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(NOW):
        yield


def test_a_folder_that_may_not_be_read_is_told_in_its_place(window, qtbot, tmp_path, monkeypatch):
    import os

    def refused(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    window.show_portfolio(tmp_path)
    qtbot.waitUntil(lambda: window.jobs.idle and window.portfolio.found is not None, timeout=WAIT)
    assert window.portfolio.nothing.text() == "This folder cannot be read: check your rights."


def test_the_last_look_is_told(page, qtbot):
    assert "have not marked" in page.filters.fresh.toolTip()
    qtbot.mouseClick(child(page, QPushButton, "portfolio_seen"), Qt.MouseButton.LeftButton)
    assert page.filters.fresh.toolTip().startswith("You last marked everything as seen at ")


def test_the_benefits_at_the_top_count_one_year(page, window, qtbot):
    def figure():
        tiles = [f for f in page.findChildren(QFrame) if f.property("tile") == "plan"]
        return next((f.accessibleName() for f in tiles if f.isVisible()), "")

    years = child(page, QComboBox, "portfolio_year")
    this = str(clock.today().year)
    assert years.currentData() == this
    assert figure().startswith(f"Plan {this}: ")
    before = figure()
    years.setCurrentIndex(years.findData(""))
    years.activated.emit(years.currentIndex())
    qtbot.waitUntil(lambda: figure().startswith("Plan in all: "))
    assert figure().partition(": ")[2] != before.partition(": ")[2]
    page.filters.save_view("Everything")
    assert window.settings.portfolio_views["Everything"]["year"] == "all"
    page.filters.apply({})
    qtbot.waitUntil(lambda: figure() == before)
    page.filters.apply(window.settings.portfolio_views["Everything"])
    qtbot.waitUntil(lambda: figure().startswith("Plan in all: "))


def test_the_keys_go_to_the_list_as_soon_as_it_is_there(window, qtbot, projects):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.header.find_box.setFocus()  # as when the program starts
    window.show_portfolio(projects)
    qtbot.waitUntil(lambda: window.jobs.idle and bool(window.portfolio.entries), timeout=WAIT)
    assert QApplication.focusWidget() is table(window.portfolio)
    window.portfolio.find_text()
    window.portfolio.scan()
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=WAIT)
    assert QApplication.focusWidget() is window.portfolio.filters.search, "who types is left alone"


def test_no_room_for_what_was_seen_is_a_sentence(page, qtbot, monkeypatch):
    from leanlab.core.errors import not_written

    def full(_found):
        raise not_written("What you have seen", OSError(28, "No space left"))

    said = []
    monkeypatch.setattr(portfolio, "mark_as_seen", full)
    monkeypatch.setattr(page.window_, "show_problem", said.append)
    qtbot.mouseClick(child(page, QPushButton, "portfolio_seen"), Qt.MouseButton.LeftButton)
    assert "the disk is full" in said[0].message
    assert page.filters.fresh.text().endswith("(6)")


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_cards_are_decided_one_after_the_other_by_key(page, window, qtbot, projects):
    from leanlab.app.review_session import ReviewSession, reviews_begun

    dialog = CardDialog(window, page.entries[:2], 0)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.shown is not None, timeout=WAIT)
    dialog.decision.decide()
    assert dialog.decision.said.text() == "Choose with 1, 2 or 3 first."
    for at, choice in enumerate(("not_achieved", "follow_up")):
        dialog.step(at)
        qtbot.waitUntil(lambda: dialog.shown is not None, timeout=WAIT)
        assert dialog.decision.choices.checkedButton() is None, (
            "each card begins without a decision"
        )
        child(dialog, QRadioButton, f"card_{choice}").click()
        dialog.decision.comment.setText(f"Because {at}")
        dialog.decision.decide()
        qtbot.waitUntil(lambda: dialog.decision.said.text().startswith("Kept: "), timeout=WAIT)
    dialog.close()
    items = []
    for left in reviews_begun():
        review = ReviewSession.go_on(left)
        items += [(i.kind, i.choice, i.text) for i in review.items()]
        review.close()
    assert sorted(items) == [("card", "follow_up", "Because 1"), ("card", "not_achieved", "Because 0")]  # fmt: skip
