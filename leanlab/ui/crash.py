"""A bug reached the top: keep a report on this computer, say so, and go on where possible.

Reports hold where in LeanLab's code it happened, never a value, a name or a text of the user's.
Nothing is sent anywhere.
"""

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from leanlab import __version__
from leanlab.core import clock
from leanlab.core.errors import Problem
from leanlab.store.places import folder
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

log = logging.getLogger("leanlab")
LOG_SIZE, LOGS = 1_000_000, 5
_RUNNING = "running"  # a file that stands while LeanLab runs; one left behind tells of a sudden end
_NATIVE = "native-crash.txt"
FROM_OUTSIDE = "LeanLab was ended from outside the last time, or the computer went off."


class CrashDialog(QDialog):
    """Shows the report and lets the user copy it."""

    help = "files"

    def __init__(self, heading: str, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("LeanLab met a mistake of its own")
        self.resize(660, 420)
        text = QPlainTextEdit(report)
        text.setObjectName("crash_report")
        text.setAccessibleName("Report")
        text.setReadOnly(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(label(heading, "heading"))
        layout.addWidget(
            label(
                "To help mend it, copy this report and send it to the makers. It tells where in the "
                "program it happened; it holds nothing of your data."
            )
        )
        layout.addWidget(text)
        copy = button(
            "Copy report", lambda: QGuiApplication.clipboard().setText(report), "copy_report"
        )
        on = button("Go on", self.accept, "primary")
        copy.setAutoDefault(False)  # having the focus, it would look as if Enter meant it
        on.setDefault(True)
        layout.addLayout(row(copy, None, on))
        on.setFocus()


def report_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return where it happened, without a value of the user's."""
    frames = traceback.extract_tb(trace)
    lines = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return "\n".join((_head(), kind.__name__, *lines))


def _head() -> str:
    from leanlab.store.checks import SQLITE

    return (
        f"LeanLab {__version__}, Python {platform.python_version()}, SQLite {SQLITE}, "
        f"{platform.system()} {platform.machine()}, {clock.now().isoformat(timespec='seconds')}"
    )


class Reporter(QObject):
    """Catches what nobody else caught, from any thread, and tells the user on the main one."""

    happened = Signal(str)
    met = Signal(object)  # a Problem

    def __init__(self) -> None:
        super().__init__(QApplication.instance())
        self._place = folder("logs")
        self._shown = False
        self._last_time = self._left_behind()
        self._native: IO[str] | None = None
        self._handler = self._begin_log()
        self.happened.connect(self._show)
        self.met.connect(self._show_problem)

    def _left_behind(self) -> str:
        """Return what a process that ended suddenly left, or nothing."""
        if not (self._place / _RUNNING).exists():
            return ""
        native = self._place / _NATIVE
        told = native.read_text(encoding="utf-8", errors="replace") if native.exists() else ""
        return told.strip() or FROM_OUTSIDE

    def _begin_log(self) -> RotatingFileHandler:
        handler = RotatingFileHandler(
            self._place / "leanlab.log", maxBytes=LOG_SIZE, backupCount=LOGS - 1, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.info("%s", _head())
        (self._place / _RUNNING).touch()
        self._native = (self._place / _NATIVE).open("w", encoding="utf-8")
        faulthandler.enable(self._native, all_threads=True)
        return handler

    def caught(
        self, kind: type[BaseException], value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log a bug and tell of it."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        if isinstance(value, Problem):  # the user's to mend, only shown in a poor place
            self.met.emit(value)
            return
        report = report_of(kind, trace)
        log.error("%s", report)
        self.happened.emit(report)

    def from_qt(self, kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        """Log what Qt has to say."""
        serious = kind in {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}
        log.log(logging.ERROR if serious else logging.INFO, "Qt: %s", text)

    def tell_of_the_last_time(self, window: "MainWindow") -> None:
        """Say that LeanLab ended suddenly, and what is left of it.

        Where it was no mistake of the program there is nothing to report: a line is enough.
        """
        told, self._last_time = self._last_time, ""
        if told == FROM_OUTSIDE:
            from leanlab.app.session import drafts

            offered = "Unsaved work is offered on the start page."
            window.say(f"{told} {offered if drafts() else 'There is no unsaved work.'}")
        elif told:
            heading = "LeanLab stopped unexpectedly the last time. Your edits are safe: unsaved work is offered on the start page."
            dialog = CrashDialog(heading, f"{_head()}\n{told}", window)
            dialog.open()

    def _show(self, report: str) -> None:
        if self._shown:  # one dialog is enough; the log has them all
            return
        self._shown = True
        heading = "Something in LeanLab went wrong. Your work is safe on this computer."
        CrashDialog(heading, report, QApplication.activeWindow()).exec()
        self._shown = False

    def _show_problem(self, problem: Problem) -> None:
        from leanlab.ui import messages

        window = QApplication.activeWindow()
        if window is not None:
            messages.show(window, problem)

    def close(self) -> None:
        """An orderly end: nothing is to be told the next time."""
        faulthandler.disable()
        if self._native is not None:
            self._native.close()
        (self._place / _RUNNING).unlink(missing_ok=True)
        log.removeHandler(self._handler)
        self._handler.close()
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__


def installed() -> Reporter:
    """Begin to catch."""
    reporter = Reporter()
    sys.excepthook = reporter.caught
    threading.excepthook = lambda a: reporter.caught(a.exc_type, a.exc_value, a.exc_traceback)
    sys.unraisablehook = lambda a: reporter.caught(a.exc_type, a.exc_value, a.exc_traceback)
    qInstallMessageHandler(reporter.from_qt)
    return reporter
