"""The report page: what the report looks like, and ways to hand it on."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from leanlab.app import storyboard
from leanlab.app.records import Change
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.pages.base import Page
from leanlab.ui.pages.report_parts import PartsPanel
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

PREVIEW_PPI = 96.0
GAP, WIDEST, KEPT = 18, 900, 8
LATER = Qt.ConnectionType.QueuedConnection  # the list is not filled again in its own event
GATHER = 250  # milliseconds: several changes in one go are set once


class PageStack(QWidget):
    """Pages below each other; only those in sight are decoded and painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("report_pages")
        self.setAccessibleName("Pages of the report")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: list[bytes] = []
        self._sizes: list[QSize] = []
        self._images: dict[int, QImage] = {}

    def show_pages(self, pages: list[bytes]) -> None:
        """Show other pages."""
        self._pages, self._images = pages, {}
        self._sizes = [QImage.fromData(page).size() for page in pages]
        self._arrange()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def top_of(self, index: int) -> int:
        """Return where a page begins."""
        return GAP + sum(self._height(size) + GAP for size in self._sizes[:index])

    def page_at(self, y: int) -> int:
        """Return the page at a height."""
        for index in range(self.count):
            if y < self.top_of(index) + self._height(self._sizes[index]) + GAP:
                return index
        return max(0, self.count - 1)

    def _wide(self) -> int:
        return max(200, min(WIDEST, self.width() - 2 * GAP))

    def _height(self, size: QSize) -> int:
        return round(self._page_width(size) * size.height() / max(1, size.width()))

    def _page_width(self, size: QSize) -> int:
        upright = min((s.width() for s in self._sizes), default=size.width())
        return min(self._wide(), round(self._wide() * 0.78 * size.width() / max(1, upright)))

    def _arrange(self) -> None:
        self.setMinimumHeight(self.top_of(self.count))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pages as wide as fits."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = GAP
        for index, size in enumerate(self._sizes):
            width, height = self._page_width(size), self._height(size)
            place = QRect((self.width() - width) // 2, top, width, height)
            top += height + GAP
            if place.intersects(event.rect()):
                painter.fillRect(place.adjusted(3, 3, 3, 3), QColor(0, 0, 0, 40))
                painter.drawImage(place, self._image(index))
        painter.end()

    def _image(self, index: int) -> QImage:
        if index not in self._images:
            if len(self._images) >= KEPT:
                self._images.pop(next(iter(self._images)))
            self._images[index] = QImage.fromData(self._pages[index])
        return self._images[index]


class ReportPage(Page):
    """The report of the project: its parts on the left, its pages on the right."""

    help = "report"
    has_paper = True

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._outdated = True
        self._places: Mapping[str, int] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(GATHER)
        self._later.timeout.connect(self.set_again)
        self.words = label("", "muted", wrap=False)
        self.words.setObjectName("report_state")
        self.renew = button("Set again", self.set_again, "report_renew")
        self.page_words = label("", wrap=False)
        self.page_words.setObjectName("report_page_number")
        self.panel = PartsPanel()
        self.pages = PageStack()
        self.area = QScrollArea()
        self.area.setObjectName("report_area")
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.pages)
        self.area.verticalScrollBar().valueChanged.connect(self._say_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.panel)
        below.addWidget(self.area, 1)
        layout.addLayout(below, 1)
        self._connect()
        self._show_parts()

    def _head(self) -> QHBoxLayout:
        from leanlab.ui.commands import report as commands

        title = label("Report", "title", wrap=False)
        self.words.setMinimumWidth(1)
        save = button("Save as PDF…", lambda: commands.save(self.window_, ".pdf"), "primary")
        html = button("HTML…", lambda: commands.save(self.window_, ".html"), "report_html")
        html.setAccessibleName("Save as HTML")
        print_ = button("Print…", lambda: commands.print_report(self.window_), "report_print")
        present = button("Present", lambda: commands.present(self.window_), "report_present")
        present.setToolTip("Show the pages on the whole screen (F11)")
        parts = row(
            title, self.words, None, self.page_words, self.renew, present, print_, html, save,
            spacing=8,
        )  # fmt: skip
        parts.setContentsMargins(28, 16, 18, 12)
        return parts

    def _connect(self) -> None:
        do, parts = self._change, self.panel.parts
        self.panel.template_chosen.connect(
            lambda kind: do(partial(storyboard.choose, self.session, kind))
        )
        self.panel.usual_wanted.connect(
            lambda: do(partial(storyboard.reset, self.session, self._kind))
        )
        parts.toggled.connect(self._toggle, LATER)
        parts.stepped.connect(
            lambda key, by: do(partial(storyboard.move, self.session, self._kind, key, by))
        )
        parts.dropped.connect(self._drop, LATER)
        parts.removed.connect(
            lambda key: do(partial(storyboard.remove, self.session, self._kind, key))
        )
        parts.page_wanted.connect(self.add_page)
        parts.opened.connect(self.open_part)
        parts.seen.connect(self._look)

    # parts ---------------------------------------------------------------------------------

    @property
    def _kind(self) -> str:
        return storyboard.chosen(self.session).id

    def _change(self, verb: Callable[[], object]) -> None:
        if self.session.read_only:
            return
        try:
            verb()
        except Problem as problem:
            self.window_.show_problem(problem)
        self._show_parts()

    def _toggle(self, key: str, shown: bool) -> None:
        self._change(partial(storyboard.set_shown, self.session, self._kind, key, shown=shown))

    def _drop(self, key: str, before: str) -> None:
        self._change(partial(storyboard.move_to, self.session, self._kind, key, before))

    def _show_parts(self) -> None:
        chosen = storyboard.chosen(self.session)
        self.panel.show_state(
            storyboard.templates(self.session), chosen,
            storyboard.parts_of(self.session, chosen.id),
            changed=storyboard.changed(self.session, chosen.id),
            editable=not self.session.read_only,
        )  # fmt: skip
        self.panel.parts.show_places(self._places)

    def add_page(self, after: str) -> None:
        """Ask for a heading and sentences and put them behind a part."""
        from leanlab.ui.dialogs.report_page import ask_page

        made = None if self.session.read_only else ask_page(self)
        if made is not None:
            self._change(partial(storyboard.add_page, self.session, self._kind, made.heading,
                                 made.text, after=after, new_page=made.new_page))  # fmt: skip

    def open_part(self, key: str) -> None:
        """Open what a part shows; a page of one's own is edited."""
        part = next(p for p in storyboard.parts_of(self.session, self._kind) if p.key == key)
        if part.kind == "own":
            self._edit_own(part)
        elif part.kind in {"worksheet", "analysis", "finding"}:
            self.window_.go_to(key)
        elif part.phase:
            self.window_.go_to(f"{'gate' if part.kind == 'gate' else 'phase'}:{part.phase}")

    def _edit_own(self, part: storyboard.Part) -> None:
        from leanlab.ui.dialogs.report_page import OwnPage, ask_page

        if self.session.read_only:
            return
        made = ask_page(self, OwnPage(part.title, part.text, part.new_page))
        if made is not None:
            self._change(partial(storyboard.edit_page, self.session, self._kind, part.key,
                                 made.heading, made.text, new_page=made.new_page))  # fmt: skip

    def _look(self, key: str) -> None:
        """Bring the page on which a part begins into sight."""
        page = self._places.get(key)
        if page is not None and page <= self.pages.count:
            self.area.verticalScrollBar().setValue(self.pages.top_of(page - 1) - GAP)

    # preview -------------------------------------------------------------------------------

    def shown(self) -> None:
        """Set the report when somebody looks and something changed."""
        if self._outdated:
            self._show_parts()
            self.set_again()

    def heard(self, change: Change) -> None:
        """Set the report again: now if somebody looks, else when somebody does."""
        if not (change.ids or change.kinds or change.label):
            return
        self._outdated = True
        if self.isVisible():
            self._show_parts()
            self._later.start()

    def set_again(self) -> None:
        """Gather and set the report in a worker."""
        from leanlab.app.reporting import project_report
        from leanlab.report.pdf import preview

        self._outdated = False
        self._later.stop()
        self.renew.hide()
        if not self.pages.count:
            self.words.setText("Setting the report…")
        session, kind = self.session, self._kind

        def work(job: Any) -> Any:
            report = project_report(session, template=kind, check=job.check, progress=job.progress)
            job.check()
            return preview(report, PREVIEW_PPI)

        self.window_.jobs.run(
            work, self._show, failed=self._failed, view="report", title="Setting the report…",
            stopped=self._stopped,
        )  # fmt: skip

    def _show(self, made: Any) -> None:
        at = self.area.verticalScrollBar().value()
        self.pages.show_pages(made.pages)
        self._places = made.places
        self.panel.parts.show_places(made.places)
        self.words.setText(words.count(len(made.pages), "page"))
        self.area.verticalScrollBar().setValue(at)
        self._say_page()

    def _failed(self, problem: Problem) -> None:
        self.words.setText(f"{problem.message} {problem.hint}".strip())
        self.renew.show()

    def _stopped(self) -> None:
        self._outdated = True
        self.words.setText("Stopped.")
        self.renew.show()

    def _say_page(self) -> None:
        if self.pages.count:
            bar = self.area.verticalScrollBar()
            at = self.pages.page_at(bar.value() + self.area.viewport().height() // 3)
            self.page_words.setText(f"Page {at + 1} of {self.pages.count}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Down and Page Up turn a page."""
        bar = self.area.verticalScrollBar()
        at = self.pages.page_at(bar.value() + GAP)
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if step is None or not self.pages.count:
            super().keyPressEvent(event)
            return
        to = min(max(0, at + step), self.pages.count - 1)
        bar.setValue(self.pages.top_of(to) - GAP)


def proposed(path: Path, ending: str) -> str:
    """Return the file name that is proposed for a report."""
    return str(path.with_name(f"{path.stem} report{ending}"))
