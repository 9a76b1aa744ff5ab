"""What each number of a rating scale means."""

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QFrame, QListWidget, QVBoxLayout, QWidget

from leanlab.ui.widgets import label
from leanlab.ui.worksheets.grid_model import GridModel


class ScaleCard(QFrame):
    """What each number of a scale means; a click or Enter rates."""

    def __init__(self, parent: QWidget, index: QModelIndex, at: QPoint) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        model = index.model()
        assert isinstance(model, GridModel)  # noqa: S101 - the grid's own model
        self._grid, self._index, self._at = model, index, at
        scale = model.fields[index.column()].scale
        assert scale is not None  # noqa: S101 - asked by the caller
        known = scale(model.binding.view)
        self.list = QListWidget()
        self.list.setObjectName("scale_card")
        self.list.setAccessibleName(known.title)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        for number, meaning in sorted(known.levels.items(), reverse=True):
            self.list.addItem(f"{number:>2}   {meaning}")
        now = str(self._index.data(Qt.ItemDataRole.EditRole) or "")
        highest = max(known.levels)
        self.list.setCurrentRow(highest - int(now) if now.isdigit() else 0)
        self._highest = highest
        self.list.itemActivated.connect(lambda *_: self._take())
        self.list.itemClicked.connect(lambda *_: self._take())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(label(known.title, "heading", wrap=False))
        layout.addWidget(self.list)
        line = self.list.sizeHintForRow(0)
        self.list.setFixedSize(
            max(380, self.list.sizeHintForColumn(0) + 30), line * len(known.levels) + 8
        )

    def show_scale(self) -> None:
        """Open below the cell, inside the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(self._at.x(), screen.right() - self.width())
        y = min(self._at.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.list.setFocus()

    def _take(self) -> None:
        number = self._highest - self.list.currentRow()
        self.close()
        self._grid.setData(self._index, str(number))
