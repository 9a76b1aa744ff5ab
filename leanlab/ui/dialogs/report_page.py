"""A page of one's own in a report: a heading and sentences."""

from dataclasses import dataclass

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.widgets import buddy, label


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What was typed."""

    heading: str
    text: str
    new_page: bool


class ReportPageDialog(QDialog):
    """Asks for a heading and sentences."""

    help = "report"

    def __init__(self, parent: QWidget, page: OwnPage | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report_page_dialog")
        self.setWindowTitle("Page of the report")
        self.resize(480, 360)
        self.heading = QLineEdit(page.heading if page else "")
        self.heading.setObjectName("own_heading")
        self.heading.setMaxLength(120)
        self.text = QPlainTextEdit(page.text if page else "")
        self.text.setObjectName("own_text")
        self.text.setTabChangesFocus(True)
        self.new_page = QCheckBox("&Begin a new page")
        self.new_page.setObjectName("own_new_page")
        self.new_page.setChecked(page.new_page if page else True)
        self.problem = label("", "problem")
        self.problem.hide()
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        box.accepted.connect(self._check)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (
            buddy("&Heading", self.heading), self.heading,
            buddy("&Sentences (an empty line begins a new paragraph)", self.text), self.text,
            self.new_page, self.problem, box,
        ):  # fmt: skip
            layout.addWidget(part)

    def _check(self) -> None:
        if self.page.heading:
            self.accept()
            return
        self.problem.setText("Write a heading: it stands in the table of contents.")
        self.problem.show()
        self.heading.setFocus()

    @property
    def page(self) -> OwnPage:
        """What was typed, without spaces around it."""
        return OwnPage(
            " ".join(self.heading.text().split()),
            self.text.toPlainText().strip(),
            self.new_page.isChecked(),
        )


def ask_page(parent: QWidget, page: OwnPage | None = None) -> OwnPage | None:
    """Ask for a page of one's own; None when the user wants none."""
    dialog = ReportPageDialog(parent, page)
    return dialog.page if dialog.exec() == QDialog.DialogCode.Accepted else None
