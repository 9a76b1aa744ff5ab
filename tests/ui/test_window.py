"""The window: commands, places, history, theme, state of saving."""

import threading

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
)

from leanlab.app import settings
from leanlab.app.session import Session
from leanlab.store.project import check
from leanlab.ui import messages, project_file
from leanlab.ui.find import entries


def test_every_command_has_words_and_is_found_by_the_palette(window):
    names = {entry.text for entry in entries(window)}
    for command in window.bar.commands.values():
        assert command.plain
        assert command.plain in names


def test_no_two_commands_share_a_key(window):
    keys = [k.toString() for a in window.bar.actions.values() for k in a.shortcuts()]
    assert len(keys) == len(set(keys))


def test_a_command_that_cannot_run_says_why(window):
    window.bar.run("save")
    assert window.statusBar().currentMessage() == "Open a project first."
    assert not window.bar.actions["save"].isEnabled()


def test_the_state_of_saving_is_told_in_words(project_window, session):
    assert project_window.status.saved.text() == "Saved to project.leanlab"
    session.add("action", {"title": "Ask the night shift"})
    assert (
        project_window.status.saved.text() == "1 change only on this computer, not yet in the file"
    )
    project_window.file.save()
    assert project_window.status.saved.text() == "Saved to project.leanlab"


def test_undo_names_what_it_takes_back(project_window, session):
    session.add("action", {"title": "Ask the night shift"})
    project_window.show_state()
    assert project_window.bar.actions["undo"].text() == "&Undo add action"
    project_window.bar.run("undo")
    assert session.records("action") == []


def test_places_can_be_left_and_found_again(project_window):
    project_window.go_to("phase:define")
    project_window.go_to("actions")
    project_window.bar.run("back")
    assert project_window.navigation.target == "phase:define"
    project_window.bar.run("forward")
    assert project_window.navigation.target == "actions"
    project_window.go_to("no such place")
    assert project_window.navigation.target == "actions"


def test_a_step_in_another_thread_reaches_the_window(project_window, session, qtbot):
    project_window.jobs.run(
        lambda _job: session.add("action", {"title": "From a worker"}),
        lambda _id: None,
        failed=lambda problem: None,
    )
    qtbot.waitUntil(lambda: "1 change" in project_window.status.saved.text())


def test_long_work_shows_and_can_be_stopped(window, qtbot):
    stopped = []

    def work(job):
        while True:
            job.progress(1, 3)

    window.jobs.run(
        work,
        stopped.append,
        failed=stopped.append,
        title="Counting…",
        stopped=lambda: stopped.append(1),
    )
    qtbot.waitUntil(window.status.progress.isVisible)
    assert window.status.job_words.text() == "Counting…"
    qtbot.mouseClick(window.status.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stopped == [1])
    assert not window.status.progress.isVisible()


def test_the_theme_is_changed_at_once_and_remembered(window):
    window.set_theme("dark")
    assert window.tokens["name"] == "dark"
    assert settings.load().theme == "dark"
    window.toggle_theme()
    assert settings.load().theme == "light"


def test_text_can_be_made_larger_and_has_an_end(window):
    for _ in range(20):
        window.zoom(1)
    assert settings.load().text_size == 16
    window.zoom(0)
    assert settings.load().text_size == settings.USUAL_TEXT


def test_every_control_of_the_first_pages_has_a_name(project_window):
    for place in ("home", "phase:define", "phase:measure"):
        project_window.go_to(place)
        page = project_window.navigation.page
        for kind in (QAbstractButton, QLineEdit, QComboBox):
            for control in page.findChildren(kind):
                assert control.accessibleName() or control.text(), control


def test_project_settings_are_one_step(project_window, session):
    from leanlab.ui.dialogs.project_settings import ProjectSettingsDialog

    dialog = ProjectSettingsDialog(session, project_window)
    dialog.lines["sponsor"].setText("M. Ito")
    dialog.lines["site"].setText("Hub north")
    dialog._keep()
    assert session.fact("sponsor") == "M. Ito"
    assert session.undo() == "Undo change project settings"
    assert session.fact("site") == ""


def test_a_new_project_needs_a_name_and_a_free_place(window, tmp_path):
    from leanlab.ui.dialogs.new_project import NewProjectDialog

    dialog = NewProjectDialog(tmp_path, "A. Ruiz", window)
    dialog._check()
    assert dialog.problem.text() == "Give the project a name."
    dialog.name.setText("Late: deliveries / north")
    assert dialog.wanted.path == tmp_path / "Late- deliveries - north.leanlab"
    dialog.wanted.path.touch()
    dialog._check()
    assert "already there" in dialog.problem.text()


