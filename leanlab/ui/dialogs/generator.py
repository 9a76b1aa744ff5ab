"""Ask what a study or an experiment is to look like, and create its data sheet."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from leanlab.analyses.declare import Analysis
from leanlab.app.generators import Made, generate, generator_of
from leanlab.core.errors import Problem
from leanlab.ui.options_form import OptionsForm
from leanlab.ui.widgets import label, scrolled

if TYPE_CHECKING:
    from leanlab.app.session import Session

WIDE, HIGH = 480, 520


class GeneratorDialog(QDialog):
    """A form made from the generator's options; what it would make is said before."""

    def __init__(
        self, session: "Session", analysis: Analysis, parent: QWidget, *, phase: str = ""
    ) -> None:
        super().__init__(parent)
        self.setObjectName("generator_dialog")
        self.help = analysis.id
        self._session, self._analysis, self._phase = session, analysis, phase
        self.generator = generator_of(analysis)
        self.made: Made | None = None
        self.setWindowTitle(self.generator.title)
        self.resize(WIDE, HIGH)
        self.form = OptionsForm(self.generator.options())
        self.form.changed.connect(lambda *_: self._preview())
        self.preview = label("", "muted")
        self.problem = label("", "problem")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Create data sheet")
        buttons.accepted.connect(self._create)
        buttons.rejected.connect(self.reject)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 10, 0)
        box.addWidget(self.form)
        box.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(label(self.generator.title, "heading"))
        if self.generator.help:
            layout.addWidget(label(self.generator.help, "muted"))
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(self.preview)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self._preview()

    def _preview(self) -> None:
        """Say how large the sheet would be, or what is wrong."""
        self.problem.hide()
        try:
            draft = self.generator.make(self.form.options)
        except Problem as problem:
            self.preview.setText("")
            self._tell(problem)
            return
        rows = len(draft.columns[0].values) if draft.columns else 0
        names = ", ".join(column.name for column in draft.columns)
        self.preview.setText(f"{rows} rows in random order. Columns: {names}.")

    def _create(self) -> None:
        self.form.accept_pending()
        try:
            self.made = generate(
                self._session, self._analysis, self.form.options, phase=self._phase
            )
        except Problem as problem:
            self._tell(problem)
            return
        self.accept()

    def _tell(self, problem: Problem) -> None:
        self.problem.setText(f"{problem.message} {problem.hint}".strip())
        self.problem.show()


def create_data(
    session: "Session", analysis: Analysis, parent: QWidget, *, phase: str = ""
) -> Made | None:
    """Ask and create; None when the user cancels."""
    dialog = GeneratorDialog(session, analysis, parent, phase=phase)
    return dialog.made if dialog.exec() else None
