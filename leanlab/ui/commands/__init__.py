"""Every command once, as data: menus, tool bar, palette and shortcuts are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

AREAS = (
    "file",
    "edit",
    "view",
    "project",
    "data",
    "analyze",
    "worksheets",
    "report",
    "portfolio",
    "review",
    "help",
)
MENUS = (
    "&File", "&Edit", "&View", "&Project", "&Data", "&Analyze", "&Worksheets", "&Report", "&Help",
)  # fmt: skip


def _always() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a user can ask for.

    `why_not` returns an empty text when the command can run now, else the reason why not.
    """

    id: str
    menu: str
    text: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    why_not: Callable[[], str] = _always
    words: str = ""  # what else people call it
    separated: bool = False  # a line before it in the menu
    tool: str = ""  # short text for the tool bar

    @property
    def plain(self) -> str:
        """The text without its access key."""
        return self.text.replace("&", "")


def all_commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of every area, in menu order."""
    return tuple(
        command
        for area in AREAS
        for command in import_module(f"leanlab.ui.commands.{area}").commands(window)
    )


class CommandBar:
    """The actions of a window, made from its commands."""

    def __init__(self, window: "MainWindow", commands: Sequence[Command]) -> None:
        from leanlab.ui.shortcuts import Keys

        self.commands = {command.id: command for command in commands}
        self.keys = Keys(commands, window.settings.shortcuts)
        self.actions: dict[str, QAction] = {}
        menus = {name: window.menuBar().addMenu(name) for name in MENUS}
        for command in commands:
            action = QAction(command.text, window)
            action.setObjectName(command.id)
            if command.tool:
                action.setIconText(command.tool)
            action.triggered.connect(lambda *_, c=command: self.run(c.id))
            self.actions[command.id] = action
            if command.separated:
                menus[command.menu].addSeparator()
            menus[command.menu].addAction(action)
            window.addAction(action)
        self._window = window
        self.take_keys()
        for menu in menus.values():
            menu.aboutToShow.connect(self.refresh)

    def take_keys(self) -> None:
        """Let the commands have their keys as the user wants them."""
        for name, command in self.commands.items():
            keys = self.keys.of(name)
            self.actions[name].setShortcuts([QKeySequence(key) for key in keys])
            self.actions[name].setToolTip(_tip(command, keys))

    def run(self, command_id: str) -> None:
        """Run a command, or say why it cannot run now."""
        command = self.commands[command_id]
        reason = command.why_not()
        if reason:
            self._window.say(reason)
        else:
            command.run()

    def refresh(self) -> None:
        """Grey out what cannot run now, and say why in the status bar."""
        for name, command in self.commands.items():
            reason = command.why_not()
            self.actions[name].setEnabled(not reason)
            self.actions[name].setStatusTip(reason)


def _tip(command: Command, keys: Sequence[str]) -> str:
    text = command.plain.rstrip("…")
    return f"{text} ({keys[0]})" if keys else text
