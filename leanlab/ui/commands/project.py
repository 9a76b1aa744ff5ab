"""Project menu: its places."""

from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import editable, with_project

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Project menu."""
    need = with_project(window)
    places = (("home", "&Home", "home", 1), ("data", "&Data", "data", 7), ("analyses", "A&nalyses", "chart", 8),
              ("actions", "&Actions", "actions", 9))  # fmt: skip
    return (
        *(
            Command(f"go_{target}", "&Project", text, partial(window.go_to, target),
                    f"Ctrl+{key}", icon, need)
            for target, text, icon, key in places
        ),
        *(
            Command(f"go_phase_{number}", "&Project", f"Phase &{number}",
                    partial(window.go_to_phase, number), f"Ctrl+{number + 1}", why_not=need,
                    separated=number == 1)
            for number in range(1, 6)
        ),
        Command("integrity", "&Project", "&Check the history", window.show_integrity, why_not=need,
                separated=True, words="integrity tamper audit trail code"),
        Command("project_settings", "&Project", "Project &settings…", window.project_settings,
                "", why_not=editable(window), separated=True, words="name sponsor people properties"),
    )  # fmt: skip
