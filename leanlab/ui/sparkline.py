"""A small picture of a metric over time, for the home page: line, target, latest value."""

from collections.abc import Mapping, Sequence
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from leanlab.app.records import Record
from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.ui.widgets import plain_tip

HEIGHT = 62
MOST_POINTS = 400


class Sparkline(QWidget):
    """Values in order, with the target as a dashed line."""

    def __init__(
        self, values: Sequence[float], target: float | None, tokens: Mapping[str, str], spoken: str
    ) -> None:
        super().__init__()
        step = max(1, len(values) // MOST_POINTS)
        self._values = [v for v in values[::step] if isfinite(v)]
        self._target = target
        self._tokens = tokens
        self.setObjectName("sparkline")
        self.setAccessibleName(spoken)
        self.setToolTip(plain_tip(spoken))
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def latest(self) -> float:
        """The newest value."""
        return self._values[-1]

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(320, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line, target and last point."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(4, 6, -6, -6)
        levels = [*self._values, *([self._target] if self._target is not None else [])]
        low, high = min(levels), max(levels)
        span = (high - low) or 1.0

        def at(index: int, value: float) -> QPointF:
            x = area.left() + area.width() * index / max(1, len(self._values) - 1)
            return QPointF(x, area.bottom() - area.height() * (value - low) / span)

        if self._target is not None:
            painter.setPen(QPen(QColor(self._tokens["ok"]), 1.2, Qt.PenStyle.DashLine))
            y = at(0, self._target).y()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QPen(QColor(self._tokens["accent"]), 1.8))
        points = [at(index, value) for index, value in enumerate(self._values)]
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(self._tokens["accent"]))
        painter.drawEllipse(points[-1], 3.2, 3.2)
        painter.end()


def metric_picture(session: Session, metric: Record, tokens: Mapping[str, str]) -> Sparkline | None:
    """Return the picture of a metric that is bound to data; None while it is not."""
    from leanlab.app.metrics import series_of

    try:
        series = series_of(session, metric)
    except Problem:
        return None
    known = [float(v) for v in series.values if isfinite(v)]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    unit = f" {metric.get('unit')}" if metric.get("unit") else ""
    spoken = (
        f"{metric.get('name')}: {words.count(len(known), 'point')}, "
        f"the latest {words.number(known[-1], 1)}{unit}"
    )
    return Sparkline(known, metric.get("target"), tokens, spoken)
