"""The start page: unsaved work first, then recent projects, templates and samples."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from leanlab.core import clock
from leanlab.core import format as words
from leanlab.ui.icons import picture
from leanlab.ui.widgets import button, card, clear, column, label, plain_tip, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

TEMPLATES = (
    ("dmaic", "DMAIC", "the cause is unknown and data can be had"),
    ("kaizen", "Kaizen event", "a team can fix it on site in one to five days"),
)
OFFERS_APART = 7  # pixels between a story and the next link, more than to its own
PROMISE = (
    "Improvement projects with numbers that can be checked. Everything stays on this computer."
)


class StartPage(QWidget):
    """What a user sees before a project is open."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.setObjectName("page")
        self.drafts, self.recent, self.samples = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.portfolios = QVBoxLayout()
        for part in (self.recent, self.samples, self.portfolios):
            part.setSpacing(3)
        self.samples.setSpacing(OFFERS_APART)
        content = QWidget()
        page = QVBoxLayout(content)
        page.setContentsMargins(36, 30, 36, 28)
        page.setSpacing(18)
        page.addLayout(
            column(label("Welcome to LeanLab", "title"), label(PROMISE, "muted"), spacing=3)
        )
        page.addLayout(self._buttons())
        page.addLayout(self.drafts)
        page.addLayout(self._grid())
        page.addWidget(card(label("Portfolio folders", "heading"), self.portfolios))
        page.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))
        self.refresh()

    def _buttons(self) -> Any:
        run = self._window.bar.run
        return row(
            button("&New project…", partial(run, "new"), "primary"),
            button("&Open…", partial(run, "open"), "open_project"),
            button("&Import data…", partial(run, "import"), "import_data"),
            None,
        )

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(16)
        parts = (
            ("Recent projects", self.recent),
            ("Start from a template", self._templates()),
            ("Learn with a sample", self.samples),
        )
        for at, (title, part) in enumerate(parts):
            grid.addWidget(_column(title, part), 0, at)
            grid.setColumnStretch(at, 1)
        return grid

    def theme_changed(self) -> None:
        """Icons carry the theme's colours."""
        self.refresh()
        self.show_later_parts()

    def refresh(self) -> None:
        """List recent projects; drafts and samples come after the first paint."""
        self._show_portfolios()
        clear(self.recent)
        recent = self._window.settings.recent
        if not recent:
            self.recent.addWidget(label("No projects yet. Try a finished sample first.", "muted"))
        for entry in recent:
            self._add_recent(
                Path(str(entry.get("path", ""))),
                str(entry.get("title", "")),
                str(entry.get("opened", "")),
            )

    def _show_portfolios(self) -> None:
        """List the folders whose projects a lead looks at."""
        from leanlab.ui.portfolio.start_part import folder_lines

        clear(self.portfolios)
        for line in folder_lines(self._window):
            self.portfolios.addLayout(line)

    def _add_recent(self, path: Path, title: str, opened: str) -> None:
        name = title or path.stem
        if not path.exists():
            forget = button("Forget", partial(self._window.forget, path), "link")
            self.recent.addLayout(row(label(f"{name} (not found)", "muted"), forget))
            return
        line = button(name, partial(self._window.file.open_path, path), "link")
        line.setToolTip(plain_tip(str(path)))
        self.recent.addLayout(row(line, None, label(_ago(opened), "small", wrap=False)))

    def _templates(self) -> QVBoxLayout:
        return column(
            *(
                _offer(title, f"Choose this if {choose_if}.", partial(self._window.file.new, kind))
                for kind, title, choose_if in TEMPLATES
            ),
            spacing=OFFERS_APART,
        )

    def show_later_parts(self) -> None:
        """Fill in what needs the file system: drafts and samples."""
        from leanlab.app.samples import SAMPLES
        from leanlab.app.session import drafts
        from leanlab.ui.review.start_part import review_cards

        clear(self.drafts)
        for draft in drafts():
            self.drafts.addWidget(self._draft(draft))
        for begun in review_cards(self._window):
            self.drafts.addWidget(begun)
        clear(self.samples)
        for sample in SAMPLES:
            opened = partial(self._window.file.open_sample, sample.id)
            self.samples.addLayout(_offer(sample.title, sample.story, opened))

    def _draft(self, draft: Any) -> QFrame:
        sign = label("", wrap=False)
        sign.setPixmap(picture("clock", self._window.tokens["attention"], 24))
        edits = words.count(draft.edits, "change")
        told = column(
            label(f"Unsaved work: {draft.title}", "heading"),
            label(
                f"{edits} not yet in the file {draft.path.name}, the last {_ago(draft.last_edit)}.",
                "muted",
            ),
            spacing=1,
        )
        go_on = button("Continue", partial(self._window.file.recover, draft), "primary")
        give_up = button(
            "Discard…", partial(self._window.file.discard_draft, draft), "discard_draft"
        )
        line = row(sign, told, give_up, go_on, spacing=12)
        line.setStretch(1, 1)
        frame = card(line)
        frame.setObjectName("banner")
        return frame


def _offer(title: str, story: str, chosen: Callable[[], object]) -> QVBoxLayout:
    """Return a link and, close below it, what it is for."""
    return column(button(title, chosen, "link"), label(story, "small"), spacing=0)


def _column(title: str, content: Any) -> QFrame:
    frame = card(label(title, "heading"), content, None)
    frame.setMinimumHeight(230)
    return frame


def _ago(moment: str) -> str:
    """Return how long ago something was, in words."""
    try:
        then = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    seconds = (clock.now() - then).total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{words.count(int(seconds // size), name)} ago"
    return "just now"
