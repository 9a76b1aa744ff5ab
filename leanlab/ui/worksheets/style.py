"""The look of the worksheet editors where it adds to the theme of the program."""

from collections.abc import Mapping
from string import Template

from leanlab.core.resources import resource
from leanlab.worksheets.layout.drawing import PALETTES

_SHEET = Template(
    """
#worksheet_head { background: transparent; }
#card QTableView::item { padding: 0 6px; }
#card QStackedWidget { background: $surface; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid $muted; border-radius: 4px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QCheckBox::indicator:focus { border: 2px solid $focus; }
#card QTableView, #card QTreeView, #card QListView { border: none; border-radius: 0; }
#card QTabBar { background: transparent; }
#card > QScrollArea, #card QScrollArea > QWidget > QWidget#row_form, #row_form { background: $surface; }
#outline_panes QScrollArea { background: $surface; border: none; border-top: 1px solid $border; }
QSplitter#panes::handle, QSplitter#outline_panes::handle { background: transparent; }
QSplitter#panes::handle:hover { background: $hover; }
#words_card { background: $accent_soft; border: none; border-radius: 8px; }
#sentence { font-size: 11pt; }
#calc { color: $text; padding: 3px 0; }
#scale_card { border: none; background: $surface; }
#scale_card::item { padding: 3px 6px; }
#scale_card::item:selected { background: $selected; color: $text; border-radius: 4px; }
QPushButton#flat { border: none; background: transparent; padding: 4px 9px; }
QPushButton#flat:hover { background: $hover; border-radius: 5px; }
#modes { background: $window; border: 1px solid $border; border-radius: 6px; }
#modes QPushButton { border: none; background: transparent; padding: 4px 10px; border-radius: 5px; }
#modes QPushButton:hover { background: $hover; }
#modes QPushButton:checked { background: $selected; }
#modes QPushButton:focus { border: 2px solid $focus; padding: 2px 8px; }
QPushButton#flat:checked { background: $selected; border-radius: 5px; }
QPushButton#flat:focus { border: 2px solid $focus; padding: 2px 7px; border-radius: 5px; }
QPushButton#next_message { border: 1px solid $border; border-radius: 12px; padding: 3px 12px; color: $text; background: $notice; }
QPushButton#next_message:focus { border: 2px solid $focus; padding: 2px 11px; }
#worksheet_panel::pane { border-left: 1px solid $border; background: $window; }
#worksheet_panel QTextBrowser { background: transparent; border: none; padding: 0; }
#photo_list { background: transparent; border: none; }
#drawing { border: none; border-radius: 8px; }
"""
)


def worksheet_sheet(tokens: Mapping[str, str]) -> str:
    """Return the style sheet of a worksheet page."""
    return _SHEET.substitute(
        tokens,
        accent_soft=PALETTES[tokens["name"]]["accent_soft"],
        check=resource("icons/check.svg").as_posix(),
    )
