"""What the palette finds: commands, analyses, worksheets, people, terms, help, every record."""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from leanlab.app.review_places import KIND_WORDS
from leanlab.core.format import coded
from leanlab.ui.palette_dialog import COMMANDS, HELP, PEOPLE, RECORDS, Entry
from leanlab.ui.shortcuts import native

if TYPE_CHECKING:
    from leanlab.app.text_search import Text
    from leanlab.ui.window import MainWindow

# kinds that a name leads to; the full text reaches the others
_KINDS = (
    "worksheet", "analysis", "sheet", "finding", "metric", "cause", "action", "solution",
    "process_step", "control_item", "benefit_line", "risk", "person",
)  # fmt: skip
MOST_TEXTS = 20
MOST_USES = 30


def entries(window: "MainWindow") -> list[Entry]:
    """Return everything that can be found now."""
    found = list(_commands(window))
    if window.session is not None:
        found += [*_records(window), *_analyses(window), *_worksheets(window)]
    return [*found, *_projects(window), *_help(window), *_terms(window)]


def _commands(window: "MainWindow") -> Iterator[Entry]:
    for command in window.bar.commands.values():
        yield Entry(
            "Command", command.plain, partial(window.bar.run, command.id), command.words,
            native(window.bar.keys.of(command.id)[:1]), command.why_not(),
            key=f"command:{command.id}", prefix=COMMANDS,
        )  # fmt: skip


def _records(window: "MainWindow") -> Iterator[Entry]:
    for kind in _KINDS:
        word, field = KIND_WORDS[kind]
        for record in window.project.records(kind):
            text = coded(str(record.get(field, "")), record.code)
            if text:
                yield Entry(
                    word, text, _opened(window, record.id), str(record.get("role", "")),
                    str(record.get("owner", "")), key=record.id,
                    prefix=PEOPLE if kind == "person" else RECORDS,
                    who=str(record.get("owner", "")),
                )  # fmt: skip


def _opened(window: "MainWindow", place: str) -> Callable[[], object]:
    return partial(window.go_to, place)


def _analyses(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.analyses.registry import ANALYSES
    from leanlab.ui.commands.analyze import begin

    why_not = window.bar.commands["analysis"].why_not()
    for analysis in ANALYSES:
        yield Entry(
            "New analysis", analysis.title, partial(begin, window, analysis.id),
            " ".join((*analysis.also_called, analysis.question)), why_not=why_not,
            key=f"analysis:{analysis.id}",
        )  # fmt: skip


def _worksheets(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.worksheets.registry import WORKSHEETS

    for kind in WORKSHEETS:
        yield Entry(
            "Worksheet form", kind.title, _opened(window, f"worksheet:{kind.id}"),
            " ".join((*kind.also_called, kind.question)), key=f"worksheet:{kind.id}",
        )  # fmt: skip


def _projects(window: "MainWindow") -> Iterator[Entry]:
    """Yield the projects that were open lately, without the one that is open."""
    shown = window.session.path if window.session is not None else None
    for known in window.settings.recent:
        path = Path(str(known.get("path", "")))
        if path != shown:
            yield Entry(
                "Project", str(known.get("title") or path.stem), partial(window.file.open_path, path),
                path.name, str(path.parent), "" if path.is_file() else "The file is not there any more.",
                key=f"project:{path}",
            )  # fmt: skip


def _terms(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.domain.glossary import terms

    for one in terms():
        yield Entry(
            "Term", one.term, partial(window.show_help_on, one.page or "glossary", (one.term, one.meaning)),
            ", ".join(one.also), one.meaning, key=f"term:{one.term}", prefix=HELP, page=one.meaning,
        )  # fmt: skip


def _help(window: "MainWindow") -> Iterator[Entry]:
    from leanlab.ui.dialogs.help import help_pages

    for page in help_pages():
        yield Entry(
            "Help", page.title, partial(window.show_help_on, page.id), key=f"help:{page.id}",
            prefix=HELP, page=page.text,
        )  # fmt: skip


def instead(window: "MainWindow", typed: str) -> list[Entry]:
    """Return what may help when nothing was found."""
    from leanlab.ui.commands.analyze import choose

    found = [Entry("Help", f"Look for '{typed}' in the help",
                   partial(window.show_help_on, "", typed=typed))]  # fmt: skip
    command = window.bar.commands["analysis"]
    if not command.why_not():
        found.append(Entry("New analysis", "Find a chart or test by what you want to know…",
                           partial(choose, window, asked=True)))  # fmt: skip
    return found


class InTexts:
    """Full text over the records; the texts are read when they are first asked for."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    @cached_property
    def _texts(self) -> "list[Text]":
        from leanlab.app.text_search import texts

        return texts(self._window.project) if self._window.session is not None else []

    def __call__(self, typed: str) -> list[Entry]:
        """Return the records that hold the words somewhere in their text."""
        from leanlab.app.text_search import hits

        return [
            Entry("In the text", hit.title, _opened(self._window, hit.place), hint=hit.excerpt, key=hit.place)
            for hit in hits(self._texts, typed, MOST_TEXTS)
        ]  # fmt: skip


def remembered(uses: list[str], key: str) -> list[str]:
    """Return the uses with another one on top; what has no key is not remembered."""
    return [key, *(use for use in uses if use != key)][:MOST_USES] if key else uses
