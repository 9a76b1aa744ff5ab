"""Light and dark: one table of colours feeds palette, style sheet and icons."""

from collections.abc import Mapping
from string import Template

from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

LIGHT: Mapping[str, str] = {
    "name": "light", "window": "#F4F6F9", "surface": "#FFFFFF", "text": "#1F2933",
    "muted": "#55606D", "border": "#D5DBE3", "accent": "#1D5BBF", "accent_text": "#FFFFFF",
    "hover": "#E9EEF6", "selected": "#DCE8FA", "ok": "#17706B", "attention": "#7A5F00",
    "problem": "#8E1600", "link": "#1D5BBF", "field": "#FFFFFF", "focus": "#1D5BBF",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "name": "dark", "window": "#16191E", "surface": "#1E2228", "text": "#E6EAF0",
    "muted": "#A3ADBA", "border": "#3A424D", "accent": "#3F7FE0", "accent_text": "#FFFFFF",
    "hover": "#2A303A", "selected": "#2B3F5E", "ok": "#56B4E9", "attention": "#F0E442",
    "problem": "#FF8A78", "link": "#8FB8F5", "field": "#171B20", "focus": "#7FB0FF",
}  # fmt: skip
TOKENS = {"light": LIGHT, "dark": DARK}

_SHEET = Template(
    """
QWidget { color: $text; font-size: 10.5pt; }
QMainWindow, QDialog, QStackedWidget, QScrollArea, #page { background: $window; }
QScrollArea { border: none; }
#sidebar { background: $surface; border: none; border-right: 1px solid $border; outline: 0; padding: 6px; }
#sidebar::item { padding: 4px 6px; border-radius: 5px; }
#sidebar::item:hover { background: $hover; }
#sidebar::item:selected { background: $selected; color: $text; }
#sidebar::branch { background: transparent; }
#card { background: $surface; border: 1px solid $border; border-radius: 8px; }
QLabel { background: transparent; }
#title { font-size: 15pt; font-weight: 600; }
#heading { font-size: 11.5pt; font-weight: 600; }
#muted { color: $muted; }
#problem { color: $problem; } #ok { color: $ok; } #attention { color: $attention; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; padding: 4px 8px; spacing: 4px; }
QToolButton { padding: 5px 9px; border-radius: 5px; border: 1px solid transparent; background: transparent; }
QToolButton:hover { background: $hover; } QToolButton:focus { border-color: $focus; }
QToolButton:disabled { color: $muted; }
QPushButton { padding: 5px 13px; border: 1px solid $border; border-radius: 5px; background: $surface; }
QPushButton:hover { background: $hover; } QPushButton:focus { border: 2px solid $focus; padding: 4px 12px; }
QPushButton:default, QPushButton#primary { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton#primary:focus { border: 2px solid $text; }
QPushButton:disabled { color: $muted; background: $window; }
QPushButton#link { border: none; background: transparent; color: $link; text-align: left; padding: 3px 4px; }
QPushButton#link:hover { text-decoration: underline; } QPushButton#link:focus { border: 1px solid $focus; }
QPushButton#choice { text-align: left; padding: 10px 14px; }
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {
  background: $field; border: 1px solid $border; border-radius: 5px; padding: 4px 6px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus {
  border: 2px solid $focus; padding: 3px 5px; }
QTableView, QTreeView, QListView { background: $surface; alternate-background-color: $window;
  border: 1px solid $border; gridline-color: $border; selection-background-color: $selected; selection-color: $text; }
QHeaderView::section { background: $window; border: none; border-right: 1px solid $border;
  border-bottom: 1px solid $border; padding: 5px 8px; font-weight: 600; }
QTableCornerButton::section { background: $window; border: none; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $muted; }
QMenuBar { background: $surface; } QMenuBar::item { padding: 5px 10px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px; border-radius: 4px; } QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $muted; } QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QTabBar::tab { padding: 6px 14px; border: none; background: transparent; color: $muted; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabWidget::pane { border: none; }
QSplitter::handle { background: $border; } QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QScrollBar:vertical { background: transparent; width: 11px; } QScrollBar:horizontal { background: transparent; height: 11px; }
QScrollBar::handle { background: $border; border-radius: 5px; min-height: 24px; min-width: 24px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QCheckBox { spacing: 7px; }
"""
)


def system_theme() -> str:
    """Return the theme that the system asks for."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme.name == "Dark" else "light"


def apply_theme(app: QApplication, choice: str) -> Mapping[str, str]:
    """Give the whole program one look; `choice` is light, dark or system."""
    tokens = TOKENS[system_theme() if choice == "system" else choice]
    app.setStyle("Fusion")
    app.setPalette(_palette(tokens))
    app.setStyleSheet(_SHEET.substitute(tokens))
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
