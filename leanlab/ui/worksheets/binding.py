"""What all editors of one worksheet share: its view, its verbs, the row that is picked."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from leanlab.app import worksheets as use
from leanlab.app.records import Change
from leanlab.core.errors import Problem
from leanlab.worksheets.declare import Edit, Section, View

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


class Binding(QObject):
    """A worksheet as the editors see it; what cannot be done is said, never lost silently."""

    changed = Signal()
    refused = Signal(object)  # a Problem
    picked = Signal(str)  # row id
    settled = Signal()  # something was accepted: earlier problems are over

    def __init__(self, window: "MainWindow", *, record_id: str = "", type_id: str = "") -> None:
        super().__init__()
        self.window = window
        self.session = window.project
        self.record_id = record_id
        self._type_id = type_id
        self.view = self._read()
        self._kinds = use.kinds_shown(self.view.type)
        self.current = ""

    @property
    def editable(self) -> bool:
        """Whether the project may be changed."""
        return not self.session.read_only

    @property
    def alive(self) -> bool:
        """Whether the project is still the one in the window; a page that is going says nothing."""
        return self.window.session is self.session

    @property
    def words_theme(self) -> str:
        """The name of the theme: light or dark."""
        return self.window.tokens["name"]

    def _read(self) -> View:
        if self.record_id:
            return use.view_of(self.session, self.record_id)
        return use.register_view(self.session, self._type_id)

    def reload(self) -> None:
        """Read everything again and tell the editors."""
        self.view = self._read()
        self.changed.emit()

    def hears(self, change: Change) -> bool:
        """Whether a change touches what this worksheet shows."""
        return bool(change.kinds & self._kinds)

    def pick(self, row_id: str) -> None:
        """Make a row the current one in every editor."""
        if row_id != self.current and self.alive:
            self.current = row_id
            self.picked.emit(row_id)

    def section(self, section_id: str) -> Section:
        """Return a section by its id."""
        return self.view.type.section(section_id)

    # verbs ---------------------------------------------------------------------------------

    def type_text(self, section_id: str, row_id: str, field_id: str, text: str) -> bool:
        """Take over what was typed; False when it does not fit."""
        return self._try(
            lambda: use.set_text(self.session, self.view, section_id, row_id, field_id, text)
        )

    def edit(self, edits: Sequence[Edit], label: str = "") -> bool:
        """Write values."""
        return self._try(lambda: use.edit(self.session, self.view, edits, label=label))

    def add(self, section_id: str, values: dict[str, object] | None = None, *, after: str = "", before: str = "") -> str:  # fmt: skip
        """Add a row; return its id, nothing when it was refused."""
        made: list[str] = []
        self._try(
            lambda: made.append(
                use.add_row(self.session, self.view, section_id, values, after=after, before=before)
            )
        )
        return made[0] if made else ""

    def add_typed(self, section_id: str, field_id: str, text: str) -> str:
        """Add a row at the end that begins with what was typed into one field."""
        field = self.section(section_id).field(field_id, self.view)
        made: list[str] = []

        def run() -> None:
            with self.session.step(f"Add {self.section(section_id).row_word}"):
                value = use.value_from(self.session, field, text)
                made.append(use.add_row(self.session, self.view, section_id, {field_id: value}))

        self._try(run)
        return made[0] if made else ""

    def delete(self, section_id: str, row_ids: Sequence[str]) -> bool:
        """Put rows into the bin."""
        return bool(row_ids) and self._try(
            lambda: use.delete_rows(self.session, self.view, section_id, row_ids)
        )

    def move(self, section_id: str, row_id: str, by: int) -> bool:
        """Move a row up or down."""
        return self._try(lambda: use.move_row(self.session, self.view, section_id, row_id, by))

    def hang(self, section_id: str, row_id: str, parent: str | None, group: str) -> bool:
        """Hang a row of a tree elsewhere."""
        return self._try(
            lambda: use.move_below(self.session, self.view, section_id, row_id, parent, group)
        )

    def paste(self, section_id: str, at: int, field_ids: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:  # fmt: skip
        """Write lines of cells; return what did not fit."""
        bad: list[str] = []

        def run() -> None:
            bad.extend(use.paste(self.session, self.view, section_id, at, field_ids, lines))

        self._try(run)
        return bad

    def offer(self, offer_id: str) -> bool:
        """Bring in what the project already knows."""
        return self._try(lambda: use.accept_offer(self.session, self.view, offer_id))

    def _try(self, run: Callable[[], object]) -> bool:
        if not self.alive:
            return False
        if not self.editable:
            self.refused.emit(Problem("This project was opened read-only."))
            return False
        try:
            run()
        except Problem as problem:
            self.refused.emit(problem)
            return False
        self.settled.emit()
        return True
