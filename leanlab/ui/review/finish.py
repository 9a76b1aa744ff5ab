"""Finish a review: name, which projects go into the file, and where it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import review_file as files
from leanlab.app.review import item_words
from leanlab.app.review_session import LeftBehind, ReviewSession
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.dialogs.save_file import ask_file
from leanlab.ui.widgets import column, label, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

FILTER = f"Review of LeanLab (*{files.ENDING})"


class FinishDialog(QDialog):
    """What will be sent, by whom, and which other reviews go into the same file."""

    help = "review"

    def __init__(
        self,
        session: ReviewSession | None,
        others: Sequence[LeftBehind],
        reviewer: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("finish_dialog")
        self.setWindowTitle("Finish the review")
        self.resize(600, 520)
        self.who, self.role = QLineEdit(reviewer), QLineEdit()
        for field, name, text in (
            (self.who, "finish_who", "Your name"), (self.role, "finish_role", "Your role"),
        ):  # fmt: skip
            field.setObjectName(name)
            field.setAccessibleName(text)
        self.role.setPlaceholderText("Sponsor, champion, finance…")
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow("Your &name", self.who)
        form.addRow("Your &role", self.role)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(label("This goes into the file", "heading"))
        inner = QWidget()
        self.boxes = [(self._box(left), left) for left in others]
        inner.setLayout(
            column(*self._own(session), *(box for box, _ in self.boxes), None, spacing=5)
        )
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(
            label(
                "One small file is written. Send it to the owner of each project: they choose what "
                "to take, and nothing else of their project changes.",
                "small",
            )
        )
        self.problem = label("", "problem")
        self.problem.hide()
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Write the file…")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        if reviewer:
            self.role.setFocus()

    def _own(self, session: ReviewSession | None) -> list[QWidget]:
        if session is None:
            return []
        lines: list[QWidget] = [label(session.title)]
        lines += [label(f"{item.title} – {item_words(item)}", "small") for item in session.items()]
        return lines

    def _box(self, left: LeftBehind) -> QCheckBox:
        box = QCheckBox(f"{left.title} ({words.count(left.items, 'item')})".replace("&", "&&"))
        box.setObjectName("finish_other")
        box.setChecked(True)
        return box

    @property
    def others(self) -> list[LeftBehind]:
        """The other reviews that go into the file."""
        return [left for box, left in self.boxes if box.isChecked()]

    def _check(self) -> None:
        if not self.who.text().strip():
            self.problem.setText("Type your name: the owner sees who reviewed.")
            self.problem.show()
            self.who.setFocus()
            return
        self.accept()


def finish_review(window: "MainWindow") -> None:
    """Write the file of the open review, and of others if wanted; then close the project."""
    from leanlab.ui.review.bar import reviewed

    session = reviewed(window)
    others = files.reviews_begun()
    window.accept_pending()
    dialog = FinishDialog(session, others, window.settings.name, window)
    if not dialog.exec():
        return
    path = _ask_path(window, session, dialog)
    if path is None:
        return
    try:
        written = files.finish(
            path, reviewer=dialog.who.text(), role=dialog.role.text(), session=session,
            others=dialog.others,
        )  # fmt: skip
    except Problem as problem:
        messages.show(window, problem)
        return
    _remember_name(window, dialog.who.text().strip())
    window.file.close()
    window.show_start()
    messages.show(window, Problem(f"Your review is in {path.name}.", hint=_told(written)))


def _told(written: files.Written) -> str:
    owners = sorted({part.owner for part in written.parcel.parts if part.owner})
    whom = " and ".join(owners) or "the owner"
    return (
        f"Send it to {whom}. Its code is {written.code}: the owner sees the same one when importing. "
        "What you decided stays in sight as not yet merged until their file holds it."
    )


def _ask_path(
    window: "MainWindow", session: ReviewSession | None, dialog: FinishDialog
) -> Path | None:
    several = len(dialog.others) + (session is not None) > 1
    title = session.title if session is not None and not several else "Projects"
    name = files.proposed_name(title, dialog.who.text().strip())
    folder = window.settings.place()
    return ask_file(window, "Write the review", folder / name, FILTER, files.ENDING)


def _remember_name(window: "MainWindow", name: str) -> None:
    from leanlab.app import settings

    if name and not window.settings.name:
        window.settings.name = name
        settings.save(window.settings)
