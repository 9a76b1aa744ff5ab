"""The main window: sidebar, pages with a history, commands, and the state of saving in words."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from leanlab import __version__
from leanlab.app import settings as user_settings
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.commands import Command, CommandBar
from leanlab.ui.icons import icon
from leanlab.ui.jobs import JobRunner
from leanlab.ui.pages.start import StartPage
from leanlab.ui.theme import apply_theme
from leanlab.ui.widgets import label

FILE_FILTER = "LeanLab project (*.leanlab)"
DATA_FILTER = "Data (*.csv *.tsv *.txt);;All files (*)"
DATA_ENDINGS = {".csv", ".tsv", ".txt"}


class MainWindow(QMainWindow):
    """One window, at most one project."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = user_settings.load()
        self.tokens: Mapping[str, str] = apply_theme(_app(), self.settings.theme)
        self.session: Any = None
        self.jobs = JobRunner(self)
        self._pages: dict[str, QWidget] = {}
        self._history: list[str] = []
        self._at = -1
        self.setWindowTitle("LeanLab")
        self.resize(1200, 780)
        self.setMinimumSize(1024, 600)
        self.setAcceptDrops(True)
        self.stack = QStackedWidget()
        self.sidebar = QTreeWidget()
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setAccessibleName("Places of the project")
        self.sidebar.setHeaderHidden(True)
        self.sidebar.setIndentation(14)
        self.sidebar.setIconSize(QSize(20, 20))
        self.sidebar.itemClicked.connect(lambda item: self.go_to(item.data(0, Qt.ItemDataRole.UserRole)))
        self.sidebar.itemActivated.connect(lambda item: self.go_to(item.data(0, Qt.ItemDataRole.UserRole)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.sidebar)
        split.addWidget(self.stack)
        split.setStretchFactor(1, 1)
        split.setSizes([215, 985])
        self.setCentralWidget(split)
        self.saved_words = label("", wrap=False)
        self.statusBar().addPermanentWidget(self.saved_words)
        self.bar = CommandBar(self, self._commands())
        self._tools = self._tool_bar()
        self.start = StartPage(self)
        self.stack.addWidget(self.start)
        self._show_state()

    # commands ------------------------------------------------------------------------------

    def _commands(self) -> Sequence[Command]:
        need, edit = self._no_project, self._not_editable
        return (
            Command("new", "&File", "&New project…", self.new_project, "Ctrl+N", "new"),
            Command("open", "&File", "&Open…", self.open_dialog, "Ctrl+O", "open"),
            Command("save", "&File", "&Save", self.save, "Ctrl+S", "save", self._nothing_to_save),
            Command("save_as", "&File", "Save &as…", self.save_as, "Ctrl+Shift+S", why_not=need),
            Command("save_copy", "&File", "Save a &copy…", self.save_copy, why_not=need),
            Command("close", "&File", "&Close project", self.close_project, "Ctrl+W", why_not=need),
            Command("quit", "&File", "&Quit", self.close, "Ctrl+Q"),
            Command("undo", "&Edit", "&Undo", self.undo, "Ctrl+Z", "undo", self._nothing_to_undo),
            Command("redo", "&Edit", "&Redo", self.redo, "Ctrl+Shift+Z", "redo", self._nothing_to_redo),
            Command("find", "&Edit", "&Find a command or record…", self.show_palette, "Ctrl+K", "search", words="palette search"),
            Command("back", "&View", "&Back", lambda: self._step(-1), "Alt+Left", "back", need),
            Command("forward", "&View", "F&orward", lambda: self._step(1), "Alt+Right", "forward", need),
            Command("sidebar", "&View", "&Sidebar", self._toggle_sidebar, "F9"),
            Command("light", "&View", "&Light theme", lambda: self.set_theme("light")),
            Command("dark", "&View", "&Dark theme", lambda: self.set_theme("dark")),
            Command("system", "&View", "Theme of the s&ystem", lambda: self.set_theme("system")),
            Command("home", "&Project", "&Home", lambda: self.go_to("home"), "Ctrl+1", "home", need),
            Command("actions", "&Project", "&Actions", self.show_actions, "Ctrl+9", "actions", need),
            Command("new_action", "&Project", "&New action", self.new_action, "Ctrl+Shift+N", why_not=edit),
            Command("metric", "&Project", "Add &metric…", self.add_metric, why_not=edit),
            Command("import", "&Data", "&Import a file…", self.import_dialog, "Ctrl+I", "data", words="csv tsv excel load"),
            Command("new_sheet", "&Data", "&Type data by hand", self.new_sheet, why_not=edit),
            Command("paste_sheet", "&Data", "&Paste as new data", self.paste_sheet, why_not=edit),
            Command("analysis", "&Analyze", "&New analysis…", self.new_analysis, "Ctrl+Shift+A", "chart", edit),
            Command("report", "&Report", "Project report as &PDF…", self.report_pdf, "Ctrl+P", "report", need),
            Command("help", "&Help", "&Help for this page", self.show_help, "F1"),
            Command("about", "&Help", "&About LeanLab", self.about),
        )

    def _no_project(self) -> str:
        return "" if self.session is not None else "Open a project first."

    def _not_editable(self) -> str:
        return self._no_project() or ("This project was opened read-only." if self.session.read_only else "")

    def _nothing_to_save(self) -> str:
        return self._not_editable() or ("" if self.session.unsaved_edits else "Everything is saved.")

    def _nothing_to_undo(self) -> str:
        return self._no_project() or ("" if self.session.undo_label else "There is nothing to undo.")

    def _nothing_to_redo(self) -> str:
        return self._no_project() or ("" if self.session.redo_label else "There is nothing to redo.")

    def _tool_bar(self) -> QToolBar:
        tools = QToolBar("Tools")
        tools.setObjectName("tools")
        tools.setMovable(False)
        tools.setIconSize(QSize(20, 20))
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        name = QLabel("LeanLab")
        name.setObjectName("heading")
        name.setContentsMargins(6, 0, 14, 0)
        tools.addWidget(name)
        for command_id in ("back", "forward", "save", "undo", "redo", "analysis", "report", "find"):
            tools.addAction(self.bar.actions[command_id])
        for command_id in ("back", "forward"):
            found = tools.widgetForAction(self.bar.actions[command_id])
            if isinstance(found, QToolButton):
                found.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.addToolBar(tools)
        return tools

    def _paint_icons(self) -> None:
        for name, command in self.bar.commands.items():
            if command.icon:
                self.bar.actions[name].setIcon(icon(command.icon, self.tokens["text"]))
        short = {"analysis": "New analysis", "report": "Report", "find": "Find…", "undo": "Undo", "redo": "Redo", "save": "Save"}
        for name, text in short.items():
            self.bar.actions[name].setIconText(text)

    # the project ---------------------------------------------------------------------------

    @property
    def project(self) -> Any:
        """The open session; pages exist only while there is one."""
        assert self.session is not None  # noqa: S101 - a page without a project is a bug
        return self.session

    def new_project(self, kind: str = "dmaic") -> None:
        """Ask four questions and begin a project."""
        from leanlab.ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(Path.home(), self.settings.name, self, kind)
        if dialog.exec() and self.close_project():
            self.settings.name = dialog.author.text().strip()
            self._guarded(lambda: self._session_type().create(
                dialog.path, name=dialog.name.text().strip(), kind=dialog.kind.currentData(), author=self.settings.name,
            ))  # fmt: skip

    def open_dialog(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(self, "Open project", str(Path.home()), FILE_FILTER)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a project; one that is open elsewhere is offered read-only."""
        if not self.close_project():
            return
        from leanlab.core.errors import DocumentProblem

        try:
            self._use(self._session_type().open(path, author=self.settings.name))
        except DocumentProblem as problem:
            if "already open" in problem.message and messages.ask(self, problem, "Open read-only"):
                self._guarded(lambda: self._session_type().open(path, author=self.settings.name, read_only=True))
            elif "already open" not in problem.message:
                messages.show(self, problem)

    def recover(self, draft: Any) -> None:
        """Go on with unsaved work."""
        if self.close_project():
            self._guarded(lambda: self._session_type().recover(draft, author=self.settings.name))

    def discard_draft(self, draft: Any) -> None:
        """Give up unsaved work, after asking."""
        from leanlab.app.session import discard

        question = Problem(f"Discard {draft.edits} unsaved changes of {draft.title}?", hint="They cannot be brought back.")
        if messages.ask(self, question, "Discard"):
            discard(draft)
            self.start.show_later_parts()

    def samples(self) -> Sequence[Any]:
        """Return the sample projects."""
        from leanlab.app.samples import SAMPLES

        return SAMPLES

    def open_sample(self, sample_id: str) -> None:
        """Open a copy of a sample; the original stays as it is."""
        from leanlab.app.samples import build, copy_of

        if self.close_project():
            self._guarded(lambda: build(sample_id, copy_of(sample_id)))

    def _session_type(self) -> Any:
        from leanlab.app.session import Session

        return Session

    def _guarded(self, opening: Callable[[], Any]) -> None:
        try:
            self._use(opening())
        except Problem as problem:
            messages.show(self, problem)

    def _use(self, session: Any) -> None:
        from leanlab.core import clock

        self.session = session
        session.listen(self._heard)
        self.settings.remember(session.path, session.title, clock.now().isoformat())
        user_settings.save(self.settings)
        self._history, self._at = [], -1
        self.go_to("home")

    def close_project(self) -> bool:
        """Close the project; False when the user wants to stay."""
        if self.session is None:
            return True
        keep = False
        if self.session.unsaved_edits and not self.session.read_only:
            choice = messages.ask_close(self, self.session.title, self.session.unsaved_edits)
            if choice == "cancel" or (choice == "save" and not self.save()):
                return False
            keep = choice == "draft"
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages = {}
        self.session.close(keep_draft=keep)
        self.session = None
        self.start.refresh()
        self.start.show_later_parts()
        self.stack.setCurrentWidget(self.start)
        self._show_state()
        return True

    def save(self) -> bool:
        """Save; False when it did not work."""
        return self._saved(self.session.save)

    def save_as(self) -> None:
        """Save to another file and go on there."""
        name, _ = QFileDialog.getSaveFileName(self, "Save as", str(self.session.path), FILE_FILTER)
        if name:
            self._saved(lambda: self.session.save_as(Path(name).with_suffix(".leanlab")))

    def save_copy(self) -> None:
        """Save a copy and stay here."""
        proposal = self.session.path.with_stem(f"{self.session.path.stem} copy")
        name, _ = QFileDialog.getSaveFileName(self, "Save a copy", str(proposal), FILE_FILTER)
        if name and self._saved(lambda: self.session.save_copy(Path(name).with_suffix(".leanlab"))):
            self.say(f"Copy saved as {Path(name).name}.")

    def _saved(self, saving: Callable[[], None]) -> bool:
        try:
            saving()
        except Problem as problem:
            if "changed by someone else" in problem.message and messages.ask(self, problem, "Overwrite"):
                return self._saved(lambda: self.session.save(overwrite=True))
            if "changed by someone else" not in problem.message:
                messages.show(self, problem)
            return False
        self._show_state()
        return True

    def undo(self) -> None:
        """Take back the last step."""
        self.say(f"{self.session.undo()}.")

    def redo(self) -> None:
        """Do the last undone step again."""
        self.say(f"{self.session.redo()}.")

    # pages ---------------------------------------------------------------------------------

    def go_to(self, target: str | None) -> None:
        """Show a page: home, actions, phase:ID, worksheet:TYPE, metrics, analyses or a record's id."""
        if not target or self.session is None:
            return
        if target == "metrics":
            primary = next((m.id for m in self.session.records("metric") if m.get("role") == "primary"), None)
            self.edit_metric(primary) if primary else self.add_metric()
            return
        if target.startswith("worksheet:"):
            self.open_worksheet(target.partition(":")[2], "")
            return
        self._show_page(target)

    def _show_page(self, target: str, *, remember: bool = True) -> None:
        from leanlab.ui.pages.registry import make

        if target not in self._pages:
            page = make(self, target)
            if page is None:
                self.say("That place is not there any more.")
                return
            self._pages[target] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self._pages[target])
        if remember and (self._at < 0 or self._history[self._at] != target):
            self._history = [*self._history[: self._at + 1], target]
            self._at = len(self._history) - 1
        self._show_state()

    def close_page(self, page: QWidget) -> None:
        """Take a page away whose record is gone."""
        target = next((t for t, p in self._pages.items() if p is page), None)
        if target is not None:
            del self._pages[target]
            self.stack.removeWidget(page)
            page.deleteLater()
            self._history = [t for t in self._history if t != target]
            self._at = len(self._history) - 1
            self._show_page("home")

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._history):
            self._at += by
            self._show_page(self._history[self._at], remember=False)

    def show_phase(self, phase_id: str) -> None:
        """Show a phase page."""
        self.go_to(f"phase:{phase_id}")

    def show_actions(self) -> None:
        """Show the action register."""
        self.go_to("actions")

    def new_action(self) -> None:
        """Add an action from anywhere."""
        self.show_actions()
        page = self._pages.get("actions")
        if page is not None:
            page.add()  # type: ignore[attr-defined]

    def add_metric(self) -> None:
        """Define a metric."""
        self.edit_metric(None)

    def edit_metric(self, metric_id: str | None) -> None:
        """Edit a metric."""
        from leanlab.ui.dialogs.metric import edit_metric

        edit_metric(self.session, metric_id, self)

    def open_worksheet(self, type_id: str, phase: str) -> None:
        """Open a worksheet; it is made when it is not there yet."""
        from leanlab.worksheets.registry import BY_ID

        found = next((w for w in self.session.records("worksheet") if w.get("type_id") == type_id), None)
        if found is None:
            kind = BY_ID[type_id]
            values = {"type_id": type_id, "version": kind.version, "title": kind.title, "phase": phase, "status": "in progress", "body": {}}
            record_id = self.session.add("worksheet", values, label=f"Add {kind.title}")
        else:
            record_id = found.id
        self.go_to(record_id)

    def new_analysis(self, phase: str = "") -> None:
        """Choose an analysis and open it on the current data."""
        from leanlab.ui.dialogs.new_analysis import choose_analysis

        sheet = self._current_sheet()
        chosen = choose_analysis(self, self.session, sheet)
        if chosen is not None:
            self.add_analysis(chosen[0], chosen[1], phase)

    def add_analysis(self, analysis_id: str, sheet_id: str | None, phase: str = "") -> None:
        """Add an analysis and show it."""
        from leanlab.app.stored import add_analysis

        self.go_to(add_analysis(self.session, analysis_id, sheet_id, phase=phase))

    def _current_sheet(self) -> str | None:
        record_id = self._history[self._at] if self._at >= 0 else ""
        sheets = self.session.sheets()
        if any(s.id == record_id for s in sheets):
            return record_id
        return sheets[-1].id if sheets else None

    # data ----------------------------------------------------------------------------------

    def import_dialog(self) -> None:
        """Ask for a data file and import it."""
        name, _ = QFileDialog.getOpenFileName(self, "Import data", str(Path.home()), DATA_FILTER)
        if name:
            self.import_path(Path(name))

    def import_path(self, path: Path) -> None:
        """Show the import preview of a file."""
        from leanlab.app.importing import add_table
        from leanlab.ui.dialogs.import_file import ask_import

        if self.session is None:
            self.new_project()
        if self._not_editable():
            return
        try:
            found = ask_import(path, self)
        except Problem as problem:
            messages.show(self, problem)
            return
        if found is not None:
            self.go_to(add_table(self.session, found[0], title=found[1], file_name=path.name))

    def new_sheet(self) -> None:
        """Make an empty data sheet to type into."""
        from leanlab.data.columns import empty_column

        columns = [empty_column("Date", "datetime", 30), empty_column("Value", "number", 30), empty_column("Note", "text", 30)]
        self.go_to(self.session.add_sheet("Typed data", columns))

    def paste_sheet(self) -> None:
        """Make a data sheet of what was copied elsewhere."""
        from leanlab.app.importing import add_table
        from leanlab.ui.dialogs.import_file import ImportDialog

        content = _app().clipboard().text().encode()
        dialog = ImportDialog(content, "the clipboard", "Pasted data", self)
        if dialog.exec() and dialog.table is not None:
            title = dialog.title.text().strip() or "Pasted data"
            self.go_to(add_table(self.session, dialog.table, title=title, file_name="clipboard"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be opened or imported."""
        if any(_droppable(url.toLocalFile()) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project, or import data."""
        for url in event.mimeData().urls():
            path = Path(url.toLocalFile())
            if path.suffix == ".leanlab":
                self.open_path(path)
            elif path.suffix.lower() in DATA_ENDINGS:
                self.import_path(path)

    # look and words ------------------------------------------------------------------------

    def _heard(self, change: Any) -> None:
        for page in list(self._pages.values()):
            page.heard(change)  # type: ignore[attr-defined]
        self._show_state()

    def _show_state(self) -> None:
        from leanlab.ui.sidebar import fill

        self.setWindowTitle(f"{self.session.title} – LeanLab" if self.session else "LeanLab")
        self.saved_words.setText(messages.saved_words(self.session) if self.session else "")
        current = self._history[self._at] if self.session and self._at >= 0 else ""
        fill(self.sidebar, self.session, self.tokens, current)
        self.sidebar.setVisible(self.session is not None)
        self.bar.refresh()
        self._paint_icons()
        if self.session is not None:
            for name in ("undo", "redo"):
                step = getattr(self.session, f"{name}_label")
                self.bar.actions[name].setText(f"&{name.capitalize()} {step}".strip())
                self.bar.actions[name].setIconText(name.capitalize())

    def announce_result(self, presentation: Any) -> None:
        """Tell screen readers the verdict of a new result."""
        verdict = next((f.text for f in presentation.findings if f.line == "verdict"), "")
        self.stack.setAccessibleDescription(verdict)

    def say(self, text: str) -> None:
        """Show a short message in the status bar."""
        self.statusBar().showMessage(text, 8000)

    def set_theme(self, choice: str) -> None:
        """Change the look at once and remember it."""
        self.settings.theme = choice
        user_settings.save(self.settings)
        self.tokens = apply_theme(_app(), choice)
        self._show_state()
        for page in self._pages.values():
            page.theme_changed()  # type: ignore[attr-defined]

    def _toggle_sidebar(self) -> None:
        self.sidebar.setVisible(not self.sidebar.isVisible())

    def show_palette(self) -> None:
        """Find a command, an analysis or a record."""
        from leanlab.ui.find import entries
        from leanlab.ui.palette_dialog import PaletteDialog

        PaletteDialog(entries(self), self).exec()

    def show_help(self) -> None:
        """Show the help page of what is open."""
        from leanlab.ui.dialogs.help import show_help

        show_help(self, self._history[self._at] if self.session and self._at >= 0 else "")

    def about(self) -> None:
        """Say what this is."""
        text = f"LeanLab {__version__}. Improvement projects with numbers that can be checked. It never uses the network."
        messages.show(self, Problem(text, hint="MIT licence; Qt is used under the LGPL."))

    def report_pdf(self) -> None:
        """Write the project report."""
        proposal = str(self.session.path.with_suffix(".pdf"))
        name, _ = QFileDialog.getSaveFileName(self, "Project report", proposal, "PDF (*.pdf)")
        if name:
            from leanlab.app.reporting import write_report

            path, session = Path(name), self.session
            self.say("Writing the report…")
            self.jobs.run(lambda _job: write_report(session, path), lambda _: self.say(f"Report saved as {path.name}."), failed=lambda p: messages.show(self, p))

    def forget(self, path: Path) -> None:
        """Take a missing project off the list."""
        self.settings.forget(str(path))
        user_settings.save(self.settings)
        self.start.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work before leaving."""
        if self.close_project():
            self.jobs.shut_down()
            event.accept()
        else:
            event.ignore()


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101 - a window needs one
    return app


def _droppable(name: str) -> bool:
    return Path(name).suffix.lower() in {".leanlab", *DATA_ENDINGS}


def tree_item(text: str, target: str) -> QTreeWidgetItem:
    """Return a line of the sidebar that leads to a page."""
    item = QTreeWidgetItem([text])
    item.setData(0, Qt.ItemDataRole.UserRole, target)
    return item
