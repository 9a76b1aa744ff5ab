"""Start the window: first paint first, heavy libraries after it, crashes to a report."""

import gc
import os
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import leanlab.ui.plain_import  # noqa: F401 - before anything else of Qt

# isort: split
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from leanlab.core.resources import FONT, font_files, resource

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

# imported after the first paint, in this order: what a first chart needs comes first
HEAVY = (
    "sqlite3", "numpy", "leanlab.figures", "matplotlib.figure", "matplotlib.backends.backend_agg",
    "leanlab.app.session", "leanlab.app.stored", "leanlab.figures.control_chart", "scipy.special",
    "sqlite_utils", "pandas", "scipy.stats", "statsmodels.stats.power",
)  # fmt: skip

NO_DISPLAY = (
    "leanlab: there is no display to open a window on.\n"
    "Use the commands instead (leanlab --help), or set QT_QPA_PLATFORM=offscreen for tests."
)


class WarmUp:
    """Imports the heavy libraries in a thread, so that the first analysis need not wait."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._import, name="leanlab-warm-up", daemon=True)

    def begin(self) -> None:
        """Start, unless switched off for tests."""
        if _warms_up() and self._thread.ident is None:
            self._thread.start()

    @property
    def running(self) -> bool:
        """Whether libraries are still being imported."""
        return self._thread.is_alive()

    def end(self) -> None:
        """Stop after the library that is being imported, and wait for that."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _import(self) -> None:
        """Import, with the search for garbage off: it would go through all that is new, in vain."""
        try:
            for name in HEAVY:
                if self._stop.is_set():
                    return
                import_module(name)
        finally:
            gc.freeze()  # the libraries stay: later searches, and the one at exit, pass them over
            gc.enable()


def _warms_up() -> bool:
    return not os.environ.get("LEANLAB_NO_WARMUP")


def make_application() -> QApplication:
    """Return the Qt application with its name and font."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if _warms_up():
        gc.disable()  # what is made now stays; the end of the warm-up switches it on again
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("LeanLab")
    app.setApplicationDisplayName("LeanLab")
    app.setDesktopFileName("leanlab")
    app.setWindowIcon(QIcon(str(resource("icons/leanlab.svg"))))
    app.setFont(QFont(_family(), 10))
    return app


def _family() -> str:
    """Load our font; without it the system's serves."""
    for path in font_files():
        QFontDatabase.addApplicationFont(str(path))
    if FONT in QFontDatabase.families():
        return FONT
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def without_display() -> bool:
    """Whether there is no screen to open a window on."""
    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in known)


def open_window(path: Path | None = None, sample: str = "") -> int:
    """Open the window, on a file, a folder or a sample if one is named; return the exit status."""
    if without_display():
        print(NO_DISPLAY, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return 3
    app = make_application()
    from leanlab.ui.one_process import handed_over

    if not sample and handed_over(path):
        return 0
    windows = Windows()
    windows.open(path, sample)
    status = app.exec()
    windows.end()
    return status


class Windows:
    """The windows of this process, what they share, and what comes after the first paint."""

    def __init__(self) -> None:
        from leanlab.ui import crash

        self._open: list[MainWindow] = []
        self._warm_up = WarmUp()
        self._crash = crash.installed()
        self._listener: QObject | None = None

    def open(self, path: Path | None, sample: str = "") -> None:
        """Show a project or a folder of them, or import a review: in a window that has none."""
        window = self._holding(path) or self._free() or self._new()
        QTimer.singleShot(0, window, lambda: _after_first_paint(window, path, sample))
        window.raise_()
        window.activateWindow()

    def _free(self) -> "MainWindow | None":
        return next((w for w in self._open if w.isVisible() and w.session is None), None)

    def _holding(self, path: Path | None) -> "MainWindow | None":
        """Return the window whose project a review is about; what is wrong with it is told there."""
        if path is None or path.suffix.lower() != ".leanreview":
            return None
        from leanlab.app.review_file import read_parcel
        from leanlab.core.errors import Problem

        try:
            parcel = read_parcel(path)
        except Problem:
            return None
        return next(
            (w for w in self._open if w.isVisible() and w.session is not None
             and not w.session.read_only and parcel.part(w.session.fact("project_id")) is not None),
            None,
        )  # fmt: skip

    def _new(self) -> "MainWindow":
        from leanlab.ui.window import MainWindow

        self._open = [window for window in self._open if window.isVisible()]
        window = MainWindow()
        _placed(window)
        window.show()
        if not self._open:
            QTimer.singleShot(150, window, self._later)
        self._open.append(window)
        return window

    def _later(self) -> None:
        from leanlab.ui.one_process import Listener

        app = QApplication.instance()
        if self._listener is None and app is not None:
            self._listener = Listener(self.open, app)
        self._warm_up.begin()
        self._crash.tell_of_the_last_time(self._open[-1])

    def end(self) -> None:
        """Wait for what still runs."""
        self._warm_up.end()
        self._crash.close()


def _placed(window: "MainWindow") -> None:
    from leanlab.ui.window import fitting

    kept = window.settings.window
    if kept.get("maximized"):
        window.showMaximized()
    elif kept.get("width") and kept.get("height"):
        wanted = QSize(int(kept["width"]), int(kept["height"]))
        window.resize(fitting(wanted, window.screen()))


def _after_first_paint(window: "MainWindow", path: Path | None, sample: str) -> None:
    window.start.show_later_parts()
    if path is not None:
        if not window.take(path):
            window.file.open_path(path)  # says what is wrong with it
    elif sample:
        window.file.open_sample(sample)


def smoke() -> int:
    """Paint the start page, print the milliseconds since the process began, and leave."""
    if without_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    from leanlab.ui.window import MainWindow

    window = MainWindow()
    window.show()
    app.processEvents()
    window.grab()
    print(f"{1000 * _age():.0f}")  # noqa: T201 - this is what was asked for
    window.close()
    return 0


def _age() -> float:
    """Return the seconds since this process began."""
    try:
        ticks = int(
            Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
        )
        up = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
        return up - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.process_time()
