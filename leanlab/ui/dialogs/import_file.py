"""Import with a preview: what cannot be decided is asked, and the answer shows at once."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leanlab.app.records import SheetColumn
from leanlab.core.errors import Problem
from leanlab.data.csv_text import Settings, Table, parse
from leanlab.ui.pages.data import KIND_WORDS, cell_text
from leanlab.ui.widgets import label

SHOWN_ROWS = 50
ENCODINGS = {"": "find out", "utf-8": "UTF-8", "cp1252": "Western (cp1252)", "cp1250": "Central European (cp1250)",
             "utf-16": "UTF-16", "shift_jis": "Japanese (Shift-JIS)"}  # fmt: skip
DELIMITERS = {"": "find out", ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {"": "find out", ".": "point (7.5)", ",": "comma (7,5)"}
ORDERS = {"": "find out", "ymd": "year-month-day", "dmy": "day.month.year", "mdy": "month/day/year"}


class ImportDialog(QDialog):
    """Shows the first rows as they will be read, and lets the user correct how."""

    def __init__(
        self, content: bytes, name: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Import {name}")
        self.resize(860, 560)
        self._content = content
        self.table: Table | None = None
        self._settings = Settings()
        self.title = QLineEdit(title)
        self.title.setObjectName("sheet_title")
        form = QFormLayout()
        form.addRow("&Name of the data", self.title)
        for field, words, choices in (
            ("encoding", "&Encoding", ENCODINGS), ("delimiter", "&Separator", DELIMITERS),
            ("decimal", "&Decimal mark", DECIMALS), ("date_order", "Date &order", ORDERS),
        ):  # fmt: skip
            form.addRow(words, self._box(field, choices))
        self.header = QCheckBox("The first row holds the column names")
        self.header.setObjectName("import_header")
        self.header.setTristate(False)
        self.header.clicked.connect(lambda on: self._change("header", on))
        form.addRow(self.header)
        self.message = label("", "problem")
        self.preview = QTableWidget()
        self.preview.setObjectName("import_preview")
        self.preview.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Import")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.message)
        layout.addWidget(self.preview, 1)
        layout.addWidget(buttons)
        self._read()

    def _box(self, field: str, choices: dict[str, str]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"import_{field}")
        for stored, words in choices.items():
            box.addItem(words, stored)
        box.activated.connect(lambda *_: self._change(field, box.currentData()))
        return box

    def _change(self, field: str, value: object) -> None:
        self._settings = replace(self._settings, **{field: value})
        self._read()

    def _read(self) -> None:
        try:
            self.table = parse(self._content, self._settings)
        except Problem as problem:
            self.table = None
            self.message.setText(f"{problem.message} {problem.hint}")
        else:
            self.message.setText("\n".join(self.table.notes))
            self.header.setChecked(bool(self.table.settings.header))
        self.ok.setEnabled(self.table is not None)
        self._show()

    def _show(self) -> None:
        columns = self.table.columns if self.table else ()
        rows = min(SHOWN_ROWS, self.table.rows) if self.table else 0
        self.preview.setColumnCount(len(columns))
        self.preview.setRowCount(rows)
        self.preview.setHorizontalHeaderLabels([f"{c.name}\n{KIND_WORDS[c.kind]}" for c in columns])
        for j, one in enumerate(columns):
            shown = SheetColumn("", one.name, one.kind, "", one.decimals, None)
            for i in range(rows):
                text = one.bad[i] if i in one.bad else cell_text(shown, one.values[i])
                self.preview.setItem(i, j, QTableWidgetItem(text))
        self.preview.resizeColumnsToContents()


def ask_import(path: Path, parent: QWidget) -> tuple[Table, str] | None:
    """Show the preview of a text file; return the table and its title, or None."""
    from leanlab.app.importing import title_of
    from leanlab.data.csv_text import content_of

    dialog = ImportDialog(content_of(path), path.name, title_of(path), parent)
    if not dialog.exec() or dialog.table is None:
        return None
    return dialog.table, dialog.title.text().strip() or title_of(path)
