"""A folder of projects: what a lead looks at in ten minutes; no byte of it is ever written."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import portfolio
from leanlab.app.portfolio import Portfolio
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.domain.portfolio import Entry
from leanlab.domain.portfolio_tables import Column, Line, Sheet, sheets
from leanlab.ui.elided import ElidedLabel
from leanlab.ui.portfolio.card_view import tile
from leanlab.ui.portfolio.filters import FilterBar
from leanlab.ui.portfolio.model import entries_in
from leanlab.ui.portfolio.table import SheetPane
from leanlab.ui.portfolio.trends import Trends
from leanlab.ui.widgets import button, card, clear, column, label, row

if TYPE_CHECKING:
    from leanlab.ui.jobs import Job
    from leanlab.ui.window import MainWindow

NOTHING = "No project files here. Choose the folder where your teams save."
CLOSED = "This folder cannot be read: check your rights."
_FILES = (Column("File", width=150), Column("What is the matter", width=640, stretch=True), Column("Folder", width=240))  # fmt: skip


class PortfolioPage(QWidget):
    """Figures on top, then tables of all projects below a folder."""

    help = "portfolio"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self.setObjectName("page")
        self.window_ = window
        self.folder = Path()
        self.found: Portfolio | None = None
        self.entries: list[Entry] = []  # as far as the filter keeps them
        self._all: list[Entry] = []
        self._fresh: set[str] = set()  # paths that were saved since the lead's last look
        self._job: Job | None = None
        self._keys_led = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(150)
        self._later.timeout.connect(self.show_entries)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 12)
        whole.setSpacing(10)
        whole.addLayout(self._head())
        self._tiles = QHBoxLayout()
        self._tiles.setSpacing(8)
        whole.addLayout(self._tiles)
        self.filters = FilterBar(window)
        self.filters.changed.connect(self._later.start)
        self.filters.seen.connect(self._seen)
        self._actions()
        whole.addWidget(self.filters)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("portfolio_tabs")
        self.tabs.setAccessibleName("Tables of the portfolio")
        self.tabs.setDocumentMode(True)
        self._panes = {sheet.id: self._pane(sheet) for sheet in sheets([])}
        self.trends = Trends()
        self.tabs.addTab(self.trends, "Trends")
        self.bad = self._pane(Sheet("files", "Files", _FILES, (), "Every file could be read."))
        self.tabs.currentChanged.connect(lambda _at: self._show_trends())
        self._empty = self._nothing()
        whole.addWidget(self.tabs, 1)
        whole.addWidget(self._empty, 1)
        find = QShortcut(QKeySequence.StandardKey.Find, self, self.find_text)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # parts ---------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.name = ElidedLabel("", "title")
        self.as_of = ElidedLabel("", "muted")
        self.rescan = button("&Rescan", self.scan_or_stop, "portfolio_rescan")
        self.rescan.setToolTip("Look at the files again (F5); unchanged ones are not read")
        self.rescan.setShortcut("F5")
        start = button("Start page", self.window_.leave_portfolio, "portfolio_leave")
        other = button(
            "Other &folder…", partial(self.window_.bar.run, "portfolio"), "portfolio_other"
        )
        self.export = self._export_button()
        head = row(column(self.name, self.as_of, spacing=1), self.export, self.rescan, other, start)
        head.setStretch(0, 1)
        return head

    def _export_button(self) -> Any:
        from PySide6.QtWidgets import QMenu, QPushButton

        made = QPushButton("E&xport")
        made.setObjectName("portfolio_export")
        made.setAccessibleName("Export the portfolio")
        menu = QMenu(made)
        for text, what in (("One page as &PDF…", "pdf"), ("All tables as &XLSX…", "xlsx"),
                           ("Outcome &cards as PDF, two on a page…", "cards")):  # fmt: skip
            action = menu.addAction(text)
            action.setObjectName(f"portfolio_export_{what}")
            action.triggered.connect(partial(self._export, what))
        made.setMenu(menu)
        return made

    def _pane(self, sheet: Sheet) -> SheetPane:
        pane = SheetPane(sheet, self.window_.tokens)
        pane.table.opened.connect(self._open_line)
        pane.table.previewed.connect(self._preview)
        self.tabs.addTab(pane, sheet.title)
        return pane

    def _nothing(self) -> QFrame:
        self.nothing = label(NOTHING, "heading")
        choose = button("Choose folder…", partial(self.window_.bar.run, "portfolio"), "primary")
        frame = card(None, self.nothing, row(choose, None), None)
        frame.hide()
        return frame

    def _actions(self) -> None:
        """Put what is done with a project beside the filter."""
        self.show_card = button("Outcome &card", self._preview_current, "portfolio_card")
        self.show_card.setToolTip("Show the outcome card (Space)")
        self.review = button("Re&view…", self._review_current, "portfolio_review")
        self.review.setToolTip("Comment and decide; the owner gets one small file")
        self.open = button("&Open project", self._open_current, "portfolio_open")
        self.open.setToolTip("Open the project read-only (Enter)")
        self.actions_row = self.filters.beside  # other areas may add to it
        for part in (self.show_card, self.review, self.open):
            self.actions_row.addWidget(part)

    # scanning ------------------------------------------------------------------------------

    def show_folder(self, folder: Path) -> None:
        """Show what was seen last at once, and look again."""
        self.folder = folder
        self.found, self._all = None, []
        self.name.setText(folder.name or str(folder))
        self.name.setToolTip(str(folder))
        before = portfolio.remembered(folder)
        if before is not None:
            self._take(before)
        else:
            self.show_entries()
        self.scan()

    def showEvent(self, event: QShowEvent) -> None:
        """The keys go to the list."""
        super().showEvent(event)
        self._keys_led = False
        self._lead_keys()

    def _lead_keys(self) -> None:
        """Give the keys to the list once it is there; who writes is left alone."""
        pane, focus = self._pane_now(), QApplication.focusWidget()
        if self._keys_led or pane is None or not pane.table.isVisible():
            return
        self._keys_led = True
        if not isinstance(focus, QLineEdit):
            pane.table.setFocus()

    def scan_or_stop(self) -> None:
        """Look again; while that runs, stop it."""
        if self._job is not None:
            self._job.cancel()
        else:
            self.scan()

    def scan(self) -> None:
        """Look at the files in the background."""
        folder = self.folder
        self._scanning(self.window_.jobs.run(
            lambda job: portfolio.scan(folder, job.progress), self._scanned, failed=self._failed,
            view="portfolio", title="Reading projects…", stopped=self._stopped,
        ))  # fmt: skip

    def stop(self) -> None:
        """Stop looking: the page is left."""
        if self._job is not None:
            self._job.cancel()

    def _scanning(self, job: "Job | None") -> None:
        self._job = job
        self.rescan.setText("&Rescan" if job is None else "&Stop")
        self.rescan.setAccessibleName("Rescan" if job is None else "Stop reading")
        self._say_when()

    def _scanned(self, found: Portfolio) -> None:
        self._scanning(None)
        self._take(found)

    def _stopped(self) -> None:
        self._scanning(None)
        kept = portfolio.remembered(self.folder)
        if kept is not None:
            self._take(kept)
        self.window_.say("Stopped; what was read until then is shown.")

    def _failed(self, problem: Problem) -> None:
        self._scanning(None)
        self.nothing.setText(f"{problem.message} {problem.hint}")
        self.found, self._all = None, []
        self.show_entries()

    def _take(self, found: Portfolio) -> None:
        self.found, self._all = found, found.entries()
        self._fresh = {seen.path for seen in portfolio.changed_since_last_look(found)}
        self.filters.tell_last_look(portfolio.last_look(found))
        self.nothing.setText(CLOSED if str(self.folder) in found.skipped else NOTHING)
        self.filters.offer(self._all)
        self._say_when()
        self.show_entries()
        self._lead_keys()

    def _say_when(self) -> None:
        found = self.found
        if found is None:
            self.as_of.setText("Reading…" if self._job is not None else str(self.folder))
            return
        parts = [words.count(len(self._all), "project")]
        if found.bad:
            parts.append(words.count(len(found.bad), "file") + " not read")
        if found.copies:
            parts.append(words.count(len(found.copies), "copy", "copies") + " not counted")
        if found.open_elsewhere:
            parts.append(words.count(len(found.open_elsewhere), "project") + " open elsewhere")
        if found.skipped:
            parts.append(words.count(len(found.skipped), "folder") + " closed to you")
        if found.left_out:
            parts.append("not everything was looked into")
        state = (
            "reading again…"
            if self._job is not None
            else f"as of {portfolio.moment_words(found.scanned)}"
        )
        self.as_of.setText("  ·  ".join([*parts, state, str(self.folder)]))

    # showing -------------------------------------------------------------------------------

    def show_entries(self) -> None:
        """Show the projects that the filter keeps."""
        fresh = self._fresh
        self.entries = self.filters.kept(self._all, fresh)
        anything = bool(self._all) or bool(self.found and self.found.bad)
        self.tabs.setVisible(anything)
        self.filters.setVisible(anything)
        self._empty.setVisible(not anything and self._job is None)
        self.filters.tell(len(self.entries), len(self._all), len(fresh))
        self._show_tiles()
        for sheet in sheets(self.entries, self.filters.year):
            self._show_sheet(sheet)
        self._show_bad()
        self._show_trends()
        for part in (self.export, self.show_card, self.review, self.open):
            part.setEnabled(bool(self.entries))

    def _show_sheet(self, sheet: Sheet) -> None:
        pane = self._panes[sheet.id]
        pane.show_sheet(sheet, self.window_.tokens, self.filters.grouping)
        count = f" ({len(sheet.lines)})" if sheet.id in {"actions", "risks", "stuck"} else ""
        self.tabs.setTabText(self.tabs.indexOf(pane), sheet.title + count)

    def _show_tiles(self) -> None:
        from leanlab.report.portfolio import tiles

        clear(self._tiles)
        for one in tiles(self.entries, self.filters.year) if self._all else ():
            self._tiles.addWidget(tile(one, self.window_.tokens, one.id), 1)

    def _show_bad(self) -> None:
        found = self.found
        lines = [
            Line((seen.name, seen.message, str(Path(seen.path).parent)), Entry(seen.body, seen.path), "warning" if seen.state != "ok" else "grey")
            for seen in ((*found.bad, *found.copies, *found.open_elsewhere) if found else ())
        ]  # fmt: skip
        lines += [Line(("", CLOSED, place), Entry({}, place)) for place in (found.skipped if found else ())]  # fmt: skip
        lines += [Line(("", said, str(self.folder)), Entry({})) for said in (found.left_out if found else ())]  # fmt: skip
        sheet = Sheet("files", "Files", _FILES, lines, "Every file could be read.", led=1)
        self.bad.show_sheet(sheet, self.window_.tokens, None)
        at = self.tabs.indexOf(self.bad)
        self.tabs.setTabText(at, f"Files ({len(lines)})")
        self.tabs.setTabVisible(at, bool(lines))

    def _show_trends(self) -> None:
        if self.tabs.currentWidget() is self.trends:
            from leanlab.report.portfolio import charts_of

            self.trends.show_charts(charts_of(self.entries), self.window_.tokens)

    def theme_changed(self) -> None:
        """Signs and pictures carry the theme's colours."""
        if self.found is not None:
            self.show_entries()

    def find_text(self) -> None:
        """Put the cursor into the search."""
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _seen(self) -> None:
        if self.found is None:
            return
        try:
            portfolio.mark_as_seen(self.found)
        except Problem as problem:
            self.window_.show_problem(problem)
            return
        self._fresh = set()
        self.filters.tell_last_look(portfolio.last_look(self.found))
        self.show_entries()

    # going on ------------------------------------------------------------------------------

    def _pane_now(self) -> SheetPane | None:
        shown = self.tabs.currentWidget()
        return shown if isinstance(shown, SheetPane) else None

    def _open_current(self) -> None:
        pane = self._pane_now() or self._panes["projects"]
        line = pane.table.current_line()
        if line is not None:
            self._open_line(line)

    def _preview_current(self) -> None:
        pane = self._pane_now() or self._panes["projects"]
        line = pane.table.current_line()
        if line is not None:
            self._preview(line)

    def _review_current(self) -> None:
        pane = self._pane_now() or self._panes["projects"]
        line = pane.table.current_line()
        if line is not None and line.entry.body:
            self.review_project(Path(line.entry.path))

    def review_project(self, path: Path) -> None:
        """Open a project for review."""
        from leanlab.ui.commands.review import open_for_review

        open_for_review(self.window_, path)

    def _open_line(self, line: Line) -> None:
        self.open_project(Path(line.entry.path), line.target or "home")

    def open_project(self, path: Path, target: str) -> None:
        """Open a project read-only, at the record that was asked for."""
        if path.is_file() and self.window_.file.open_path(path, read_only=True):
            self.window_.go_to(target)

    def _preview(self, line: Line) -> None:
        from leanlab.ui.portfolio.card_dialog import CardDialog

        pane = self._pane_now() or self._panes["projects"]
        order = entries_in(pane.table.lines.rows)
        if line.entry not in order or not line.entry.body:
            return  # a file that cannot be read has no card
        dialog = CardDialog(self.window_, order, order.index(line.entry))
        dialog.exec()
        if self.found is not None:
            self._take(self.found)  # what was decided stands under *My review*
        if dialog.wanted is not None:
            path, target = dialog.wanted
            self.review_project(path) if target == "review" else self.open_project(path, target)
        dialog.deleteLater()

    def chosen(self) -> list[Entry]:
        """Return the projects that are chosen in the table, or all that are shown."""
        pane = self._pane_now()
        lines: Sequence[Line] = pane.table.chosen_lines() if pane is not None else ()
        picked = entries_in(lines)
        return picked if len(picked) > 1 else self.entries

    def show_exports(self) -> None:
        """Let the user choose what of the portfolio is written."""
        if self.export.isEnabled():
            self.export.showMenu()
        else:
            self.window_.say("There is no project here yet that could be exported.")

    def _export(self, what: str) -> None:
        from leanlab.ui.commands.portfolio import export

        if self.found is not None:
            entries = self.chosen() if what == "cards" else self.entries
            export(self.window_, what, self.found, entries, self.filters.year)
