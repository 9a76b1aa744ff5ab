"""Two people with two computers' worth of LeanLab: a lead reviews, the owner merges and takes back.

python -m tests.stories.review_driver lead PROJECT REVIEW     writes the review file
python -m tests.stories.review_driver owner PROJECT REVIEW    merges it, undoes, saves
"""

import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from tests.stories.driver import Newcomer, press, told


def accept_boxes():
    """Take what a message box says, and close it as its reader would."""

    def answer(box):
        told(f"said {box.text()} {box.informativeText()}")
        return QMessageBox.StandardButton.Ok

    QMessageBox.exec = answer


class Reader(Newcomer):
    """Somebody whose pages are pictured when they are laid out."""

    def look(self, name):
        """Keep a picture of the settled window."""
        QTest.qWait(150)
        super().look(name)


def lead(user, project, review):
    """Review: agree and disagree by key, comment, decide; then write the file."""
    from leanlab.ui.commands.review import open_for_review
    from leanlab.ui.review.gate_part import ReviewDecision

    user.window.settings.name = "M. Ito"
    assert open_for_review(user.window, project)
    user.window.go_to("gate:define")
    user.look("lead_1_gate")
    first = next(iter(user.page._rows.values()))
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_A)
    user.until(lambda: len(user.session.items()) == 1, "the agreement")
    second = list(user.page._rows.values())[1]
    second.setFocus()
    user.in_dialog("ReasonDialog", lambda d: (d.box.setCurrentText("Since when?"), press(d, "Disagree")))  # fmt: skip
    QTest.keyClick(second, Qt.Key.Key_D)
    user.until(lambda: len(user.session.items()) == 2, "the disagreement")
    decision = user.page.findChild(ReviewDecision)
    next(b for b in decision.choices.buttons() if b.property("decision") == "rework").click()
    QTest.keyClicks(decision.note, "Say since when")
    press(decision, "Decide in my review")
    user.until(lambda: len(user.session.items()) == 3, "the decision")
    user.look("lead_2_decided")
    QFileDialog.getSaveFileName = lambda *_: (str(review), "")
    user.in_dialog("FinishDialog", lambda d: (QTest.keyClicks(d.role, "Sponsor"), press(d, "Write the file…")))  # fmt: skip
    user.run("review_finish")
    user.until(review.exists, "the review file")
    user.look("lead_3_sent")
    told("sent")


def owner(user, project, review):
    """Open one's project, merge the review, take the words back, merge them again, save."""
    user.window.file.open_path(project)
    user.until(lambda: user.window.session is not None, "the project")
    QFileDialog.getOpenFileName = lambda *_: (str(review), "")
    user.in_dialog("ImportReviewDialog", lambda d: press(d, "Merge 3 items"))
    user.run("review_import")
    user.until(lambda: user.session.records("review"), "the merge")
    user.window.go_to("gate:define")
    user.look("owner_1_merged")
    told(f"merged {_said(user)}")
    user.run("undo")
    user.look("owner_2_undone")
    told(f"undone {_said(user)}")
    user.run("save")
    user.until(lambda: not user.session.unsaved_edits, "the save")
    told("saved")
    user.window.file.close()


def _said(user):
    return sorted(str(r.get("type")) for r in user.session.records("review"))


def run(part, project, review):
    """Play one part to its end."""
    user = Reader(review.parent)
    accept_boxes()
    part(user, project, review)
    user.until(lambda: user.window.jobs.idle, "the end of the work")
    user.window.close()
    QApplication.processEvents()
    told("closed")


def died(kind, value, trace):
    """A mistake in a slot ends the story; the parent must not wait for it."""
    traceback.print_exception(kind, value, trace)
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = died
    run({"lead": lead, "owner": owner}[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))
