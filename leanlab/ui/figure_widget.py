"""A matplotlib figure as a widget: drawn when it is painted, at the size that it then has."""

import leanlab.figures  # noqa: F401 - makes the import of matplotlib short

# isort: split
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

USUAL = QSize(640, 400)
SETTLE = 150  # milliseconds after the last change of size


class FigureWidget(QWidget):
    """Shows a figure; draws nothing that nobody sees, and nothing twice for one look.

    matplotlib's own canvas for Qt draws after every change of size, of which the layout of a page
    makes several before it rests; and it brings dialogs and tool bars that are not used here.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = Figure(layout=None)
        self._agg = FigureCanvasAgg(self.figure)
        self._plain_dpi = self.figure.dpi
        self._picture = QImage()
        self._to_compose, self._to_draw = False, True
        self._composed_for = QSize()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE)
        self._settle.timeout.connect(self._settled)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._fit()

    def compose(self) -> None:
        """Put on the figure what it shall show; called when it is needed, at the size of then."""

    def compose_later(self) -> None:
        """Compose and draw when the figure is painted next: soon, if it is seen."""
        self._to_compose = True
        self.draw_later()

    def draw_later(self) -> None:
        """Draw the figure as it is when it is painted next."""
        self._to_draw = True
        self.update()

    def composed(self) -> Figure:
        """Return the figure with what it shall show."""
        if self._to_compose:
            self._to_compose = False
            self._composed_for = self.size()
            self.compose()
        return self.figure

    def draw(self) -> None:
        """Draw the figure now, seen or not."""
        self._draw()
        self.update()

    def _draw(self) -> None:
        self.composed()
        self._to_draw = False
        self._agg.draw()
        self._pixels = self._agg.buffer_rgba()  # Qt reads it in place
        height, width = self._pixels.shape[:2]
        # the paper of a figure lets nothing through: without its transparency Qt paints it faster
        self._picture = QImage(
            self._pixels, width, height, 4 * width, QImage.Format.Format_RGBX8888
        )
        self._picture.setDevicePixelRatio(self.ratio)

    @property
    def ratio(self) -> float:
        """How many pixels of the figure make one of the window."""
        return float(self.figure.dpi / self._plain_dpi)

    def sizeHint(self) -> QSize:
        """A picture takes what room there is."""
        return USUAL

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the figure to the new size, and compose anew once that has settled."""
        super().resizeEvent(event)
        self._fit()
        self._settle.start()

    @property
    def settling(self) -> bool:
        """Whether the picture waits for its size to stay before it is composed anew."""
        return self._settle.isActive()

    def _settled(self) -> None:
        if self.size() != self._composed_for:
            self.compose_later()

    def _fit(self) -> None:
        """Give the figure the size of the widget, in the pixels of its screen."""
        self.figure.set_dpi(self._plain_dpi * self.devicePixelRatioF())
        self.figure.set_size_inches(
            max(self.width(), 1) / self._plain_dpi, max(self.height(), 1) / self._plain_dpi
        )
        self._to_draw = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the figure, drawn if it is not as it should be; one without axes is left out."""
        if self.ratio != self.devicePixelRatioF():  # the window went to another screen
            self._fit()
        if self.composed().axes and self._to_draw:
            self._draw()
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().base())
        if self.figure.axes:
            painter.drawImage(0, 0, self._picture)
        painter.end()
