"""Menus of the data page: for cells and rows, for a column, and for the whole sheet."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from leanlab.app.records import SheetColumn
from leanlab.core import format as words
from leanlab.data.typing_cells import meant
from leanlab.ui.sheets.model import KIND_WORDS

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

MOST_CHARTS = 20
_CELLS = (
    ("Cut", "cut", "Ctrl+X"), ("Copy", "copy", "Ctrl+C"), ("Paste", "paste", "Ctrl+V"),
    ("Fill down", "fill_down", "Ctrl+D"), ("Clear cells", "clear", "Del"), None,
    ("Exclude rows…", "exclude", "E"), ("Label rows…", "label", "L"), ("Include rows", "include", "I"),
    None, ("Insert rows above", "insert_rows", "Ctrl++"), ("Delete rows", "delete_rows", "Ctrl+-"),
)  # fmt: skip


def cell_menu(page: "DataPage") -> QMenu:
    """What can be done to the selected cells and rows; first what a marked cell may have meant."""
    menu = QMenu(page)
    _add_corrections(page, menu)
    for entry in _CELLS:
        if entry is None:
            menu.addSeparator()
            continue
        text, wish, keys = entry
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.setEnabled(wish == "copy" or not page.session.read_only)
        action.triggered.connect(lambda *_, w=wish: page.editing.carry_out(w))
    _add_charts(menu, page)
    return menu


def _add_charts(menu: QMenu, page: "DataPage") -> None:
    """Offer to show the selected rows on the charts of this data."""
    charts = [a for a in page.session.records("analysis") if a.get("sheet_id") == page.record_id]
    if charts:
        menu.addSeparator()
        shown = menu.addMenu("Show on a chart")
        shown.setObjectName("show_on_chart")
        for chart in charts[:MOST_CHARTS]:
            title = str(chart.get("title", "")).replace("&", "&&")
            _add(shown, title, partial(page.show_on_chart, chart.id))


def _add_corrections(page: "DataPage", menu: QMenu) -> None:
    at = page.view.currentIndex()
    row_id = page.model.row_id(at.row()) if at.isValid() else None
    one = page.current
    if row_id is None or one is None or page.session.read_only:
        return
    raw = page.model.bad.get((row_id, one.id))
    if raw is None:
        return
    for value in meant(one.kind, raw):
        _add(menu, f"Correct to {value}", partial(page.editing.correct, row_id, one.id, value))
    _add(menu, "Leave it missing", partial(page.editing.correct, row_id, one.id, ""))
    menu.addSeparator()


def column_menu(page: "DataPage", one: SheetColumn) -> QMenu:
    """What can be done with a column."""
    menu, edit = QMenu(page), not page.session.read_only
    at = [c.id for c in page.model.sheet.columns].index(one.id)
    _add(menu, "Sort, lowest first", lambda: page.sort_by(one.id, descending=False))
    _add(menu, "Sort, highest first", lambda: page.sort_by(one.id, descending=True))
    _add(menu, "Filter…", lambda: page.ask_filter(one))
    if page.conditions or page.sorting:
        _add(menu, "Clear filter and sorting", page.clear_view)
    menu.addSeparator()
    _add(menu, "Rename…", lambda: page.edit_property("name", one), edit)
    _add(menu, "Unit…", lambda: page.edit_property("unit", one), edit)
    if one.formula:
        _add(menu, "Change the formula…", lambda: page.ask_formula(one), edit)
        freeze = page.session.freeze_column
        _add(menu, "Turn into ordinary values", lambda: freeze(page.record_id, one.id), edit)
    kinds = menu.addMenu("Read as")
    kinds.setEnabled(edit and not one.formula)
    for kind, text in KIND_WORDS.items():
        action = _add(kinds, text, partial(page.retype, one, kind))
        action.setCheckable(True)
        action.setChecked(kind == one.kind)
        action.setEnabled(kind != one.kind)
    _add(menu, "New metric from this column…", lambda: page.bind_metric(one), edit)
    menu.addSeparator()
    _add(menu, "Add a column before", lambda: add_column(page, at), edit)
    _add(menu, "Add a column after", lambda: add_column(page, at + 1), edit)
    _add(menu, "Add a calculated column…", lambda: page.ask_formula(None), edit)
    last = len(page.model.sheet.columns) - 1
    move = page.session.move_column
    _add(menu, "Move left", lambda: move(page.record_id, one.id, at - 1), edit and at > 0)
    _add(menu, "Move right", lambda: move(page.record_id, one.id, at + 1), edit and at < last)
    _add(
        menu,
        "Hide column",
        lambda: page.editing.tried(lambda: page.session.hide_column(page.record_id, one.id)),
        edit,
    )
    if page.model.sheet.unseen:
        _add(menu, _show_words(page), lambda: page.session.show_columns(page.record_id), edit)
    _add(
        menu,
        "Delete column",
        lambda: page.editing.tried(lambda: page.session.delete_column(page.record_id, one.id)),
        edit,
    )
    return menu


def _show_words(page: "DataPage") -> str:
    return f"Show {words.count(len(page.model.sheet.unseen), 'hidden column')}"


def more_menu(page: "DataPage") -> QMenu:
    """What can be done with the whole sheet."""
    menu, run = QMenu(page), page.window_.bar
    for name in ("add_rows", "replace_file", None, "add_column", "calculated_column", "reshape",
                 "show_columns", "sort_for_good", None, "export_data", "show_source", "delete_sheet"):  # fmt: skip
        if name is None:
            menu.addSeparator()
        else:
            run.refresh()
            menu.addAction(run.actions[name])
    return menu


def add_column(page: "DataPage", position: int | None = None) -> None:
    """Add an empty column of numbers; its kind can be changed."""
    from leanlab.data.columns import empty_column
    from leanlab.ui.dialogs.reason import ask_reason

    name = ask_reason(page, "Add a column", "What is the name of the column?", "Add")
    if not name:
        return
    if any(c.name == name for c in page.model.sheet.columns):
        page.window_.say(f"There is a column named {name} already.")
        return
    count = int(page.model.all_ids.size)
    empty = empty_column(name, "number", count)
    page.editing.tried(lambda: page.session.add_column(page.record_id, empty, position=position))


def _add(
    menu: QMenu,
    text: str,
    run: Callable[[], object],
    enabled: bool = True,  # noqa: FBT002
) -> QAction:
    action = menu.addAction(text)
    action.setEnabled(enabled)
    action.triggered.connect(lambda *_: run())
    return action