def test_a_project_that_cannot_be_begun_there_is_asked_for_again_with_its_answers(
    window, tmp_path, monkeypatch
):
    from leanlab.core.errors import DocumentProblem
    from leanlab.ui.dialogs.new_project import NewProjectDialog

    asked = []

    def answered(dialog):
        asked.append((dialog.name.text(), dialog.problem.text()))
        dialog.name.setText("Line 4")
        dialog.author.setText("A. Ruiz")
        folder = tmp_path if len(asked) > 1 else tmp_path / "full"
        dialog.place.setText(str(folder))
        return len(asked) < 3

    create = Session.create

    def created(path, **facts):
        if path.parent.name == "full":
            raise DocumentProblem("The folder full is read-only.", hint="Use Save As.")
        return create(path, **facts)

    monkeypatch.setattr(NewProjectDialog, "exec", answered)
    monkeypatch.setattr(Session, "create", created)
    assert window.file.new()
    assert [name for name, _ in asked] == ["", "Line 4"]
    assert asked[1][1].startswith("The folder full is read-only. Choose another folder")
    assert window.project.path == tmp_path / "Line 4.leanlab"


def test_a_file_that_waits_for_a_project_proposes_its_name(window, tmp_path, monkeypatch):
    from leanlab.ui.commands.data import import_path
    from leanlab.ui.dialogs.new_project import NewProjectDialog

    asked = []

    def declined(dialog):
        asked.append((dialog.name.text(), dialog.why.text()))
        return 0

    monkeypatch.setattr(NewProjectDialog, "exec", declined)
    import_path(window, tmp_path / "fill_weights.csv")
    assert asked == [
        ("fill weights", "Data live in a project: begin one, then fill_weights.csv is imported.")
    ]
    assert window.session is None


def test_back_and_forward_can_run_only_where_there_is_a_page(project_window):
    actions = project_window.bar.actions

    def able():
        return [actions[name].isEnabled() for name in ("back", "forward")]

    assert able() == [False, False]
    project_window.go_to("data")
    assert able() == [True, False]
    project_window.step(-1)
    assert able() == [False, True]
    assert "no page to go back to" in actions["back"].statusTip()


def test_the_page_that_is_shown_stays_the_one_that_is_known_when_an_older_one_goes(
    project_window, session
):
    chart = session.add("worksheet", {"type_id": "takt", "version": 1, "title": "T", "body": {}})
    for target in (chart, "data", "home"):
        project_window.go_to(target)
    project_window.step(-1)
    session.delete(chart)
    assert project_window.navigation.target == "data"


def test_a_list_that_is_in_use_elsewhere_counts_as_begun(project_window, session):
    from leanlab.worksheets.registry import BY_ID

    project_window.go_to("phase:improve")
    page = project_window.navigation.page
    assert page._status(BY_ID["actions"], None) == "not begun"
    session.add("action", {"title": "Calibrate the scale", "status": "open"})
    session.add("cause", {"text": "The scale drifts"})
    assert page._status(BY_ID["actions"], None) == "in progress"
    assert page._status(BY_ID["whys"], None) == "not begun"  # it has questions of its own


def test_a_narrow_window_gives_the_page_room_and_a_wide_one_gives_it_back(project_window, qtbot):
    sidebar = project_window.sidebar
    project_window.resize(1300, 700)
    qtbot.waitUntil(lambda: sidebar.width() > 200)
    wide = sidebar.width()
    project_window.stack.setMinimumWidth(840)  # as the page of an analysis needs
    project_window.resize(1024, 640)
    qtbot.waitUntil(lambda: sidebar.width() == sidebar.minimumWidth())
    home = project_window.navigation.page
    bar = home.findChild(QScrollArea).horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    project_window.resize(1300, 700)
    qtbot.waitUntil(lambda: sidebar.width() == wide)


def test_a_list_that_drops_down_has_room_for_its_entries_with_the_focus_too(window):
    # Qt takes the margin of the list from the style of the box, and its height from another place
    box, option = QComboBox(window), QStyleOptionComboBox()
    option.initFrom(box)
    margin = {}
    for focus in (QStyle.StateFlag.State_None, QStyle.StateFlag.State_HasFocus):
        option.state = QStyle.StateFlag.State_Enabled | focus
        metric = QStyle.PixelMetric.PM_MenuVMargin
        margin[focus] = box.style().pixelMetric(metric, option, box)
    assert len(set(margin.values())) == 1


def test_help_opens_on_the_page_that_was_asked_for_and_can_be_searched(window):
    from leanlab.ui.dialogs.help import HelpDialog

    dialog = HelpDialog("home", window)
    assert dialog.text.toPlainText().startswith("Home")
    dialog.box.setText("pareto")
    assert dialog.list.count() >= 1
    dialog.box.setText("qqqq")
    assert "No help page" in dialog.text.toPlainText()
    dialog.close()


