"""How do we know? A saved result, or something that somebody saw at the place."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import worksheets as use
from leanlab.core.errors import Problem
from leanlab.core.format import coded
from leanlab.domain.registers import CAUSE_STATUS
from leanlab.ui.widgets import button, label, row
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.fields import complete
from leanlab.ui.worksheets.photos import ask_photo, cleaned_photo


class EvidenceDialog(QDialog):
    """Link saved results to a cause, or write down what was seen, by whom, with a photo."""

    def __init__(self, binding: Binding, cause_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._binding, self._cause_id = binding, cause_id
        self._photo: Path | None = None
        cause = binding.view.record("cause", cause_id)
        self.setWindowTitle("Evidence")
        self.setMinimumSize(520, 430)
        self.status = QComboBox()
        self.status.setObjectName("evidence_status")
        self.status.setAccessibleName("What it means for the cause")
        for stored, words in CAUSE_STATUS.items():
            self.status.addItem(words, stored)
        now = cause.text("status")
        self.status.setCurrentIndex(self.status.findData("verified" if now in {"", "potential", "under test"} else now))  # fmt: skip
        self.tabs = QTabWidget()
        self.tabs.addTab(self._results_tab(), "Saved results")
        self.tabs.addTab(
            self._seen_tab(cause.text("evidence"), cause.text("observer")), "Seen at the place"
        )
        if not self.results.count():
            self.tabs.setCurrentIndex(1)
        self.problem = label("", "problem")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Keep evidence")
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(label(coded(cause.text("text"), cause.code), "heading"))
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row(label("The cause is then", "muted", wrap=False), self.status, None))
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _results_tab(self) -> QWidget:
        page = QWidget()
        self.results = QListWidget()
        self.results.setObjectName("evidence_results")
        self.results.setAccessibleName("Saved results")
        linked = set(self._binding.view.linked(self._cause_id, "evidence"))
        for finding in self._binding.view.records("finding"):
            item = QListWidgetItem(coded(finding.text("title"), finding.code))
            item.setData(Qt.ItemDataRole.UserRole, finding.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = finding.id in linked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.results.addItem(item)
        layout = QVBoxLayout(page)
        if not self.results.count():
            layout.addWidget(label("No result is saved yet. Save one on an analysis page, or write down what was seen.", "muted"))  # fmt: skip
        layout.addWidget(self.results)
        return page

    def _seen_tab(self, note: str, observer: str) -> QWidget:
        page = QWidget()
        self.note = QPlainTextEdit(note)
        self.note.setObjectName("evidence_note")
        self.note.setAccessibleName("What was seen")
        self.note.setPlaceholderText("e.g. 41 of 50 list changes came in after 17:00")
        self.observer = QLineEdit(observer or self._binding.session.fact("author"))
        self.observer.setObjectName("evidence_observer")
        self.observer.setAccessibleName("Who saw it")
        people = [p.text("name") for p in self._binding.view.records("person")]
        complete(self.observer, lambda: people)
        self.photo_name = label("No photo chosen.", "small")
        layout = QVBoxLayout(page)
        layout.addWidget(label("What was seen, and how often", "small"))
        layout.addWidget(self.note, 1)
        layout.addWidget(label("Who saw it", "small"))
        layout.addWidget(self.observer)
        layout.addLayout(row(button("Photo…", self._choose_photo), self.photo_name, None))
        return page

    def _choose_photo(self) -> None:
        path = ask_photo(self)
        if path is not None:
            self._photo = path
            self.photo_name.setText(path.name)

    def chosen(self) -> list[str]:
        """Return the ids of the ticked results."""
        items = [self.results.item(i) for i in range(self.results.count())]
        return [
            str(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() == Qt.CheckState.Checked
        ]  # fmt: skip

    def _unproven(self, status: str) -> bool:
        """Whether a cause would be verified or refuted by nothing."""
        return (
            self.tabs.currentIndex() == 0
            and status in {"verified", "refuted"}
            and not self.chosen()
            and not self.note.toPlainText().strip()
        )

    def _keep(self) -> None:
        session, status = self._binding.session, str(self.status.currentData())
        if self._unproven(status):
            self.problem.setText(
                f"Tick the saved result that shows it, or write down what was seen: "
                f"until then the cause is not {self.status.currentText().lower()}."
            )
            return
        try:
            with session.step(f"Set cause {status}"):
                use.link_results(session, self._cause_id, self.chosen(), status)
                if self.tabs.currentIndex() == 1 or self.note.toPlainText().strip():
                    photo = cleaned_photo(self._photo) if self._photo is not None else None
                    use.note_seen(
                        session, self._cause_id, note=self.note.toPlainText(),
                        observer=self.observer.text(), status=status, photo=photo,
                    )  # fmt: skip
        except Problem as problem:
            self.problem.setText(f"{problem.message} {problem.hint}".strip())
            return
        self.accept()


def ask_evidence(binding: Binding, cause_id: str, parent: QWidget) -> None:
    """Ask how we know about a cause."""
    EvidenceDialog(binding, cause_id, parent).exec()
