"""View menu: where to look, and in which light."""

from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import shown_before, with_project
from leanlab.ui.focus import next_pane, show_context_menu, show_menus
from leanlab.ui.record_dialogs import up

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the View menu."""
    need = with_project(window)
    return (
        Command("back", "&View", "&Back", partial(window.step, -1), "Alt+Left", "back", shown_before(window, -1)),
        Command("forward", "&View", "F&orward", partial(window.step, 1), "Alt+Right", "forward",
                shown_before(window, 1)),
        Command("up", "&View", "&Up to the phase", partial(up, window), "Alt+Up", why_not=need),
        Command("next_problem", "&View", "&Next signal or message", window.next_problem, "Ctrl+.",
                why_not=need, words="error bad cell check warning"),
        Command("next_pane", "&View", "Next &pane", partial(next_pane, window, 1), "F6", separated=True),
        Command("previous_pane", "&View", "Previous p&ane", partial(next_pane, window, -1), "Shift+F6"),
        Command("context_menu", "&View", "&Menu of what has the focus", partial(show_context_menu, window), "Shift+F10",
                words="context right click"),
        Command("menus", "&View", "Open the m&enus", partial(show_menus, window), "F10", words="menu bar"),
        Command("sidebar", "&View", "&Sidebar", window.beside.toggle_sidebar, "F9"),
        Command("light", "&View", "&Light theme", partial(window.set_theme, "light"), separated=True),
        Command("dark", "&View", "&Dark theme", partial(window.set_theme, "dark"), words="night"),
        Command("system", "&View", "Theme of the s&ystem", partial(window.set_theme, "system")),
        Command("larger", "&View", "Lar&ger text", partial(window.zoom, 1), "Ctrl++; Ctrl+=", separated=True,
                words="zoom in"),
        Command("smaller", "&View", "S&maller text", partial(window.zoom, -1), "Ctrl+-", words="zoom out"),
        Command("usual", "&View", "Us&ual text", partial(window.zoom, 0), "Ctrl+0", words="zoom reset"),
    )  # fmt: skip
