"""Four questions begin a project; a fifth, for work that is already under way."""

from dataclasses import dataclass
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

from leanlab.core.errors import Problem
from leanlab.domain.roadmap import ROADMAPS
from leanlab.ui.widgets import buddy, button, label, row


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the user wants to begin."""

    name: str
    kind: str
    path: Path
    author: str


class NewProjectDialog(QDialog):
    """Asks for name, type, place and the user's name."""

    help = "files"

    def __init__(
        self, folder: Path, author: str, parent: QWidget | None = None, kind: str = "dmaic"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.setMinimumWidth(560)
        self.name = _line("project_name", "Name", hint="Late deliveries, hub north")
        self.kind = QComboBox()
        self.kind.setObjectName("project_kind")
        self.kind.setAccessibleName("Type of project")
        for roadmap in ROADMAPS.values():
            self.kind.addItem(f"{roadmap.title}: {roadmap.choose_if}", roadmap.id)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.place = _line("project_folder", "Folder", str(folder))
        self.author = _line("project_author", "My name", author, "It stands in the history")
        self.file = label("", "small")
        self.problem = label("", "problem")
        form = QFormLayout(self)
        form.setSpacing(10)
        self.why = label("", "muted")
        self.why.hide()
        form.addRow(self.why)
        form.addRow("&Name", self.name)
        form.addRow("&Type", self.kind)
        form.addRow(buddy("&Save in", self.place), row(self.place, button("Browse…", self._browse)))
        form.addRow("", self.file)
        form.addRow("&My name", self.author)
        form.addRow(self.problem)
        form.addRow(self._buttons())
        for box in (self.name, self.place):
            box.textChanged.connect(self._told)
        self._told()

    def begin_for(self, file: str, name: str) -> None:
        """Say that a file waits for the project, and propose its name."""
        self.why.setText(f"Data live in a project: begin one, then {file} is imported.")
        self.why.show()
        self.name.setText(name)
        self.name.selectAll()

    def _buttons(self) -> QDialogButtonBox:
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Create project")
        buttons.button(standard.Ok).setObjectName("create_project")
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def path(self) -> Path:
        """Where the project will be saved."""
        safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in self.name.text().strip())
        return Path(self.place.text()).expanduser() / f"{safe.strip()[:120] or 'Project'}.leanlab"

    @property
    def wanted(self) -> NewProject:
        """Return the answers."""
        return NewProject(
            self.name.text().strip(), self.kind.currentData(), self.path, self.author.text().strip()
        )

    def _told(self) -> None:
        self.problem.hide()
        self.file.setText(f"The file will be {self.path.name}" if self.name.text().strip() else " ")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Save in", self.place.text())
        if chosen:
            self.place.setText(chosen)

    def _check(self) -> None:
        wrong = self._wrong()
        if wrong:
            self._tell(wrong)
        else:
            self.accept()

    def _tell(self, wrong: str) -> None:
        self.problem.setText(wrong)
        self.problem.show()

    def refused(self, problem: Problem) -> None:
        """Say why the project could not be begun there; the answers stay."""
        self._tell(f"{problem.message} Choose another folder, or mend that and try again.")

    def _wrong(self) -> str:
        if not self.name.text().strip():
            return "Give the project a name."
        if not self.path.parent.is_dir():
            return "That folder does not exist. Choose another one."
        if self.path.exists():
            return f"{self.path.name} is already there. Choose another name."
        return ""


def _line(name: str, spoken: str, text: str = "", hint: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setObjectName(name)
    line.setAccessibleName(spoken)
    line.setPlaceholderText(hint)
    return line
