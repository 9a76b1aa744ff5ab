"""Bugs reach a report; an orderly end leaves nothing to tell."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QPushButton

from leanlab.store.places import folder
from leanlab.ui import crash

PRIVATE = "Mrs Smith earns 4,000"


@pytest.fixture
def reporter(qapp, monkeypatch):
    shown = []
    monkeypatch.setattr(crash.Reporter, "_show", lambda _self, report: shown.append(report))
    made = crash.installed()
    made.shown = shown
    yield made
    made.close()
    made.deleteLater()


def log_text():
    return (folder("logs") / "leanlab.log").read_text(encoding="utf-8")


def test_an_exception_in_a_slot_is_reported_without_values(reporter, qtbot):
    def slot():
        raise ValueError(PRIVATE)

    with qtbot.captureExceptions():
        reporter.caught(*_raised(slot))
    assert len(reporter.shown) == 1
    assert "ValueError" in reporter.shown[0]
    assert "slot" in reporter.shown[0]
    assert PRIVATE not in reporter.shown[0] + log_text()


def _raised(function):
    try:
        function()
    except ValueError:
        return sys.exc_info()
    raise AssertionError("it did not raise")


def test_an_exception_in_a_thread_is_reported_on_the_main_one(reporter, qtbot):
    def work():
        raise ValueError(PRIVATE)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(reporter.shown) == 1)


def test_messages_of_qt_are_logged(reporter):
    qWarning("something about fonts")
    assert "something about fonts" in log_text()


@pytest.mark.parametrize(
    ("left", "words"),
    [([], "There is no unsaved work."), (["a draft"], "offered on the start page")],
)
def test_a_sudden_end_is_told_the_next_time(qapp, window, monkeypatch, left, words):
    monkeypatch.setattr("leanlab.app.session.drafts", lambda: left)
    first = crash.Reporter()
    first._handler.close()
    logging.getLogger("leanlab").removeHandler(first._handler)
    first._native.close()
    second = crash.Reporter()
    second.tell_of_the_last_time(window)
    assert "ended from outside" in window.statusBar().currentMessage()
    assert words in window.statusBar().currentMessage()
    assert not window.findChildren(crash.CrashDialog)  # there is nothing to report
    second.close()
    third = crash.Reporter()
    assert third._last_time == ""
    third.close()


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the plugin without a screen says so of dialogs
def test_a_crash_of_the_interpreter_is_reported_the_next_time(qapp, window):
    place = crash.folder("logs")
    (place / "running").touch()
    (place / "native-crash.txt").write_text("Fatal Python error: Segmentation fault")
    after = crash.Reporter()
    after.tell_of_the_last_time(window)
    [dialog] = window.findChildren(crash.CrashDialog)
    assert "Segmentation fault" in dialog.findChild(crash.QPlainTextEdit).toPlainText()
    assert [b.text() for b in dialog.findChildren(QPushButton) if b.isDefault()] == ["Go on"]
    assert not dialog.findChild(QPushButton, "copy_report").autoDefault()
    dialog.close()
    after.close()


def test_the_hooks_are_given_back(qapp):
    made = crash.installed()
    made.close()
    assert sys.excepthook is sys.__excepthook__
    QTimer.singleShot(0, lambda: None)


def test_a_problem_that_reached_the_top_is_shown_as_a_sentence(
    reporter, window, qtbot, monkeypatch
):
    from leanlab.core.errors import Problem
    from leanlab.ui import messages

    told = []
    monkeypatch.setattr(messages, "show", lambda _parent, problem: told.append(problem.message))
    monkeypatch.setattr(crash.QApplication, "activeWindow", lambda: window)
    problem = Problem("The disk is full.")
    reporter.caught(Problem, problem, None)
    assert told == ["The disk is full."]
    assert reporter.shown == []
