"""Which keys run which command: the usual ones, or those that the user chose instead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from leanlab.ui.commands import Command

PORTABLE = QKeySequence.SequenceFormat.PortableText
NATIVE = QKeySequence.SequenceFormat.NativeText
# keys that belong to a part of a page, not to a command
IN_PLACE = (
    ("On a control chart", "Left; Right", "Previous or next point; Shift extends"),
    ("On a control chart", "Ctrl+Left; Ctrl+Right", "Previous or next point, the selection stays"),
    ("On a control chart", "Space", "Take the point into the selection, or out of it"),
    ("On a control chart", "PgUp; PgDown", "Previous or next signal"),
    ("On a control chart", "Del", "Exclude the points, with a reason"),
    ("On a control chart", "A", "Write a note at the point"),
    ("On a control chart", "C", "Assign a cause to the point"),
    ("On a control chart", "S", "Start a stage at the point"),
    ("On a control chart", "L", "Use the points up to here for the limits"),
    ("On a control chart", "O", "Show the points in the data sheet"),
    ("On an analysis", "Alt+PgDown; Alt+PgUp", "Next or previous column that fits"),
    ("On an analysis", "Alt+1; Alt+2; Alt+3; Alt+4; Alt+5; Alt+6", "Another picture"),
    ("On an analysis", "F2", "Change the title"),
    ("On a gate", "Up; Down", "Previous or next question"),
    ("On a gate", "Return", "Show the evidence beside the questions"),
    ("On a gate", "A; D", "Agree or disagree, in a review"),
    ("On a gate", "C", "Comment the answer"),
    ("On a gate", "Ctrl+Return", "Decide"),
    ("On an outcome card", "1; 2; 3", "Sustained, follow up, not achieved"),
    ("On an outcome card", "Ctrl+Return", "Sign the decision, or keep it in the review"),
    ("On an outcome card", "Ctrl+Right; Ctrl+Left", "Next or previous card"),
    ("In a table", "F2", "Edit the cell"),
    ("In a table", "F4", "Show the choices of the cell"),
    ("In a table", "Ctrl+D", "Fill down"),
    ("In a table", "Ctrl+C; Ctrl+V", "Copy and paste, also from and to Excel"),
    ("In a table", "Ctrl+Return", "New row below; with Shift above"),
    ("In a data sheet", "E", "Exclude the rows, with a reason"),
    ("In a data sheet", "Alt+Return", "Name, unit and kind of the column"),
    ("In a tree", "Return; Tab; Shift+Tab", "New line beside, below, or one level up"),
    ("In a tree", "Alt+Down", "Move the line; also Alt+Up"),
)
# page keys that a command may share: the page takes them first, elsewhere the command runs
SHARED = {"Ctrl+Return", "Alt+Up"}


def portable(key: str) -> str:
    """Return a key as it is kept."""
    return QKeySequence(key, PORTABLE).toString(PORTABLE)


def split(keys: str) -> tuple[str, ...]:
    """Return the keys of a text such as "Ctrl+Z; Ctrl+Y"."""
    return tuple(key.strip() for key in keys.split("; ") if key.strip())


def native(keys: Iterable[str]) -> str:
    """Return keys as this system writes them."""
    return ", ".join(QKeySequence(key, PORTABLE).toString(NATIVE) for key in keys)


class Keys:
    """The keys of all commands; `chosen` holds only what differs from the usual."""

    def __init__(self, commands: Sequence["Command"], chosen: Mapping[str, str]) -> None:
        self._commands = {command.id: command for command in commands}
        self.chosen = {
            name: keys
            for name, keys in chosen.items()
            if name in self._commands and isinstance(keys, str)
        }

    def of(self, command_id: str) -> tuple[str, ...]:
        """Return the keys of a command."""
        usual = self._commands[command_id].shortcut
        return split(self.chosen.get(command_id, usual))

    def is_usual(self, command_id: str) -> bool:
        """Whether a command has the keys it came with."""
        return command_id not in self.chosen

    def give(self, command_id: str, keys: Sequence[str]) -> None:
        """Give a command keys, and take them from whoever had them."""
        for other in self._commands:
            kept = [key for key in self.of(other) if key not in keys]
            if other != command_id and len(kept) < len(self.of(other)):
                self._set(other, kept)
        self._set(command_id, keys)

    def _set(self, command_id: str, keys: Sequence[str]) -> None:
        text = "; ".join(keys)
        if text == self._commands[command_id].shortcut:
            self.chosen.pop(command_id, None)
        else:
            self.chosen[command_id] = text

    def restore(self, command_id: str) -> None:
        """Give a command the keys it came with."""
        self.give(command_id, split(self._commands[command_id].shortcut))

    def holder(self, key: str, besides: str = "") -> "Command | None":
        """Return another command that has a key."""
        key = portable(key)
        for name, command in self._commands.items():
            if name != besides and key in map(portable, self.of(name)):
                return command
        return None

    def refused(self, key: str) -> str:
        """Return why a key cannot be given to any command; an empty text if it can."""
        key = portable(key)
        if key not in SHARED:
            for where, keys, what in IN_PLACE:
                if key in map(portable, split(keys)):
                    return f"{native([key])} is taken: {where.lower()}, {_lower(what)}."
        return _typed(key) or _opens_menu(key, self._commands.values())


def _typed(key: str) -> str:
    """Return why a key without Ctrl or Alt will not do."""
    parts = key.split("+")
    function = parts[-1][:1] == "F" and parts[-1][1:].isdigit()
    if function or {"Ctrl", "Alt", "Meta"} & set(parts):
        return ""
    return "A key alone is needed for typing: press it together with Ctrl or Alt."


def _opens_menu(key: str, commands: Iterable["Command"]) -> str:
    for menu in dict.fromkeys(command.menu for command in commands):
        letter = menu.partition("&")[2][:1].upper()
        if letter and key == f"Alt+{letter}":
            return f"{native([key])} opens the menu {menu.replace('&', '')}."
    return ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
