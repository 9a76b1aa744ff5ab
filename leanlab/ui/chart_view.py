"""A chart with its slim tool bar: which picture, zoom, copy."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from leanlab.analyses.declare import Chart
from leanlab.figures.theme import THEMES
from leanlab.ui.chart_canvas import ChartCanvas
from leanlab.ui.elided import ElidedCombo
from leanlab.ui.widgets import label, row

KEYS_HELP = (
    "Click a point or use Left and Right; Shift extends, Space and Ctrl with a click pick single "
    "points; Page Down goes to the next signal. Del excludes, A writes a note, C assigns a cause, "
    "S starts a stage, L ends the points used for the limits, O shows the rows in the data sheet; "
    "the wheel, + and - zoom, 0 shows the whole chart."
)


class ChartView(QWidget):
    """Shows the charts of a result, one at a time."""

    switched = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.charts: Sequence[Chart] = ()
        self._theme = THEMES["light"]
        self.canvas = ChartCanvas(self)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.which = ElidedCombo()
        self.which.setObjectName("chart_choice")
        self.which.setAccessibleName("Which picture")
        self.which.setToolTip("Which picture (Alt+1, Alt+2…)")
        self.which.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.which.setMinimumContentsLength(28)
        self.which.setMinimumWidth(120)
        self.which.activated.connect(self.show_number)
        self.state = label("", "small", wrap=False)
        self.state.setMinimumWidth(1)
        self.box = self._tool("zoom_box", "Zoom box", "Drag a box over what you want to see larger")
        self.box.setCheckable(True)
        self.box.toggled.connect(self._box_toggled)
        self.reset = self._tool("zoom_reset", "Whole chart", "Show the whole chart again (0)")
        self.reset.clicked.connect(self.canvas.reset_view)
        self.reset.setEnabled(False)
        self.canvas.zoomed.connect(self.reset.setEnabled)
        self.larger = self._tool("zoom_in", "+", "Show less of the time axis (+)")
        self.larger.clicked.connect(partial(self.canvas.zoom, 0.64))
        self.smaller = self._tool("zoom_out", "\u2212", "Show more of the time axis (-)")
        self.smaller.clicked.connect(partial(self.canvas.zoom, 1 / 0.64))
        tools = row(
            self.which, self.state, None, self.larger, self.smaller, self.box, self.reset, spacing=2
        )
        tools.setContentsMargins(6, 2, 4, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tools)
        layout.addWidget(self.canvas, 1)

    def _tool(self, name: str, text: str, tip: str) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setText(text)
        made.setStyleSheet("QToolButton { padding: 2px 7px; }")
        made.setAccessibleName(tip.partition(" (")[0])
        made.setToolTip(tip)
        made.setIconSize(QSize(17, 17))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    @property
    def chart(self) -> Chart | None:
        """The chart that is shown."""
        return self.canvas.chart

    @property
    def number(self) -> int:
        """Which of the charts is shown, counted from 0."""
        return max(0, self.which.currentIndex())

    def show_charts(self, charts: Sequence[Chart], tokens: Mapping[str, str]) -> None:
        """Show charts in the colours of the window; the choice of picture stays."""
        at = self.number if self.number < len(charts) else 0
        self.charts, self._theme = charts, THEMES[tokens["name"]]
        titles = [chart.title for chart in charts]
        if titles != [self.which.itemText(i) for i in range(self.which.count())]:
            self.which.clear()
            self.which.addItems(titles)
        self.which.setCurrentIndex(at if charts else -1)
        self.which.setVisible(len(charts) > 1)
        self._show(at)

    def show_number(self, number: int) -> None:
        """Show another of the charts."""
        if 0 <= number < len(self.charts):
            self.which.setCurrentIndex(number)
            self._show(number)
            self.switched.emit(number)

    def _show(self, number: int) -> None:
        chart = self.charts[number] if self.charts else None
        self.canvas.setToolTip("")
        self.canvas.setWhatsThis(KEYS_HELP if chart is not None and chart.points else "")
        self.canvas.show_chart(chart, self._theme)

    def _box_toggled(self, on: bool) -> None:
        self.canvas.box_mode = on
        self.canvas.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)

    def say(self, text: str) -> None:
        """Show a short word beside the tools: computing, zoomed."""
        self.state.setText(text)

    def copy_picture(self) -> bool:
        """Copy the picture in print colours, as PNG and SVG; False if there is none."""
        if self.chart is None:
            return False
        from leanlab.report.pictures import png, svg

        data = QMimeData()
        data.setImageData(QImage.fromData(png(self.chart)))
        data.setData("image/svg+xml", svg(self.chart).encode())
        QGuiApplication.clipboard().setMimeData(data)
        return True
