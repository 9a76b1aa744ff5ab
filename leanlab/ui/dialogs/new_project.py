"""Four questions begin a project."""

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from leanlab.domain.roadmap import ROADMAPS
from leanlab.ui.widgets import button, label, row


class NewProjectDialog(QDialog):
    """Asks for name, type, place and the user's name."""

    def __init__(
        self, folder: Path, author: str, parent: QWidget | None = None, kind: str = "dmaic"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.setMinimumWidth(520)
        self.name = QLineEdit()
        self.name.setObjectName("project_name")
        self.name.setPlaceholderText("Late deliveries, hub north")
        self.kind = QComboBox()
        self.kind.setObjectName("project_kind")
        for roadmap in ROADMAPS.values():
            self.kind.addItem(f"{roadmap.title}: {roadmap.choose_if}", roadmap.id)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.place = QLineEdit(str(folder))
        self.place.setObjectName("project_folder")
        self.author = QLineEdit(author)
        self.author.setObjectName("project_author")
        self.problem = label("", "problem")
        form = QFormLayout(self)
        form.addRow("&Name", self.name)
        form.addRow("&Type", self.kind)
        form.addRow("&Save in", row(self.place, button("Browse…", self._browse)))
        form.addRow("&My name", self.author)
        form.addRow(self.problem)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Create project")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def path(self) -> Path:
        """Where the project will be saved."""
        safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in self.name.text().strip())
        return Path(self.place.text()).expanduser() / f"{safe.strip() or 'Project'}.leanlab"

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Save in", self.place.text())
        if chosen:
            self.place.setText(chosen)

    def _check(self) -> None:
        if not self.name.text().strip():
            self.problem.setText("Give the project a name.")
        elif not self.path.parent.is_dir():
            self.problem.setText("That folder does not exist. Choose another one.")
        elif self.path.exists():
            self.problem.setText(f"{self.path.name} is already there. Choose another name.")
        else:
            self.accept()