def test_every_kind_of_record_leads_to_a_place(project_window, session, monkeypatch):
    from leanlab.ui.dialogs import metric as metric_dialog
    from leanlab.ui.pages.registry import REGISTERS

    edited = []
    monkeypatch.setattr(
        metric_dialog, "edit_metric", lambda _session, found, _window: edited.append(found)
    )
    for kind in set(REGISTERS) - {"worksheet_row", "gate"}:
        record = session.add(kind, {"title": "x", "text": "x", "name": "x"})
        project_window.go_to("home")
        project_window.go_to(record)
        assert project_window.navigation.target != "home" or edited == [record]
        edited.clear()
    gate = session.add("gate", {"phase": "measure", "decision": "passed"})
    project_window.go_to(gate)
    assert project_window.navigation.target == "phase:measure"


def test_a_project_is_closed_only_when_the_work_on_it_has_ended(project_window, session, qtbot):
    ended = []
    begun, go_on = threading.Event(), threading.Event()

    def work(_job):
        begun.set()
        go_on.wait(30)
        ended.append(session.title)

    project_window.go_to("report")
    project_window.jobs.run(
        work, ended.append, failed=ended.append, stopped=lambda: ended.append(1)
    )
    begun.wait(30)
    threading.Timer(0.2, go_on.set).start()
    assert project_window.file.close()
    assert ended == ["Late deliveries", 1]
    assert project_window.jobs.idle
    assert project_window.session is None


def test_what_was_changed_while_the_window_asked_is_asked_about(
    project_window, session, monkeypatch
):
    asked = []
    begun, go_on = threading.Event(), threading.Event()

    def work(_job):
        begun.set()
        go_on.wait(30)
        session.set_fact("sponsor", "M. Ito")

    def answer(_parent, _title, edits):
        asked.append(edits)
        return "save"

    monkeypatch.setattr(messages, "ask_close", answer)
    project_window.jobs.run(work, print, failed=print, title="Changing…")
    begun.wait(30)
    threading.Timer(0.2, go_on.set).start()
    assert project_window.file.close()
    assert asked == [1]
    again = Session.open(session.path)
    assert again.fact("sponsor") == "M. Ito"
    again.close()


def test_saving_under_a_typed_name_never_replaces_a_file_unasked(
    project_window, session, monkeypatch
):
    taken = session.path.with_name("plan 1.2.leanlab")
    taken.write_text("theirs")
    typed = str(taken.with_suffix(""))
    monkeypatch.setattr(project_file.QFileDialog, "getSaveFileName", lambda *_: (typed, ""))
    monkeypatch.setattr(messages, "ask", lambda *_: False)
    project_window.file.save_copy()
    assert taken.read_text() == "theirs"
    monkeypatch.setattr(messages, "ask", lambda *_: True)
    project_window.file.save_copy()
    assert check(taken).title == "Late deliveries"


def test_a_read_only_project_offers_no_edit_at_home_or_in_menus(window, session):
    session.save()
    reading = Session.open(session.path, read_only=True)
    window.show_project(reading)
    assert not window.findChild(QAbstractButton, "add_metric").isEnabled()
    assert window.bar.commands["save_result"].why_not() == "This project was opened read-only."
    window.go_to("metrics")
    assert window.statusBar().currentMessage() == "This project was opened read-only."


def test_project_settings_reach_the_page_that_is_shown(project_window, session):
    from leanlab.ui.dialogs.project_settings import ProjectSettingsDialog

    dialog = ProjectSettingsDialog(session, project_window)
    dialog.lines["sponsor"].setText("M. Ito")
    dialog._keep()
    texts = [one.text() for one in project_window.navigation.page.findChildren(QLabel)]
    assert any("Sponsor M. Ito" in text for text in texts)


def test_a_gate_survives_another_kind_of_project_and_the_way_back(project_window, session):
    project_window.go_to("gate:improve")
    page = project_window.navigation.page
    page.note.setText("typed")
    for kind in ("kaizen", "dmaic", "kaizen"):
        session.set_fact("project_kind", kind)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        session.set_fact("sponsor", kind)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    session.set_fact("project_kind", "dmaic")
    assert page.note.text() == "typed"


def test_home_counts_no_money_where_there_is_only_time(project_window, session):
    months = {f"2026-{m:02}": {"plan": 100.0} for m in range(1, 13)}
    session.add(
        "benefit_line",
        {"title": "Hours freed", "benefit_class": "soft", "unit": "h", "months": months},
    )
    project_window.go_to("home")
    said = [one.text() for one in project_window.navigation.page.findChildren(QLabel)]
    assert any(
        text.replace("\u202f", " ").startswith("Hours freed: 1 200 h a year") for text in said
    )
    assert "Plan" not in said
