"""Questions and problems, in plain text; the button says what happens."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from leanlab.core import format as words
from leanlab.core.errors import Problem


def _box(parent: QWidget, problem: Problem) -> QMessageBox:
    box = QMessageBox(parent)
    box.setWindowTitle("LeanLab")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(problem.message)
    box.setInformativeText(problem.hint)
    return box


def show(parent: QWidget, problem: Problem) -> None:
    """Say what is wrong and what to do."""
    _box(parent, problem).exec()


def ask(parent: QWidget, problem: Problem, verb: str) -> bool:
    """Ask whether to go on; the button is the verb."""
    box = _box(parent, problem)
    go = box.addButton(verb, QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is go


def ask_close(parent: QWidget, title: str, edits: int) -> str:
    """Ask what to do with unsaved changes: save, draft, discard or cancel."""
    text = f"Save {words.count(edits, 'change')} of {title} to its file?"
    hint = "A draft stays on this computer and is offered at the next start."
    box = _box(parent, Problem(text, hint=hint))
    roles = QMessageBox.ButtonRole
    buttons = {
        "save": box.addButton("Save", roles.AcceptRole),
        "draft": box.addButton("Keep as draft", roles.ActionRole),
        "discard": box.addButton("Discard", roles.DestructiveRole),
        "cancel": box.addButton("Cancel", roles.RejectRole),
    }
    box.setDefaultButton(buttons["save"])
    box.setEscapeButton(buttons["cancel"])
    box.exec()
    return next(
        (name for name, button in buttons.items() if button is box.clickedButton()), "cancel"
    )


def saved_words(session: Any) -> str:
    """Return the state of saving in words."""
    if session.reviewing:
        return "Your review is kept on this computer"
    if session.read_only:
        return "Opened read-only"
    edits = session.unsaved_edits
    if edits:
        return f"{words.count(edits, 'change')} only on this computer, not yet in the file"
    return f"Saved to {session.path.name}"


def choose(parent: QWidget, problem: Problem, ways: Mapping[str, str]) -> str:
    """Ask which way to go; an empty text when the user wants none."""
    box = _box(parent, problem)
    buttons = {
        name: box.addButton(text, QMessageBox.ButtonRole.ActionRole) for name, text in ways.items()
    }
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(cancel)
    box.exec()
    return next((name for name, button in buttons.items() if button is box.clickedButton()), "")
