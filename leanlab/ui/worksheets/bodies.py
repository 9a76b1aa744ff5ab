"""How the editors of each archetype are put together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from leanlab.ui.widgets import button, label, row, scrolled
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.drawing_view import STEP, DrawingView
from leanlab.ui.worksheets.form import RowForm, SectionCard, Strip
from leanlab.ui.worksheets.grid_panel import EmbeddedGrid, GridPanel
from leanlab.ui.worksheets.lacking import Lacking
from leanlab.ui.worksheets.panes import Panes
from leanlab.ui.worksheets.sideways import WhatIf
from leanlab.ui.worksheets.tree import STATUS_KEYS, OutlineView
from leanlab.worksheets.declare import Begin, Message, Section, beginning

_BESIDE = Qt.Orientation.Horizontal


class Editor(Protocol):
    """What a body asks of every editor."""

    def refresh(self) -> None:
        """Show everything as it is now."""


class Body(QWidget):
    """All editors of one worksheet, arranged as its archetype asks."""

    asked_evidence = Signal(str)
    asked_next = Signal(str)
    asked_connect = Signal(str)
    asked_list = Signal()  # what the drawing lacks is added beside it

    def __init__(self, binding: Binding) -> None:
        super().__init__()
        self.binding, self.kind = binding, binding.view.type
        self._memory = binding.window.settings.panes
        self._top: QWidget | None = None
        self.editors: list[Editor] = []
        self.grids: dict[str, GridPanel] = {}
        self.tabs: dict[str, tuple[QTabWidget, QWidget]] = {}
        self.cards: list[SectionCard] = []
        self.outline: OutlineView | None = None
        self.row_form: RowForm | None = None
        self.drawing: DrawingView | None = None
        self.what_ifs: dict[str, WhatIf] = {}
        self.words = label("", "sentence")
        self.words_frame: QFrame | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._ARCHETYPES[self.kind.archetype](self), 1)

    def refresh(self, found: Sequence[Message]) -> None:
        """Show everything as it is now, with what the checks found."""
        for editor in self.editors:
            editor.refresh()
        hints = _hints(found)
        for card in self.cards:
            card.show_hints(hints)
        for panel in self.grids.values():
            panel.show_messages(found)
        if self.outline is not None:
            self.outline.show_messages(found)
            self.blank.setVisible(not any(self.binding.view.rows.values()))
        self._show_beginning()
        if self.words_frame is not None:
            sentences = self.kind.words(self.binding.view)
            self.words.setText("\n".join(sentences))
            self.words_frame.setVisible(bool(sentences))

    def accept(self) -> None:
        """Take over what is being typed."""
        for editor in self.editors:
            accept = getattr(editor, "accept", None)
            if accept is not None:
                accept()

    def go_to(self, section_id: str, row_id: str, field_id: str) -> bool:
        """Go to a row or a field; False if it is not shown."""
        self._show_tab(section_id)
        if row_id and self._go_to_row(row_id, field_id, section_id):
            return True
        field = self._field_widget(section_id, field_id)
        if field is not None:
            field.setFocus()
        elif section_id in self.grids:
            self.grids[section_id].view.setFocus()
        return field is not None

    def first_field(self) -> QWidget | None:
        """Return the first field that can be typed into."""
        kinds = (QLineEdit, QPlainTextEdit, QComboBox, QCheckBox)
        return next(
            (
                field
                for field in self.findChildren(QWidget)
                if isinstance(field, kinds)
                and field.objectName().startswith("field_")
                and field.isVisible()
                and field.isEnabled()
            ),
            None,
        )

    def _show_tab(self, section_id: str) -> None:
        if section_id in self.tabs:
            tabs, panel = self.tabs[section_id]
            tabs.setCurrentWidget(panel)

    def _go_to_row(self, row_id: str, field_id: str, section_id: str) -> bool:
        if self.outline is not None and self.outline.go_to(row_id):
            return True
        for name, panel in self.grids.items():
            if section_id in ("", name) and panel.view.go_to(row_id, field_id):
                self._show_tab(name)
                return True
        return False

    def _field_widget(self, section_id: str, field_id: str) -> QWidget | None:
        for section in self.kind.sections:
            if section_id in ("", section.id):
                found: QWidget | None = self.findChild(QWidget, f"field_{section.id}_{field_id}")
                if found is not None:
                    return found
        return None

    # bodies per archetype ------------------------------------------------------------------

    def _singles(self) -> list[Section]:
        return [s for s in self.kind.sections if not s.repeats]

    def _repeating(self) -> list[Section]:
        return [s for s in self.kind.sections if s.repeats]

    def _form(self) -> QWidget:
        inner = QWidget()
        cards = QVBoxLayout(inner)
        cards.setContentsMargins(20, 6, 20, 20)
        cards.setSpacing(12)
        if self.kind.words(self.binding.view) or self.kind.archetype == "form":
            cards.addWidget(self._words_card())
        for section in self.kind.sections:
            if section.repeats:
                grid = EmbeddedGrid(self.binding, section)
                self._keep_grid(section, grid)
                cards.addWidget(grid)
            else:
                card = SectionCard(self.binding, section)
                self.cards.append(card)
                self.editors.append(card)
                cards.addWidget(card)
        cards.addStretch(1)
        area = scrolled(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _words_card(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("words_card")
        self.words_frame = frame
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.addWidget(self.words)
        return frame

    def _grid(self) -> QWidget:
        parts: list[QWidget] = []
        singles = self._singles()
        top = self._strip(singles) if singles else None
        parts.append(self._grids_of(self._repeating()))
        if self.kind.canvas is not None:
            parts.append(self._drawing_pane())
        body = self._vertical(parts, (1, 1))
        return self._below(top, body)

    def _grids_of(self, sections: Sequence[Section]) -> QWidget:
        if len(sections) == 1:
            panel = GridPanel(self.binding, sections[0])
            self._keep_grid(sections[0], panel)
            return _framed(panel)
        tabs = QTabWidget()
        tabs.setObjectName("sections")
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        for section in sections:
            panel = GridPanel(self.binding, section, titled=False)
            self._keep_grid(section, panel)
            tabs.addTab(panel, section.title)
            self.tabs[section.id] = (tabs, panel)
        return _framed(tabs)

    def _keep_grid(self, section: Section, panel: GridPanel) -> None:
        self.grids[section.id] = panel
        self.editors.append(panel)

    def _strip(self, sections: Sequence[Section]) -> QWidget:
        strip = Strip(self.binding, sections)
        self.editors.append(strip)
        return strip

    def _below(self, top: QWidget | None, body: QWidget) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(20, 2, 16, 14)
        layout.setSpacing(10)
        self._top = top
        if top is not None:
            layout.addWidget(top)
        layout.addWidget(body, 1)
        return holder

    def _vertical(self, parts: Sequence[QWidget], shares: tuple[int, int]) -> QWidget:
        if len(parts) == 1:
            return parts[0]
        return self._panes(Qt.Orientation.Vertical, parts, [100 * share for share in shares])

    def _panes(
        self, way: Qt.Orientation, parts: Sequence[QWidget], usual: Sequence[int],
        *, keeps_first: bool = False,
    ) -> Panes:  # fmt: skip
        return Panes(
            way, parts, usual, memory=self._memory, key=f"worksheet.{self.kind.id}", name="panes",
            words="Border beside the drawing", keeps_first=keeps_first,
        )  # fmt: skip

    def _drawing_pane(self) -> QWidget:
        assert self.kind.canvas is not None  # noqa: S101 - asked by the callers
        self.drawing = DrawingView(self.binding, self.kind.canvas)
        self.editors.append(self.drawing)
        self.drawing.asked_next.connect(self.asked_next)
        self.drawing.asked_connect.connect(self.asked_connect)
        self.drawing.pressed_key.connect(self._letter)
        sizes = self._size_buttons(self.drawing)
        tools: list[QWidget | None] = [label(self.kind.canvas.title, "heading", wrap=False), None]
        if self.kind.canvas.connects:
            add = button("+ Next step", lambda: self.asked_next.emit(""))
            add.setToolTip("Ctrl+Enter")
            link = button("Connect…", lambda: self.asked_connect.emit(""))
            link.setToolTip("Ctrl+L")
            tools += [add, link]
        top = row(*tools, *sizes, spacing=4)
        top.setContentsMargins(12, 8, 10, 6)
        self.lacking = Lacking()
        self.lacking.asked.connect(self.begin)
        pane = QWidget()
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.drawing, 1)
        layout.addWidget(self.lacking)
        return _framed(pane)

    def _size_buttons(self, drawing: DrawingView) -> list[QWidget]:
        smaller = button("−", lambda: drawing.zoom(1 / STEP), "flat")
        smaller.setAccessibleName("Smaller")
        smaller.setToolTip("Smaller (Ctrl+− or Ctrl+wheel)")
        larger = button("+", lambda: drawing.zoom(STEP), "flat")
        larger.setAccessibleName("Larger")
        larger.setToolTip("Larger (Ctrl++ or Ctrl+wheel)")
        whole = button("Whole drawing", lambda: drawing.show_all(whole.isChecked()), "flat")
        whole.setCheckable(True)
        whole.setToolTip("Fit it into its pane, or show it large enough to read (Ctrl+0)")
        drawing.zoomed.connect(lambda: whole.setChecked(drawing.shows_all))
        for one in (smaller, larger, whole):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return [smaller, larger, whole]

    def _show_beginning(self) -> None:
        if self.drawing is None:
            return
        drawn = bool(self.drawing.item.drawing.shapes)
        self.drawing.setVisible(drawn)
        self.lacking.tell(beginning(self.binding.view) if self.binding.editable else None)

    def begin(self, wanted: Begin) -> None:
        """Go where the drawing gets what it lacks: into a field, or to a new row."""
        self.asked_list.emit()
        section = self.kind.section(wanted.section)
        if wanted.field:
            self.go_to(section.id, "", wanted.field)
        elif section.tree is not None and self.outline is not None:
            self._begin_line()
        else:
            self._show_tab(section.id)
            self._begin_row(section)

    def _begin_row(self, section: Section) -> None:
        begun = bool(self.binding.view.all(section.id))
        if section.id in self.what_ifs:
            what_if = self.what_ifs[section.id]
            if not begun:
                what_if.add_column()
            what_if.begin()
        elif begun:
            self.grids[section.id].view.setFocus()
        else:
            self.grids[section.id].add_row()

    def panes(self) -> tuple[QWidget, QWidget] | None:
        """Return what stands beside the drawing, and the drawing with its frame."""
        split = self.findChild(Panes, "panes")
        if split is None or self.drawing is None:
            return None
        parts = [p for p in (split.widget(i) for i in range(split.count())) if p is not None]
        other = next(p for p in parts if not p.isAncestorOf(self.drawing))
        return other, next(p for p in parts if p.isAncestorOf(self.drawing))

    def show_panes(self, mode: str, *, low: bool) -> None:
        """Show the list, the drawing, or both; in a low window the drawing has the whole room."""
        found = self.panes()
        if self._top is not None:
            self._top.setVisible(not (low and mode == "drawing"))
        if found is not None:
            found[0].setVisible(mode != "drawing")
            found[1].setVisible(mode != "list")

    def _tree(self) -> QWidget:
        section = next(s for s in self._repeating() if s.tree is not None)
        self.outline = OutlineView(self.binding, section)
        self.editors.append(self.outline)
        assert section.tree is not None  # noqa: S101
        skip = (section.tree.text, "findings")
        self.row_form = RowForm(self.binding, section, skip)
        self.editors.append(self.row_form)
        area = scrolled(self.row_form)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have the keys
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outline = Panes(
            Qt.Orientation.Vertical, (self._outline_pane(section), area), (420, 190),
            memory=self._memory, key=f"worksheet.{self.kind.id}.form", name="outline_panes",
            words="Border above the details",
        )  # fmt: skip
        self.binding.picked.connect(lambda row_id: area.setVisible(self._is_row(section, row_id)))
        area.hide()
        parts = (_framed(outline), self._drawing_pane())
        top = self._strip(self._singles())
        return self._below(top, self._panes(_BESIDE, parts, (330, 620), keeps_first=True))

    def _is_row(self, section: Section, row_id: str) -> bool:
        return any(r.id == row_id for r in self.binding.view.all(section.id))

    def _outline_pane(self, section: Section) -> QWidget:
        assert self.outline is not None  # noqa: S101 - made by the caller
        pane = QWidget()
        add = button(f"+ Add {section.row_word}", self._begin_line)
        add.setObjectName(f"add_{section.id}")
        prove = button("Evidence…", lambda: self.asked_evidence.emit(""))
        prove.setToolTip("Ctrl+E")
        if section.register != "cause":
            prove.hide()
        top = row(label(section.title, "heading", wrap=False), None, prove, add, spacing=6)
        top.setContentsMargins(12, 8, 10, 6)
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        self.blank = label(section.blank, "muted")
        self.blank.setContentsMargins(14, 0, 14, 8)
        layout.addWidget(self.blank)
        layout.addWidget(self.outline, 1)
        return pane

    def _begin_line(self) -> None:
        outline = self.outline
        if outline is None:
            return
        item = outline.currentItem() or outline.topLevelItem(0)
        if item is None:
            return
        parent = item.parent()
        if parent is not None and item.data(0, Qt.ItemDataRole.UserRole):
            outline.begin(parent, item)
        else:
            outline.begin(item)

    def _canvas(self) -> QWidget:
        if any(s.tree is not None for s in self._repeating()):
            return self._tree()
        top = self._strip(self._singles()) if self._singles() else None
        parts = [self._drawing_pane(), self._grids_of(self._repeating())]
        return self._below(top, self._vertical(parts, (5, 3)))

    def _matrix(self) -> QWidget:
        top = self._strip(self._singles()) if self._singles() else None
        parts = (self._drawing_pane(), self._grids_of(self._repeating()))
        return self._below(top, self._panes(_BESIDE, parts, (520, 460)))

    def _calculator(self) -> QWidget:
        left = QWidget()
        stack = QVBoxLayout(left)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(10)
        if self._singles():
            stack.addWidget(self._strip(self._singles()))
        for section in self._repeating():
            if section.sideways:
                what_if = WhatIf(self.binding, section)
                self.what_ifs[section.id] = what_if
                self.editors.append(what_if)
                stack.addWidget(what_if)
        rest = [s for s in self._repeating() if not s.sideways]
        if rest:
            grids = self._grids_of(rest)
            grids.setMinimumHeight(330)
            stack.addWidget(grids, 1)
        area = scrolled(left)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right = QWidget()
        results = QVBoxLayout(right)
        results.setContentsMargins(0, 0, 0, 0)
        results.setSpacing(10)
        results.addWidget(self._words_card())
        results.addWidget(self._drawing_pane(), 1)
        return self._below(None, self._panes(_BESIDE, (area, right), (520, 480)))

    _ARCHETYPES: Mapping[str, Callable[["Body"], QWidget]] = {
        "form": _form, "grid": _grid, "tree": _tree, "canvas": _canvas, "matrix": _matrix,
        "calculator": _calculator,
    }  # fmt: skip

    def _letter(self, row_id: str, letter: str) -> None:
        if self.outline is not None and letter.lower() in STATUS_KEYS:
            self.outline.set_status(row_id, STATUS_KEYS[letter.lower()])


def _framed(content: QWidget) -> QWidget:
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(content)
    return frame


def _hints(found: Sequence[Message]) -> dict[tuple[str, str], str]:
    """Return what to show below fields: musts about missing fields stay quiet, the star says it."""
    hints: dict[tuple[str, str], str] = {}
    for message in found:
        if (
            message.hit.field_id
            and not message.accepted
            and not message.check.id.endswith(".filled")
        ):
            hints.setdefault((message.hit.row_id, message.hit.field_id), message.hit.text)
    return hints
