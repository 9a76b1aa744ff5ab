"""Facts of the whole project: name, people, roadmap, currency; one undoable step."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from leanlab.app.session import Session
from leanlab.app.worksheets import tell_facts
from leanlab.domain.roadmap import ROADMAPS
from leanlab.ui.widgets import label

FACTS: Mapping[str, tuple[str, str]] = {
    "title": ("&Name", "Late deliveries, hub north"),
    "code": ("&Code", "P-014"),
    "site": ("Si&te or department", "Hub north"),
    "sponsor": ("&Sponsor", "Who pays for it and removes obstacles"),
    "author": ("&Leader", "Who runs the project"),
    "owner": ("Process &owner", "Who will hold the gain"),
    "finance": ("&Finance partner", "Who validates the money"),
    "currency": ("C&urrency", "EUR"),
    "decision_wanted": ("&Decision wanted", "Empty: worked out from the gates"),
}


class ProjectSettingsDialog(QDialog):
    """Edits the facts of a project."""

    help = "settings"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Project settings")
        self.setMinimumWidth(520)
        self._session = session
        form = QFormLayout(self)
        form.setSpacing(10)
        self.kind = QComboBox()
        self.kind.setObjectName("fact_project_kind")
        self.kind.setAccessibleName("Type of project")
        for roadmap in ROADMAPS.values():
            self.kind.addItem(f"{roadmap.title}: {roadmap.choose_if}", roadmap.id)
        self.kind.setCurrentIndex(max(0, self.kind.findData(session.fact("project_kind", "dmaic"))))
        self.lines: dict[str, QLineEdit] = {}
        for key, (text, hint) in FACTS.items():
            line = QLineEdit(session.fact(key))
            line.setObjectName(f"fact_{key}")
            line.setAccessibleName(text.replace("&", ""))
            line.setPlaceholderText(hint)
            form.addRow(text, line)
            self.lines[key] = line
        form.addRow("T&ype", self.kind)
        self.problem = label("", "problem")
        form.addRow(self.problem)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.button(standard.Ok).setText("Keep changes")
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _keep(self) -> None:
        if not self.lines["title"].text().strip():
            self.problem.setText("The project needs a name.")
            return
        wanted = {key: line.text().strip() for key, line in self.lines.items()}
        wanted["project_kind"] = self.kind.currentData()
        changed = {k: v for k, v in wanted.items() if self._session.fact(k) != v}
        if changed:
            tell_facts(self._session, changed, label="Change project settings")
        self.accept()
