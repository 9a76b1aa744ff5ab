"""A picture in the window: drawn by matplotlib, with points that mouse and keyboard can select."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from leanlab.analyses.declare import Chart
from leanlab.figures.theme import THEMES

NEAR = 24  # pixels; a click further away selects nothing


class ChartView(FigureCanvasQTAgg):
    """Shows one chart; a selected point is announced, and asks are passed on."""

    point_selected = Signal(int)  # index of the point, -1 = none
    asked = Signal(str, QPoint)  # exclude, annotate, stage, limits, menu

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Figure(figsize=(8, 5), layout=None))
        self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 260)
        self.setObjectName("chart")
        self.chart: Chart | None = None
        self.theme = THEMES["light"]
        self.selected = -1
        self._marks: list[Any] = []
        self._settle = QTimer(self, singleShot=True, interval=150)
        self._settle.timeout.connect(self._redraw)
        self.mpl_connect("button_press_event", self._clicked)

    def show_chart(self, chart: Chart | None, theme: str) -> None:
        """Draw a chart; the selection stays where it was if the point is still there."""
        self.chart, self.theme = chart, THEMES[theme]
        self.setAccessibleName(chart.title if chart else "No picture yet")
        self.setAccessibleDescription(chart.alt if chart else "")
        self._redraw()

    def _redraw(self) -> None:
        self.figure.clear()
        self.figure.set_facecolor(self.theme.background)
        self._marks = []
        if self.chart is not None:
            self.chart.draw(self.figure, self.theme)
            if self.selected >= self._count():
                self.selected = -1
            self._mark()
        self.draw_idle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw once the size has settled: labels depend on it."""
        super().resizeEvent(event)
        self._settle.start()

    # points --------------------------------------------------------------------------------

    def _count(self) -> int:
        rows = self.chart.point_rows if self.chart else None
        return len(rows) if rows is not None else 0

    def rows_of_selected(self) -> Sequence[int]:
        """Return the data rows behind the selected point."""
        if self.chart is None or self.chart.point_rows is None or self.selected < 0:
            return ()
        return self.chart.point_rows[self.selected]

    def select(self, index: int) -> None:
        """Select a point; -1 selects none."""
        if index >= self._count():
            return
        self.selected = index
        self._mark()
        self.draw_idle()
        self.point_selected.emit(index)

    def _mark(self) -> None:
        for mark in self._marks:
            mark.remove()
        self._marks = []
        if self.selected < 0 or not self.figure.axes:
            return
        for axes in self.figure.axes:
            line = axes.axvline(self.selected, color=self.theme.line, linewidth=1.0, alpha=0.6)
            self._marks.append(line)

    def _clicked(self, event: Any) -> None:
        if not self._count() or event.inaxes is None:
            return
        index = round(float(event.xdata))
        if 0 <= index < self._count():
            pixel = event.inaxes.transData.transform((index, 0))[0]
            if abs(pixel - event.x) <= NEAR or self._count() > self.width():
                self.select(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right walk along the points; letters ask for what can be done to them."""
        key, keys = event.key(), Qt.Key
        step = {keys.Key_Left: -1, keys.Key_Right: 1}.get(Qt.Key(key))
        if step and self._count():
            self.select(int(np.clip(self.selected + step, 0, self._count() - 1)))
        elif key == keys.Key_Escape:
            self.select(-1)
        elif (verb := _VERBS.get(Qt.Key(key))) and self.selected >= 0:
            self.asked.emit(verb, self.mapToGlobal(self.rect().center()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selected point."""
        if self.selected >= 0:
            self.asked.emit("menu", event.globalPos())

    # copy ----------------------------------------------------------------------------------

    def copy_picture(self) -> None:
        """Copy the picture in print colours, as others will paste it."""
        if self.chart is None:
            return
        from leanlab.report.pictures import png

        pixmap = QPixmap()
        pixmap.loadFromData(png(self.chart))
        QGuiApplication.clipboard().setPixmap(pixmap)


_VERBS = {
    Qt.Key.Key_Delete: "exclude",
    Qt.Key.Key_A: "annotate",
    Qt.Key.Key_S: "stage",
    Qt.Key.Key_L: "limits",
    Qt.Key.Key_I: "include",
}
