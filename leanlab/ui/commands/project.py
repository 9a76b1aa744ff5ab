"""Project menu: its places."""

from functools import partial
from typing import TYPE_CHECKING

from leanlab.core.errors import Problem
from leanlab.ui import messages
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
                    partial(go_to_phase, window, number), f"Ctrl+{number + 1}", why_not=need,
                    separated=number == 1)
            for number in range(1, 6)
        ),
        Command("integrity", "&Project", "&Check the history", partial(show_integrity, window), why_not=need,
                separated=True, words="integrity tamper audit trail code"),
        Command("project_settings", "&Project", "Project &settings…", window.project_settings,
                "", why_not=editable(window), separated=True, words="name sponsor people properties"),
    )  # fmt: skip


def go_to_phase(window: "MainWindow", number: int) -> None:
    """Show a phase by its number in the roadmap."""
    from leanlab.app.roadmap import roadmap_of

    phases = roadmap_of(window.project).phases
    if number <= len(phases):
        window.go_to(f"phase:{phases[number - 1].id}")
    else:
        window.say(f"This kind of project has {len(phases)} phases.")


def show_integrity(window: "MainWindow") -> None:
    """Check the history of the project and show its code."""
    from leanlab.app.history import integrity

    found = integrity(window.project)
    messages.show(window, Problem(f"Code of the history: {found.code}", hint=found.text))
