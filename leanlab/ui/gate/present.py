"""A gate on the whole screen: first how it stands, then every question with its evidence, in big type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from leanlab.ui.gate.evidence import LARGE_PPI, pages_of, record_behind
from leanlab.ui.icons import picture
from leanlab.ui.widgets import column, label, row

if TYPE_CHECKING:
    from leanlab.app.roadmap import PhaseState
    from leanlab.core.errors import Problem
    from leanlab.ui.window import MainWindow

BIG, LARGE = 26, 17  # points
ON, BACK = {Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Space,
            Qt.Key.Key_Return}, {Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp,
                                 Qt.Key.Key_Backspace}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slide:
    """What is shown at once."""

    title: str
    text: str
    level: str = ""  # of the sign; empty for none
    record_id: str = ""


def slides_of(window: "MainWindow", phase: "PhaseState", summary: str) -> list[Slide]:
    """Return the pages of a presentation."""
    session = window.project
    first = Slide(f"Gate {phase.phase.title}", f"{session.title}\n{phase.phase.goal}\n{summary}")
    return [first, *(
        Slide(a.question.text, f"Accepted with reason: {a.accepted}" if a.accepted and not a.yes else a.text,
              a.level, record_behind(session, a.target))
        for a in phase.answers
    )]  # fmt: skip


class _Paper(QWidget):
    """One printed page, as large as fits."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Evidence")
        self._image = QImage()

    def show_page(self, page: bytes | None) -> None:
        """Show a page, or nothing."""
        self._image = QImage.fromData(page) if page else QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page into the middle."""
        del event
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.end()


class Presentation(QDialog):
    """Arrows, Space or a click go on; Esc leaves."""

    help = "gates"

    def __init__(
        self, window: "MainWindow", slides: Sequence[Slide], signs: dict[str, tuple[str, str, str]]
    ) -> None:
        super().__init__(window)
        self.setObjectName("presentation")
        self.setWindowTitle("Gate review")
        self._window, self.slides, self._signs = window, slides, signs
        self.at, self.page = 0, 0
        self._pages: dict[str, list[bytes]] = {}
        self.sign = label("", wrap=False)
        self.title = label("")
        self.text = label("")
        for part, points, bold in ((self.title, BIG, True), (self.text, LARGE, False)):
            weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
            part.setStyleSheet(f"font-size: {points}pt; font-weight: {int(weight)};")
        self.paper = _Paper()
        self.place = label("", "muted", wrap=False)
        hint = label("Arrow keys or a click go on, Esc leaves", "muted", wrap=False)
        head = row(self.sign, self.title, spacing=14)
        head.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(56, 40, 56, 20)
        layout.addLayout(column(head, self.text, spacing=10))
        layout.addSpacing(12)
        layout.addWidget(self.paper, 1)
        layout.addLayout(row(self.place, None, hint))
        self.step(0)

    def step(self, by: int) -> None:
        """Turn a page of the evidence, or go to the next question."""
        pages = self._pages.get(self.slides[self.at].record_id, [])
        if by and 0 <= self.page + by < len(pages):
            self.page += by
        elif by:
            at = min(max(self.at + by, 0), len(self.slides) - 1)
            if at == self.at:
                return
            self.at, self.page = at, 0
        self._show()

    def _show(self) -> None:
        slide = self.slides[self.at]
        self.title.setText(slide.title)
        self.text.setText(slide.text)
        shape, colour, spoken = self._signs.get(slide.level, ("", "", ""))
        self.sign.setVisible(bool(shape))
        if shape:
            self.sign.setPixmap(picture(shape, self._window.tokens[colour], 34))
            self.sign.setAccessibleName(spoken)
        pages = self._pages.get(slide.record_id, [])
        self.paper.show_page(pages[self.page] if pages else None)
        where = f", page {self.page + 1} of {len(pages)}" if len(pages) > 1 else ""
        self.place.setText(f"{self.at + 1} of {len(self.slides)}{where}")
        if slide.record_id and slide.record_id not in self._pages:
            self._set(slide.record_id)

    def _set(self, record_id: str) -> None:
        session = self._window.project

        def done(pages: list[bytes]) -> None:
            self._pages[record_id] = pages
            if self.slides[self.at].record_id == record_id:
                self._show()

        def failed(problem: "Problem") -> None:
            self._pages[record_id] = []
            self.text.setText(f"{self.text.text()}\n{problem.message}")

        self._window.jobs.run(
            lambda job: pages_of(session, record_id, job, LARGE_PPI), done, failed=failed,
            view="presentation",
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on or back; Home and End go to the ends."""
        key = event.key()
        if key in ON or key in BACK:
            self.step(1 if key in ON else -1)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.at, self.page = (0 if key == Qt.Key.Key_Home else len(self.slides) - 1), 0
            self._show()
        else:
            super().keyPressEvent(event)  # Esc leaves

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes on, with the other button back."""
        self.step(-1 if event.button() == Qt.MouseButton.RightButton else 1)


def present(
    window: "MainWindow", phase: "PhaseState", summary: str, signs: dict[str, tuple[str, str, str]]
) -> None:
    """Show a gate on the whole screen."""
    dialog = Presentation(window, slides_of(window, phase, summary), signs)
    dialog.setWindowState(Qt.WindowState.WindowFullScreen)
    dialog.exec()
    dialog.deleteLater()
