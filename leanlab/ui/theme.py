"""Light and dark: one table of colours feeds palette, style sheet and icons."""

from collections.abc import Mapping
from string import Template

from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from leanlab.core.resources import resource

LIGHT: Mapping[str, str] = {
    "name": "light", "window": "#F4F6F9", "surface": "#FFFFFF", "text": "#1F2933",
    "muted": "#55606D", "border": "#D5DBE3", "accent": "#1D5BBF", "accent_text": "#FFFFFF",
    "hover": "#E9EEF6", "selected": "#DCE8FA", "ok": "#17706B", "attention": "#7A5F00",
    "problem": "#8E1600", "link": "#1D5BBF", "field": "#FFFFFF", "focus": "#1D5BBF",
    "faint": "#9AA4B1", "notice": "#FFF7E0", "stripe": "#FAFBFD", "scroll": "#C3CBD6",
    "accent_hover": "#174DA5",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "name": "dark", "window": "#16191E", "surface": "#1E2228", "text": "#E6EAF0",
    "muted": "#A3ADBA", "border": "#3A424D", "accent": "#2F6FD0", "accent_text": "#FFFFFF",
    "hover": "#2A303A", "selected": "#2B3F5E", "ok": "#56B4E9", "attention": "#F0E442",
    "problem": "#FF8A78", "link": "#8FB8F5", "field": "#171B20", "focus": "#7FB0FF",
    "faint": "#6B7684", "notice": "#322D1B", "stripe": "#21262D", "scroll": "#48525F",
    "accent_hover": "#5A92EA",
}  # fmt: skip
TOKENS = {"light": LIGHT, "dark": DARK}

_SHEET = Template(
    """
QWidget { color: $text; font-size: ${body}pt; }
QMainWindow, QDialog, QStackedWidget, QScrollArea, #page { background: $window; }
QScrollArea { border: none; }
#sidebar { background: $surface; border: none; border-right: 1px solid $border; outline: 0; padding: 8px 6px; }
#sidebar::item { padding: 4px 4px; border: none; }
#sidebar::item:hover { background: $hover; }
#sidebar::item:selected { background: $selected; color: $text; }
#sidebar::branch { background: transparent; }
#card { background: $surface; border: 1px solid $border; border-radius: 8px; }
#gate_question { border: 2px solid transparent; border-radius: 6px; }
#gate_question:focus { border-color: $focus; background: $hover; }
#evidence_panel, #comments_panel { background: $surface; border: none; border-left: 1px solid $border; }
#review_bar { background: $notice; border: none; border-bottom: 1px solid $border; }
#decision_bar { background: $surface; border: none; border-top: 1px solid $border; }
#said_who, #review_heading { font-weight: 600; }
#banner { background: $notice; border: 1px solid $border; border-radius: 8px; }
QLabel { background: transparent; }
#title { font-size: ${title}pt; font-weight: 600; }
#heading { font-size: ${heading}pt; font-weight: 600; }
#brand { font-size: ${heading}pt; font-weight: 700; padding: 0 14px 0 6px; }
#number { font-size: ${number}pt; font-weight: 600; }
#muted { color: $muted; } #small { color: $muted; font-size: ${small}pt; }
#problem { color: $problem; } #ok { color: $ok; } #attention { color: $attention; }
#saved_words { color: $muted; padding: 0 8px; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; padding: 5px 8px; spacing: 3px; }
QToolButton { padding: 5px 8px; border-radius: 6px; border: 1px solid transparent; background: transparent; }
QToolButton:hover { background: $hover; } QToolButton:focus { border-color: $focus; }
QToolButton:checked { background: $selected; } QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
QPushButton { padding: 5px 13px; border: 1px solid $border; border-radius: 6px; background: $surface; min-height: 18px; }
QPushButton:hover { background: $hover; } QPushButton:pressed { background: $selected; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 12px; }
QPushButton:default, QPushButton#primary { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton:default:hover, QPushButton#primary:hover { background: $accent_hover; }
QPushButton#primary:focus, QPushButton:default:focus { border: 2px solid $text; }
QPushButton:disabled, QPushButton#primary:disabled { color: $faint; background: $window; border-color: $border; }
QPushButton#link { border: none; background: transparent; color: $link; text-align: left; padding: 3px 1px; }
QPushButton#link:hover { text-decoration: underline; } QPushButton#link:focus { border: 1px solid $focus; border-radius: 4px; padding: 2px 0; }
QPushButton#choice { text-align: left; padding: 10px 14px; }
QPushButton#find_box { text-align: left; color: $muted; background: $field; min-width: 250px; padding: 5px 10px; }
QPushButton#find_box:hover { border-color: $focus; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {
  background: $field; border: 1px solid $border; border-radius: 6px; padding: 4px 7px; min-height: 18px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus {
  border: 2px solid $focus; padding: 3px 6px; }
/* the list that drops down is as high as the upper padding says: it may not differ with the focus */
QComboBox:focus { border: 2px solid $focus; padding: 4px 6px; min-height: 16px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only { background: $window; color: $muted; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($arrow); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; outline: 0;
  selection-background-color: $selected; selection-color: $text; }
QTableView, QTreeView, QListView { background: $surface; alternate-background-color: $stripe;
  border: 1px solid $border; border-radius: 6px; gridline-color: $border; outline: 0;
  selection-background-color: $selected; selection-color: $text; }
QAbstractScrollArea::corner { background: $surface; border: none; }
QTableView::item:focus { border: 2px solid $focus; }
QTableView QLineEdit, QTreeView QLineEdit { border-radius: 0; padding: 0 4px; min-height: 0; }
QHeaderView { background: $window; }
QHeaderView::section { background: $window; border: none; border-right: 1px solid $border;
  border-bottom: 1px solid $border; padding: 5px 8px; font-weight: 600; }
QTableCornerButton::section { background: $window; border: none; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: none; }
QMenuBar { background: $surface; padding: 1px 4px; } QMenuBar::item { padding: 5px 10px; background: transparent; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 24px; border-radius: 5px; } QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $faint; } QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 6px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 7px 14px; border: none; border-bottom: 2px solid transparent; background: transparent; color: $muted; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabWidget::pane { border: none; }
QSplitter::handle { background: $border; } QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar { background: $hover; border: none; border-radius: 4px; height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QScrollBar:vertical { background: transparent; width: 12px; } QScrollBar:horizontal { background: transparent; height: 12px; }
QScrollBar::handle { background: $scroll; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCheckBox, QRadioButton { spacing: 7px; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
#qt_msgbox_label { font-weight: 600; } #qt_msgbox_informativelabel { color: $muted; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator, QTableView::indicator {
  width: 13px; height: 13px; border: 1px solid $muted; border-radius: 4px; background: $field; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked {
  background: $accent; border-color: $accent; image: url($check); }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate {
  background: $accent; border-color: $accent; image: url($partly); }
QCheckBox::indicator:disabled { border-color: $border; background: $window; }
QCheckBox::indicator:focus { border: 2px solid $focus; width: 11px; height: 11px; }
QRadioButton::indicator { width: 12px; height: 12px; border-radius: 8px; border: 2px solid $muted; background: $field; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 4px solid $accent; background: $accent_text; }
QRadioButton::indicator:focus { border-color: $focus; }
QGroupBox { border: 1px solid $border; border-radius: 8px; margin-top: 10px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; }
"""
)


