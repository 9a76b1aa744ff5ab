"""A bug reached the top: say so, keep a report on this computer, and go on where possible."""

import logging
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QVBoxLayout

from leanlab import __version__
from leanlab.core import clock
from leanlab.store.places import folder
from leanlab.ui.widgets import button, label, row

log = logging.getLogger("leanlab")
LOG_SIZE, LOGS = 500_000, 3


class _Reporter(QObject):
    """Carries a report from any thread to the main one."""

    happened = Signal(str)

    def __init__(self) -> None:
        super().__init__(QApplication.instance())
        self._open = False
        self.happened.connect(self._show)

    def _show(self, report: str) -> None:
        if self._open:  # one dialog is enough; the log has them all
            return
        self._open = True
        CrashDialog(report).exec()
        self._open = False


class CrashDialog(QDialog):
    """Shows the report and lets the user copy it; nothing is sent anywhere."""

    def __init__(self, report: str) -> None:
        super().__init__()
        self.setWindowTitle("LeanLab met a mistake of its own")
        self.resize(640, 420)
        text = QPlainTextEdit(report)
        text.setObjectName("crash_report")
        text.setAccessibleName("Report")
        text.setReadOnly(True)
        layout = QVBoxLayout(self)
        layout.addWidget(
            label("Something in LeanLab went wrong. Your work is safe on this computer.", "heading")
        )
        layout.addWidget(
            label(
                "You can go on. To help mend it, copy this report and send it to the makers; it holds no data of yours."
            )
        )
        layout.addWidget(text)
        layout.addLayout(
            row(
                button("Copy report", lambda: QGuiApplication.clipboard().setText(report)),
                None,
                button("Go on", self.accept, "primary"),
            )
        )


def report_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return where it happened: files and lines of LeanLab's own code, never a value of the user's."""
    frames = traceback.extract_tb(trace)
    lines = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    head = f"LeanLab {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return "\n".join((head, clock.now().isoformat(timespec="seconds"), kind.__name__, *lines))


def install() -> None:
    """Catch what nobody else caught."""
    handler = RotatingFileHandler(
        folder("logs") / "leanlab.log",
        maxBytes=LOG_SIZE,
        backupCount=LOGS,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(handler)
    reporter = _Reporter()

    def caught(
        kind: type[BaseException], _value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        report = report_of(kind, trace)
        log.error("%s", report)
        reporter.happened.emit(report)

    sys.excepthook = caught
    threading.excepthook = lambda args: caught(args.exc_type, args.exc_value, args.exc_traceback)
