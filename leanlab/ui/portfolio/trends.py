"""The trend pictures of a portfolio."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from leanlab.analyses.declare import Chart
from leanlab.figures.theme import THEMES, Theme
from leanlab.ui.figure_widget import FigureWidget
from leanlab.ui.widgets import clear, label, scrolled

LOWEST = 230


class TrendPicture(FigureWidget):
    """One picture."""

    def __init__(self, chart: Chart, theme: Theme) -> None:
        super().__init__()
        self._chart, self._theme = chart, theme
        self.setObjectName("trend_picture")
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(chart.alt)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(300, LOWEST)
        self.compose_later()

    def compose(self) -> None:
        """Draw the chart on the figure."""
        self._chart.draw(self.figure, self._theme)


class Trends(QWidget):
    """The pictures side by side."""

    def __init__(self) -> None:
        super().__init__()
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 8, 0, 8)
        self._grid.setSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))

    def show_charts(self, charts: Sequence[Chart], tokens: Mapping[str, str]) -> None:
        """Show pictures in the colours of the theme."""
        clear(self._grid)
        theme = THEMES[tokens["name"]]
        for at, chart in enumerate(charts):
            frame = QFrame()
            frame.setObjectName("card")
            layout = QVBoxLayout(frame)
            layout.setContentsMargins(10, 8, 10, 8)
            layout.addWidget(TrendPicture(chart, theme))
            self._grid.addWidget(frame, at // 2, at % 2)
        if not charts:
            self._grid.addWidget(label("Nothing has begun or ended yet.", "muted"), 0, 0)
