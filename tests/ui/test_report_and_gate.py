"""The pages of report and gate, driven as a user does."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from leanlab.app import roadmap, storyboard
from leanlab.ui.commands import report as commands
from leanlab.ui.commands.paper import paper_of, whole_report
from leanlab.ui.dialogs import gate as dialogs
from leanlab.ui.dialogs import report_page as own
from leanlab.ui.dialogs.print_preview import PrintPreview
from leanlab.ui.pages.gate import GatePage
from leanlab.ui.pages.report import ReportPage
from leanlab.ui.pages.report_parts import KEY
from leanlab.ui.present import Presenter

CHARTER = {
    "what": "late orders", "where": "hub", "period": "2025", "size": 13.9, "size_unit": "%",
    "by_date": "2026-06-01", "case": "Customers leave", "in_scope": "sorting",
    "out_scope": "carriers", "sponsor": "M. Ito", "leader": "A. Ruiz",
}  # fmt: skip


@pytest.fixture
def filled(session):
    session.add("worksheet", {"type_id": "charter", "version": 1, "title": "Project charter",
                              "phase": "define", "status": "ready", "body": CHARTER})  # fmt: skip
    session.add("metric", {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
                           "definition": "late / all", "target": 5.0})  # fmt: skip
    return session


@pytest.fixture
def gate(filled, project_window):
    project_window.go_to("gate:define")
    page = project_window.navigation.page
    assert isinstance(page, GatePage)
    return page


def press(page, text):
    found = [b for b in page.findChildren(QPushButton) if b.text() == text and not b.isHidden()]
    assert found, text
    found[-1].click()


def choose(page, decision):
    next(b for b in page.choices.buttons() if b.property("decision") == decision).setChecked(True)


def test_a_gate_is_passed_and_the_page_shows_it(gate, filled):
    choose(gate, "passed")
    gate.who.setText("M. Ito")
    press(gate, "Decide the gate")
    decision = roadmap.state_of(filled).phase("define").decision
    assert (decision.decision, decision.who, decision.role) == ("passed", "M. Ito", "Sponsor")


def test_a_decision_needs_a_choice_and_a_name(gate, filled):
    press(gate, "Decide the gate")
    assert gate.problem.text() == "Choose a decision."
    choose(gate, "passed")
    gate.who.setText("")
    press(gate, "Decide the gate")
    assert "who decides" in gate.problem.text()
    assert filled.records("gate") == []


def test_an_open_must_is_said_where_the_decision_is(gate, filled):
    filled.edit(filled.records("metric")[0].id, {"target": None})
    choose(gate, "passed")
    gate.who.setText("M. Ito")
    press(gate, "Decide the gate")
    assert "Does the goal say" in gate.problem.text()
    assert not gate.problem.isHidden()


def test_what_was_typed_survives_another_change(gate, filled):
    choose(gate, "rework")
    gate.note.setText("Say how much")
    filled.add("cause", {"text": "meanwhile"})
    assert gate.note.text() == "Say how much"
    assert gate.choices.checkedButton().property("decision") == "rework"


def test_conditions_become_actions(gate, filled, monkeypatch):
    from leanlab.ui.pages import gate as page

    monkeypatch.setattr(
        page, "ask_condition", lambda _parent: ("Name finance", "A. Ruiz", "2030-01-01")
    )
    gate.add_condition()
    gate.who.setText("M. Ito")
    press(gate, "Decide the gate")
    assert [a.get("title") for a in filled.records("action")] == ["Name finance"]
    assert roadmap.state_of(filled).phase("define").decision.decision == "conditions"


def test_a_question_is_answered_by_hand_with_a_file(gate, filled, monkeypatch, tmp_path):
    file = tmp_path / "minutes.txt"
    file.write_text("agreed", encoding="utf-8")
    given = dialogs.HandAnswer(yes=True, note="Asked all", outside=False, file=file)
    monkeypatch.setattr(dialogs, "ask_answer", lambda *_: given)
    question = next(
        a for a in roadmap.state_of(filled).phase("define").answers if a.question.id == "D9"
    )
    gate.by_hand(question)
    answer = next(
        a for a in roadmap.state_of(filled).phase("define").answers if a.question.id == "D9"
    )
    assert answer.by_hand
    assert filled.records("attachment")[0].get("name") == "minutes.txt"


def test_the_answer_dialog_wants_a_note_a_file_or_outside(qtbot, project_window):
    dialog = dialogs.AnswerDialog("Is it so?", project_window)
    qtbot.addWidget(dialog)
    dialog._check()
    assert not dialog.result()
    assert "Write a sentence" in dialog.problem.text()
    dialog.outside.setChecked(True)
    dialog._check()
    assert dialog.result()
    assert dialog.answer == dialogs.HandAnswer(yes=True, note="", outside=True, file=None)


def test_a_gate_can_be_marked_as_passed_before(gate, filled, monkeypatch):
    from leanlab.ui.pages import gate as page

    monkeypatch.setattr(page, "ask_passed_before", lambda *_: ("2025-11-03", "Board"))
    press(gate, "Passed before LeanLab…")
    assert roadmap.state_of(filled).current.phase.id == "measure"


def test_evidence_opens_the_record(gate, filled, project_window):
    metric = filled.records("metric")[0]
    opened = []
    project_window.go_to = opened.append
    filled.add("cause", {"text": "so that the page is built again"})
    press(gate, "Late orders is defined.")
    assert opened == [metric.id]


def test_a_read_only_project_offers_no_decision(filled, window):
    from leanlab.app.session import Session

    filled.save()
    copy = filled.path.with_name("copy.leanlab")
    filled.save_copy(copy)
    session = Session.open(copy, read_only=True)
    try:
        window.show_project(session)
        window.go_to("gate:define")
        page = window.navigation.page
        buttons = {b.text(): b.isEnabled() for b in page.findChildren(QPushButton)}
        assert buttons["Decide the gate"] is False
        assert "Answer by hand…" not in buttons
        window.leave_project()
    finally:
        session.close()


def report_page(project_window, qtbot):
    project_window.go_to("report")
    page = project_window.navigation.page
    assert isinstance(page, ReportPage)
    qtbot.waitUntil(lambda: page.pages.count > 0 and project_window.jobs.idle, timeout=30_000)
    return page


def line(page, key):
    items = page.panel.parts._items()
    return next(i for i in items if i.data(0, KEY) == key)


def test_the_report_page_shows_pages_and_follows_changes(filled, project_window, qtbot):
    page = report_page(project_window, qtbot)
    before = page.pages.count
    assert page.words.text() == f"{before} pages"
    assert page.page_words.text() == f"Page 1 of {before}"
    assert line(page, "contents").text(1) == "2"
    storyboard.add_page(filled, "project", "Later", "More to come.")
    qtbot.waitUntil(lambda: page.pages.count == before + 1, timeout=30_000)
    assert [i.text(0) for i in page.panel.parts._items()][-1] == "Later"


def test_a_part_is_left_out_by_its_tick_and_undo_brings_it_back(filled, project_window, qtbot):
    page = report_page(project_window, qtbot)
    line(page, "appendix").setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: "appendix" not in shown_keys(filled))
    qtbot.waitUntil(lambda: line(page, "appendix").text(1) == "", timeout=30_000)
    project_window.undo()
    assert "appendix" in shown_keys(filled)
    qtbot.waitUntil(lambda: line(page, "appendix").checkState(0) == Qt.CheckState.Checked)


def shown_keys(session):
    return [p.key for p in storyboard.parts_of(session, "project") if p.shown]


def test_parts_move_by_key_and_by_drag(filled, project_window, qtbot):
    page = report_page(project_window, qtbot)
    parts = page.panel.parts
    parts.setCurrentItem(line(page, "chapter:measure"))
    parts.setFocus()
    qtbot.keyClick(parts, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    order = shown_keys(filled)
    assert order.index("chapter:measure") < order.index("chapter:define")
    assert parts.key == "chapter:measure"
    assert project_window.navigation.page is page  # Alt+Up did not leave for the phase
    parts.dropped.emit("gate:define", "chapter:define")
    qtbot.waitUntil(
        lambda: (
            shown_keys(filled).index("gate:define")
            == shown_keys(filled).index("chapter:define") - 1
        )
    )


def test_a_page_of_ones_own_is_added_edited_and_removed(filled, project_window, qtbot, monkeypatch):
    page = report_page(project_window, qtbot)
    typed = [own.OwnPage("Thanks", "To all.", True), own.OwnPage("Many thanks", "To all.", False)]
    monkeypatch.setattr(own, "ask_page", lambda *_: typed.pop(0))
    page.panel.parts.setCurrentItem(line(page, "contents"))
    qtbot.keyClick(page.panel.parts, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    key = shown_keys(filled)[2]
    assert line(page, key).text(0) == "Thanks"
    page.open_part(key)
    assert line(page, key).text(0).strip() == "Many thanks"
    page.panel.parts.setCurrentItem(line(page, key))
    qtbot.keyClick(page.panel.parts, Qt.Key.Key_Delete)
    assert key not in shown_keys(filled)


def test_the_own_page_wants_a_heading(qtbot, project_window):
    dialog = own.ReportPageDialog(project_window)
    qtbot.addWidget(dialog)
    dialog._check()
    assert not dialog.result()
    assert "Write a heading" in dialog.problem.text()
    dialog.heading.setText("  Thanks  ")
    dialog._check()
    assert dialog.result()
    assert dialog.page == own.OwnPage("Thanks", "", True)


def test_another_kind_of_report_is_chosen_and_undone(filled, project_window, qtbot):
    page = report_page(project_window, qtbot)
    kinds = page.panel.kinds
    page.panel.template_chosen.emit(kinds.itemData(kinds.findText("Sponsor's page")))
    qtbot.waitUntil(lambda: page.pages.count == 1, timeout=30_000)
    project_window.undo()
    qtbot.waitUntil(lambda: kinds.currentText() == "Project report")


def test_an_open_page_is_added_to_the_report_and_it_is_said_where(filled, project_window):
    charter = filled.records("worksheet")[0].id
    said = []
    project_window.say = said.append
    project_window.go_to("home")
    project_window.bar.run("add_to_report")
    assert said.pop() == "Open a worksheet, an analysis or a saved result first."
    storyboard.choose(filled, "sponsor")
    project_window.go_to(charter)
    project_window.bar.run("add_to_report")
    assert said.pop() == "Added to the sponsor's page. Undo takes it out again."
    project_window.undo()
    assert not [p for p in storyboard.parts_of(filled, "sponsor") if p.key == charter and p.shown]


def test_the_pages_fill_the_screen_and_turn_by_key(filled, project_window, qtbot):
    project_window.bar.run("present")
    qtbot.waitUntil(lambda: bool(project_window.findChildren(Presenter)), timeout=30_000)
    shown = project_window.findChildren(Presenter)[0]
    assert shown.isFullScreen()
    assert shown.accessibleName().startswith("Page 1 of ")
    qtbot.keyClick(shown, Qt.Key.Key_Right)
    assert shown.number == 1
    qtbot.keyClick(shown, Qt.Key.Key_PageUp)
    qtbot.keyClick(shown, Qt.Key.Key_Left)
    assert shown.number == 0
    qtbot.keyClick(shown, Qt.Key.Key_End)
    last = shown.number
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    assert shown.number == last > 1
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not project_window.findChildren(Presenter))


def test_the_pages_are_painted(filled, project_window, qtbot):
    project_window.go_to("report")
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: page.pages.count > 0, timeout=30_000)
    image = page.pages.grab().toImage()
    down = range(0, image.height(), 7)
    paper = [image.pixelColor(image.width() // 2, y).lightness() == 255 for y in down]
    top = ((x, y) for y in range(120) for x in range(image.width()))
    assert sum(paper) > 0.5 * len(paper)
    assert any(image.pixelColor(x, y).lightness() < 120 for x, y in top)


@pytest.mark.parametrize(("ending", "start"), [(".pdf", b"%PDF"), (".html", b"<!DOCTYPE html>")])
def test_a_report_is_saved(filled, project_window, qtbot, monkeypatch, tmp_path, ending, start):
    path = tmp_path / f"out{ending}"
    opened = []
    monkeypatch.setattr(commands, "_ask", lambda *_: path)
    monkeypatch.setattr(
        commands.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    commands.save(project_window, ending)
    qtbot.waitUntil(lambda: bool(opened), timeout=30_000)
    assert path.read_bytes().startswith(start)
    assert opened == [str(path)]


def test_a_worksheet_is_saved_by_itself(filled, project_window, qtbot, monkeypatch, tmp_path):
    path = tmp_path / "charter.pdf"
    monkeypatch.setattr(commands, "_ask", lambda *_: path)
    monkeypatch.setattr(commands.QDesktopServices, "openUrl", lambda _url: True)
    project_window.go_to(filled.records("worksheet")[0].id)
    commands.save_open(project_window)
    qtbot.waitUntil(path.exists, timeout=30_000)
    qtbot.waitUntil(lambda: project_window.jobs.idle, timeout=30_000)


def test_a_report_that_cannot_be_written_says_why(
    filled, project_window, qtbot, monkeypatch, tmp_path
):
    said = []
    monkeypatch.setattr(project_window, "show_problem", said.append)
    commands._write(
        project_window, whole_report(project_window.project), tmp_path / "nowhere" / "out.pdf"
    )
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert "cannot be written" in said[0].message


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the plugin without a screen says so of dialogs
def test_the_open_page_is_shown_before_it_is_printed(filled, project_window, qtbot, monkeypatch):
    sent = []
    monkeypatch.setattr(
        commands, "to_printer", lambda _window, title, pages: sent.append((title, len(pages)))
    )
    project_window.go_to(filled.records("worksheet")[0].id)
    project_window.bar.run("print")
    qtbot.waitUntil(lambda: bool(project_window.findChildren(PrintPreview)), timeout=30_000)
    preview = project_window.findChildren(PrintPreview)[0]
    assert preview.pages.count >= 1
    assert sent == []
    preview.print.click()
    assert sent == [("Project charter", preview.pages.count)]
    assert project_window.bar.commands["print"].menu == "&File"


class Quiet:
    """Stands for a job that nobody stops."""

    def check(self):
        pass

    def progress(self, done, total):
        pass


@pytest.mark.parametrize(
    ("target", "title", "whole"),
    [
        ("gate:define", "Gate Define", False),
        ("phase:define", "Gate Define", False),
        ("card", "Late deliveries card", False),
        ("home", "Late deliveries", True),
        ("report", "Late deliveries", True),
    ],
)
def test_what_is_open_is_what_is_printed(filled, project_window, tmp_path, target, title, whole):
    project_window.go_to(target)
    paper = paper_of(project_window)
    assert (paper.title, paper.whole) == (title, whole)
    paper.write(Quiet(), tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    pages = paper.pictures(Quiet(), 30)
    assert all(page.startswith(b"\x89PNG") for page in pages)
    everything = whole_report(project_window.project).pictures(Quiet(), 30)
    assert whole or len(pages) < len(everything)


@pytest.mark.parametrize("answer", [True, False])
def test_an_export_asks_before_a_name_with_its_ending_replaces_a_file(
    project_window, qtbot, monkeypatch, tmp_path, answer
):
    from leanlab.ui.dialogs import export

    (tmp_path / "chart.png").write_bytes(b"old")
    chosen = (str(tmp_path / "chart"), export.FILTERS[".png"])
    monkeypatch.setattr(export.QFileDialog, "getSaveFileName", lambda *_: chosen)
    monkeypatch.setattr(export.messages, "ask", lambda *_: answer)
    monkeypatch.setattr(export, "write", lambda path, *_: path.write_bytes(b"new"))
    export.export(project_window, "chart", export.presentation_ways(None, None, "chart", None))
    qtbot.waitUntil(lambda: project_window.jobs.idle, timeout=30_000)
    assert (tmp_path / "chart.png").read_bytes() == (b"new" if answer else b"old")


def test_pages_go_to_a_printer(qapp, tmp_path):
    from PySide6.QtPrintSupport import QPrinter

    from leanlab.report.document import Chapter, Report, Text
    from leanlab.report.pdf import page_pictures

    report = Report("One", "Page", [], [Chapter("One", [Text("hello")])], "today", "LeanLab")
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    commands.paint(printer, page_pictures(report, 60))
    assert (tmp_path / "printed.pdf").stat().st_size > 1000


def signs(page):
    return {answer.question.id: sign.accessibleName() for answer, sign in page._signs}


def test_an_untouched_gate_shows_open_circles_until_somebody_wants_to_pass_it(
    session, project_window
):
    project_window.go_to("gate:define")
    page = project_window.navigation.page
    assert set(signs(page).values()) == {"not answered yet"}
    choose(page, "rework")
    assert set(signs(page).values()) == {"not answered yet"}
    choose(page, "passed")
    assert signs(page)["D1"] == "no"
    assert signs(page)["D5"] == "not answered yet"


def test_a_record_that_speaks_against_a_question_makes_it_red(session, project_window):
    session.add("control_item", {"title": "Late orders", "owner": "B"})
    project_window.go_to("gate:control")
    assert signs(project_window.navigation.page)["C3"] == "no"


def test_an_empty_project_has_nothing_to_judge(session, project_window):
    def said():
        project_window.go_to("home")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return [one.text() for one in project_window.navigation.page.findChildren(QLabel)]

    assert "Nothing to judge yet: begin with the charter." in said()
    session.add("metric", {"name": "Late orders", "role": "counter"})
    assert "Nothing to judge yet: begin with the charter." not in said()


def test_keys_lead_through_the_questions_of_a_gate(gate, filled, project_window, monkeypatch):
    from leanlab.ui.review import gate_part

    rows = list(gate._rows.values())
    rows[0].setFocus()
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert gate._current == rows[1].answer.question.id
    QTest.keyClick(rows[1], Qt.Key.Key_Up)
    assert gate.main_part() is rows[0]
    QTest.keyClick(rows[0], Qt.Key.Key_A)
    assert "belong to a review" in project_window.statusBar().currentMessage()
    monkeypatch.setattr(gate_part, "_asked", lambda *_: "Where is it seen?")
    QTest.keyClick(rows[0], Qt.Key.Key_C)
    (said,) = filled.records("comment")
    assert said.get("about_id") == f"question:define/{rows[0].answer.question.id}"
    assert said.get("text") == "Where is it seen?"


def test_evidence_is_set_beside_the_questions(gate, filled, project_window, qtbot):
    charter = filled.records("worksheet")[0].id
    answer = next(r for r in gate._rows.values() if r.answer.yes and r.answer.target == "worksheet:charter")  # fmt: skip
    QTest.keyClick(answer, Qt.Key.Key_Return)
    assert gate.evidence.isVisible()
    assert gate.evidence.record_id == charter
    qtbot.waitUntil(lambda: gate.evidence.pages.count > 0, timeout=30_000)
    gate.close_evidence()
    assert gate.evidence.isHidden()


def test_the_decision_is_made_by_key(gate, filled):
    choose(gate, "rework")
    gate.who.setText("M. Ito")
    gate._decide_by_key()
    assert roadmap.state_of(filled).phase("define").decision.decision == "rework"


def test_a_gate_is_presented_question_by_question(gate, project_window, qtbot):
    from leanlab.ui.gate.present import Presentation, slides_of
    from leanlab.ui.pages.gate import SIGNS

    slides = slides_of(project_window, gate._phase, "5 of 9 answered")
    shown = Presentation(project_window, slides, SIGNS)
    assert len(slides) == 1 + len(gate._phase.answers)
    assert shown.title.text() == "Gate Define"
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.title.text() == gate._phase.answers[0].question.text
    qtbot.waitUntil(lambda: project_window.jobs.idle, timeout=30_000)
    QTest.keyClick(shown, Qt.Key.Key_End)
    assert shown.at == len(slides) - 1
    QTest.keyClick(shown, Qt.Key.Key_Home)
    assert shown.at == 0
    qtbot.waitUntil(lambda: project_window.jobs.idle, timeout=30_000)
    shown.close()


def test_a_gate_without_worksheets_says_that_there_is_nothing_to_review(session, project_window):
    project_window.go_to("gate:measure")
    texts = [one.text() for one in project_window.navigation.page.findChildren(QLabel)]
    assert any(t.startswith("Nothing to review yet: ") for t in texts)
