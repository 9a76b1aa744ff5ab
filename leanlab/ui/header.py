"""The bar at the top: the usual commands, and one box that finds everything."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from leanlab.ui.icons import icon
from leanlab.ui.widgets import label

if TYPE_CHECKING:
    from leanlab.ui.commands import CommandBar
    from leanlab.ui.window import MainWindow

WITH_TEXT = {"analysis", "save", "report", "print"}
AFTER_PAINT = 100  # milliseconds
SHOWN = ("back", "forward", "analysis", "undo", "redo", "save", "report", "print")


class Header(QToolBar):
    """The tool bar of the window; every button is a command of the menus too."""

    def __init__(self, window: "MainWindow", bar: "CommandBar") -> None:
        super().__init__("Tools")
        self.setObjectName("header")
        self.setMovable(False)
        self.setIconSize(QSize(19, 19))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._bar = bar
        self._tokens: Mapping[str, str] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(AFTER_PAINT)
        self._later.timeout.connect(lambda: self._paint_actions(self._bar.commands))
        brand = label("LeanLab", "brand", wrap=False)
        self.addWidget(brand)
        for command_id in SHOWN:
            self._add(command_id)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.find_box = QPushButton("Find a tool, a chart or a note…   Ctrl+K")
        self.find_box.setObjectName("find_box")
        self.find_box.setAccessibleName("Find a command, a chart or a record")
        self.find_box.clicked.connect(window.show_palette)
        self.find_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.addWidget(self.find_box)
        self.look = QToolButton()
        self.look.setObjectName("theme_button")
        self.look.setAccessibleName("Switch between light and dark")
        self.look.setToolTip("Switch between light and dark")
        self.look.clicked.connect(window.toggle_theme)
        self.addWidget(self.look)
        self._add("help")

    def _add(self, command_id: str) -> None:
        action = self._bar.actions.get(command_id)
        if action is None:
            return
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            style = Qt.ToolButtonStyle
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon
                if command_id in WITH_TEXT
                else style.ToolButtonIconOnly
            )
            button.setAccessibleName(action.text().replace("&", "").rstrip("…"))

    def paint(self, tokens: Mapping[str, str]) -> None:
        """Draw the icons in the colours of the theme; those of the menus once the window stands."""
        self._tokens = tokens
        self._paint_actions((*SHOWN, "help"))
        self._later.start()
        self.find_box.setIcon(icon("search", tokens["muted"]))
        self.look.setIcon(icon("moon" if tokens["name"] == "light" else "sun", tokens["text"]))

    def _paint_actions(self, names: Iterable[str]) -> None:
        for name in names:
            command = self._bar.commands[name]
            if command.icon:
                self._bar.actions[name].setIcon(
                    icon(command.icon, self._tokens["text"], muted=self._tokens["border"])
                )
