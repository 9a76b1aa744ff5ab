"""Where a file is to be written: nothing that is there already is replaced unasked."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from leanlab.core.errors import Problem
from leanlab.core.names import with_ending
from leanlab.ui import messages


def ask_file(
    parent: QWidget, title: str, proposal: Path | str, kind: str, ending: str
) -> Path | None:
    """Ask for a file of a kind and return it with its ending; None when the user wants none.

    The file dialog asks before it replaces what was typed, and not what that becomes here.
    """
    name, _ = QFileDialog.getSaveFileName(parent, title, str(proposal), kind)
    if not name:
        return None
    path = with_ending(Path(name), ending)
    if path == Path(name) or not path.exists():
        return path
    taken = Problem(f"There is a file named {path.name}.", hint="It would be replaced.")
    return path if messages.ask(parent, taken, "Replace") else None