def _sheet(tokens: Mapping[str, str], text_size: int) -> str:
    sizes = {
        "body": text_size, "small": text_size - 1, "heading": text_size + 1,
        "title": text_size + 5, "number": text_size + 8,
    }  # fmt: skip
    arrow = resource(f"icons/arrow-{tokens['name']}.svg").as_posix()
    marks = {name: resource(f"icons/{file}.svg").as_posix()
             for name, file in (("check", "check"), ("partly", "check-partly"))}  # fmt: skip
    return _SHEET.substitute(tokens, arrow=arrow, **marks, **sizes)


def system_theme() -> str:
    """Return the theme that the system asks for."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme.name == "Dark" else "light"


def apply_theme(app: QApplication, choice: str, text_size: int = 10) -> Mapping[str, str]:
    """Give the whole program one look; `choice` is light, dark or system, `text_size` in points."""
    tokens = TOKENS[system_theme() if choice == "system" else choice]
    app.setPalette(_palette(tokens))
    app.setStyleSheet(_sheet(tokens, text_size))
    return tokens


def _palette(tokens: Mapping[str, str]) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for one, token in (
        (role.Window, "window"), (role.WindowText, "text"), (role.Base, "surface"),
        (role.AlternateBase, "window"), (role.Text, "text"), (role.Button, "surface"),
        (role.ButtonText, "text"), (role.ToolTipBase, "surface"), (role.ToolTipText, "text"),
        (role.Highlight, "selected"), (role.HighlightedText, "text"), (role.Link, "link"),
        (role.PlaceholderText, "muted"), (role.Mid, "border"), (role.Accent, "accent"),
    ):  # fmt: skip
        palette.setColor(one, QColor(tokens[token]))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens["muted"]))
    return palette
