"""The page of a worksheet: head, the editors of its archetype, checks and help beside it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from leanlab.app import worksheets as use
from leanlab.app.records import Change
from leanlab.core.errors import Problem
from leanlab.ui.dialogs.reason import ask_reason
from leanlab.ui.icons import icon
from leanlab.ui.pages.base import Page
from leanlab.ui.widgets import button, clear, column, label, row
from leanlab.ui.worksheets.binding import Binding
from leanlab.ui.worksheets.bodies import Body
from leanlab.ui.worksheets.connect import ask_connectors
from leanlab.ui.worksheets.evidence import ask_evidence
from leanlab.ui.worksheets.grid_panel import GridPanel
from leanlab.ui.worksheets.photos import ask_photos
from leanlab.ui.worksheets.side import NOT_BEGUN, SidePanel
from leanlab.ui.worksheets.style import worksheet_sheet
from leanlab.worksheets.blocks import (
    as_html,
    as_text,
    computed_text,
    picture_of,
    worksheet_blocks,
)
from leanlab.worksheets.declare import Message, messages, rows_shown

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

# px of the page from which the panel is open at first; drawings want the room
ROOM_FOR_PANEL, ROOM_BESIDE_DRAWING = 1000, 1450
ROOM_FOR_BOTH = 640  # px of height from which a grid and its drawing stand below each other
GAP = "     "
SHOWN_FOR = 9000  # ms
_STATUS_LOOK = {"in progress": "muted", "ready": "ok", "reviewed": "ok", "not needed": "muted"}


class WorksheetPage(Page):
    """A worksheet, open for editing."""

    def __init__(self, window: "MainWindow", record_id: str = "", *, type_id: str = "") -> None:
        super().__init__(window)
        self.binding = Binding(window, record_id=record_id, type_id=type_id)
        self.kind = self.binding.view.type
        self.help = self.kind.id
        self.setObjectName("page")
        self.setStyleSheet(worksheet_sheet(window.tokens))
        self._panel_chosen = False
        self._message_at = -1
        self.notice = _Notice()
        self.side = SidePanel(self.binding)
        self.offers = QHBoxLayout()
        self.body = Body(self.binding)
        self.body.asked_evidence.connect(self.show_evidence)
        self.body.asked_next.connect(self.add_next_step)
        self.body.asked_connect.connect(self.connect_step)
        self.body.asked_list.connect(self._show_list)
        self._facts: tuple[str, ...] = ()
        self._mode_chosen, self._mode = False, "both"
        self._head = self._make_head()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.body)
        self.split.addWidget(self.side)
        self.split.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self.notice)
        layout.addWidget(self.split, 1)
        self.binding.changed.connect(self._refresh_all)
        self.binding.refused.connect(self._refused)
        self.binding.settled.connect(self.notice.hide)
        self.side.checks.asked.connect(self.show_message)
        self.side.checks.accepted.connect(self.accept_message)
        self.side.checks.withdrawn.connect(self.withdraw)
        self._refresh_all()

    # the head ------------------------------------------------------------------------------

    def _make_head(self) -> QWidget:
        head = QFrame()
        head.setObjectName("worksheet_head")
        self.title = label(self._title(), "title", wrap=False)
        self.status = label("", "muted", wrap=False)
        self.chips = label("", "small", wrap=False)
        self.chips.setMinimumWidth(60)
        self.modes = self._mode_buttons()
        self.ready = button("Mark ready", self.mark_ready, "primary")
        self.ready.setToolTip("Ctrl+Enter outside of a table")
        self.more = QToolButton()
        self.more.setObjectName("worksheet_more")
        self.more.setAccessibleName("More for this worksheet")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._more_menu())
        self.next_one = button("", self.next_message, "link")
        self.next_one.setObjectName("next_message")
        self.next_one.setToolTip("Next message (Ctrl+.)")
        self.panel_button = QToolButton()
        self.panel_button.setObjectName("toggle_panel")
        self.panel_button.setAccessibleName("Show checks and help")
        self.panel_button.setToolTip("Checks, help and photos (F8)")
        self.panel_button.setCheckable(True)
        self.panel_button.clicked.connect(self.toggle_panel)
        left = column(row(self.title, self.status, None, spacing=10), self.chips, spacing=1)
        right = self._right = row(
            self.modes, self.next_one, self.ready, self.more, self.panel_button, spacing=6
        )
        line = row(left, right)
        line.setStretch(0, 1)
        line.setContentsMargins(20, 12, 16, 8)
        holder = QVBoxLayout(head)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.setSpacing(0)
        holder.addLayout(line)
        self.offers.setContentsMargins(20, 0, 16, 8)
        holder.addLayout(self.offers)
        return head

    def _title(self) -> str:
        if not self.binding.record_id:
            return self.kind.title
        return str(self.session.record(self.binding.record_id).get("title") or self.kind.title)

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        entries: Sequence[tuple[str, Callable[[], object]]] = (
            ("Copy as table", self.copy_table),
            *((("Copy picture", self.copy_picture),) if self.kind.canvas else ()),
            *(
                (("Not needed…", self.not_needed), ("Back to in progress", self.reopen), ("Rename…", self.rename), ("Delete worksheet", self.delete))
                if self.binding.record_id
                else ()
            ),
        )  # fmt: skip
        for text, run in entries:
            menu.addAction(text, run)
        return menu

    # staying up to date --------------------------------------------------------------------

    def heard(self, change: Change) -> None:
        """Read again when a change touches what is shown here."""
        if self.binding.record_id and not self.session.exists(self.binding.record_id):
            self.window_.close_page(self)
        elif self.binding.hears(change):
            self.binding.reload()

    def refresh(self) -> None:
        """Read everything again."""
        self.binding.reload()

    def _refresh_all(self) -> None:
        found = () if self._untouched else messages(self.binding.view)
        self.body.refresh(found)
        self.side.show_messages(found, begun=not self._untouched)
        self.side.photos.refresh()
        self._show_head(found)
        self._show_offers()

    @property
    def _untouched(self) -> bool:
        """Whether nothing was typed yet: there is nothing to find fault with."""
        return use.is_empty(self.binding.view)

    def _show_head(self, found: Sequence[Message]) -> None:
        view = self.binding.view
        self.title.setText(self._title())
        self.status.setText(view.status if self.binding.record_id else "")
        self.status.setObjectName(_STATUS_LOOK[view.status])
        self.status.style().polish(self.status)
        self._facts = tuple(
            f"{c.label}: {text}" for c in self.kind.computed if (text := computed_text(view, c.id))
        )
        self._show_chips()
        self.ready.setVisible(bool(self.binding.record_id) and view.status == "in progress")
        self.ready.setEnabled(self.binding.editable)
        waiting = [m for m in found if not m.accepted]
        musts = sum(m.check.severity == "must" for m in waiting)
        shoulds = sum(m.check.severity == "should" for m in waiting)
        parts = [*([f"{musts} must"] if musts else []), *([f"{shoulds} should"] if shoulds else [])]
        if self._untouched:
            parts = [NOT_BEGUN]
        self.next_one.setText(", ".join(parts))
        self.next_one.setAccessibleName(f"Next message: {', '.join(parts) or 'none'}")
        self.next_one.setVisible(bool(parts))
        tokens = self.window_.tokens
        self.more.setIcon(icon("more", tokens["text"]))
        self.panel_button.setIcon(icon("help", tokens["text"]))
        self.more.setIconSize(QSize(19, 19))

    def _show_chips(self) -> None:
        """Show as many facts as fit in one line; the tool tip has all."""
        room = self.width() - self._right.sizeHint().width() - 60
        shown = ""
        for fact in self._facts:
            longer = f"{shown}{GAP if shown else ''}{fact}"
            if shown and self.chips.fontMetrics().horizontalAdvance(longer) > room:
                break
            shown = longer
        self.chips.setText(shown or self.kind.question)
        self.chips.setToolTip("\n".join(self._facts))

    def _mode_buttons(self) -> QWidget:
        """List, both or drawing: shown where a drawing stands beside a list."""
        holder = QWidget()
        holder.setObjectName("modes")
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        names = {
            "list": "Outline" if self.body.outline is not None else "List",
            "both": "Both",
            "drawing": "Drawing",
        }
        self.mode_buttons = {}
        for mode, text in names.items():
            one = button(text, partial(self.show_mode, mode), "flat")
            one.setObjectName(f"mode_{mode}")
            one.setCheckable(True)
            line.addWidget(one)
            self.mode_buttons[mode] = one
        if self.body.panes() is None or self.kind.archetype == "calculator":
            holder.hide()
        return holder

    def show_mode(self, mode: str) -> None:
        """Show the list, the drawing, or both."""
        self._mode_chosen = True
        self.window_.settings.panes[f"worksheet.{self.kind.id}.mode"] = mode
        self._set_mode(mode)

    def _show_list(self) -> None:
        if self._mode == "drawing":
            self.show_mode("both")

    def _set_mode(self, mode: str) -> None:
        self._mode = mode
        self.body.show_panes(mode, low=self._is_low)
        for name, one in self.mode_buttons.items():
            one.setChecked(name == mode)

    @property
    def _is_low(self) -> bool:
        return self.height() < ROOM_FOR_BOTH

    @property
    def _usual_mode(self) -> str:
        """What the user chose last for such a worksheet; else what the room is enough for."""
        kept = self.window_.settings.panes.get(f"worksheet.{self.kind.id}.mode")
        if kept in self.mode_buttons:
            return str(kept)
        return "list" if self.kind.archetype == "grid" and self._is_low else "both"

    def _show_offers(self) -> None:
        texts = [(o.id, o.text(self.binding.view)) for o in self.kind.offers]
        wanted = tuple((i, t) for i, t in texts if t) if self.binding.editable else ()
        if wanted == getattr(self, "_offered", None):
            return
        self._offered = wanted
        clear(self.offers)
        for offer_id, text in wanted:
            self.offers.addWidget(label(text, "muted", wrap=False))
            yes = button("Yes", partial(self.binding.offer, offer_id))
            yes.setObjectName(f"offer_{offer_id}")
            self.offers.addWidget(yes)
        if wanted:
            self.offers.addStretch(1)

    def main_part(self) -> QWidget:
        """The outline or the list; in a form its first field."""
        body = self.body
        lists = (body.outline, *(panel.view for panel in body.grids.values()))
        first: QWidget | None = next((p for p in lists if p is not None and p.isVisible()), None)
        if first is None or self.kind.archetype in {"form", "calculator"}:
            first = body.first_field() or first
        return first or super().main_part()

    def panes(self) -> tuple[QWidget, ...]:
        """List or form, what is picked in the outline, drawing, checks and help."""
        parts = (self.main_part(), self.body.row_form, self.body.drawing, self.side)
        return tuple(p for p in parts if p is not None and p.isVisible())

    def theme_changed(self) -> None:
        """Pictures and glyphs carry the theme's colours."""
        self.setStyleSheet(worksheet_sheet(self.window_.tokens))
        self.side.theme_changed()
        self._refresh_all()
        if self.body.outline is not None:
            self.body.outline.repaint_all()

    def accept_pending(self) -> None:
        """Take over what is being typed."""
        self.body.accept()

    def shown(self) -> None:
        """The page came to the front."""
        self.side.photos.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel is open at first where there is room for it."""
        super().resizeEvent(event)
        self._show_chips()
        if self.kind.archetype != "calculator":
            self._set_mode(self._mode if self._mode_chosen else self._usual_mode)
        if not self._panel_chosen:
            needed = ROOM_FOR_PANEL if self.kind.archetype == "form" else ROOM_BESIDE_DRAWING
            room = event.size().width() >= needed
            self.side.setVisible(room)
            self.panel_button.setChecked(room)
            if room:
                self.split.setSizes([event.size().width() - 320, 320])

    # messages ------------------------------------------------------------------------------

    def _refused(self, problem: Problem) -> None:
        self.notice.tell(f"{problem.message} {problem.hint}".strip())

    def toggle_panel(self) -> None:
        """Show or hide checks, help and photos."""
        self._panel_chosen = True
        on = self.side.isHidden()
        self.side.setVisible(on)
        self.panel_button.setChecked(on)
        if on:
            self.split.setSizes([max(300, self.width() - 320), 320])

    def picked(self) -> str:
        """Return the row that is picked."""
        return self.binding.current

    def next_problem(self) -> None:
        """Go to the next thing that a check found."""
        self.next_message()

    def next_message(self) -> None:
        """Go to the next thing that a check found."""
        waiting = [m for m in messages(self.binding.view) if not m.accepted]
        if not waiting:
            self.window_.say("Nothing to settle: every check is met.")
            return
        self._message_at = (self._message_at + 1) % len(waiting)
        self.show_message(waiting[self._message_at])

    def show_message(self, message: Message) -> None:
        """Go to where a message belongs."""
        hit = message.hit
        self.window_.say(hit.text)
        self.body.go_to(hit.section_id, hit.row_id, hit.field_id)

    def accept_message(self, message: Message) -> None:
        """Accept what a check found, with a reason."""
        reason = ask_reason(
            self, "Accept with reason", f"{message.hit.text} Why is it fine here?", "Accept",
            ("agreed with the sponsor", "does not apply here"),
        )  # fmt: skip
        if reason:
            self._guarded(
                lambda: use.accept_message(self.session, self.binding.view, message, reason)
            )

    def withdraw(self, message: Message) -> None:
        """Take an acceptance back."""
        self._guarded(lambda: use.withdraw_acceptance(self.session, self.binding.view, message))

    def _guarded(self, run: Callable[[], object]) -> None:
        try:
            run()
        except Problem as problem:
            self._refused(problem)

    # status --------------------------------------------------------------------------------

    def mark_ready(self) -> None:
        """Say that the worksheet is ready; open musts are shown instead."""
        if self.binding.record_id:
            self.accept_pending()
            self._guarded(lambda: use.set_status(self.session, self.binding.record_id, "ready"))

    def not_needed(self) -> None:
        """Say that the worksheet is not needed, and why."""
        reason = ask_reason(
            self, "Not needed", f"Why is {self.kind.title} not needed here?", "Not needed",
            ("covered by another worksheet", "too small a project"),
        )  # fmt: skip
        if reason:
            self._guarded(
                lambda: use.set_status(self.session, self.binding.record_id, "not needed", reason)
            )

    def reopen(self) -> None:
        """Go on working on the worksheet."""
        self._guarded(lambda: use.set_status(self.session, self.binding.record_id, "in progress"))

    def rename(self) -> None:
        """Give the worksheet another title."""
        title = ask_reason(self, "Rename", "Title of this worksheet", "Rename", text=self._title())
        if title:
            self._guarded(
                lambda: self.session.edit(
                    self.binding.record_id, {"title": title}, label="Rename worksheet"
                )
            )

    def delete(self) -> None:
        """Put the worksheet into the bin; undo brings it back."""
        title = self._title()
        self.session.delete(self.binding.record_id, label=f"Delete {title}")
        self.window_.say(f"{title} is in the bin. Ctrl+Z brings it back.")

    # copying -------------------------------------------------------------------------------

    def copy_table(self) -> None:
        """Copy everything as text and as HTML, for Word or Excel."""
        blocks = worksheet_blocks(self.binding.view)
        data = QMimeData()
        data.setText(as_text(blocks))
        data.setHtml(as_html(blocks))
        QGuiApplication.clipboard().setMimeData(data)
        self.window_.say("Copied as a table.")

    def why_no_export(self) -> str:
        """A register without rows and without a worksheet of its own has nothing."""
        view = self.binding.view
        filled = any(rows_shown(view, one) for one in view.type.sections if one.repeats)
        empty = not self.binding.record_id and not filled
        return "There is nothing here yet." if empty else ""

    def export(self) -> None:
        """Save the drawing, the pages or the tables to a file."""
        from leanlab.app.worksheet_pages import tables_of
        from leanlab.ui.dialogs import export

        self.accept_pending()
        view = self.binding.view
        drawn = picture_of(view)
        picture = export.picture_ways(drawn.svg) if drawn is not None else {}
        tables = export.table_ways(tables_of(worksheet_blocks(view)))
        first, last = (tables, picture) if self.kind.archetype == "grid" else (picture, tables)
        paper = export.paper_ways(self.window_) if self.binding.record_id else {}
        export.export(self.window_, self._title(), {**first, **paper, **last})

    def copy_picture(self) -> None:
        """Copy the drawing as a picture."""
        if self.body.drawing is not None:
            QGuiApplication.clipboard().setImage(self.body.drawing.image())
            self.window_.say("Copied as a picture.")

    def attach_photo(self) -> None:
        """Keep a photo with the picked row, or with the worksheet."""
        ask_photos(self, self.binding, self.side.photos.owner())
        self.side.photos.refresh()

    # parts ---------------------------------------------------------------------------------

    def show_evidence(self, cause_id: str = "") -> None:
        """Ask how we know about the picked cause."""
        chosen = cause_id or self.binding.current
        if self.binding.view.record("cause", chosen).id:
            ask_evidence(self.binding, chosen, self)
        else:
            self.window_.say("Choose a cause first.")

    def add_next_step(self, after: str = "") -> None:
        """Add a step after the picked one, connected to it, and type its name."""
        canvas = self.kind.canvas
        if canvas is None or not canvas.connects or self.body.drawing is None:
            return
        before = next(
            (
                r
                for r in self.binding.view.all(canvas.section)
                if r.id == (after or self.binding.current)
            ),
            None,
        )
        values: dict[str, object] = {"name": "New step"}
        if before is not None:
            values["lane"] = before.get("lane")
        with self.session.step("Add step"):
            made = self.binding.add(canvas.section, values, after=before.id if before else "")
            if made and before is not None:
                from leanlab.worksheets.declare import Edit

                exits = [*(before.get("next") or ()), {"to": made}]
                self.binding.edit([Edit(canvas.section, before.id, {"next": exits})])
        if made:
            self.binding.pick(made)
            self.body.drawing.setFocus()
            self.body.drawing.edit_text(made)

    def connect_step(self, row_id: str = "") -> None:
        """Ask where the picked step leads."""
        canvas = self.kind.canvas
        chosen = row_id or self.binding.current
        if canvas is None or not any(r.id == chosen for r in self.binding.view.all(canvas.section)):
            self.window_.say("Choose a step first.")
        elif len(self.binding.view.all(canvas.section)) < 2:  # noqa: PLR2004 - nothing to lead to
            self.window_.say("Add another step first.")
        else:
            ask_connectors(self.binding, canvas.section, chosen, self)

    def grid(self, section_id: str) -> GridPanel:
        """Return the grid of a section."""
        return self.body.grids[section_id]


class _Notice(QFrame):
    """A sentence about what could not be done; it goes when something else was."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.text = label("")
        close = QPushButton("Close")
        close.setObjectName("link")
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.hide)
        line = row(self.text, close)
        line.setStretch(0, 1)
        line.setContentsMargins(16, 8, 12, 8)
        self.setLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str) -> None:
        """Show a sentence for a while."""
        self.text.setText(text)
        self.show()
        self._timer.start(SHOWN_FOR)
