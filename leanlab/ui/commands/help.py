"""Help menu."""

from typing import TYPE_CHECKING

from leanlab.ui.commands import Command

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Help menu."""
    return (
        Command("help", "&Help", "&Help for this page", window.show_help, "F1", "help", tool="Help"),
        Command("keys", "&Help", "&Keyboard shortcuts", window.show_keys, "Ctrl+?", words="shortcuts keys"),
        Command("about", "&Help", "&About LeanLab", window.about, separated=True, words="version licence"),
    )  # fmt: skip
