"""The action register: who does what by when; the worksheet Actions without a sheet of its own."""

from typing import TYPE_CHECKING

from leanlab.app.changes import ProcessChange, process_changes
from leanlab.app.records import Change
from leanlab.core import format as words
from leanlab.ui.worksheets.page import WorksheetPage

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


class ActionsPage(WorksheetPage):
    """All actions of the project in one grid."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window, type_id="actions")
        self._known = self._changes()

    def add(self) -> None:
        """Add an action and begin to write its title."""
        panel = self.grid("actions")
        panel.show_filter("")
        made = self.binding.add("actions", {"owner": self.session.fact("author")})
        if made:
            panel.view.begin(made)

    def show_filter(self, filter_id: str) -> None:
        """Show only open, late... actions."""
        self.grid("actions").show_filter(filter_id)

    def heard(self, change: Change) -> None:
        """Say when a closed action is a change that charts now show."""
        super().heard(change)
        now = self._changes()
        new = [c for c in now if c not in self._known]
        self._known = now
        if new and self.isVisible():
            metric = self.session.record(new[-1].metric_id).get("name", "its metric") if new[-1].metric_id else "the primary metric"  # fmt: skip
            self.window_.say(
                f"Charts of {metric} now show a flag on {words.day(new[-1].day)}; a new stage can begin there."
            )

    def _changes(self) -> tuple[ProcessChange, ...]:
        metrics = [None, *(m.id for m in self.session.records("metric"))]
        found = {c.action_id: c for m in metrics for c in process_changes(self.session, m)}
        return tuple(found.values())
