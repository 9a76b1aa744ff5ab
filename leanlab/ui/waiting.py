"""Wait for work that the user asked for and must see finished, with the window alive."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

T = TypeVar("T")
BLINK = 0.03  # seconds: most work is over by then; no event loop, no flicker
SHOW_AFTER = 400  # milliseconds


def waited(parent: QWidget, text: str, work: Callable[[], T]) -> T:
    """Run `work` in a thread and return its result; a dialog shows after a moment.

    What `work` raises is raised here.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="leanlab-waited") as pool:
        future = pool.submit(work)
        wait([future], timeout=BLINK)
        if not future.done():
            _watch(parent, text, future)
        return future.result()


def _watch(parent: QWidget, text: str, future: "Future[Any]") -> None:
    dialog = QProgressDialog(text, "", 0, 0, parent)
    dialog.setCancelButton(None)
    dialog.setWindowTitle("LeanLab")
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(SHOW_AFTER)
    loop = QEventLoop()
    timer = QTimer(loop)
    timer.timeout.connect(lambda: loop.quit() if future.done() else None)
    timer.start(15)
    loop.exec()
    timer.stop()
    dialog.close()
    dialog.deleteLater()
