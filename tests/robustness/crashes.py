"""Make LeanLab go wrong in every place where code of its own runs; each leaves a report.

Each place is tried in a process of its own. `python -m tests.robustness.crashes` tries all of them.
"""

import os
import subprocess
import sys

from tests.robustness.scene import home, told

PRIVATE = "Mrs Smith earns 4,000"
SCRIPT = """
import faulthandler, sys, threading
from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from leanlab.ui import crash

app = QApplication([])
crash.Reporter._show = lambda self, report: app.quit()
reporter = crash.installed()

def fail_in_{place}():
    raise ValueError({private!r})

def slot():
    button = QPushButton()
    button.clicked.connect(lambda: fail_in_slot())
    button.click()

def timer():
    QTimer.singleShot(0, fail_in_timer)

class Painted(QWidget):
    def paintEvent(self, event):
        fail_in_paint()

def paint():
    app.kept = Painted()
    app.kept.show()

class Thread(QThread):
    def run(self):
        fail_in_qthread()

def qthread():
    app.kept = Thread()
    app.kept.start()

class Task(QRunnable):
    def run(self):
        fail_in_runnable()

def runnable():
    QThreadPool.globalInstance().start(Task())

def thread():
    threading.Thread(target=fail_in_thread).start()

def native():
    faulthandler._sigsegv()

QTimer.singleShot(0, {place})
QTimer.singleShot(5000, lambda: app.exit(3))
code = app.exec()
kept = getattr(app, "kept", None)
if isinstance(kept, QThread):
    kept.wait()
reporter.close()
sys.exit(code)
"""
PLACES = ("slot", "timer", "paint", "qthread", "runnable", "thread", "native")


def reported(place: str) -> str:
    """Return what is wrong with the report of a crash, or nothing."""
    with home():
        script = SCRIPT.format(place=place, private=PRIVATE)
        surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LEANLAB_NO_WARMUP": "1"}
        ended = subprocess.run(
            [sys.executable, "-c", script], env=surroundings, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip
        from leanlab.store.places import folder

        logs = folder("logs")
        log = (logs / "leanlab.log").read_text(encoding="utf-8")
        crash = (logs / "native-crash.txt").read_text(encoding="utf-8")
        if PRIVATE in log + crash:
            return "the report holds a value of the user's"
        if place == "native":
            told = "Segmentation fault" in crash and "in native" in crash
            return "" if told and (logs / "running").exists() else "no report of a native crash"
        if ended.returncode:
            return f"LeanLab did not live on: {ended.stderr.decode()[-500:]}"
        return "" if "ValueError" in log and f"fail_in_{place}" in log else "no report in the log"


def run() -> dict[str, int]:
    """Crash in every place; return the figures."""
    found = [reported(place) for place in PLACES]
    return {"places": len(PLACES), "reported": found.count("")}


if __name__ == "__main__":
    found = run()
    told(found, promised=found["reported"] == found["places"])
