"""Edit menu: undo, redo, find."""

from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import redoable, undoable, with_project
from leanlab.ui.record_dialogs import no_record, show_attachments, show_history, show_links

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Edit menu."""
    return (
        Command("undo", "&Edit", "&Undo", window.undo, "Ctrl+Z", "undo", undoable(window), tool="Undo"),
        Command("redo", "&Edit", "&Redo", window.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo",
                redoable(window), tool="Redo"),
        Command("history", "&Edit", "&History of this page…", partial(show_history, window), "Ctrl+H",
                why_not=partial(no_record, window), words="versions who changed restore audit", separated=True),
        Command("attachments", "&Edit", "&Files of this page…", partial(show_attachments, window),
                why_not=partial(no_record, window), words="attach attachment photo document"),
        Command("palette", "&Edit", "&Find a command, chart or record…", window.show_palette,
                "Ctrl+K; Ctrl+Shift+F; Ctrl+Shift+P", "search", words="palette search", separated=True, tool="Find"),
        Command("find_here", "&Edit", "Find on &this page…", window.find_here, "Ctrl+F", "search",
                with_project(window), words="search look words cells replace"),
        Command("link", "&Edit", "&Link to…", partial(show_links, window), "Ctrl+L",
                why_not=with_project(window), words="links connect related evidence", separated=True),
        Command("settings", "&Edit", "&Settings…", window.show_settings, "Ctrl+,",
                words="preferences options name theme shortcuts keyboard", separated=True),
    )  # fmt: skip
