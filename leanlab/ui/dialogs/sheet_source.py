"""Where a sheet's data comes from: file, fingerprint, how it was read; the original can be saved."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout

from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.core.files import write_whole
from leanlab.core.names import safe_name
from leanlab.ui.elided import ElidedLabel
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

WIDE = 680
_SAID = {
    "encoding": "encoding", "delimiter": "separator", "decimal": "decimal mark",
    "date_order": "dates", "sheet": "sheet",
}  # fmt: skip


class SourceDialog(QDialog):
    """Tells the origin of a data sheet."""

    help = "data.sheets"

    def __init__(self, session: Session, sheet_id: str, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("source_dialog")
        self._session, self._window = session, window
        sheet = session.sheet(sheet_id)
        self.setWindowTitle(f"Where {sheet.title} comes from")
        self.setMinimumWidth(WIDE)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for line in lines_of(sheet.source):
            layout.addWidget(label(line))
        for kept in session.attachments(sheet_id):
            name = str(kept.get("name"))
            size = words.number(float(kept.get("size", 0)) / 1024, 0)
            save = button("Save a copy…", partial(self._save, kept.get("sha256"), kept.get("name")))
            told = f"Kept in the project on {words.day(kept.created[:10])}: {name} ({size} kB)"
            layout.addLayout(row(ElidedLabel(told), save))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout.addWidget(close)

    def _save(self, sha256: Any, name: Any) -> None:
        target, _ = QFileDialog.getSaveFileName(self, "Save the original", safe_name(str(name)))
        if not target:
            return
        try:
            write_whole(Path(target), self._session.content(str(sha256)))
        except Problem as problem:
            self._window.show_problem(problem)


def _in_words(name: str, value: object) -> str:
    from leanlab.ui.dialogs.import_file import ANSWERS

    return ANSWERS.get(name, {}).get(str(value), str(value))


def lines_of(source: Mapping[str, Any]) -> list[str]:
    """Say a sheet's source, one fact a line."""
    made = source.get("made_from")
    if isinstance(made, Mapping):
        day = words.day(str(made.get("at", ""))[:10])
        rows = words.count(int(made.get("rows", 0)), "row")
        told = f"Made on {day} from {made.get('title')} ({rows}): {made.get('told')}."
        return [told, *(str(note) for note in source.get("notes", ())[:6])]
    if not source.get("file"):
        return ["Typed in LeanLab, or made by it."]
    when = words.day(str(source.get("read", ""))[:10]) if source.get("read") else ""
    size = words.count(int(source.get("rows", 0)), "row")
    lines = [f"{source['file']}, {size}, read on {when}."]
    if source.get("sha256"):
        lines.append(f"Fingerprint (SHA-256): {source['sha256']}")
    used = source.get("settings", {})
    said = [f"{_SAID[n]}: {_in_words(n, v)}" for n, v in used.items() if n in _SAID and v]
    if said:
        lines.append(f"How it was read: {', '.join(said)}.")
    lines += [str(note) for note in source.get("notes", ())[:6]]
    for old in source.get("earlier", ()):
        lines.append(
            f"Before: {old.get('file')}, {words.count(int(old.get('rows', 0)), 'row')}, "
            f"fingerprint {str(old.get('sha256'))[:12]}…"
        )
    return lines
