"""Review by file in the window: a lead's window, the owner's window, and the file between them."""

import errno
import hashlib

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMessageBox, QPushButton

from leanlab.app import review, roadmap
from leanlab.app import review_file as files
from leanlab.app.review_session import ReviewSession, reviews_begun
from leanlab.app.session import Session
from leanlab.domain.cards import Figure
from leanlab.domain.review import Condition
from leanlab.ui.commands import review as commands
from leanlab.ui.portfolio.card_page import CardPage
from leanlab.ui.portfolio.card_view import Tiles, tile
from leanlab.ui.review import gate_part
from leanlab.ui.review.benefits import BenefitsDialog
from leanlab.ui.review.finish import FinishDialog
from leanlab.ui.review.import_dialog import ImportReviewDialog
from leanlab.ui.theme import TOKENS

CHARTER = {
    "what": "late orders", "where": "hub", "period": "2025", "size": 13.9, "size_unit": "%",
    "by_date": "2026-06-01", "case": "Customers leave", "in_scope": "sorting",
    "out_scope": "carriers", "sponsor": "M. Ito", "leader": "A. Ruiz",
}  # fmt: skip


@pytest.fixture
def path(tmp_path):
    """A saved project whose Define gate can be passed."""
    made = Session.create(tmp_path / "late.leanlab", name="Late orders", author="A. Ruiz")
    made.add("worksheet", {"type_id": "charter", "version": 1, "title": "Project charter",
                           "phase": "define", "status": "ready", "body": CHARTER})  # fmt: skip
    made.add("metric", {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
                        "definition": "late / all", "target": 5.0})  # fmt: skip
    made.add("benefit_line", {"title": "Fewer credit notes", "benefit_class": "hard", "state": "forecast",
                              "months": {"2026-05": {"plan": 100.0, "actual": 90.0}, "2026-06": {"plan": 100.0}}})  # fmt: skip
    made.save()
    made.close()
    return made.path


@pytest.fixture
def lead(window, path):
    """The window of a lead who reviews the project."""
    window.settings.name = "M. Ito"
    assert commands.open_for_review(window, path)
    return window


@pytest.fixture
def other(qtbot):
    """A second window: the owner's."""
    from leanlab.ui.window import MainWindow

    opened = MainWindow()
    opened.show()
    yield opened
    session = opened.session
    if session is not None:
        opened.leave_project()
        session.close()
    opened.close()
    opened.deleteLater()


def press(widget, text):
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and not b.isHidden()]
    assert found, text
    found[0].click()


def accepted(monkeypatch, kind, act=lambda _dialog: None):
    """Let the next dialogs of a kind be answered by `act` and accepted."""

    def answer(dialog):
        act(dialog)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(kind, "exec", answer)


def told(monkeypatch):
    """Collect what message boxes say instead of showing them."""
    said = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(f"{box.text()} {box.informativeText()}"))  # fmt: skip
    return said


def shown(widget):
    return [one.text() for one in widget.findChildren(QLabel) if not one.isHidden()]


