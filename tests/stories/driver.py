"""Drives the real window as a newcomer would, step by step; run as a program of its own.

python -m tests.stories.driver begin FOLDER     works until it is killed
python -m tests.stories.driver go_on FOLDER     finds the unsaved work, saves, writes the report
"""

import os
import sys
import time
import traceback
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit, QPushButton

from leanlab.ui.application import make_application

PATIENCE = 60.0  # seconds


def told(text):
    """Tell the parent what has been done."""
    print(text, flush=True)  # noqa: T201


class Newcomer:
    """Somebody who clicks and types."""

    def __init__(self, folder):
        self.folder = folder
        self.app = make_application()
        from leanlab.ui.window import MainWindow

        self.window = MainWindow()
        self.window.resize(1440, 900)
        self.window.show()
        self.window.start.show_later_parts()
        self.shots = folder / "shots"
        self.shots.mkdir(exist_ok=True)

    def until(self, holds, what):
        """Wait for something to be so."""
        end = time.monotonic() + PATIENCE
        while not holds():
            QTest.qWait(10)
            if time.monotonic() > end:
                raise TimeoutError(what)

    def look(self, name):
        """Keep a picture of the window."""
        self.app.processEvents()
        self.window.grab().save(str(self.shots / f"{name}.png"))

    def in_dialog(self, kind, act):
        """Do something in the next dialog of a kind, which blocks the caller meanwhile."""
        attempts = iter(range(int(PATIENCE * 20)))

        def attempt():
            dialog = self.app.activeModalWidget()
            if isinstance(dialog, QDialog) and type(dialog).__name__ == kind:
                QTest.qWait(50)
                self.window_shot(dialog, kind)
                act(dialog)
            elif next(attempts, None) is not None:
                QTimer.singleShot(50, attempt)

        QTimer.singleShot(0, attempt)

    def window_shot(self, dialog, name):
        """Keep a picture of a dialog."""
        dialog.grab().save(str(self.shots / f"dialog_{name}.png"))

    def field(self, parent, name):
        """Return the open editor inside a table or an outline."""

        def found():
            return [e for e in parent.findChildren(QLineEdit, name) if e.isVisible()]

        self.until(found, name)
        return found()[0]

    def run(self, command):
        """Use a command of the menus."""
        self.window.bar.actions[command].trigger()
        self.app.processEvents()

    @property
    def page(self):
        """The page that is open."""
        return self.window.navigation.page

    @property
    def session(self):
        """The open project."""
        return self.window.project


def press(dialog, text):
    """Press the button of a dialog that bears these words."""
    found = [b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text]
    if not found:
        words = [b.text() for b in dialog.findChildren(QPushButton)]
        raise LookupError(f"no button {text!r}, only {words}")
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def new_project(user):
    """Begin a project in a folder of one's own."""

    def answer(dialog):
        dialog.place.setText(str(user.folder))
        QTest.keyClicks(dialog.name, "Coating line 4")
        QTest.keyClicks(dialog.author, "A. Ruiz")
        press(dialog, "Create project")

    user.in_dialog("NewProjectDialog", answer)
    user.run("new")
    user.until(lambda: user.window.session is not None, "the project")
    user.look("1_home")


def import_data(user):
    """Bring in a CSV file by its name in the file dialog."""
    from leanlab.ui.commands.data import import_path

    def accept(dialog):
        user.until(lambda: dialog.table is not None, "the preview")
        user.window_shot(dialog, "import_preview")
        press(dialog, "Import")

    user.in_dialog("ImportDialog", accept)
    import_path(user.window, user.folder / "thickness.csv")
    user.until(lambda: len(user.session.sheets()) == 1, "the data sheet")
    user.look("2_data")


def chart(user):
    """Ask for an I-MR chart through the chooser."""

    def choose(dialog):
        QTest.keyClicks(dialog.findChild(QLineEdit, "analysis_search"), "i-mr")
        QTest.qWait(50)
        press(dialog, "Open analysis")

    user.in_dialog("NewAnalysisDialog", choose)
    user.run("analysis")
    user.until(lambda: getattr(user.page, "presentation", None) is not None, "the chart")
    user.look("3_chart")


def exclude_and_stage(user):
    """Exclude the odd point by keyboard, with a reason; begin a stage where the nozzle was changed."""
    canvas = user.page.chart.canvas
    canvas.setFocus()
    for _ in range(41):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    user.look("4_point")
    user.in_dialog("ExcludeDialog", lambda d: _reason(d, "nozzle was blocked", "Exclude"))
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    user.until(lambda: _marks(user)["excluded"], "the exclusion")
    for _ in range(10):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    user.in_dialog("StageDialog", lambda d: _reason(d, "new nozzle", "Start stage"))
    QTest.keyClick(canvas, Qt.Key.Key_S)
    user.until(lambda: _marks(user)["stages"], "the stage")
    user.until(lambda: user.window.jobs.idle, "the picture")
    user.look("5_stages")


def _reason(dialog, text, verb):
    line = dialog.findChild(QComboBox, "reason_box").lineEdit()
    line.clear()
    QTest.keyClicks(line, text)
    press(dialog, verb)


def _marks(user):
    return user.session.records("analysis")[0].get("marks")


def fishbone(user):
    """Write a cause under a bone of the fishbone, as a line of the outline."""
    user.window.go_to("worksheet:fishbone")
    outline = user.page.body.outline
    outline.setFocus()
    outline.setCurrentItem(outline.topLevelItem(0))
    QTest.keyClick(outline, Qt.Key.Key_Return)
    line = user.field(outline, "outline_editor")
    QTest.keyClicks(line, "Nozzle wears out")
    QTest.keyClick(line, Qt.Key.Key_Return)
    user.until(lambda: user.session.records("cause"), "the cause")
    user.look("6_fishbone")


def actions(user):
    """Write an action with its owner in the register."""
    user.run("new_action")
    grid = user.page.grid("actions").view
    line = user.field(grid, "cell_editor")
    QTest.keyClicks(line, "Change the nozzle every week")
    QTest.keyClick(line, Qt.Key.Key_Return)
    user.until(lambda: user.session.records("action"), "the action")
    user.look("7_actions")


def begin(folder):
    """Work until somebody pulls the plug."""
    user = Newcomer(folder)
    for step in (new_project, import_data, chart, exclude_and_stage, fishbone, actions):
        step(user)
        told(f"done {step.__name__}")
    user.run("save")
    user.until(lambda: not user.session.unsaved_edits, "the save")
    told("saved")
    user.session.add("action", {"title": "Tell the night shift", "owner": "Cy", "status": "open"})
    told("edited after the save")
    while True:
        QTest.qWait(50)


def go_on(folder):
    """Start again: take up the unsaved work, save it, write the report."""
    user = Newcomer(folder)
    user.look("8_recovery")
    press(user.window.start, "Continue")
    user.until(lambda: user.window.session is not None, "the recovered project")
    told(f"recovered {user.session.unsaved_edits}")
    user.look("9_recovered")
    user.run("save")
    user.until(lambda: not user.session.unsaved_edits, "the save")
    report = folder / "report.pdf"
    QFileDialog.getSaveFileName = lambda *_: (str(report), "")
    user.run("report_pdf")
    user.until(report.exists, "the report")
    user.until(lambda: user.window.jobs.idle, "the end of the work")
    told("reported")
    user.window.close()
    QApplication.processEvents()


def died(kind, value, trace):
    """A mistake in a slot ends the story; the parent must not wait for it."""
    traceback.print_exception(kind, value, trace)
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = died
    {"begin": begin, "go_on": go_on}[sys.argv[1]](Path(sys.argv[2]))
