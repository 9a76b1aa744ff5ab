"""Every command once, as data: menus, tool bar, palette and shortcuts are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow


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

    @property
    def plain(self) -> str:
        """The text without its access key."""
        return self.text.replace("&", "")


MENUS = ("&File", "&Edit", "&View", "&Project", "&Data", "&Analyze", "&Report", "&Help")


class CommandBar:
    """The actions of a window, made from its commands."""

    def __init__(self, window: QMainWindow, commands: Sequence[Command]) -> None:
        self.commands = {command.id: command for command in commands}
        self.actions: dict[str, QAction] = {}
        menus = {name: window.menuBar().addMenu(name) for name in MENUS}
        for command in commands:
            action = QAction(command.text, window)
            action.setObjectName(command.id)
            if command.shortcut:
                action.setShortcut(QKeySequence(command.shortcut))
            action.triggered.connect(lambda *_, c=command: _run(c))
            self.actions[command.id] = action
            menus[command.menu].addAction(action)
            window.addAction(action)
        for menu in menus.values():
            menu.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Grey out what cannot run now, and say why in the status bar."""
        for name, command in self.commands.items():
            reason = command.why_not()
            self.actions[name].setEnabled(not reason)
            self.actions[name].setStatusTip(reason)


def _run(command: Command) -> None:
    if not command.why_not():
        command.run()