def saving_to(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_the_bar_says_that_nothing_is_changed(lead):
    assert lead.review_bar.isVisible()
    assert "nothing is changed" in lead.review_bar.heading.text()
    assert lead.status.saved.text() == "Your review is kept on this computer"
    assert not lead.bar.actions["save"].isEnabled()
    lead.session.comment("project", "Well begun")
    lead.show_state()
    assert lead.review_bar.counts.text().startswith("1 comment or opinion, 0 decisions")


def test_a_project_that_is_edited_has_no_bar(project_window):
    assert not project_window.review_bar.isVisible()
    project_window.bar.run("review_finish")
    assert "not under review" in project_window.statusBar().currentMessage()


def test_every_page_can_be_read_in_a_review(lead, qtbot):
    places = ["home", "data", "analyses", "actions", "phase:define", "gate:define", "report"]
    places += [r.id for r in lead.session.records("worksheet")]
    for place in places:
        lead.go_to(place)
        assert lead.navigation.target == place
        qtbot.waitUntil(lambda: lead.jobs.idle)
    assert lead.session.items() == ()


def test_a_reviewer_agrees_disagrees_and_decides_on_the_gate_page(lead, monkeypatch):
    lead.go_to("gate:define")
    page = lead.navigation.page
    press(page, "Agree")
    accepted(monkeypatch, gate_part.ReasonDialog, lambda d: d.box.setCurrentText("Where?"))
    found = [b for b in page.findChildren(QPushButton) if b.accessibleName() == "Disagree with the answer to D2"]  # fmt: skip
    found[0].click()
    decision = page.findChild(gate_part.ReviewDecision)
    monkeypatch.setattr(gate_part, "ask_condition", lambda _p: ("Name the risks", "A. Ruiz", "2026-06-30"))  # fmt: skip
    decision.add_condition()
    decision.note.setPlainText("Go on")
    press(decision, "Decide in my review")
    said = [(i.kind, i.about, i.choice, i.text) for i in lead.session.items()]
    assert said == [
        ("opinion", "question:define/D1", "agree", ""),
        ("opinion", "question:define/D2", "disagree", "Where?"),
        ("gate", "gate:define", "conditions", "Go on"),
    ]
    assert "You disagree: Where?" in shown(page)
    assert any("In your review: passed with conditions" in text for text in shown(page))


def test_a_decision_needs_a_choice(lead):
    lead.go_to("gate:define")
    decision = lead.navigation.page.findChild(gate_part.ReviewDecision)
    decision.decide()
    assert decision.problem.text() == "Choose a decision."
    assert lead.session.items() == ()


def test_an_opinion_can_be_taken_back(lead):
    lead.go_to("gate:define")
    press(lead.navigation.page, "Agree")
    press(lead.navigation.page, "Take back")
    assert lead.session.items() == ()


def comments(window, qtbot):
    window.bar.run("comments")
    qtbot.waitUntil(
        lambda: window.beside.comments is not None and window.beside.comments.isVisible()
    )
    return window.beside.comments


def texts(panel):
    """Return what the list of the panel says now."""
    return [one.text() for one in panel.findChildren(QLabel) if one.isVisibleTo(panel)]


def test_comments_are_written_and_read_where_they_belong(lead, qtbot):
    charter = lead.session.records("worksheet")[0].id
    lead.go_to(charter)
    panel = comments(lead, qtbot)
    panel.text.setPlainText("<b>Bold</b>?")
    qtbot.keyClick(panel.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert lead.session.items()[0].about == charter
    qtbot.waitUntil(lambda: "<b>Bold</b>?" in texts(panel))
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in panel.findChildren(QLabel))
    panel.add.click()
    assert "empty" in panel.problem.text()
    qtbot.waitUntil(lambda: lead.status.comments.text() == "1 comment")
    lead.go_to("home")
    assert lead.status.comments.isHidden()
    qtbot.waitUntil(lambda: "<b>Bold</b>?" not in texts(panel))
    panel.everything.setChecked(True)
    qtbot.waitUntil(lambda: "<b>Bold</b>?" in texts(panel))


def test_what_is_being_typed_stays_with_its_place(lead, qtbot):
    charter = lead.session.records("worksheet")[0].id
    lead.go_to(charter)
    panel = comments(lead, qtbot)
    panel.text.setPlainText("Since when")
    lead.go_to("gate:define")
    assert panel.heading.text() == "Gate Define"
    assert (panel.text.toPlainText(), panel.about.currentData()) == ("Since when", charter)
    panel.add.click()
    assert lead.session.items()[0].about == charter
    assert panel.about.currentData() == "gate:define"


def test_comments_stand_beside_the_page_and_give_way(lead, qtbot):
    lead.resize(1400, 800)
    lead.go_to("home")
    panel = comments(lead, qtbot)
    assert lead.sidebar.isVisible()
    lead.resize(1024, 640)
    qtbot.waitUntil(lambda: not lead.sidebar.isVisible())
    lead.bar.run("sidebar")
    assert lead.sidebar.isVisible()
    assert panel.isHidden()
    lead.activateWindow()
    comments(lead, qtbot)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel.text)
    qtbot.keyClick(panel.text, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert lead.sidebar.isVisible()


def test_on_the_card_the_comment_is_about_the_outcome_and_digits_choose(lead, qtbot):
    bar = card_bar(lead)
    panel = comments(lead, qtbot)
    assert (panel.heading.text(), panel.about.currentData()) == ("The outcome", "card")
    lead.activateWindow()
    panel.leave()
    qtbot.waitUntil(lambda: QApplication.focusWidget() in bar.choices.buttons())


@pytest.mark.qt_log_ignore("propagateSizeHints")  # a part shown by itself
@pytest.mark.parametrize(("width", "rows"), [(1000, 1), (460, 2)])
def test_large_numbers_stand_in_two_rows_where_one_is_too_narrow(qtbot, width, rows):
    figures = [Figure(f"After {n} days", "14.3 %", "36 points") for n in range(6)]
    tiles = Tiles([tile(figure, TOKENS["light"]) for figure in figures])
    qtbot.addWidget(tiles)
    tiles.resize(width, 200)
    tiles.show()
    qtbot.waitUntil(lambda: len({part.y() for part in tiles._parts}) == rows)


def test_what_is_reviewed_is_not_saved_elsewhere(lead):
    lead.show_state()
    for name in ("save", "save_as", "save_copy", "save_copy_bare"):
        assert not lead.bar.actions[name].isEnabled()


def test_the_sidebar_stays_away_when_it_was_sent(lead, qtbot):
    lead.bar.run("sidebar")
    assert not lead.sidebar.isVisible()
    lead.go_to("gate:define")
    assert not lead.sidebar.isVisible()


def test_an_owner_comments_too_and_can_undo_it(project_window, session, qtbot):
    panel = comments(project_window, qtbot)
    panel.text.setPlainText("Ask finance")
    panel.add.click()
    assert [c.get("text") for c in session.records("comment")] == ["Ask finance"]
    project_window.bar.run("undo")
    assert session.records("comment") == []
    qtbot.waitUntil(lambda: "Nothing was said here yet." in texts(panel))


def test_finance_judges_lines_and_months(lead):
    line = lead.session.records("benefit_line")[0].id
    dialog = BenefitsDialog(lead.session, lead)
    whole, month, unknown = dialog.asked
    assert unknown.choice.findData("validated") < 0, "there is no actual amount"
    assert unknown.choice.findData("rejected") > 0
    whole.choice.setCurrentIndex(1)
    month.choice.setCurrentIndex(2)
    month.text.setText("Counted twice")
    dialog.keep()
    assert [(i.about, i.month, i.choice, i.text) for i in lead.session.items()] == [
        (line, "", "validated", ""), (line, "2026-05", "rejected", "Counted twice"),
    ]  # fmt: skip
    again = BenefitsDialog(lead.session, lead)
    assert again.asked[1].text.text() == "Counted twice"
    again.asked[1].choice.setCurrentIndex(0)
    again.keep()
    assert [i.month for i in lead.session.items()] == [""]
    dialog.close()
    again.close()


def card_bar(window):
    """Go to the outcome card as the bar of a review does, and return what decides on it."""
    window.go_to("card")
    page = window.findChild(CardPage)
    return page.decision


def choose_by_key(qtbot, window, bar, key):
    window.activateWindow()
    qtbot.waitUntil(lambda: bar.isVisible() and window.isActiveWindow())
    qtbot.keyClick(window, key)
    assert QApplication.focusWidget() is bar.choices.checkedButton()


def test_the_outcome_is_decided_by_key_and_can_be_changed(lead, qtbot):
    bar = card_bar(lead)
    assert bar.name.isHidden()
    choose_by_key(qtbot, lead, bar, Qt.Key.Key_1)
    choose_by_key(qtbot, lead, bar, Qt.Key.Key_2)
    bar.comment.setFocus()
    qtbot.keyClicks(bar.comment, "Look again in 3 weeks")
    assert bar.choices.checkedId() == 2, "a digit in the comment is text"
    qtbot.keyClick(bar.comment, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (item,) = lead.session.items()
    assert (item.kind, item.choice, item.text) == ("card", "follow_up", "Look again in 3 weeks")
    assert bar.said.text().startswith("Kept: follow up.")


def test_the_owner_signs_the_outcome_in_the_own_file(window, path, qtbot):
    window.settings.name = "A. Ruiz"
    window.show_project(Session.open(path, author="A. Ruiz"))
    bar = card_bar(window)
    bar.decide()
    assert bar.said.text() == "Choose with 1, 2 or 3 first."
    choose_by_key(qtbot, window, bar, Qt.Key.Key_1)
    bar.name.clear()
    bar.decide()
    assert bar.said.text() == "Type the name of who decides."
    assert window.session.records("review") == []
    bar.name.setText("M. Ito")
    bar.comment.setText("Well done")
    qtbot.keyClick(bar.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bar.choices.checkedButton() is None
    assert "Outcome: sustained, M. Ito on" in window.findChild(CardPage).card.decision
    window.session.undo()
    window.session.save()
    saved = Session.open(path, read_only=True)
    try:
        (kept,) = saved.records("review")
    finally:
        saved.close()
    assert [kept.get(n) for n in ("type", "decision", "text", "who")] == ["card", "sustained", "Well done", "M. Ito"]  # fmt: skip


def test_a_card_read_only_is_decided_in_a_review(window, path, qtbot):
    before = path.read_bytes()
    window.settings.name = "M. Ito"
    window.show_project(Session.open(path, read_only=True))
    bar = card_bar(window)
    choose_by_key(qtbot, window, bar, Qt.Key.Key_3)
    bar.decide()
    qtbot.waitUntil(lambda: bar.said.text().startswith("Kept: not achieved."))
    (left,) = reviews_begun()
    review = ReviewSession.go_on(left)
    assert [(i.choice, i.kind) for i in review.items()] == [("not_achieved", "card")]
    review.close()
    assert path.read_bytes() == before


def test_the_round_trip_through_two_windows(lead, other, path, tmp_path, monkeypatch):
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    charter = lead.session.records("worksheet")[0].id
    lead.session.comment(charter, "Since when?")
    lead.session.opine("define", "D1", "agree")
    lead.session.decide_gate("define", "conditions", "Go on", [Condition("Name the risks", "A. Ruiz", "2026-06-30")])  # fmt: skip
    said, parcel = told(monkeypatch), tmp_path / "review.leanreview"
    accepted(monkeypatch, FinishDialog, lambda d: d.role.setText("Sponsor"))
    saving_to(monkeypatch, parcel)
    lead.bar.run("review_finish")
    assert lead.session is None
    assert "Send it to A. Ruiz" in said[0]
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before

    other.file.open_path(path)
    seen = []
    accepted(monkeypatch, ImportReviewDialog, lambda d: seen.extend((d.merge.text(), *shown(d))))
    drop(other, parcel)
    assert seen[0] == "Merge 3 items"
    assert "The review was made on exactly this state of the project." in seen
    assert other.statusBar().currentMessage() == "Merged 2 comments and 1 decision."
    session = other.session
    other.go_to("gate:define")
    texts = shown(other.navigation.page)
    assert any(t.startswith("M. Ito (Sponsor) agrees  (") for t in texts)
    assert any(t.startswith("Passed with conditions on ") for t in texts)
    assert any("review by file, code " in t for t in texts)
    other.go_to(charter)
    assert other.status.comments.text() == "1 comment"

    other.bar.run("undo")
    assert [c.get("text") for c in session.records("comment")] == []
    assert roadmap.state_of(session).phase("define").decision.decision == "conditions"
    other.file.save()
    assert hashlib.sha256(path.read_bytes()).hexdigest() != before[0]
    drop(other, parcel)
    assert [text for text in seen if text.startswith("Merge ")] == [
        "Merge 3 items",
        "Merge 2 items",
    ]
    assert review.count_said(session, {charter}) == 1, "after undo it can be merged again"


def drop(window, path):
    """Drop a file onto a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPoint(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    window.dropEvent(event)


def parcel_of(path, tmp_path, act):
    """Write a review of a file without a window."""
    lead = ReviewSession.start(path, author="M. Ito")
    act(lead)
    written = files.finish(tmp_path / "x.leanreview", reviewer="M. Ito", session=lead)
    lead.close()
    return written.path


def test_stale_and_conflicting_items_are_left_unless_they_are_ticked(other, path, tmp_path):
    def act(lead):
        lead.comment(lead.records("worksheet")[0].id, "Since when?")
        lead.decide_gate("define", "rework")

    parcel = files.read_parcel(parcel_of(path, tmp_path, act))
    other.file.open_path(path)
    session = other.session
    session.edit(session.records("worksheet")[0].id, {"body": {**CHARTER, "period": "2026"}})
    roadmap.decide_gate(session, "define", "passed", "P. Novak")
    dialog = ImportReviewDialog(review.propose(session, parcel), other)
    states = [dialog.table.item(at, 2).text() for at in range(2)]
    assert states[0].startswith("Older state\nMade on an older state")
    assert states[1].startswith("Conflict; a decision, not undone\nSomebody decided")
    assert dialog.merge.text() == "Merge 1 item"
    dialog.table.item(0, 0).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.merge.isEnabled()
    dialog.table.item(1, 0).setCheckState(Qt.CheckState.Checked)
    assert {i.kind for i in parcel.parts[0].items if i.id in dialog.taken} == {"gate"}
    dialog.close()


def test_a_hostile_file_is_a_sentence(other, path, tmp_path, monkeypatch):
    said = told(monkeypatch)
    other.file.open_path(path)
    revision = other.session.fact("revision")
    bad = tmp_path / "bad.leanreview"
    bad.write_text("[" * 100_000)
    drop(other, bad)
    assert said == ["This review cannot be read: it is nested too deep. Ask the reviewer to send the file again."]  # fmt: skip
    assert other.session.fact("revision") == revision


def test_a_review_of_a_recent_project_opens_it_first(other, path, tmp_path, monkeypatch):
    parcel = parcel_of(path, tmp_path, lambda lead: lead.comment("project", "Well begun"))
    other.settings.remember(path, "Late orders", "")
    monkeypatch.setattr("leanlab.ui.review.import_dialog.messages.ask", lambda *_: True)
    accepted(monkeypatch, ImportReviewDialog)
    drop(other, parcel)
    assert [c.get("text") for c in other.session.records("comment")] == ["Well begun"]


def test_a_review_of_an_unknown_project_says_which(other, path, tmp_path, monkeypatch):
    said = told(monkeypatch)
    parcel = parcel_of(path, tmp_path, lambda lead: lead.comment("project", "Well begun"))
    drop(other, parcel)
    assert said == ["This review is about “Late orders”. Open that project, then import the review."]  # fmt: skip


def test_a_review_that_was_begun_is_offered_on_the_start_page(lead):
    lead.session.comment("project", "Well begun")
    lead.file.close()
    lead.start.show_later_parts()
    assert "Your review of Late orders" in shown(lead.start)
    press(lead.start, "Continue")
    assert [i.text for i in lead.session.items()] == ["Well begun"]


def test_reviews_of_many_projects_are_finished_together(lead, tmp_path, monkeypatch):
    lead.session.comment("project", "One")
    Session.create(tmp_path / "returns.leanlab", name="Returns", author="B. Lind").close()
    assert commands.open_for_review(lead, tmp_path / "returns.leanlab")
    lead.session.comment("project", "Two")
    told(monkeypatch)
    accepted(monkeypatch, FinishDialog)
    saving_to(monkeypatch, tmp_path / "all.leanreview")
    lead.bar.run("review_finish")
    parcel = files.read_parcel(tmp_path / "all.leanreview")
    assert sorted(p.title for p in parcel.parts) == ["Late orders", "Returns"]


def test_the_page_for_review_is_written_in_the_background(other, path, tmp_path, monkeypatch, qtbot):  # fmt: skip
    other.file.open_path(path)
    saving_to(monkeypatch, tmp_path / "page.html")
    other.bar.run("review_send")
    qtbot.waitUntil(lambda: other.jobs.idle)
    assert "Save my review" in (tmp_path / "page.html").read_text()
    assert "Mail it" in other.statusBar().currentMessage()


def test_a_name_without_its_ending_never_replaces_a_review_unasked(lead, tmp_path, monkeypatch):
    from leanlab.ui import messages

    lead.session.comment("project", "Well begun")
    taken = tmp_path / "mine 1.2.leanreview"
    taken.write_text("theirs")
    accepted(monkeypatch, FinishDialog)
    saving_to(monkeypatch, taken.with_suffix(""))
    monkeypatch.setattr(messages, "ask", lambda *_: False)
    lead.bar.run("review_finish")
    assert taken.read_text() == "theirs"
    assert lead.session.reviewing, "the review goes on"
    told(monkeypatch)
    monkeypatch.setattr(messages, "ask", lambda *_: True)
    lead.bar.run("review_finish")
    assert files.read_parcel(taken).reviewer == "M. Ito"


def test_import_says_why_not_before_a_file_is_chosen(window, path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: pytest.fail("it asked"))
    window.show_project(Session.open(path, read_only=True))
    window.bar.run("review_import")
    assert "opened read-only" in window.statusBar().currentMessage()
    window.file.close()
    assert commands.open_for_review(window, path)
    window.bar.run("review_import")
    assert "its owner imports reviews" in window.statusBar().currentMessage()


def test_a_full_disk_is_a_sentence_and_the_review_goes_on(lead, tmp_path, monkeypatch):
    from pathlib import Path

    lead.session.comment("project", "Well begun")
    said = told(monkeypatch)
    accepted(monkeypatch, FinishDialog)
    saving_to(monkeypatch, tmp_path / "a.leanreview")
    real = Path.open

    def full(path, *words, **how):
        if path.name.endswith(".leanreview.part"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *words, **how)

    monkeypatch.setattr(Path, "open", full)
    lead.bar.run("review_finish")
    assert said == ["a.leanreview cannot be written: the disk is full. Free some space, or choose another place."]  # fmt: skip
    assert [i.text for i in lead.session.items()] == ["Well begun"]


def test_keys_agree_disagree_and_comment_and_the_focus_stays(lead, monkeypatch):
    from PySide6.QtTest import QTest

    lead.go_to("gate:define")
    page = lead.navigation.page
    monkeypatch.setattr(gate_part, "_asked", lambda *_: "Where?")
    for at, key in ((0, Qt.Key.Key_A), (1, Qt.Key.Key_D), (2, Qt.Key.Key_C)):
        row = list(page._rows.values())[at]
        row.setFocus()
        QTest.keyClick(row, key)
        assert page._current == row.answer.question.id
    assert [(i.kind, i.choice, i.text) for i in lead.session.items()] == [
        ("opinion", "agree", ""), ("opinion", "disagree", "Where?"), ("comment", "", "Where?"),
    ]  # fmt: skip
    page._decide_by_key()
    assert page._deciding.problem.text() == "Choose a decision."
