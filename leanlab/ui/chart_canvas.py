"""The picture itself: drawn by matplotlib; zoom, hover and selection are painted over it by Qt."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from leanlab.analyses.declare import Chart, ChartPoints
from leanlab.core.typing import IntArray
from leanlab.figures.theme import THEMES, Theme
from leanlab.ui.figure_widget import FigureWidget
from leanlab.ui.widgets import label

NEAR = 16  # pixels; a click further away selects nothing
DRAG = 4  # pixels; less is a click
WHEEL = 0.8  # of the range that stays per notch
FEWEST_IN_VIEW = 4.0  # points
PAGE = 10  # points
RINGS = 200  # more selected points than this are shown as a band
MOST_NAMED = 4
ALL = 0.999  # of the whole range counts as all of it
LEAST_HEIGHT = 236  # pixels; two panels can be told apart
LOW, SMALLER = 380, 0.86  # below this height words are drawn so much smaller

Limits = tuple[float, float]
NONE: IntArray = np.zeros(0, dtype=np.int64)


class ChartCanvas(FigureWidget):
    """Shows one chart; says which points are selected, and passes on what is asked for them."""

    selected = Signal()  # the selection changed, for whatever reason
    picked = Signal()  # the user changed it here
    asked = Signal(str, QPoint)  # exclude, annotate, stage, limits, menu...
    zoomed = Signal(bool)
    painted = Signal()  # a new picture stands on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, LEAST_HEIGHT)
        self.setObjectName("chart")
        self.setAccessibleName("No picture yet")
        self.chart: Chart | None = None
        self.theme: Theme = THEMES["light"]
        self.box_mode = False
        self._to = self._from = -1  # where the keys are, and where Shift extends from
        self._chosen = NONE  # the selected points, in order
        self._panel = 0
        self._home: list[tuple[Limits, Limits]] = []
        self._is_zoomed = False
        self._press: QPointF | None = None
        self._drag: tuple[Any, Limits, Limits] | None = None
        self._box: QRectF | None = None
        self._fresh = False
        self._hover = label("", wrap=False)
        self._hover.setParent(self)
        self._hover.setObjectName("chart_hover")
        self._hover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hover.hide()

    # drawing -------------------------------------------------------------------------------

    def show_chart(self, chart: Chart | None, theme: Theme) -> None:
        """Draw a chart; zoom and selection stay if it has the same points as before."""
        same = self._count == _count(chart)
        self.chart, self.theme = chart, theme
        self.setAccessibleName(chart.title if chart else "No picture yet")
        self.setAccessibleDescription(chart.alt if chart else "")
        self._hover.setStyleSheet(
            f"background: {theme.background}; color: {theme.text}; border: 1px solid {theme.muted};"
            "border-radius: 4px; padding: 3px 6px;"
        )
        if not same:
            self._from = self._to = -1
            self._chosen = NONE
        self._hover.hide()
        self._is_zoomed = self._is_zoomed and same
        self.zoomed.emit(self._is_zoomed)
        self.compose_later()

    def compose(self) -> None:
        """Draw the chart on the figure; what was zoomed stays so."""
        view = [a.get_xlim() for a in self.figure.axes] if self._is_zoomed else []
        for axes in list(self.figure.axes):
            axes.remove()  # clearing a figure would first make each of them new
        self._home = []
        self._fresh = True
        if self.chart is None:
            self.figure.clear()
        else:
            self.chart.draw(self.figure, self._fitting())
            self._home = [(a.get_xlim(), a.get_ylim()) for a in self.figure.axes]
            for axes, limits in zip(self.figure.axes, view, strict=False):
                axes.set_xlim(limits)

    def _fitting(self) -> Theme:
        """Return the theme with smaller words in a low picture: the panels need the height."""
        if self.height() >= LOW:
            return self.theme
        return replace(self.theme, font_size=self.theme.font_size * SMALLER)

    @property
    def _axes(self) -> list[Any]:
        """The panels of the picture."""
        return self.composed().axes

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and over it what is selected."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self.theme.point)
        if self._to >= 0:
            self._paint_selection(painter, accent)
        if self._box is not None:
            painter.setPen(QPen(accent, 1, Qt.PenStyle.DashLine))
            accent.setAlpha(40)
            painter.fillRect(self._box, accent)
            painter.drawRect(self._box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.point), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()
        if self._fresh:
            self._fresh = False
            self.painted.emit()

    def _paint_selection(self, painter: QPainter, colour: QColor) -> None:
        for panel, axes in self._panels():
            box = self._axes_box(axes)
            painter.setClipRect(box)
            band = QColor(colour)
            band.setAlpha(45)
            for first, last in _runs(self._chosen):
                left, right = (self._at(axes, panel, i).x() for i in (first, last))
                painter.fillRect(
                    QRectF(left - 1, box.top(), max(2.0, right - left + 2), box.height()), band
                )
            painter.setPen(QPen(colour, 2))
            if self._chosen.size <= RINGS:
                for index in self._chosen.tolist():
                    self._ring(painter, self._at(axes, panel, index))
            if not self._is_chosen(self._to):
                painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
                self._ring(painter, self._at(axes, panel, self._to))
        painter.setClipping(False)

    def _ring(self, painter: QPainter, at: QPointF) -> None:
        if np.isfinite(at.y()):
            painter.drawEllipse(at, 7.0, 7.0)

    # where things are ----------------------------------------------------------------------

    @property
    def points(self) -> ChartPoints | None:
        """The points that can be pointed at."""
        return self.chart.points if self.chart else None

    @property
    def _count(self) -> int:
        return _count(self.chart)

    def _panels(self) -> list[tuple[int, Any]]:
        points = self.points
        return list(enumerate(self._axes[: len(points.panels)])) if points else []

    def _x_of(self, index: int) -> float:
        points = self.points
        return float(index if points is None or points.x is None else points.x[index])

    def _at(self, axes: Any, panel: int, index: int) -> QPointF:
        """Return where a point stands on the widget."""
        points = self.points
        assert points is not None  # noqa: S101 - asked only for points that exist
        x, y = axes.transData.transform((self._x_of(index), float(points.panels[panel][index])))
        return QPointF(x / self.ratio, self.height() - y / self.ratio)

    def position_of(self, index: int, panel: int = 0) -> QPoint:
        """Return where a point stands on the widget, rounded to pixels."""
        return self._at(self._axes[panel], panel, index).toPoint()

    def _axes_box(self, axes: Any) -> QRectF:
        ratio, box = self.ratio, axes.bbox
        top = self.height() - box.y1 / ratio
        return QRectF(box.x0 / ratio, top, box.width / ratio, box.height / ratio)

    def _axes_under(self, at: QPointF) -> tuple[int, Any] | None:
        for number, axes in enumerate(self._axes):
            if self._axes_box(axes).contains(at):
                return number, axes
        return None

    def _data(self, axes: Any, at: QPointF) -> tuple[float, float]:
        ratio = self.ratio
        x, y = axes.transData.inverted().transform(
            (at.x() * ratio, (self.height() - at.y()) * ratio)
        )
        return float(x), float(y)

    def nearest(self, at: QPointF) -> tuple[int, int] | None:
        """Return point and panel nearest to a place, or None if none is near."""
        under, points = self._axes_under(at), self.points
        if under is None or points is None or under[0] >= len(points.panels):
            return None
        panel, axes = under
        reach = abs(self._data(axes, at + QPointF(NEAR, 0))[0] - self._data(axes, at)[0])
        candidates = self._candidates(self._data(axes, at)[0], reach)
        values = points.panels[panel][candidates]
        candidates = candidates[np.isfinite(values)]
        if not candidates.size:
            return None
        xs = candidates if points.x is None else points.x[candidates]
        spots = axes.transData.transform(np.column_stack([xs, points.panels[panel][candidates]]))
        ratio = self.ratio
        away = np.hypot(spots[:, 0] / ratio - at.x(), self.height() - spots[:, 1] / ratio - at.y())
        best = int(np.argmin(away))
        return (int(candidates[best]), panel) if away[best] <= NEAR else None

    def _candidates(self, x: float, reach: float) -> Any:
        points = self.points
        if points is not None and points.x is not None:
            return np.flatnonzero(np.abs(points.x - x) <= reach)
        low = int(np.clip(np.ceil(x - reach), 0, self._count))
        return np.arange(low, int(np.clip(np.floor(x + reach) + 1, low, self._count)))

    # selection -----------------------------------------------------------------------------

    @property
    def current(self) -> int:
        """The point where the keys are; -1 = none."""
        return self._to

    @property
    def chosen(self) -> IntArray:
        """The selected points, in order."""
        return self._chosen

    @property
    def selection(self) -> tuple[int, int]:
        """First and last selected point; (-1, -1) = none."""
        if not self._chosen.size:
            return -1, -1
        return int(self._chosen[0]), int(self._chosen[-1])

    def _is_chosen(self, index: int) -> bool:
        at = int(np.searchsorted(self._chosen, index))
        return at < self._chosen.size and int(self._chosen[at]) == index

    def rows_of_selected(self) -> Sequence[int]:
        """Return the data rows behind the selected points."""
        points = self.points
        if points is None:
            return ()
        return [row for index in self._chosen.tolist() for row in points.rows[index]]

    def select(self, index: int, *, extend: bool = False) -> None:
        """Select a point, or all from the last one to it; -1 selects none."""
        if not self._count:
            return
        index = int(np.clip(index, -1, self._count - 1))
        if not extend or self._from < 0:
            self._from = index
        first, last = sorted((self._from, index))
        self._choose(index, np.arange(first, last + 1) if index >= 0 else NONE)

    def toggle(self, index: int) -> None:
        """Take a point into the selection, or out of it."""
        if 0 <= index < self._count:
            self._from = index
            self._choose(index, np.setxor1d(self._chosen, np.asarray([index])))

    def go_to(self, index: int) -> None:
        """Go to a point and leave the selection as it is."""
        if 0 <= index < self._count:
            self._choose(index, self._chosen)

    def choose(self, chosen: IntArray) -> None:
        """Select exactly these points, as another view did."""
        if np.array_equal(chosen, self._chosen):
            return
        at = int(chosen[-1]) if chosen.size else -1
        self._from = at
        self._choose(at, np.unique(chosen), quiet=True)

    def _choose(self, index: int, chosen: IntArray, *, quiet: bool = False) -> None:
        self._to, self._chosen = index, chosen
        self._bring_into_view()
        self.update()
        self.selected.emit()
        if not quiet:
            self.picked.emit()
            self._announce(self.describe() or self._describe_current())

    def describe(self) -> str:
        """Return what a screen reader says of the selection."""
        points, count = self.points, self._chosen.size
        if points is None or not count:
            return ""
        shown = self._to if self._is_chosen(self._to) else int(self._chosen[-1])
        text = points.describe(shown, min(self._panel, len(points.panels) - 1))
        return text if count == 1 else f"{named(self._chosen)}, at {text}"

    def _describe_current(self) -> str:
        points = self.points
        if points is None or self._to < 0:
            return ""
        return points.describe(self._to, min(self._panel, len(points.panels) - 1))

    def _announce(self, text: str) -> None:
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def next_signal(self, by: int) -> int:
        """Return the next (or previous) point at which a rule fired; -1 if there is none."""
        points = self.points
        if points is None or not points.signals.size:
            return -1
        if by > 0:
            later = points.signals[points.signals > self._to]
            return int(later[0]) if later.size else int(points.signals[0])
        earlier = points.signals[points.signals < self._to]
        return int(earlier[-1]) if earlier.size else int(points.signals[-1])

    # zoom ----------------------------------------------------------------------------------

    @property
    def is_zoomed(self) -> bool:
        """Whether less than the whole chart is shown."""
        return self._is_zoomed

    def reset_view(self) -> None:
        """Show the whole chart."""
        for axes, (x, y) in zip(self._axes, self._home, strict=False):
            axes.set_xlim(x)
            axes.set_ylim(y)
        self._set_zoomed(False)

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Show less (factor below 1) or more of the time axis, around a place or the selection."""
        if not self._axes:
            return
        under = self._axes_under(around) if around is not None else None
        axes = under[1] if under else self._axes[0]
        if around is not None:
            center = self._data(axes, around)[0]
        else:
            center = self._x_of(self._to) if self._to >= 0 else sum(axes.get_xlim()) / 2
        low, high = axes.get_xlim()
        self._show_range(axes, center - (center - low) * factor, center + (high - center) * factor)

    def _show_range(self, axes: Any, low: float, high: float) -> None:
        home = self._home[self._axes.index(axes)][0]
        width = min(max(high - low, min(FEWEST_IN_VIEW, home[1] - home[0])), home[1] - home[0])
        low = min(max(low, home[0]), home[1] - width)
        axes.set_xlim(low, low + width)
        self._set_zoomed(bool(width < (home[1] - home[0]) * ALL))

    def _set_zoomed(self, zoomed: bool) -> None:
        self._is_zoomed = zoomed
        self._hover.hide()
        self.zoomed.emit(zoomed)
        self.draw_later()

    def _bring_into_view(self) -> None:
        if not self._is_zoomed or self._to < 0:
            return
        axes, x = self._axes[0], self._x_of(self._to)
        low, high = axes.get_xlim()
        if not low <= x <= high:
            self._show_range(axes, x - (high - low) / 2, x + (high - low) / 2)

    # mouse ---------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        notches = event.angleDelta().y() / 120
        if notches and self._axes_under(event.position()) is not None:
            self.zoom(WHEEL**notches, event.position())
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press begins a click, a pan or a zoom box."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.RightButton:
            return
        self._press = event.position()
        under = self._axes_under(event.position())
        self._drag = (under[1], under[1].get_xlim(), under[1].get_ylim()) if under else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, draw the zoom box, or tell about the point under the pointer."""
        if self._press is None or self._drag is None:
            self._show_hover(event.position())
            return
        moved = event.position() - self._press
        if self._box is None and moved.manhattanLength() < DRAG:
            return
        if self.box_mode:
            self._box = QRectF(self._press, event.position()).normalized()
            self.update()
        elif self._is_zoomed:
            axes, (low, high), _ = self._drag
            box = self._axes_box(axes)
            shift = moved.x() / box.width() * (high - low)
            self._show_range(axes, low - shift, high - shift)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a zoom box, or select what was clicked."""
        press, box, drag = self._press, self._box, self._drag
        self._press = self._box = self._drag = None
        if press is None:
            return
        if box is not None and drag is not None:
            self._zoom_to(drag[0], box)
        elif (event.position() - press).manhattanLength() < DRAG:
            self._click(event)

    def _zoom_to(self, axes: Any, box: QRectF) -> None:
        inside = box.intersected(self._axes_box(axes))
        if inside.width() < DRAG or inside.height() < DRAG:
            self.update()
            return
        (x0, y0), (x1, y1) = (
            self._data(axes, inside.bottomLeft()),
            self._data(axes, inside.topRight()),
        )
        axes.set_ylim(y0, y1)
        self._show_range(axes, x0, x1)
        self._set_zoomed(True)

    def _click(self, event: QMouseEvent) -> None:
        found = self.nearest(event.position())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if found is not None:
            self._panel = found[1]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.toggle(found[0])
            else:
                self.select(found[0], extend=shift)
        elif self._to >= 0 and not shift:
            self.select(-1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole chart again."""
        if self._is_zoomed and self.nearest(event.position()) is None:
            self.reset_view()

    def leaveEvent(self, event: Any) -> None:
        """Nothing is under the pointer any more."""
        self._hover.hide()
        super().leaveEvent(event)

    def _show_hover(self, at: QPointF) -> None:
        found, points = self.nearest(at), self.points
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        if found is None or points is None:
            self._hover.hide()
            return
        text = points.describe(*found)
        self._hover.setText(text[:1].upper() + text[1:])
        self._hover.adjustSize()
        spot = self._at(self._axes[found[1]], found[1], found[0]).toPoint()
        x = min(max(spot.x() + 12, 2), self.width() - self._hover.width() - 2)
        above = spot.y() - self._hover.height() - 10
        self._hover.move(x, above if above > 0 else spot.y() + 12)
        self._hover.show()
        self._hover.raise_()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the point under the pointer, or of the selected one."""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            found = self.nearest(QPointF(event.pos()))
            if found is not None and not self._is_chosen(found[0]):
                self._panel = found[1]
                self.select(found[0])
        elif self._to >= 0:
            at = self.mapToGlobal(self.position_of(self._to) + QPoint(8, 8))
        self.asked.emit("menu", at)

    # keyboard ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the points; letters ask for what can be done to them."""
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        target = self._target(Qt.Key(event.key()), control=control)
        if target is not None and self._count:
            if target >= 0 and control and Qt.Key(event.key()) in _STEPS:
                self.go_to(target)
            elif target >= 0:
                self.select(target, extend=extend)
            return
        if event.key() == Qt.Key.Key_Space and self._to >= 0:
            self.toggle(self._to)
            return
        if control or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif (verb := _VERBS.get(Qt.Key(event.key()))) and self._to >= 0:
            self.asked.emit(verb, self.mapToGlobal(self.position_of(self._to)))
        elif not self._look(Qt.Key(event.key())):
            event.ignore()

    def _target(self, key: Qt.Key, *, control: bool) -> int | None:
        """Return the point a key goes to; None if it goes nowhere, -1 if there is none."""
        keys = Qt.Key
        if key in _STEPS:
            by = 1 if key == keys.Key_Right else -1
            return max(0, self._to + by) if self._to >= 0 else 0
        if key == keys.Key_Home:
            return 0
        if key == keys.Key_End:
            return self._count - 1
        if key in (keys.Key_PageUp, keys.Key_PageDown) or (control and key == keys.Key_Period):
            by = -1 if key == keys.Key_PageUp else 1
            found = self.next_signal(by)
            return found if found >= 0 else int(np.clip(self._to + by * PAGE, 0, self._count - 1))
        return None

    def _look(self, key: Qt.Key) -> bool:
        """Do what changes only the view; False if the key means nothing here."""
        keys = Qt.Key
        if key == keys.Key_Escape and self._to >= 0:
            self.select(-1)
        elif key == keys.Key_Escape and self._is_zoomed:
            self.reset_view()
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(WHEEL**2)
        elif key == keys.Key_Minus:
            self.zoom(1 / WHEEL**2)
        elif key == keys.Key_0:
            self.reset_view()
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys act here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys act elsewhere."""
        super().focusOutEvent(event)
        self.update()


def _count(chart: Chart | None) -> int:
    return len(chart.points.rows) if chart is not None and chart.points is not None else 0


def _runs(chosen: IntArray) -> list[tuple[int, int]]:
    """Return first and last of each run of neighbours."""
    if not chosen.size:
        return []
    breaks = np.flatnonzero(np.diff(chosen) > 1)
    firsts = chosen[np.concatenate([[0], breaks + 1])]
    lasts = chosen[np.concatenate([breaks, [chosen.size - 1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def named(chosen: IntArray) -> str:
    """Name points as people count them: point 17, points 3 to 7, points 3, 7 and 12."""
    numbers = (chosen + 1).tolist()
    runs = _runs(chosen)
    if len(numbers) == 1:
        return f"point {numbers[0]}"
    if len(runs) == 1:
        return f"points {numbers[0]} to {numbers[-1]}"
    if len(numbers) <= MOST_NAMED:
        return f"points {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"{len(numbers)} points"


_STEPS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_VERBS = {
    Qt.Key.Key_Delete: "exclude",
    Qt.Key.Key_Backspace: "exclude",
    Qt.Key.Key_I: "include",
    Qt.Key.Key_A: "annotate",
    Qt.Key.Key_C: "cause",
    Qt.Key.Key_S: "stage",
    Qt.Key.Key_L: "limits",
    Qt.Key.Key_O: "row",
    Qt.Key.Key_Return: "inspect",
    Qt.Key.Key_Enter: "inspect",
}
