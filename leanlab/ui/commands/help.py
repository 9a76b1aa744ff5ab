"""Help menu."""

from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Help menu."""
    return (
        Command("help", "&Help", "&Help for this page", window.show_help, "F1", "help", tool="Help"),
        Command("glossary", "&Help", "&Glossary", partial(window.show_help_on, "glossary"),
                words="terms words meaning dictionary abbreviations"),
        Command("keys", "&Help", "&Keyboard shortcuts", partial(show_keys, window), "Ctrl+?", words="shortcuts keys"),
        Command("about", "&Help", "&About LeanLab", partial(about, window), separated=True, words="version licence"),
    )  # fmt: skip


def show_keys(window: "MainWindow") -> None:
    """List the keyboard shortcuts."""
    from leanlab.ui.dialogs.keys import KeysDialog

    change = partial(window.show_settings, "Keyboard")
    KeysDialog(tuple(window.bar.commands.values()), window.bar.keys, window, change=change).exec()


def about(window: "MainWindow") -> None:
    """Say what this is."""
    from leanlab.ui.dialogs.about import AboutDialog

    AboutDialog(window).exec()
