"""The report page: what the report looks like, and ways to hand it on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from leanlab.app.records import Change
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

PREVIEW_PPI = 96.0
GAP, WIDEST, KEPT = 18, 900, 8


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
    """Preview of the project report."""

    help = "report"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._report: Any = None
        self._outdated = True
        self.words = label("", "muted", wrap=False)
        self.words.setObjectName("report_state")
        self.renew = button("Set again", self.set_again, "report_renew")
        self.page_words = label("", wrap=False)
        self.page_words.setObjectName("report_page_number")
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
        layout.addWidget(self.area, 1)

    def _head(self) -> QHBoxLayout:
        from leanlab.ui.commands import report as commands

        title = label("Report", "title", wrap=False)
        save = button("Save as PDF…", lambda: commands.save(self.window_, ".pdf"), "primary")
        html = button("Save as HTML…", lambda: commands.save(self.window_, ".html"), "report_html")
        print_ = button("Print…", lambda: commands.print_report(self.window_), "report_print")
        parts = row(
            title, self.words, None, self.page_words, self.renew, print_, html, save, spacing=10
        )
        parts.setContentsMargins(28, 16, 28, 12)
        return parts

    def shown(self) -> None:
        """Set the report when somebody looks and something changed."""
        if self._outdated:
            self.set_again()

    def heard(self, change: Change) -> None:
        """Say that the preview is older than the project; setting it takes a moment."""
        if change.ids or change.kinds:
            self._outdated = True
            if self.pages.count:
                self.words.setText("The project changed since this preview.")
                self.renew.show()

    def set_again(self) -> None:
        """Gather and set the report in a worker."""
        from leanlab.app.reporting import project_report
        from leanlab.report.pdf import page_pictures

        self._outdated = False
        self.renew.hide()
        if not self.pages.count:
            self.words.setText("Setting the report…")
        session = self.session

        def work(job: Any) -> list[bytes]:
            report = project_report(session, check=job.check, progress=job.progress)
            job.check()
            return page_pictures(report, PREVIEW_PPI)

        self.window_.jobs.run(
            work, self._show, failed=self._failed, view="report", title="Setting the report…",
            stopped=self._stopped,
        )  # fmt: skip

    def _show(self, pages: list[bytes]) -> None:
        self.pages.show_pages(pages)
        self.words.setText(f"{words.count(len(pages), 'page')}, first the page for the sponsor")
        self.renew.setVisible(self._outdated)
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
