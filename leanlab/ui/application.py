"""Start the window: first paint first, heavy libraries after it, crashes to a report."""

import os
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from leanlab.core.resources import FONT, font_files

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

# imported after the first paint, in this order: what a first chart needs comes first
HEAVY = (
    "sqlite3", "numpy", "matplotlib.figure", "matplotlib.backends.backend_qtagg",
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
        if not os.environ.get("LEANLAB_NO_WARMUP"):
            self._thread.start()

    def end(self) -> None:
        """Stop after the library that is being imported, and wait for that."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _import(self) -> None:
        for name in HEAVY:
            if self._stop.is_set():
                return
            import_module(name)


def make_application() -> QApplication:
    """Return the Qt application with its name and font."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setApplicationName("LeanLab")
    app.setApplicationDisplayName("LeanLab")
    app.setDesktopFileName("leanlab")
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
    """Open the window, on a project or a sample if one is named; return the exit status."""
    if without_display():
        print(NO_DISPLAY, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return 3
    from leanlab.ui import crash

    app = make_application()
    from leanlab.ui.window import MainWindow

    crash.install()
    window = MainWindow()
    _placed(window)
    window.show()
    warm_up = WarmUp()
    QTimer.singleShot(0, lambda: _after_first_paint(window, path, sample))
    QTimer.singleShot(150, warm_up.begin)
    status = app.exec()
    warm_up.end()
    return status


def _placed(window: "MainWindow") -> None:
    kept = window.settings.window
    if kept.get("maximized"):
        window.showMaximized()
    elif kept.get("width") and kept.get("height"):
        window.resize(int(kept["width"]), int(kept["height"]))


def _after_first_paint(window: "MainWindow", path: Path | None, sample: str) -> None:
    window.start.show_later_parts()
    if path is not None:
        window.file.open_path(path)
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
