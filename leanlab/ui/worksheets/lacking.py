"""What a drawing still lacks, in a sentence, with the button that leads there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from leanlab.ui.widgets import button, label
from leanlab.worksheets.declare import Begin


class Lacking(QWidget):
    """Stands below a drawing that has no rows yet, or in its place."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Begin | None = None
        self.words = label("", "muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action = button("", lambda: self.asked.emit(self._wanted))
        self.action.setObjectName("begin_drawing")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 8, 20, 16)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)

    def tell(self, wanted: Begin | None) -> None:
        """Say what is lacking; nothing hides this."""
        self._wanted = wanted
        self.setVisible(wanted is not None)
        if wanted is not None:
            self.words.setText(wanted.words)
            self.action.setText(wanted.action)
            self.action.setAccessibleName(wanted.action)
