"""A drawing of a worksheet on a graphics scene: zoom, pick, move parts, edit their text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLineEdit,
    QStyleOptionGraphicsItem,
    QWidget,
)

from leanlab.app.settings import USUAL_TEXT
from leanlab.ui.worksheets.binding import Binding
from leanlab.worksheets.declare import NAMES, Canvas, Edit, View
from leanlab.worksheets.layout.drawing import (
    LARGER,
    PALETTES,
    STYLES,
    Area,
    Box,
    Circle,
    Drawing,
    Line,
    Node,
    Room,
    Shape,
    Text,
    arrow_head,
    share_of,
)
from leanlab.worksheets.preview import with_edits

SMALLEST, LARGEST = 0.35, 3.0
READABLE = 0.85  # below it text is smaller than about 9 px: it scrolls, unless all is wanted
STEP = 1.15  # one key or click
AROUND = 8  # px between a fitted drawing and its pane
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


def font_of(size: float, *, bold: bool = False) -> QFont:
    """Return the font of a drawing in its own units."""
    font = QFont()
    font.setPixelSize(max(1, round(size)))
    font.setBold(bold)
    return font


def measured(text: str, size: float, bold: bool) -> float:
    """Return the width of a text as this screen draws it."""
    return (
        QFontMetricsF(font_of(size, bold=bold)).horizontalAdvance(text) * size / max(1, round(size))
    )


class DrawingItem(QGraphicsItem):
    """Paints the shapes of a drawing."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing = Drawing(0, 0, ())
        self.theme = "light"
        self.picked = ""
        self.focused = False

    def show_drawing(self, drawing: Drawing, theme: str) -> None:
        """Paint another drawing."""
        self.prepareGeometryChange()
        self.drawing, self.theme = drawing, theme
        self.update()

    def boundingRect(self) -> QRectF:
        """The size of the drawing."""
        return QRectF(0, 0, self.drawing.width, self.drawing.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # fmt: skip
        """Paint all shapes and a frame around the picked part."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = PALETTES[self.theme]
        for shape in self.drawing.shapes:
            _paint(painter, shape, colours)
        node = self.drawing.node(self.picked)
        if node is not None:
            pen = QPen(QColor(colours["accent"]), 2.0 if self.focused else 1.2)
            pen.setStyle(Qt.PenStyle.SolidLine if self.focused else Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(node.x, node.y, node.width, node.height).adjusted(-4, -4, 4, 4)
            painter.drawRoundedRect(frame, 6, 6)


def _paint(painter: QPainter, shape: Shape, look: Mapping[str, str]) -> None:
    if isinstance(shape, Text):
        _paint_text(painter, shape, look)
        return
    style = STYLES[shape.style]
    pen = QPen(Qt.PenStyle.NoPen)
    if style.stroke:
        pen = QPen(QColor(look[style.stroke]), style.width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if style.dash:
            pen.setDashPattern([d / style.width for d in style.dash])
    painter.setPen(pen)
    painter.setBrush(
        QBrush(QColor(look[style.fill]))
        if style.fill and not isinstance(shape, Line)
        else Qt.BrushStyle.NoBrush
    )
    match shape:
        case Line():
            _paint_line(painter, shape, look)
        case Area():
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in shape.points]))
        case Box():
            painter.drawRoundedRect(
                QRectF(shape.x, shape.y, shape.width, shape.height), shape.radius, shape.radius
            )
        case Circle():
            painter.drawEllipse(QPointF(shape.x, shape.y), shape.radius, shape.radius)


def _paint_line(painter: QPainter, shape: Line, look: Mapping[str, str]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in shape.points]))
    if shape.arrow:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look[STYLES[shape.style].stroke]))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in arrow_head(shape.points)]))


def _paint_text(painter: QPainter, shape: Text, look: Mapping[str, str]) -> None:
    font = font_of(shape.size, bold=shape.bold)
    font.setStrikeOut(shape.struck)
    painter.setFont(font)
    painter.setPen(QColor(look[shape.colour]))
    width = QFontMetricsF(font).horizontalAdvance(shape.text)
    left = shape.x - {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
    painter.drawText(QPointF(left, shape.y), shape.text)


class DrawingView(QGraphicsView):
    """Shows the drawing of a worksheet; parts that stand for rows can be picked, moved and typed into."""

    asked_next = Signal(str)  # Ctrl+Enter on a part
    asked_connect = Signal(str)  # Ctrl+L on a part
    pressed_key = Signal(str, str)  # part, letter
    zoomed = Signal()  # it is shown at another size

    def __init__(self, binding: Binding, canvas: Canvas) -> None:
        super().__init__()
        self.binding, self.canvas = binding, canvas
        self.setObjectName("drawing")
        self.setAccessibleName(canvas.title)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        scene = QGraphicsScene(self)
        self.setScene(scene)
        self.item = DrawingItem()
        scene.addItem(self.item)
        self._factor = 0.0  # 0 = fitted
        self._all_asked = False
        self._pulled: QPointF | None = None  # where the pointer drags the paper
        self._grabbed: Node | None = None
        self._grip = QPointF()
        self._edits: tuple[Edit, ...] = ()
        self._line: QLineEdit | None = None
        binding.picked.connect(self._show_picked)
        self.refresh()

    # showing -------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Draw the worksheet as it is now, or as a move in progress would leave it."""
        view = with_edits(self.binding.view, self._edits) if self._edits else self.binding.view
        drawing = self._laid_out(view)
        theme = self.binding.words_theme
        self.item.show_drawing(drawing, theme)
        self.scene().setSceneRect(0, 0, drawing.width, drawing.height)
        self.scene().setBackgroundBrush(QColor(PALETTES[theme]["paper"]))
        self.setAccessibleDescription(drawing.alt)
        if not self._edits:  # what is being dragged stays under the pointer
            self._fit()
        self.viewport().update()

    def _laid_out(self, view: View) -> Drawing:
        if self.canvas.fitted is None:
            return self.canvas.draw(view, measured)
        return self.canvas.fitted(view, measured, self._room())

    @property
    def _unit(self) -> float:
        """How many px a unit of the drawing has where people chose larger text."""
        return max(1.0, self.binding.window.settings.text_size / USUAL_TEXT)

    def _room(self) -> Room:
        """Return what the pane can show without scroll bars, in units of the drawing."""
        size, unit = self.maximumViewportSize(), self._unit
        return max(size.width() - AROUND, 1) / unit, max(size.height() - AROUND, 1) / unit

    def _show_picked(self, row_id: str) -> None:
        self.item.picked = row_id
        node = self.item.drawing.node(row_id)
        if node is not None:
            self.ensureVisible(QRectF(node.x, node.y, node.width, node.height), 30, 30)
        self.item.update()

    def _fit(self) -> None:
        if not self.item.drawing.width:
            return
        scale = self._factor or (self._whole if self.shows_all else READABLE * self._unit)
        by = scale / self.transform().m11()
        self.scale(by, by)
        self.zoomed.emit()

    @property
    def _whole(self) -> float:
        """The size at which all of the drawing is in the pane."""
        return min(share_of(self._room(), self.item.drawing), LARGER) * self._unit

    @property
    def shows_all(self) -> bool:
        """Whether the pane shows all of the drawing, fitted."""
        return not self._factor and (self._all_asked or self._whole >= READABLE * self._unit)

    def show_all(self, asked: bool) -> None:
        """Fit the drawing into its pane, or let it scroll where its text would be too small."""
        self._all_asked, self._factor = asked, 0.0
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        if self.canvas.fitted is not None and event.size() != event.oldSize():
            self.refresh()
        else:
            self._fit()

    def zoom(self, by: float) -> None:
        """Make the drawing larger or smaller."""
        self._factor = min(max(self.transform().m11() * by, SMALLEST), LARGEST)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom around the pointer."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
            event.accept()
        else:
            super().wheelEvent(event)

    def sizeHint(self) -> QSize:
        """A drawing wants room."""
        return QSize(520, 380)

    def image(self, scale: float = 2.0) -> QImage:
        """Return the drawing as a picture on white."""
        drawing = self.canvas.draw(self.binding.view, measured)
        item = DrawingItem()
        item.show_drawing(drawing, "light")
        picture = QImage(
            QSize(max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale))),
            QImage.Format.Format_RGB32,
        )
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        painter.scale(scale, scale)
        item.paint(painter, QStyleOptionGraphicsItem())
        painter.end()
        return picture

    # mouse ---------------------------------------------------------------------------------

    def node_at(self, place: QPointF) -> Node | None:
        """Return the part at a place of the drawing."""
        found = [
            n for n in self.item.drawing.nodes
            if n.ref and QRectF(n.x, n.y, n.width, n.height).adjusted(-3, -3, 3, 3).contains(place)
        ]  # fmt: skip
        return found[-1] if found else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick a part, and begin to move it."""
        place = self.mapToScene(event.position().toPoint())
        node = self.node_at(place)
        self.setFocus()
        if event.button() == Qt.MouseButton.LeftButton and node is not None:
            self.binding.pick(node.ref)
            if self.canvas.moved is not None and self.binding.editable and self._is_row(node.ref):
                self._grabbed, self._grip = node, place
            event.accept()
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pulled = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the part would go; connectors follow. Beside the parts, pull the paper."""
        if self._pulled is not None:
            self._pull(event.position())
            return
        if self._grabbed is None or self.canvas.moved is None:
            super().mouseMoveEvent(event)
            return
        place = self.mapToScene(event.position().toPoint())
        if QLineF(place, self._grip).length() < 4 and not self._edits:  # noqa: PLR2004 - a click that trembles
            return
        x = self._grabbed.x + place.x() - self._grip.x()
        y = self._grabbed.y + place.y() - self._grip.y()
        self._edits = self.canvas.moved(
            self.binding.view, self.item.drawing, self._grabbed.ref, x, y
        )
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.refresh()

    def _pull(self, to: QPointF) -> None:
        way = to - (self._pulled or to)
        self._pulled = to
        for bar, by in (
            (self.horizontalScrollBar(), way.x()), (self.verticalScrollBar(), way.y()),
        ):  # fmt: skip
            bar.setValue(bar.value() - round(by))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the move over, as one step."""
        self._pulled = None
        edits, self._edits, self._grabbed = self._edits, (), None
        self.viewport().unsetCursor()
        if edits:
            self.binding.edit(edits, self._move_label())
            self.refresh()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type into a part."""
        node = self.node_at(self.mapToScene(event.position().toPoint()))
        if node is not None:
            self.edit_text(node.ref)

    def _move_label(self) -> str:
        return f"Move {self.binding.section(self.canvas.section).row_word}"

    def _is_row(self, ref: str) -> bool:
        rows = self.binding.view.all(self.canvas.section) if self.canvas.section else ()
        return any(r.id == ref for r in rows)

    # keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something in a drawing do not reach the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):  # fmt: skip
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab walks through the parts, arrows move (or scroll where there are none), F2 types."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        ref = self.item.picked
        if control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0):
            self._zoom_key(key)
        elif (
            key in _ARROWS
            and self._has_parts
            and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self._arrow(
                _ARROWS[Qt.Key(key)],
                fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            )
        elif ref and self._is_row(ref) and self._row_key(event, ref, control=control):
            pass
        else:
            super().keyPressEvent(event)

    def _zoom_key(self, key: int) -> None:
        if key == Qt.Key.Key_0:
            self.show_all(not self.shows_all)
        else:
            self.zoom(1 / STEP if key == Qt.Key.Key_Minus else STEP)

    def _row_key(self, event: QKeyEvent, ref: str, *, control: bool) -> bool:
        key = event.key()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if control and enter:
            self.asked_next.emit(ref)
        elif control and key == Qt.Key.Key_L:
            self.asked_connect.emit(ref)
        elif enter or key == Qt.Key.Key_F2:
            self.edit_text(ref)
        elif key == Qt.Key.Key_Delete:
            self.binding.delete(self.canvas.section, [ref])
        elif event.text() and event.text().isprintable() and not control:
            self.pressed_key.emit(ref, event.text())
        else:
            return False
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Tab goes to the next part; after the last one it leaves the drawing."""
        refs = [n.ref for n in self._in_order() if n.ref]
        if not refs:
            return super().focusNextPrevChild(next)
        at = (
            refs.index(self.item.picked)
            if self.item.picked in refs
            else (-1 if next else len(refs))
        )
        to = at + (1 if next else -1)
        if not 0 <= to < len(refs):
            return super().focusNextPrevChild(next)
        self.binding.pick(refs[to])
        return True

    @property
    def _has_parts(self) -> bool:
        """Whether there is something to pick; else the arrow keys scroll."""
        return any(n.ref for n in self.item.drawing.nodes)

    def _in_order(self) -> Sequence[Node]:
        nodes = [n for n in self.item.drawing.nodes if self._is_row(n.ref)]
        if self.canvas.connects:
            return sorted(nodes, key=lambda n: (n.x, n.y))
        return nodes

    def _arrow(self, way: tuple[int, int], *, fine: bool) -> None:
        node = self.item.drawing.node(self.item.picked)
        if node is None:
            first = next(iter(self._in_order()), None)
            if first is not None:
                self.binding.pick(first.ref)
            return
        nudges = (
            self.canvas.moved is not None and self.binding.section(self.canvas.section).tree is None
        )
        if nudges and self._is_row(node.ref):
            self._nudge(node, way, fine=fine)
        else:
            self._walk(node, way)

    def _nudge(self, node: Node, way: tuple[int, int], *, fine: bool) -> None:
        assert self.canvas.moved is not None  # noqa: S101 - asked by the caller
        step = self.canvas.nudge / (2 if fine else 1)
        scale = self.item.drawing.scale
        dx = scale["x"] / 2 if "x" in scale else step
        dy = scale["y"] / 2 if "y" in scale else step
        edits = self.canvas.moved(
            self.binding.view,
            self.item.drawing,
            node.ref,
            node.x + way[0] * dx,
            node.y + way[1] * dy,
        )
        if edits:
            self.binding.edit(edits, self._move_label())

    def _walk(self, node: Node, way: tuple[int, int]) -> None:
        """Pick the nearest part in a direction."""
        x, y = node.centre

        def away(other: Node) -> float:
            dx, dy = other.centre[0] - x, other.centre[1] - y
            along = dx * way[0] + dy * way[1]
            return along + 2.5 * abs(dx * way[1] - dy * way[0]) if along > 1 else float("inf")

        others = [n for n in self.item.drawing.nodes if n.ref != node.ref and n.ref]
        best = min(others, key=away, default=None)
        if best is not None and away(best) < float("inf"):
            self.binding.pick(best.ref)

    # typing into a part --------------------------------------------------------------------

    def edit_text(self, ref: str) -> None:
        """Type the text of a part in place."""
        node = self.item.drawing.node(ref)
        if node is None or not self._is_row(ref) or not self.binding.editable:
            return
        self._close_line()
        section = self.binding.section(self.canvas.section)
        field_id = section.tree.text if section.tree else NAMES.get(section.register, "")
        if not field_id:
            return
        corner = self.mapFromScene(QPointF(node.x, node.y))
        width = max(150, round(node.width * self.transform().m11()) + 30)
        line = _Line(self.viewport())
        line.setObjectName("drawing_text")
        line.setAccessibleName(section.field(field_id, self.binding.view).label)
        line.setText(node.text)
        line.setGeometry(corner.x() - 4, corner.y(), width, 30)
        line.editingFinished.connect(lambda: self._take_line(line, ref, field_id))
        self._line = line
        line.show()
        line.setFocus()
        line.selectAll()

    def _take_line(self, line: QLineEdit, ref: str, field_id: str) -> None:
        if self._line is not line:
            return
        text, self._line = line.text().strip(), None
        line.deleteLater()
        self.setFocus()
        if text:
            self.binding.type_text(self.canvas.section, ref, field_id, text)

    def _close_line(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.deleteLater()


class _Line(QLineEdit):
    """A line over a part; Enter accepts, Escape gives up, and neither reaches the drawing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter and Escape here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.editingFinished.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


def _is_ours(event: QKeyEvent) -> bool:
    keys = (
        Qt.Key.Key_L, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Plus, Qt.Key.Key_Equal,
        Qt.Key.Key_Minus, Qt.Key.Key_0,
    )  # fmt: skip
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return False
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return event.key() in keys
    return event.key() == Qt.Key.Key_F2
