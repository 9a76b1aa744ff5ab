"""What the palette finds: commands, analyses, worksheets, and every record of the project."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from leanlab.app.records import Record
from leanlab.ui.palette_dialog import Entry
from leanlab.ui.shortcuts import native

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

# kind -> the word on the screen and the field that names a record
_KINDS = {
    "worksheet": ("Worksheet", "title"), "analysis": ("Analysis", "title"), "sheet": ("Data", "title"),
    "finding": ("Saved result", "title"), "metric": ("Metric", "name"), "cause": ("Cause", "text"),
    "action": ("Action", "title"), "solution": ("Solution", "title"), "person": ("Person", "name"),
    "control_item": ("Control item", "title"), "benefit_line": ("Benefit", "title"),
}  # fmt: skip


def entries(window: "MainWindow") -> list[Entry]:
    """Return everything that can be found now."""
    found = list(_commands(window))
    if window.session is not None:
        found += [*_records(window), *_analyses(window), *_worksheets(window)]
    return found


def _commands(window: "MainWindow") -> Iterator[Entry]:
    for command in window.bar.commands.values():
        yield Entry(
            "Command", command.plain, partial(window.bar.run, command.id), command.words,
            native(window.bar.keys.of(command.id)[:1]), command.why_not(),
        )  # fmt: skip


def _records(window: "MainWindow") -> Iterator[Entry]:
    for kind, (word, field) in _KINDS.items():
        for record in window.project.records(kind):
            text = f"{record.code} {record.get(field, '')}".strip()
            if text:
                yield Entry(word, text, _opened(window, record))


def _opened(window: "MainWindow", record: Record) -> Callable[[], object]:
    return partial(window.go_to, record.id)


def _analyses(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.analyses.registry import ANALYSES
    from leanlab.ui.commands.analyze import begin

    for analysis in ANALYSES:
        yield Entry(
            "New analysis", analysis.title, partial(begin, window, analysis.id),
            " ".join((*analysis.also_called, analysis.question)),
        )  # fmt: skip


def _worksheets(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.worksheets.registry import WORKSHEETS

    for kind in WORKSHEETS:
        yield Entry(
            "Worksheet form",
            kind.title,
            partial(window.go_to, f"worksheet:{kind.id}"),
            kind.question,
        )
