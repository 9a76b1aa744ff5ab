"""File menu: begin, open, save and close projects."""

from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.export import exporting
from leanlab.ui.commands.portfolio import portfolio_folder
from leanlab.ui.commands.report import printing
from leanlab.ui.commands.when import ours, unsaved, with_project

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the File menu."""
    file, need, mine = window.file, with_project(window), ours(window)
    return (
        Command("new", "&File", "&New project…", file.new, "Ctrl+N", "new", words="create begin"),
        Command("open", "&File", "&Open…", file.open_dialog, "Ctrl+O", "open", words="load"),
        *portfolio_folder(window),
        Command("save", "&File", "&Save", file.save_beside, "Ctrl+S", "save", unsaved(window),
                separated=True, tool="Save"),
        Command("save_as", "&File", "Save &as…", file.save_as, "Ctrl+Shift+S", why_not=mine),
        Command("save_copy", "&File", "Save a &copy…", file.save_copy, why_not=mine,
                words="duplicate send mail"),
        Command("save_copy_bare", "&File", "Save a copy without &history…",
                lambda: file.save_copy(history=False), why_not=mine, words="anonymous privacy audit"),
        Command("restore", "&File", "&Restore backup…", file.restore_backup,
                words="history earlier version recover damaged"),
        printing(window),
        exporting(window),
        Command("close", "&File", "&Close project", file.close, "Ctrl+W", why_not=need, separated=True),
        Command("quit", "&File", "&Quit", window.close, "Ctrl+Q", words="exit leave"),
    )  # fmt: skip
