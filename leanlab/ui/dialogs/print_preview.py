"""What will be printed, before it is."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QVBoxLayout, QWidget

from leanlab.core import format as words
from leanlab.ui.pages.report import PageStack
from leanlab.ui.widgets import label


class PrintPreview(QDialog):
    """Shows pages; Print hands them to the printer dialog."""

    help = "report"

    def __init__(
        self, parent: QWidget, title: str, pages: list[bytes], run: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("print_preview")
        self.setWindowTitle("Print")
        self.resize(760, 720)
        self.pages = PageStack()
        self.pages.show_pages(pages)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.pages)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.print = box.addButton("&Print…", QDialogButtonBox.ButtonRole.AcceptRole)
        self.print.setObjectName("primary")
        self.print.setDefault(True)
        box.rejected.connect(self.reject)
        box.accepted.connect(self.accept)
        self.accepted.connect(run)
        layout = QVBoxLayout(self)
        layout.addWidget(label(f"{title}: {words.count(len(pages), 'page')}", "heading"))
        layout.addWidget(area, 1)
        layout.addWidget(box)
