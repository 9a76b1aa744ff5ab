"""The start page: unsaved work first, then recent projects, templates and samples."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from leanlab.ui.widgets import button, card, clear, column, label, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

TEMPLATES = (
    ("dmaic", "DMAIC", "the cause is unknown and data can be had"),
    ("kaizen", "Kaizen event", "a team can fix it on site in one to five days"),
)


class StartPage(QWidget):
    """What a user sees before a project is open."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.drafts = QVBoxLayout()
        self.recent = QVBoxLayout()
        self.samples = QVBoxLayout()
        content = QWidget()
        grid = QGridLayout()
        grid.setSpacing(14)
        grid.addWidget(card(label("Recent projects", "heading"), self.recent), 0, 0)
        grid.addWidget(card(label("Start from a template", "heading"), self._templates()), 0, 1)
        grid.addWidget(card(label("Learn with a sample", "heading"), self.samples), 0, 2)
        for at in range(3):
            grid.setColumnStretch(at, 1)
        buttons = row(
            button("&New project…", window.new_project, "primary"),
            button("&Open…", window.open_dialog),
            button("&Import data…", window.import_dialog),
            None,
        )
        page = QVBoxLayout(content)
        page.setContentsMargins(28, 24, 28, 24)
        page.setSpacing(14)
        page.addLayout(
            column(
                label("LeanLab", "title"),
                label(
                    "Improvement projects with numbers that can be checked. Everything stays on this computer.",
                    "muted",
                ),
            )
        )
        page.addLayout(buttons)
        page.addLayout(self.drafts)
        page.addLayout(grid)
        page.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))
        self.refresh()

    def refresh(self) -> None:
        """List recent projects; drafts and samples come after the first paint."""
        clear(self.recent)
        recent = self._window.settings.recent
        if not recent:
            self.recent.addWidget(label("No projects yet. Try a finished sample first.", "muted"))
        for entry in recent:
            self._add_recent(Path(str(entry.get("path", ""))), str(entry.get("title", "")))

    def _add_recent(self, path: Path, title: str) -> None:
        if path.exists():
            line = button(title or path.stem, lambda: self._window.open_path(path), "link")
            line.setToolTip(str(path))
            self.recent.addWidget(line)
        else:
            forget = button("Forget", lambda: self._window.forget(path), "link")
            self.recent.addLayout(row(label(f"{title or path.stem} (not found)", "muted"), forget))

    def _templates(self) -> QVBoxLayout:
        lines: list[QWidget] = []
        for kind, title, choose_if in TEMPLATES:
            lines += [
                button(title, self._begin(kind), "link"),
                label(f"Choose this if {choose_if}.", "muted"),
            ]
        return column(*lines, spacing=2)

    def _begin(self, kind: str) -> Callable[[], object]:
        return lambda: self._window.new_project(kind)

    def show_later_parts(self) -> None:
        """Fill in what needs the file system: drafts and samples."""
        from leanlab.app.session import drafts

        clear(self.drafts)
        for draft in drafts():
            text = f"Unsaved work: {draft.title}, {draft.edits} change{'s' if draft.edits != 1 else ''}, last on {draft.last_edit[:16].replace('T', ' ')} UTC"
            self.drafts.addWidget(
                card(
                    label(text, "heading"),
                    row(
                        button("Continue", lambda d=draft: self._window.recover(d), "primary"),
                        button("Discard", lambda d=draft: self._window.discard_draft(d)),
                        None,
                    ),
                )
            )
        clear(self.samples)
        for sample in self._window.samples():
            self.samples.addWidget(
                button(sample.title, lambda s=sample: self._window.open_sample(s.id), "link")
            )
            self.samples.addWidget(label(sample.story, "muted"))
