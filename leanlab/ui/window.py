"""The main window: header, sidebar, pages, and what they all share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from leanlab.app import settings as user_settings
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.beside import Beside
from leanlab.ui.brush import Brush
from leanlab.ui.commands import CommandBar, all_commands
from leanlab.ui.header import Header
from leanlab.ui.help_key import HelpKey
from leanlab.ui.jobs import JobRunner
from leanlab.ui.navigation import Navigation
from leanlab.ui.page_find import FindHere
from leanlab.ui.pages.start import StartPage
from leanlab.ui.project_file import ProjectFile
from leanlab.ui.review.bar import ReviewBar
from leanlab.ui.sidebar import Sidebar
from leanlab.ui.status import Status
from leanlab.ui.theme import apply_theme, system_theme
from leanlab.ui.waiting import waited
from leanlab.ui.widgets import column

if TYPE_CHECKING:
    from leanlab.app.records import Change
    from leanlab.app.session import Session
    from leanlab.ui.pages.base import Page
    from leanlab.ui.portfolio.page import PortfolioPage

SMALLEST, USUAL = QSize(800, 500), QSize(1280, 820)
FRAME = 60  # pixels that the frame and the panel of the desktop take
Dropped = Callable[[Path], object]


class MainWindow(QMainWindow):
    """One window, at most one project."""

    _changed = Signal(object)  # a step may end on a worker's thread; views live on this one

    def __init__(self) -> None:
        super().__init__()
        self.settings = user_settings.load()
        self.session: Session | None = None
        self.jobs = JobRunner(self)
        self.file = ProjectFile(self)
        self.brush = Brush(self)
        self.tokens: Mapping[str, str] = self._themed()
        self.setWindowTitle("LeanLab")
        self.setMinimumSize(SMALLEST)
        self.resize(fitting(USUAL, self.screen()))
        self.setAcceptDrops(True)
        self.stack = QStackedWidget()
        self.stack.setObjectName("stack")
        self.navigation = Navigation(self, self.stack, self.show_state)
        self.sidebar = Sidebar(self.go_to)
        self._split()
        self.status = Status(self, self.jobs)
        self.bar = CommandBar(self, all_commands(self))
        self.header = Header(self, self.bar)
        self.help_key = HelpKey(self)
        self.addToolBar(self.header)
        self.start = StartPage(self)
        self.stack.addWidget(self.start)
        self.portfolio: PortfolioPage | None = None
        self._changed.connect(self._heard)
        self._refresh_later = QTimer(self)
        self._refresh_later.setSingleShot(True)
        self._refresh_later.timeout.connect(self.show_state)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self._paint()
        self.show_state()

    def _split(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.sidebar)
        self.review_bar = ReviewBar(self)
        self.finder = FindHere(self)
        pages = QWidget()
        parts = column(self.review_bar, self.stack, self.finder, spacing=0)
        parts.setContentsMargins(0, 0, 0, 0)
        pages.setLayout(parts)
        split.addWidget(pages)
        split.setStretchFactor(1, 1)
        split.setSizes([252, 1028])
        self.setCentralWidget(split)
        self.beside = Beside(self, split)

    # the project ---------------------------------------------------------------------------

    @property
    def project(self) -> "Session":
        """The open session; pages exist only while there is one."""
        assert self.session is not None  # noqa: S101 - a page without a project is a bug
        return self.session

    def show_project(self, session: "Session") -> None:
        """Show a project that was opened."""
        self.session = session
        session.listen(self._changed.emit)
        self.navigation.clear()
        self.go_to("home")

    def leave_project(self) -> None:
        """Take the pages away; the project is being closed."""
        self.settle()
        self.navigation.clear()
        self.brush.clear()
        self.session = None

    def settle(self) -> None:
        """Stop what works on the project, and tell its pages while they are there."""
        while not self.jobs.idle:
            self.jobs.stop_all()
            waited(self, "Stopping what is under way…", self.jobs.wait)
            self.jobs.deliver()

    def go_on(self) -> None:
        """Begin again what was stopped: the user stays after all."""
        page = self.navigation.page
        if page is not None:
            page.refresh()

    def show_start(self) -> None:
        """Show the start page, or the portfolio from which a project was opened."""
        self.start.refresh()
        self.start.show_later_parts()
        self.stack.setCurrentWidget(self.portfolio or self.start)
        self.show_state()

    def show_portfolio(self, folder: Path) -> None:
        """Show the projects below a folder, beside the start page."""
        from leanlab.ui.portfolio.page import PortfolioPage

        if not self.file.close():
            return
        if self.portfolio is None:
            self.portfolio = PortfolioPage(self)
            self.stack.addWidget(self.portfolio)
        self.settings.remember_portfolio(folder)
        user_settings.save(self.settings)
        self.portfolio.show_folder(folder)
        self.show_start()

    def leave_portfolio(self) -> None:
        """Go back to the start page."""
        if self.portfolio is not None:
            self.portfolio.stop()
            self.stack.removeWidget(self.portfolio)
            self.portfolio.deleteLater()
            self.portfolio = None
        self.show_start()

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        page = self.navigation.page
        if page is not None:
            page.accept_pending()

    def undo(self) -> None:
        """Take back the last step."""
        self.accept_pending()
        done = waited(self, "Taking back…", self.project.undo)
        self.say(f"Undone: {done.removeprefix('Undo ')}.")

    def redo(self) -> None:
        """Do the last undone step again."""
        done = waited(self, "Doing again…", self.project.redo)
        self.say(f"Done again: {done.removeprefix('Redo ')}.")

    def _heard(self, change: "Change") -> None:
        if self.session is None:
            return
        self.navigation.heard(change)
        self.status.saved.setText(messages.saved_words(self.session))
        self._refresh_later.start(0)  # several steps in a row are shown once

    # places --------------------------------------------------------------------------------

    def go_to(self, target: str | None) -> None:
        """Show a place: home, data, analyses, actions, report, phase:ID, worksheet:TYPE, a record's id."""
        if not target or self.session is None:
            return
        target = self._shown_at(target)
        if target.startswith("metric:"):
            self._edit_metric(target.partition(":")[2])
            return
        if target.startswith("worksheet:"):
            from leanlab.ui.commands.worksheets import open_worksheet

            open_worksheet(self, target.partition(":")[2])
            return
        if target == "metrics":
            self._primary_metric()
        elif not self.navigation.go(target):
            self.say("That place is not there any more.")

    def _shown_at(self, target: str) -> str:
        """Return the place where a record is shown: rows of a register stand in a worksheet."""
        from leanlab.ui.pages.registry import REGISTERS

        kind = self.project.kind_of(target)
        place = REGISTERS.get(kind or "", "")
        if not place:
            return target
        record = self.project.record(target)
        if kind == "worksheet_row":
            return str(record.get("worksheet_id", ""))
        inner = {"metric": target, "gate": str(record.get("phase", ""))}
        return f"{place}{inner.get(kind or '', '')}"

    def _edit_metric(self, metric_id: str | None) -> None:
        from leanlab.ui.dialogs.metric import edit_metric

        if self.project.read_only:
            self.say("This project was opened read-only.")
            return
        edit_metric(self.project, metric_id, self)

    def _primary_metric(self) -> None:
        from leanlab.app.roadmap import primary_metric

        metric = primary_metric(self.project)
        self._edit_metric(metric.id if metric else None)

    def step(self, by: int) -> None:
        """Go back or forward in the pages that were shown."""
        self.navigation.step(by)

    def next_problem(self) -> None:
        """Go to the next signal, message or bad cell of the page."""
        page = self.navigation.page
        if page is not None:
            page.next_problem()

    def find_here(self) -> None:
        """Find words on the page that is open; a page may have its own way."""
        page = self.navigation.page
        if page is not None and not page.find_here():
            self.finder.open(page)

    def close_page(self, page: "Page") -> None:
        """Take a page away whose record is gone."""
        self.navigation.close(page)

    # words and look ------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Show a short message in the status bar."""
        self.status.say(text)

    def show_problem(self, problem: Problem) -> None:
        """Say what is wrong and what to do, where no better place is."""
        messages.show(self, problem)

    def show_state(self) -> None:
        """Bring title, sidebar, commands and the words of saving up to date."""
        session = self.session
        self.finder.leave_unless(self.navigation.page)
        self.setWindowTitle(f"{session.title} – LeanLab" if session else "LeanLab")
        self.status.saved.setText(messages.saved_words(session) if session else "")
        self.sidebar.fill(session, self.tokens, self.navigation.target)
        self.beside.refresh()
        self.review_bar.refresh()
        self.status.show_comments(self)
        self.bar.refresh()
        if session is not None:
            for name, step in (("undo", session.undo_label), ("redo", session.redo_label)):
                self.bar.actions[name].setText(f"&{name.capitalize()} {_lower_first(step)}".strip())
                self.bar.actions[name].setIconText(name.capitalize())

    def _themed(self) -> Mapping[str, str]:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - a window needs one
        return apply_theme(app, self.settings.theme, self.settings.text_size)

    def set_theme(self, choice: str) -> None:
        """Change the look at once and remember it."""
        self.settings.theme = choice
        user_settings.save(self.settings)
        self._restyle()

    def toggle_theme(self) -> None:
        """Switch between light and dark."""
        self.set_theme("light" if self.tokens["name"] == "dark" else "dark")

    def zoom(self, by: int) -> None:
        """Make all text larger or smaller; 0 is the usual size."""
        size = self.settings.text_size + by if by else user_settings.USUAL_TEXT
        self.settings.text_size = min(max(size, 8), 16)
        user_settings.save(self.settings)
        self._restyle()

    def _scheme_changed(self) -> None:
        if self.settings.theme == "system" and self.tokens["name"] != system_theme():
            self._restyle()

    def _restyle(self) -> None:
        self.tokens = self._themed()
        self._paint()
        self.start.theme_changed()
        if self.portfolio is not None:
            self.portfolio.theme_changed()
        for page in self.navigation:
            page.theme_changed()
        self.show_state()

    def _paint(self) -> None:
        self.header.paint(self.tokens)

    # help ----------------------------------------------------------------------------------

    def show_palette(self) -> None:
        """Find a command, an analysis, a record, a person or a term."""
        from leanlab.ui.find import InTexts, entries, instead, remembered
        from leanlab.ui.palette_dialog import PaletteDialog

        self.accept_pending()
        dialog = PaletteDialog(
            entries(self), self, recent=self.settings.recent_uses, in_texts=InTexts(self),
            instead=lambda typed: instead(self, typed),
        )  # fmt: skip
        dialog.exec()
        if dialog.used:
            self.settings.recent_uses = remembered(self.settings.recent_uses, dialog.used)
            user_settings.save(self.settings)
        dialog.deleteLater()

    def show_help(self, dialog: QDialog | None = None) -> None:
        """Show the help of what has the focus, on the page of a dialog or of what is open."""
        from leanlab.ui.dialogs.help import about

        page = self.navigation.page
        shown = page or (self.portfolio if self.session is None else None)
        behind = shown.help if shown else ""
        named = str(getattr(dialog, "help", "") or behind)
        self.show_help_on(named, about(QApplication.focusWidget()), over=dialog)

    def show_help_on(
        self,
        page: str,
        meant: tuple[str, str] = ("", ""),
        *,
        typed: str = "",
        over: QDialog | None = None,
    ) -> None:
        """Show a page of the help, with name and meaning of something on top, or search the help."""
        from leanlab.ui.dialogs.help import HelpDialog

        dialog = HelpDialog(page, over or self, about=meant)
        if typed:
            dialog.box.setText(typed)
        dialog.exec()
        dialog.deleteLater()

    def show_settings(self, page: str = "General") -> None:
        """Show the user's own settings."""
        from leanlab.ui.dialogs.settings import SettingsDialog

        SettingsDialog(self, page).exec()

    def project_settings(self) -> None:
        """Change name, sponsor, kind and the like of the project."""
        from leanlab.ui.dialogs.project_settings import ProjectSettingsDialog

        ProjectSettingsDialog(self.project, self).exec()

    def forget(self, path: Path) -> None:
        """Take a missing project off the list."""
        self.settings.forget(str(path))
        user_settings.save(self.settings)
        self.start.refresh()

    # Qt ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be opened or imported."""
        if any(self._taker(Path(url.toLocalFile())) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project or a folder of them, import a review or data."""
        for url in event.mimeData().urls():
            self.take(Path(url.toLocalFile()))

    def take(self, path: Path) -> bool:
        """Do with a file or folder what its kind asks for; False if nothing can be done with it."""
        taker = self._taker(path)
        if taker is not None:
            taker(path)
        return taker is not None

    def _taker(self, path: Path) -> Dropped | None:
        if path.is_dir():
            return self.show_portfolio
        if path.suffix.lower() == ".leanlab":
            return self.file.open_path
        if path.suffix.lower() == ".leanreview":
            from leanlab.ui.commands.review import import_path as import_review

            return lambda dropped: import_review(self, dropped)
        from leanlab.ui.commands.data import ENDINGS, import_path

        if path.suffix.lower() in ENDINGS:
            return lambda dropped: import_path(self, dropped)
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has no room for sidebar and comments at once."""
        super().resizeEvent(event)
        self.beside.arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work before leaving."""
        if not self.file.close():
            event.ignore()
            return
        self.jobs.shut_down()
        self.settings.window = {
            "width": self.width(),
            "height": self.height(),
            "maximized": self.isMaximized(),
        }
        user_settings.save(self.settings)
        event.accept()


def fitting(size: QSize, screen: QScreen) -> QSize:
    """Return a size that the screen can show whole."""
    room = screen.availableGeometry().size() - QSize(0, FRAME)
    return size.boundedTo(room).expandedTo(SMALLEST)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
